/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_seed.h"

#include <stdio.h>
#include <strings.h>

#include "pdf/sign_field.h"

/* Table 237, /Ff: which are demanded, not wished for. */
#define SEED_FILTER (1 << 0)
#define SEED_SUB_FILTER (1 << 1)
#define SEED_VERSION (1 << 2)
#define SEED_REASONS (1 << 3)
#define SEED_LEGAL (1 << 4)
#define SEED_REV_INFO (1 << 5)
#define SEED_DIGEST (1 << 6)
#define SEED_LOCK (1 << 7)
#define SEED_APPEARANCE (1 << 8)
#define SEED_KNOWN ((1 << 9) - 1)

/* Table 238, /Ff. */
#define CERT_SUBJECT (1 << 0)
#define CERT_ISSUER (1 << 1)
#define CERT_OID (1 << 2)
#define CERT_SUBJECT_DN (1 << 3)
#define CERT_KEY_USAGE (1 << 5)

/* The version of the dictionary's rules that deed knows: PDF 2.0. */
#define SEED_VERSION_KNOWN 3

#define MAX_DN 32

struct check {
	struct pdf_document *doc;
	const struct pades_seed_question *q;
	const struct pdf_object *dict;
	struct pades_seed_answer *answer;
	int64_t flags;
};

static enum deed_status refuse(const struct check *c, struct deed_error *err,
			       const char *what)
{
	return deed_error_set(err, DEED_REFUSED, "the field '%s' demands %s",
			      c->q->params->field, what);
}

static enum deed_status get(struct check *c, const struct pdf_object *dict,
			    const char *key, const struct pdf_object **out,
			    struct deed_error *err)
{
	return pdf_dict_resolve(c->doc, dict, key, out, err);
}

static enum deed_status item(struct check *c, const struct pdf_object *array,
			     size_t i, const struct pdf_object **out,
			     struct deed_error *err)
{
	return pdf_resolve(c->doc, pdf_array_get(array, i), out, err);
}

/* Without /Ff nothing is demanded, which is what 0 says. */
static int64_t flags_of(const struct pdf_object *o)
{
	int64_t flags = 0;

	(void)pdf_get_int(o, &flags);
	return flags;
}

/* Is a name or a string in the array, written in any case? */
static enum deed_status has_word(struct check *c,
				 const struct pdf_object *array,
				 const char *word, bool *has,
				 struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	const struct pdf_object *o;
	struct slice text;
	size_t i;

	*has = false;
	for (i = 0; status == DEED_OK && i < pdf_array_count(array); i++) {
		status = item(c, array, i, &o, err);
		text = pdf_is(o, PDF_NAME) ? pdf_get_name(o)
					   : pdf_get_string(o);
		if (text.data != NULL && text.len == strlen(word) &&
		    strncasecmp((const char *)text.data, word, text.len) == 0)
			*has = true;
	}
	return status;
}

/* ISO 32000-2 table 237: what the field's author demands of whoever signs it;
 * a demand that cannot be met is a refusal, as the author's reader would fail
 * the signature. */
static enum deed_status check_format(struct check *c, struct deed_error *err)
{
	const struct pdf_object *filter, *subs, *version;
	enum deed_status status;
	double wanted;
	bool has;

	status = get(c, c->dict, "Filter", &filter, err);
	if (status == DEED_OK)
		status = get(c, c->dict, "SubFilter", &subs, err);
	if (status == DEED_OK)
		status = get(c, c->dict, "V", &version, err);
	if (status == DEED_OK)
		status = has_word(c, subs, "ETSI.CAdES.detached", &has, err);
	if (status != DEED_OK)
		return status;
	if ((c->flags & SEED_FILTER) != 0 && pdf_is(filter, PDF_NAME) &&
	    !pdf_is_name(filter, "Adobe.PPKLite"))
		return refuse(c, err, "another signature handler (/Filter)");
	if ((c->flags & SEED_SUB_FILTER) != 0 && pdf_array_count(subs) > 0 &&
	    !has)
		return refuse(c, err,
			      "another kind of signature than "
			      "ETSI.CAdES.detached (/SubFilter)");
	if ((c->flags & SEED_VERSION) != 0 &&
	    pdf_get_number(version, &wanted) && wanted > SEED_VERSION_KNOWN)
		return refuse(c, err,
			      "rules of a later version of PDF than 2.0 (/V)");
	return DEED_OK;
}

/* "SHA256" and "SHA-256" are both in use. */
static enum deed_status check_digest(struct check *c, struct deed_error *err)
{
	const char *name = digest_name(c->q->digest);
	const struct pdf_object *array;
	enum deed_status status;
	char dashed[32];
	bool has, too = false;

	snprintf(dashed, sizeof(dashed), "%.3s-%s", name, name + 3);
	status = get(c, c->dict, "DigestMethod", &array, err);
	if (status == DEED_OK)
		status = has_word(c, array, name, &has, err);
	if (status == DEED_OK)
		status = has_word(c, array, dashed, &too, err);
	if (status != DEED_OK)
		return status;
	if ((c->flags & SEED_DIGEST) != 0 && pdf_array_count(array) > 0 &&
	    !has && !too)
		return refuse(c, err,
			      "another digest than this key signs "
			      "(/DigestMethod)");
	return DEED_OK;
}

/* Table 237: none, or a full stop alone, demands that there be no reason. */
static enum deed_status check_reasons(struct check *c, struct deed_error *err)
{
	const char *reason = c->q->params->reason, *text;
	struct pdf_arena arena = PDF_ARENA_INIT;
	const struct pdf_object *array, *o;
	enum deed_status status;
	struct buf list = BUF_INIT;
	bool stop = false, has = false;
	size_t i, count;

	if ((c->flags & SEED_REASONS) == 0)
		return DEED_OK;
	status = get(c, c->dict, "Reasons", &array, err);
	count = pdf_array_count(array);
	for (i = 0; status == DEED_OK && i < count; i++) {
		status = item(c, array, i, &o, err);
		text = status == DEED_OK && pdf_is(o, PDF_STRING)
			       ? pdf_text(&arena, pdf_get_string(o))
			       : NULL;
		if (text == NULL)
			continue;
		stop = stop || strcmp(text, ".") == 0;
		has = has || (reason != NULL && strcmp(text, reason) == 0);
		buf_printf(&list, "%s'%s'", list.len > 0 ? ", " : "", text);
	}
	pdf_arena_clear(&arena);
	buf_byte(&list, '\0');
	if (status == DEED_OK)
		status = buf_status(&list, err);
	if (status == DEED_OK && (count == 0 || (count == 1 && stop))) {
		if (reason != NULL && *reason != '\0')
			status = refuse(c, err, "that no reason is stated");
	} else if (status == DEED_OK && !has) {
		status = deed_error_set(err, DEED_REFUSED,
					"the field '%s' demands one of these "
					"reasons: %s",
					c->q->params->field,
					(const char *)list.data);
	}
	buf_clear(&list);
	return status;
}

/* /MDP has no flag: what is there is demanded. */
static enum deed_status check_rights(struct check *c, struct deed_error *err)
{
	const struct pades_params *p = c->q->params;
	const struct pdf_object *mdp, *level, *lock;
	enum deed_status status;
	int64_t value;

	status = get(c, c->dict, "MDP", &mdp, err);
	if (status == DEED_OK)
		status = get(c, mdp, "P", &level, err);
	if (status == DEED_OK)
		status = get(c, c->dict, "LockDocument", &lock, err);
	if (status != DEED_OK)
		return status;
	if (pdf_get_int(level, &value) && value >= 0 && value <= 3) {
		if (value == 0 && (p->certify != 0 || p->final))
			return refuse(c, err,
				      "a signature that does not certify "
				      "(/MDP)");
		if (value != 0 && p->certify != 0 && p->certify != value)
			return refuse(c, err, "another certification (/MDP)");
		if (value > 1 && p->final)
			return refuse(c, err,
				      "a certification that lets something "
				      "follow (/MDP)");
		c->answer->certify = (int)value;
	}
	if ((c->flags & SEED_LOCK) == 0)
		return DEED_OK;
	if (pdf_is_name(lock, "false") && p->final)
		return refuse(c, err,
			      "that the document is not locked "
			      "(/LockDocument)");
	c->answer->lock = pdf_is_name(lock, "true");
	return DEED_OK;
}

/* A flag that is not known may demand anything. */
static enum deed_status check_others(struct check *c, struct deed_error *err)
{
	const struct pdf_object *stamp, *flag, *legal, *info, *look;
	enum deed_status status;
	bool wanted = false;

	status = get(c, c->dict, "TimeStamp", &stamp, err);
	if (status == DEED_OK)
		status = get(c, stamp, "Ff", &flag, err);
	if (status == DEED_OK)
		status = get(c, c->dict, "LegalAttestation", &legal, err);
	if (status == DEED_OK)
		status = get(c, c->dict, "AddRevInfo", &info, err);
	if (status == DEED_OK)
		status = get(c, c->dict, "AppearanceFilter", &look, err);
	if (status != DEED_OK)
		return status;
	if ((flags_of(flag) & 1) != 0 && c->q->params->augment == NULL &&
	    c->q->chain != NULL) {
		status = refuse(c, err, "a time-stamp (/TimeStamp)");
		deed_error_remedy(err, "level-t", NULL);
		return status;
	}
	if ((c->flags & SEED_LEGAL) != 0 && pdf_array_count(legal) > 0)
		return refuse(c, err,
			      "a legal attestation (/LegalAttestation)");
	if ((c->flags & SEED_REV_INFO) != 0 && pdf_get_bool(info, &wanted) &&
	    wanted)
		return refuse(c, err,
			      "revocation data in the signature (/AddRevInfo)");
	if ((c->flags & SEED_APPEARANCE) != 0 && pdf_is(look, PDF_STRING))
		return refuse(c, err, "a certain look (/AppearanceFilter)");
	if ((c->flags & ~(int64_t)SEED_KNOWN) != 0)
		return refuse(c, err, "something that deed does not know");
	return DEED_OK;
}

/* ---- the certificate (table 238) ---- */

/* Is it one of the signer's certificates, or does one of these issue the
 * last of them? */
static bool is_issuer(const struct pades_seed_question *q, struct slice der)
{
	struct cert *c;
	bool is = false;
	size_t i;

	if (cert_parse(der, &c, NULL) != DEED_OK)
		return false;
	for (i = 1; i < q->chain_count; i++)
		is = is || cert_equal(c, q->chain[i]);
	is = is ||
	     (x509_name_equal(
		      cert_fields(c)->subject,
		      cert_fields(q->chain[q->chain_count - 1])->issuer) &&
	      cert_verify(q->chain[q->chain_count - 1], c, NULL) == DEED_OK);
	cert_free(c);
	return is;
}

/* The list is given as whole certificates: one of them must be the signer's,
 * or above it. */
static enum deed_status one_of(struct check *c, const struct pdf_object *cert,
			       const char *key, bool issuer, bool *is,
			       struct deed_error *err)
{
	const struct pdf_object *array, *o;
	enum deed_status status;
	struct slice der;
	size_t i;

	*is = false;
	status = get(c, cert, key, &array, err);
	for (i = 0; status == DEED_OK && i < pdf_array_count(array); i++) {
		status = item(c, array, i, &o, err);
		der = pdf_get_string(o);
		if (status != DEED_OK || der.data == NULL)
			continue;
		*is = *is ||
		      (issuer ? is_issuer(c->q, der)
			      : slice_equal(der,
					    cert_fields(c->q->chain[0])->der));
	}
	return status;
}

/* An attribute that deed does not know is never the same: what is demanded and
 * cannot be told is not met. */
static bool same_attribute(struct slice subject, struct slice key,
			   const char *wanted)
{
	static const struct {
		const char *name;
		enum oid oid;
	} known[] = {
		{ "CN", OID_COMMON_NAME },
		{ "O", OID_ORGANISATION },
		{ "OU", OID_ORGANISATIONAL_UNIT },
		{ "C", OID_COUNTRY },
		{ "L", OID_LOCALITY },
		{ "SN", OID_SURNAME },
		{ "SERIALNUMBER", OID_SERIAL_NUMBER },
	};
	struct buf value = BUF_INIT;
	bool same = false;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (key.len != strlen(known[i].name) ||
		    strncasecmp((const char *)key.data, known[i].name,
				key.len) != 0)
			continue;
		same = x509_name_get(subject, known[i].oid, &value) &&
		       slice_equal_str(buf_get(&value), wanted);
	}
	buf_clear(&value);
	return same;
}

/* All attributes of one entry must be there; one entry is enough. */
static enum deed_status check_dn(struct check *c, const struct pdf_object *cert,
				 bool *is, struct deed_error *err)
{
	struct slice subject = cert_fields(c->q->chain[0])->subject;
	struct pdf_arena arena = PDF_ARENA_INIT;
	const struct pdf_object *array, *dn, *o;
	enum deed_status status;
	size_t i, k, n;
	bool all;

	*is = false;
	status = get(c, cert, "SubjectDN", &array, err);
	n = pdf_array_count(array) < MAX_DN ? pdf_array_count(array) : MAX_DN;
	for (i = 0; status == DEED_OK && i < n; i++) {
		status = item(c, array, i, &dn, err);
		all = status == DEED_OK && pdf_is(dn, PDF_DICT);
		for (k = 0; all && k < dn->u.dict.count; k++) {
			const struct pdf_entry *e = &dn->u.dict.entries[k];
			const char *text = NULL;

			status = pdf_resolve(c->doc, e->value, &o, err);
			if (status == DEED_OK && pdf_is(o, PDF_STRING))
				text = pdf_text(&arena, pdf_get_string(o));
			all = text != NULL &&
			      same_attribute(subject, e->key, text);
		}
		*is = *is || all;
	}
	pdf_arena_clear(&arena);
	return status;
}

/* Strings of 0, 1 and X, a character a bit of keyUsage. */
static enum deed_status check_usage(struct check *c,
				    const struct pdf_object *cert, bool *is,
				    struct deed_error *err)
{
	uint32_t usage = cert_fields(c->q->chain[0])->key_usage;
	const struct pdf_object *array, *o;
	enum deed_status status;
	struct slice text;
	size_t i, k;
	bool fits;

	*is = false;
	status = get(c, cert, "KeyUsage", &array, err);
	for (i = 0; status == DEED_OK && i < pdf_array_count(array); i++) {
		status = item(c, array, i, &o, err);
		text = pdf_get_string(o);
		fits = status == DEED_OK && text.data != NULL;
		for (k = 0; fits && k < text.len && k < 9; k++) {
			if (text.data[k] == '0' || text.data[k] == '1')
				fits = (usage >> k & 1) ==
				       (uint32_t)(text.data[k] - '0');
		}
		*is = *is || fits;
	}
	return status;
}

/* Without a chain, as where the key is elsewhere, nothing is checked here.
 * The first demand that is not met is the one to tell. */
static enum deed_status check_certificate(struct check *c,
					  struct deed_error *err)
{
	const struct pdf_object *cert, *o;
	enum deed_status status;
	int64_t flags;
	bool is = true;

	status = get(c, c->dict, "Cert", &cert, err);
	if (status == DEED_OK)
		status = get(c, cert, "Ff", &o, err);
	if (status != DEED_OK || !pdf_is(cert, PDF_DICT) || c->q->chain == NULL)
		return status;
	flags = flags_of(o);
	if ((flags & CERT_SUBJECT) != 0)
		status = one_of(c, cert, "Subject", false, &is, err);
	if (status == DEED_OK && !is)
		return refuse(c, err, "another certificate (/Cert /Subject)");
	if (status == DEED_OK && (flags & CERT_ISSUER) != 0)
		status = one_of(c, cert, "Issuer", true, &is, err);
	if (status == DEED_OK && !is)
		return refuse(c, err,
			      "a certificate by another issuer (/Cert "
			      "/Issuer)");
	if (status == DEED_OK && (flags & CERT_SUBJECT_DN) != 0)
		status = check_dn(c, cert, &is, err);
	if (status == DEED_OK && !is)
		return refuse(c, err,
			      "a certificate of another name (/Cert "
			      "/SubjectDN)");
	if (status == DEED_OK && (flags & CERT_KEY_USAGE) != 0)
		status = check_usage(c, cert, &is, err);
	if (status == DEED_OK && !is)
		return refuse(c, err,
			      "a certificate of another use (/Cert /KeyUsage)");
	if (status == DEED_OK && (flags & CERT_OID) != 0)
		return refuse(c, err,
			      "a certificate policy, which deed cannot tell "
			      "here (/Cert /OID)");
	/* Where a certificate may be had (bit 7): who has one need not ask. */
	return status;
}

enum deed_status pades_seed_check(struct pdf_document *doc,
				  const struct pades_seed_question *q,
				  struct pades_seed_answer *out,
				  struct deed_error *err)
{
	static enum deed_status (*const checks[])(struct check *,
						  struct deed_error *) = {
		check_format, check_digest,	 check_reasons,
		check_rights, check_certificate, check_others,
	};
	struct check c = { .doc = doc, .q = q, .answer = out };
	const struct pdf_object *flags;
	enum deed_status status;
	bool found;
	size_t i;

	*out = (struct pades_seed_answer){ .certify = -1 };
	if (q->params->field == NULL)
		return DEED_OK;
	status = pdf_sign_field_entry(doc, q->params->field, "SV", &found,
				      &c.dict, err);
	if (status != DEED_OK || !found || !pdf_is_dict(c.dict))
		return status;
	status = get(&c, c.dict, "Ff", &flags, err);
	c.flags = status == DEED_OK ? flags_of(flags) : 0;
	for (i = 0; status == DEED_OK && i < sizeof(checks) / sizeof(checks[0]);
	     i++)
		status = checks[i](&c, err);
	return status;
}
