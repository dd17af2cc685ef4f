/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/ocsp_priv.h"

/* What a response says of one certificate. */

/* responseExtensions and singleExtensions are tagged explicitly: the SEQUENCE
 * is alone in explicit_content. */
bool ocsp_each_extension(struct slice explicit_content, ocsp_extension_fn *fn,
			 void *arg)
{
	struct der_reader list, ext;
	struct slice oid, value;
	bool critical;

	if (!der_open(explicit_content, DER_SEQUENCE, &list))
		return false;
	while (!der_at_end(&list)) {
		if (!der_enter(&list, DER_SEQUENCE, &ext) ||
		    !der_get_oid(&ext, &oid) ||
		    !der_get_default_false(&ext, &critical) ||
		    !der_get(&ext, DER_OCTET_STRING, &value) ||
		    !der_at_end(&ext) ||
		    !fn(arg, oid_find(oid), critical, value))
			return false;
	}
	return true;
}

/* RFC 6960 4.4.4, 4.4.8; 4.4.5 allows the extensions of CRL entries. */
static bool take_single_extension(void *arg, enum oid id, bool critical,
				  struct slice value)
{
	struct ocsp_single *s = arg;
	struct der_reader r;

	switch (id) {
	case OID_OCSP_ARCHIVE_CUTOFF:
		der_init(&r, value);
		s->has_archive_cutoff = true;
		return der_get_generalized(&r, &s->archive_cutoff) &&
		       der_at_end(&r);
	case OID_OCSP_CRL_REF:
	case OID_OCSP_EXTENDED_REVOKE:
	case OID_CRL_REASON:
	case OID_INVALIDITY_DATE:
		return true;
	default:
		s->unknown_critical = s->unknown_critical || critical;
		return true;
	}
}

/* A digest that deed does not compute is no fault: such an answer is about
 * nobody (ocsp_find), and the others of the response count. */
static bool parse_cert_id(struct der_reader *r, struct ocsp_single *s)
{
	struct der_reader id;
	struct slice alg;

	if (!der_enter(r, DER_SEQUENCE, &id) ||
	    !der_get_element(&id, DER_SEQUENCE, &alg) ||
	    !der_get(&id, DER_OCTET_STRING, &s->name_hash) ||
	    !der_get(&id, DER_OCTET_STRING, &s->key_hash) ||
	    !der_get_integer(&id, &s->serial) || !der_at_end(&id))
		return false;
	s->digest = digest_from_algorithm(alg);
	return true;
}

/* RFC 6960 4.2.1: [1] RevokedInfo, a time and perhaps why. */
static bool parse_revoked(struct der_reader *r, struct ocsp_single *s)
{
	struct der_reader in, reason;
	struct slice content;
	bool present;

	s->status = OCSP_REVOKED;
	if (!der_enter(r, DER_CONTEXT_CONS(1), &in) ||
	    !der_get_generalized(&in, &s->revoked_at) ||
	    !der_get_optional(&in, DER_CONTEXT_CONS(0), &present, &content) ||
	    !der_at_end(&in))
		return false;
	if (!present)
		return true;
	der_init(&reason, content);
	if (!der_get(&reason, DER_ENUMERATED, &content) || content.len != 1 ||
	    !der_at_end(&reason))
		return false;
	s->reason = content.data[0];
	return true;
}

/* CertStatus is a CHOICE with implicit tags: good and unknown are NULL, so
 * that their content is empty. */
static bool parse_status(struct der_reader *r, struct ocsp_single *s)
{
	struct slice content;

	if (der_peek(r, DER_CONTEXT_CONS(1)))
		return parse_revoked(r, s);
	if (der_get(r, DER_CONTEXT(0), &content))
		s->status = OCSP_GOOD;
	else if (der_get(r, DER_CONTEXT(2), &content))
		s->status = OCSP_UNKNOWN;
	else
		return false;
	return content.len == 0;
}

/* What an answer does not say stays as it is set here: no reason, no
 * nextUpdate, no archiveCutoff. */
bool ocsp_parse_single(struct slice whole, struct ocsp_single *s)
{
	struct slice next, extensions;
	struct der_reader r, in;
	bool present;

	*s = (struct ocsp_single){ .reason = -1 };
	if (!der_open(whole, DER_SEQUENCE, &r) || !parse_cert_id(&r, s) ||
	    !parse_status(&r, s) || !der_get_generalized(&r, &s->this_update) ||
	    !der_get_optional(&r, DER_CONTEXT_CONS(0), &s->has_next_update,
			      &next))
		return false;
	if (s->has_next_update) {
		der_init(&in, next);
		if (!der_get_generalized(&in, &s->next_update) ||
		    !der_at_end(&in))
			return false;
	}
	if (!der_get_optional(&r, DER_CONTEXT_CONS(1), &present, &extensions) ||
	    !der_at_end(&r))
		return false;
	return !present ||
	       ocsp_each_extension(extensions, take_single_extension, s);
}
