/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit.h"

#include <stdlib.h>

#include "archive/content.h"
#include "base/clock.h"
#include "cms/envelope.h"
#include "crypto/hmac.h"
#include "office/party/authority.h"
#include "office/party/may_sign.h"
#include "office/deposit/deposit_label.h"
#include "office/keys.h"
#include "office/party/party.h"

enum deed_status deposit_label(const struct keystore *ks, const char *label,
			       uint8_t out[SHA256_SIZE], struct deed_error *err)
{
	struct secret *key = NULL;
	enum deed_status status = keystore_catalogue_key(ks, &key, err);

	if (status == DEED_OK)
		hmac(DIGEST_SHA256, secret_slice(key), slice_str(label), out);
	secret_free(key);
	return status;
}

/* Is it a certificate that one encrypts to, and does it hold now? */
static enum deed_status suits(const struct cert *c, const char *text,
			      int64_t now, struct deed_error *err)
{
	const struct cert_fields *f = cert_fields(c);
	const struct pubkey *pk = NULL;
	enum deed_status status = cert_pubkey(c, &pk, err);
	uint32_t wanted = KU_KEY_AGREEMENT;
	char from[CLOCK_TEXT], to[CLOCK_TEXT];

	if (status != DEED_OK) {
		deed_error_prefix(err, "'%s'", text);
		return status;
	}
	if (pubkey_type(pk) == PUBKEY_RSA)
		wanted = KU_KEY_ENCIPHERMENT;
	else if (pubkey_curve(pk) != EC_P256)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "nothing can be deposited for '%s': its "
				      "key is %s, and RSA or P-256 is needed",
				      text, pubkey_text(pk));
	if (f->has_key_usage && !(f->key_usage & wanted))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the certificate of '%s' is not meant "
				      "for encryption",
				      text);
	if (now >= f->not_before && now <= f->not_after)
		return DEED_OK;
	clock_format(f->not_before, from);
	clock_format(f->not_after, to);
	return deed_error_set(err, DEED_CERT_INVALID,
			      "the certificate of '%s' holds from %s to %s",
			      text, from, to);
}

/* All certificates of the file are loaded, and the first is meant; the others
 * may be what a tool puts behind it. */
static enum deed_status from_file(const char *path, struct cert_list *out,
				  struct deed_error *err)
{
	struct buf bytes = BUF_INIT;
	enum deed_status status;

	status = file_read(path, CERT_MAX_SIZE, &bytes, err);
	if (status == DEED_OK)
		status = cert_list_load(out, buf_get(&bytes), path, err);
	buf_clear(&bytes);
	return status;
}

/* It must lead to the house root and be in no CRL. */
static enum deed_status check_path(const struct home *h, struct cert *c,
				   const char *party, int64_t now,
				   struct deed_error *err)
{
	struct pki_params params = { .time = now, .purpose = PKI_ANY };
	struct pki_source *source = NULL;
	struct pki_path path = { .len = 0 };
	enum deed_status status;

	status = authority_source(h, &source, err);
	if (status != DEED_OK)
		return status;
	params.source = source;
	status = pki_judge_path(c, &params, &path, err);
	if (status == DEED_OK && path.outcome != PKI_GOOD)
		status = deed_error_set(err, DEED_CERT_INVALID,
					"the deposit certificate of '%s' is "
					"not valid: %s",
					party, path.message);
	pki_path_clear(&path);
	pki_source_free(source);
	return status;
}

/*
 * A party that may sign may be deposited for; its status names the deposit
 * certificate, so that no other can be put in its place.
 */
static enum deed_status from_house(const struct home *h, const char *party,
				   int64_t now, struct cert_list *out,
				   struct deed_error *err)
{
	struct may_sign_answer *answer = NULL;
	struct status named;
	enum deed_status status;

	memset(&named, 0, sizeof(named));
	status = may_sign(h, party, now, &answer, err);
	if (status == DEED_OK)
		status = party_status(h, party, now, &named, err);
	if (status == DEED_OK)
		status = keys_deposit_chain(h, party, out, err);
	if (status == DEED_OK &&
	    (out->count == 0 || memcmp(cert_sha256(out->items[0]),
				       named.deposit_certificate, SHA256_SIZE)))
		status = deed_error_set(err, DEED_NOT_VERIFIED,
					"the deposit certificate of '%s' is "
					"not the one that its status names",
					party);
	if (status == DEED_OK)
		status = check_path(h, out->items[0], party, now, err);
	status_clear(&named);
	may_sign_free(answer);
	return status;
}

/* A party of the house goes before a file that bears its name. */
enum deed_status deposit_certificate(const struct home *h, const char *text,
				     int64_t now, struct cert **out,
				     struct deed_error *err)
{
	struct cert_list list = CERT_LIST_INIT;
	enum deed_status status;
	uint64_t index;

	*out = NULL;
	if (home_check_party(text, NULL) == DEED_OK &&
	    party_signpost(h, text, &index, NULL) == DEED_OK)
		status = from_house(h, text, now, &list, err);
	else if (file_exists(text))
		status = from_file(text, &list, err);
	else
		status = deed_error_set(err, DEED_NOT_FOUND,
					"there is no party and no certificate "
					"'%s'",
					text);
	if (status == DEED_OK)
		status = suits(list.items[0], text, now, err);
	if (status == DEED_OK)
		*out = cert_ref(list.items[0]);
	cert_list_clear(&list);
	return status;
}

/*
 * The content key of keys.cms, by the first of these keys that opens it.  A
 * certificate may name its key in another way than deed does: each identifier
 * of the manifest is tried.
 */
static enum deed_status unwrap(const struct stored *d, const struct envelope *e,
			       const struct deposit_key *const *keys,
			       size_t key_count, struct secret **cek,
			       struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	size_t i, j;

	*cek = NULL;
	for (i = 0; i < key_count; i++)
		for (j = 0; j < d->m->recipient_count; j++) {
			const struct manifest_recipient *r =
				&d->m->recipient[j];

			status = envelope_unwrap_key(
				e, slice_of(r->key_id, r->key_id_len), keys[i],
				cek, &why);
			if (status == DEED_OK)
				return status;
			/* An RSA key at an EC recipient, or the reverse. */
			if (status == DEED_NOT_RECIPIENT ||
			    status == DEED_USAGE)
				continue;
			if (err != NULL)
				*err = why;
			return status;
		}
	return deed_error_set(err, DEED_NOT_RECIPIENT,
			      "the deposit is not for this party");
}

/* P, checked against the manifest. */
static enum deed_status open_p(struct archive *a, const struct stored *d,
			       const struct deposit_key *const *keys,
			       size_t key_count, struct secret **p,
			       struct deed_error *err)
{
	struct envelope *e = calloc(1, sizeof(*e));
	struct buf cms = BUF_INIT;
	struct secret *cek = NULL;
	enum deed_status status;

	*p = NULL;
	status = e == NULL ? deed_error_memory(err)
			   : stored_keys(a, d, &cms, err);
	if (status == DEED_OK)
		status = envelope_parse(buf_get(&cms), e, err);
	if (status == DEED_OK)
		status = unwrap(d, e, keys, key_count, &cek, err);
	if (status == DEED_OK)
		status = envelope_decrypt_secret(e, cek, p, err);
	if (status == DEED_OK && !stored_is_p(d, *p)) {
		secret_free(*p);
		*p = NULL;
		status = deed_error_set(err, DEED_DAMAGED,
					"the parties' keys do not fit the "
					"manifest");
	}
	secret_free(cek);
	buf_clear(&cms);
	free(e);
	return status;
}

#define RECORD_MAX (1u << 20)

/* A file of any size goes by in the parts that content_borrow lends, and none
 * is kept.  What neither goes into a file nor is the record is read all the
 * same: its chunks are checked on the way, and the next file lies behind it.
 */
static enum deed_status copy_out(struct content *c, struct outfile *out,
				 struct buf *record, struct deed_error *err)
{
	enum deed_status status;
	struct slice part;

	do {
		status = content_borrow(c, &part, err);
		if (status == DEED_OK && out != NULL)
			status = outfile_write(out, part.data, part.len, err);
		else if (status == DEED_OK && record != NULL)
			buf_slice(record, part);
	} while (status == DEED_OK && part.len > 0);
	return status == DEED_OK && record != NULL ? buf_status(record, err)
						   : status;
}

/* One file: the record comes first, then what fn takes. */
static enum deed_status unpack_one(struct content *c, const struct tar_entry *e,
				   size_t number, deposit_file_fn *fn,
				   void *arg, struct buf *record,
				   struct deed_error *err)
{
	bool is_record = number == 0;
	struct outfile *out = NULL;
	enum deed_status status = DEED_OK;

	if (is_record &&
	    (strcmp(e->name, DEPOSIT_RECORD) || e->size > RECORD_MAX))
		return deed_error_set(err, DEED_MALFORMED,
				      "the deposit does not begin with '%s'",
				      DEPOSIT_RECORD);
	if (!is_record)
		status = fn(arg, e->name, number - 1, e->size, &out, err);
	if (status == DEED_OK && out != NULL)
		outfile_expect(out, e->size);
	if (status == DEED_OK)
		status = copy_out(c, out, is_record ? record : NULL, err);
	return status;
}

/* The document comes first, then what lies beside it; a deposit of a record
 * alone holds none. */
static enum deed_status unpack(struct content *c, deposit_file_fn *fn,
			       void *arg, struct buf *record,
			       struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	struct tar_entry e;
	size_t number = 0;

	while ((status = content_next(c, &e, &why)) == DEED_OK) {
		status = unpack_one(c, &e, number++, fn, arg, record, &why);
		if (status != DEED_OK)
			break;
	}
	if (status == DEED_NOT_FOUND && number > 1)
		return DEED_OK;
	if (status == DEED_NOT_FOUND)
		return deed_error_set(err, DEED_MALFORMED,
				      "the deposit holds no document");
	if (err != NULL)
		*err = why;
	return status;
}

enum deed_status deposit_get(struct archive *a, const struct stored *d,
			     const struct deposit_key *const *keys,
			     size_t key_count, deposit_file_fn *fn, void *arg,
			     struct buf *record, struct deed_error *err)
{
	struct content *c = NULL;
	struct secret *p = NULL;
	enum deed_status status;

	status = open_p(a, d, keys, key_count, &p, err);
	if (status == DEED_OK)
		status = content_open(a, d, p, &c, err);
	if (status == DEED_OK)
		status = unpack(c, fn, arg, record, err);
	content_close(c);
	secret_free(p);
	return status;
}

enum deed_status deposit_members(struct archive *a, const struct stored *d,
				 const struct deposit_key *const *keys,
				 size_t key_count, unsigned jobs,
				 struct members **out, struct deed_error *err)
{
	struct secret *p = NULL;
	enum deed_status status = open_p(a, d, keys, key_count, &p, err);

	*out = NULL;
	if (status == DEED_OK)
		status = members_open(a, d, p, jobs, out, err);
	secret_free(p);
	return status;
}
