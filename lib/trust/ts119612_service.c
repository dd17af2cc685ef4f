/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/ts119612_reading.h"

#include "trust/qualify.h"
#include "trust/trust_list_table.h"

#define SERVICE_TYPE "http://uri.etsi.org/TrstSvc/Svctype/"
#define FOR "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/For"

/* A European list gives no licence with times, so that none limits it. */
static enum deed_status begin_operator(struct ts_reading *r,
				       struct deed_error *err)
{
	struct trust_list *l = r->out->list;
	struct trust_operator *grown;

	grown = ts_grow(l->operators, &l->operator_count, sizeof(*grown),
			TRUST_LIST_OPERATORS);
	if (grown == NULL)
		return ts_no_room(l->operator_count, TRUST_LIST_OPERATORS, err);
	l->operators = grown;
	grown += l->operator_count - 1;
	grown->licence_from = TRUST_NO_TIME;
	grown->licence_until = TRUST_NO_TIME;
	r->provider = grown;
	return DEED_OK;
}

/* The array may move with each: r->service always is the last. */
static enum deed_status begin_service(struct ts_reading *r,
				      struct deed_error *err)
{
	struct trust_operator *o = r->provider;
	struct trust_service *grown;

	grown = ts_grow(o->services, &o->service_count, sizeof(*grown),
			TRUST_LIST_SERVICES);
	if (grown == NULL)
		return ts_no_room(o->service_count, TRUST_LIST_SERVICES, err);
	o->services = grown;
	r->service = &grown[o->service_count - 1];
	return DEED_OK;
}

/* The present status and each of the history are read alike. */
static enum deed_status begin_status(struct ts_reading *r,
				     struct deed_error *err)
{
	struct trust_service *s = r->service;
	struct trust_status *grown;

	grown = ts_grow(s->statuses, &s->status_count, sizeof(*grown),
			TRUST_LIST_STATUSES);
	if (grown == NULL)
		return ts_no_room(s->status_count, TRUST_LIST_STATUSES, err);
	s->statuses = grown;
	r->status = &grown[s->status_count - 1];
	r->has_since = false;
	return DEED_OK;
}

/* The same certificate may be told twice. */
static enum deed_status add_identity(struct ts_reading *r, struct cert *cert,
				     struct deed_error *err)
{
	struct trust_service *s = r->service;
	struct trust_hash hash, *grown;
	enum deed_status status;
	size_t i;

	status = trust_list_add_certificate(r->out->list, cert, &hash, err);
	if (status != DEED_OK)
		return status;
	for (i = 0; i < s->identity_count; i++)
		if (memcmp(s->identities[i].bytes, hash.bytes,
			   sizeof(hash.bytes)) == 0)
			return DEED_OK;
	grown = ts_grow(s->identities, &s->identity_count, sizeof(*grown),
			TRUST_LIST_ITEMS);
	if (grown == NULL)
		return ts_no_room(s->identity_count, TRUST_LIST_ITEMS, err);
	s->identities = grown;
	grown[s->identity_count - 1] = hash;
	return DEED_OK;
}

/* One that deed cannot read takes the whole status with it, rather than a list
 * fail for one service. */
static enum deed_status end_certificate(struct ts_reading *r,
					struct deed_error *err)
{
	struct cert *cert;
	enum deed_status status = ts_take_certificate(r, &cert, err);

	if (status == DEED_OK && cert != NULL)
		status = add_identity(r, cert, err);
	else if (status == DEED_OK)
		/* Whose service it is then cannot be told. */
		status = ts_unsupported(r, slice_str("X509Certificate"), err);
	cert_free(cert);
	return status;
}

/* What stands behind the common beginning of these URIs; NULL: any of them. */
static bool has_additional(const struct trust_status *s, const char *what)
{
	size_t i;

	for (i = 0; i < s->additional_count; i++)
		if (strncmp(s->additional[i], FOR, sizeof(FOR) - 1) == 0 &&
		    (what == NULL ||
		     strcmp(s->additional[i] + sizeof(FOR) - 1, what) == 0))
			return true;
	return false;
}

/* What a type of service may do (5.5.1, 5.5.9.4).  Before Regulation 910/2014
 * a CA/QC was for natural persons, and lists need not say for what else. */
static unsigned uses_of(const struct trust_status *s)
{
	unsigned uses = 0;

	if (strcmp(s->type, SERVICE_TYPE "TSA/QTST") == 0)
		return TRUST_USE_TIMESTAMP;
	if (strcmp(s->type, SERVICE_TYPE "CA/QC") != 0)
		return 0;
	if (has_additional(s, "eSignatures"))
		uses |= TRUST_USE_SIGNATURE;
	if (has_additional(s, "eSeals"))
		uses |= TRUST_USE_SEAL;
	if (has_additional(s, "WebSiteAuthentication"))
		uses |= TRUST_USE_WEB;
	if (!has_additional(s, NULL) && s->since < QUALIFY_EIDAS)
		uses = TRUST_USE_SIGNATURE;
	return uses;
}

/*
 * Statuses come newest first, so that of two that begin in one second the
 * older was never in force and goes.  Where they say different things nobody
 * can tell which was meant, and the one that stays qualifies nothing.
 */
static enum deed_status drop_older(struct ts_reading *r,
				   struct trust_status *newer,
				   struct deed_error *err)
{
	struct trust_status older = *r->status;
	enum deed_status status = DEED_OK;

	r->service->status_count--;
	r->status = newer;
	if (strcmp(older.status, newer->status) != 0)
		status = ts_unsupported(
			r, slice_str("two statuses of one second"), err);
	trust_members_free(trust_status_members, &older);
	return status;
}

/* Type, status and time are what the periods of a service are made of: without
 * one of them nothing can be told at any time. */
static enum deed_status end_status(struct ts_reading *r, struct deed_error *err)
{
	struct trust_service *s = r->service;
	size_t i;

	if (!r->has_since || r->status->status == NULL ||
	    r->status->type == NULL)
		return deed_error_set(err, DEED_MALFORMED,
				      "it has a service without a type, a "
				      "status or its time");
	r->status->uses = uses_of(r->status);
	for (i = 0; i + 1 < s->status_count; i++)
		if (s->statuses[i].since == r->status->since)
			return drop_older(r, &s->statuses[i], err);
	return DEED_OK;
}

/* Two times would leave open since when it holds. */
static enum deed_status end_since(struct ts_reading *r, struct deed_error *err)
{
	if (r->has_since)
		return deed_error_set(err, DEED_MALFORMED,
				      "it has a status with two times");
	r->has_since = true;
	return ts_take_time(r, &r->status->since, err);
}

/* Critical unless it says that it is not: what cannot be read counts as
 * critical. */
static void begin_extension(struct ts_reading *r, const struct xml_element *e)
{
	struct slice critical = SLICE_NONE;

	(void)xml_attribute(e, "Critical", &critical);
	r->critical = !slice_equal_str(critical, "false") &&
		      !slice_equal_str(critical, "0");
	r->extension_known = false;
}

enum deed_status ts_service_start(struct ts_reading *r, enum ts_element element,
				  const struct xml_element *e,
				  struct deed_error *err)
{
	switch (element) {
	case TS_OPERATOR:
		return begin_operator(r, err);
	case TS_SERVICE:
		return begin_service(r, err);
	case TS_INFO:
		return begin_status(r, err);
	case TS_EXTENSION:
		begin_extension(r, e);
		return DEED_OK;
	case TS_ADDITIONAL:
	case TS_QUALIFICATIONS:
	case TS_KNOWN_EXTENSION:
		r->extension_known = true;
		return DEED_OK;
	default:
		return ts_criteria_start(r, element, e, err);
	}
}

enum deed_status ts_service_end(struct ts_reading *r, enum ts_element element,
				struct deed_error *err)
{
	struct trust_status *s = r->status;

	switch (element) {
	case TS_CERTIFICATE:
		return end_certificate(r, err);
	case TS_SERVICE_TYPE:
		return ts_take_text(r, &s->type, "ServiceTypeIdentifier", err);
	case TS_STATUS:
		return ts_take_text(r, &s->status, "ServiceStatus", err);
	case TS_SINCE:
		return end_since(r, err);
	case TS_ADDITIONAL_URI:
		return ts_take_item(r, &s->additional, &s->additional_count,
				    err);
	case TS_EXTENSION:
		return r->critical && !r->extension_known
			       ? ts_unsupported(r,
						slice_str("critical extension"),
						err)
			       : DEED_OK;
	case TS_INFO:
		return end_status(r, err);
	default:
		return ts_criteria_end(r, element, err);
	}
}
