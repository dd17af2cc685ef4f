/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/crl.h"

static const struct reason {
	enum ca_reason reason;
	const char *name;
} reasons[] = {
	{ CA_UNSPECIFIED, "unspecified" },
	{ CA_KEY_COMPROMISE, "key-compromise" },
	{ CA_CA_COMPROMISE, "ca-compromise" },
	{ CA_AFFILIATION_CHANGED, "affiliation-changed" },
	{ CA_SUPERSEDED, "superseded" },
	{ CA_CESSATION, "cessation-of-operation" },
	{ CA_PRIVILEGE_WITHDRAWN, "privilege-withdrawn" },
};

#define REASONS (sizeof(reasons) / sizeof(reasons[0]))

bool ca_reason_find(const char *name, enum ca_reason *out)
{
	for (size_t i = 0; i < REASONS; i++) {
		if (strcmp(reasons[i].name, name) == 0) {
			*out = reasons[i].reason;
			return true;
		}
	}
	return false;
}

const char *ca_reason_name(enum ca_reason reason)
{
	for (size_t i = 0; i < REASONS; i++) {
		if (reasons[i].reason == reason)
			return reasons[i].name;
	}
	return NULL;
}

static void begin_extension(struct der_writer *w, enum oid id)
{
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, id);
	der_begin(w, DER_OCTET_STRING);
}

static void end_extension(struct der_writer *w)
{
	der_end(w);
	der_end(w);
}

/* The serial number is kept as the content of the certificate's own INTEGER.
 */
static void put_revoked(struct der_writer *w, const struct ca_revoked *r)
{
	const uint8_t reason = (uint8_t)r->reason;

	der_begin(w, DER_SEQUENCE);
	der_put_integer(w, slice_of(r->serial, r->serial_len));
	der_put_time(w, r->time);
	/* RFC 5280 5.3.1: unspecified is said by leaving it out. */
	if (r->reason != CA_UNSPECIFIED) {
		der_begin(w, DER_SEQUENCE);
		begin_extension(w, OID_CRL_REASON);
		der_put(w, DER_ENUMERATED, slice_of(&reason, 1));
		end_extension(w);
		der_end(w);
	}
	der_end(w);
}

static void put_extensions(struct der_writer *w, const struct cert *issuer,
			   uint64_t number)
{
	der_begin(w, DER_CONTEXT_CONS(0));
	der_begin(w, DER_SEQUENCE);
	begin_extension(w, OID_AUTHORITY_KEY_ID);
	der_begin(w, DER_SEQUENCE);
	der_put(w, DER_CONTEXT(0), cert_fields(issuer)->subject_key_id);
	der_end(w);
	end_extension(w);
	begin_extension(w, OID_CRL_NUMBER);
	der_put_uint64(w, number);
	end_extension(w);
	der_end(w);
	der_end(w);
}

enum deed_status ca_crl_write(const struct cert *issuer,
			      const struct signing_key *key, uint64_t number,
			      int64_t now, int64_t seconds,
			      const struct ca_revoked *revoked, size_t count,
			      struct buf *out, struct deed_error *err)
{
	struct buf tbs = BUF_INIT, signature = BUF_INIT;
	struct sig_alg alg;
	struct der_writer w;
	enum deed_status status;

	signing_key_default_alg(key, &alg);
	der_writer_init(&w, &tbs);
	der_begin(&w, DER_SEQUENCE);
	der_put_uint64(&w, 1);
	sig_alg_write(&w, &alg);
	der_put_raw(&w, cert_fields(issuer)->subject);
	der_put_time(&w, now);
	der_put_time(&w, now + seconds);
	/* RFC 5280 5.1.2.6: absent where nothing is revoked. */
	if (count > 0) {
		der_begin(&w, DER_SEQUENCE);
		for (size_t i = 0; i < count; i++)
			put_revoked(&w, &revoked[i]);
		der_end(&w);
	}
	put_extensions(&w, issuer, number);
	der_end(&w);
	status = der_writer_status(&w, err);
	if (status == DEED_OK)
		status = signing_key_sign(key, &alg, buf_get(&tbs), &signature,
					  err);
	if (status != DEED_OK)
		goto out;
	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_raw(&w, buf_get(&tbs));
	sig_alg_write(&w, &alg);
	der_put_bits(&w, buf_get(&signature));
	der_end(&w);
	status = der_writer_status(&w, err);
out:
	buf_clear(&tbs);
	buf_clear(&signature);
	return status;
}

/* The extensions before it are passed over.  Without a number the list cannot
 * be continued. */
static bool read_number(struct der_reader *extensions, uint64_t *number)
{
	while (!der_at_end(extensions)) {
		struct der_reader e, value;
		struct slice content;
		bool critical;
		enum oid id;

		if (!der_enter(extensions, DER_SEQUENCE, &e) ||
		    !der_get_known_oid(&e, &id) ||
		    !der_get_default_false(&e, &critical) ||
		    !der_get(&e, DER_OCTET_STRING, &content))
			return false;
		der_init(&value, content);
		if (id == OID_CRL_NUMBER)
			return der_get_uint64(&value, number);
	}
	return false;
}

/* Number and end alone: nothing is verified here. */
static bool read_crl(struct slice der, uint64_t *number, int64_t *next_update)
{
	struct der_reader outer, tbs, wrapped, extensions;
	uint64_t version;
	int64_t this_update;

	if (!der_open(der, DER_SEQUENCE, &outer) ||
	    !der_enter(&outer, DER_SEQUENCE, &tbs) ||
	    !der_get_uint64(&tbs, &version) || version != 1 ||
	    !der_skip(&tbs) || !der_skip(&tbs) ||
	    !der_get_time(&tbs, &this_update) ||
	    !der_get_time(&tbs, next_update))
		return false;
	if (der_peek(&tbs, DER_SEQUENCE) && !der_skip(&tbs))
		return false;
	return der_enter(&tbs, DER_CONTEXT_CONS(0), &wrapped) &&
	       der_enter(&wrapped, DER_SEQUENCE, &extensions) &&
	       read_number(&extensions, number);
}

enum deed_status ca_crl_read(struct slice der, uint64_t *number,
			     int64_t *next_update, struct deed_error *err)
{
	if (read_crl(der, number, next_update))
		return DEED_OK;
	return deed_error_set(err, DEED_MALFORMED,
			      "it is no certificate revocation list with a "
			      "number");
}
