/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_elsewhere.h"

#include <stdlib.h>

#include "cms/check.h"
#include "cms/signed_write.h"
#include "codec/hex.h"
#include "codec/pem.h"
#include "pdf/ranges.h"
#include "pdf/signature.h"
#include "sign/pades_client.h"
#include "sign/pades_priv.h"
#include "sign/pades_wire.h"

#define HEAD 64

enum deed_status pades_digest_for(const struct cert *certificate,
				  enum digest_alg *out, struct deed_error *err)
{
	const struct pubkey *pk;
	struct sig_alg bound;
	enum deed_status status;

	*out = DIGEST_SHA256;
	status = cert_pubkey(certificate, &pk, err);
	if (status != DEED_OK)
		return status;
	if (pubkey_type(pk) == PUBKEY_SM2)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "SM2 is verified, and no signatures are "
				      "made with it");
	if (pubkey_pss(pk, &bound)) {
		*out = bound.digest;
		return DEED_OK;
	}
	/* RFC 8419 3 for Ed25519 and Ed448; as signing_key_default_alg. */
	if (pubkey_type(pk) == PUBKEY_ED448)
		*out = DIGEST_SHAKE256;
	else if (pubkey_type(pk) == PUBKEY_ED25519 ||
		 pubkey_curve(pk) == EC_P521 ||
		 (pubkey_type(pk) == PUBKEY_BRAINPOOL &&
		  pubkey_bits(pk) == 512))
		*out = DIGEST_SHA512;
	else if (pubkey_curve(pk) == EC_P384 ||
		 (pubkey_type(pk) == PUBKEY_BRAINPOOL &&
		  pubkey_bits(pk) == 384))
		*out = DIGEST_SHA384;
	return DEED_OK;
}

enum deed_status pades_attributes(const struct cert *certificate,
				  struct slice digest, struct buf *out,
				  struct deed_error *err)
{
	const struct cms_sign_params params = { .chain = &certificate,
						.chain_len = 1 };

	return cms_signed_attributes(&params, digest, out, err);
}

/* ---- the place ---- */

/* Nothing but zeros between the brackets: other digits would be a value that
 * is there already, and would be overwritten. */
static bool is_empty_string(struct slice s)
{
	size_t i;

	if (s.len < 2 || s.data[0] != '<' || s.data[s.len - 1] != '>')
		return false;
	for (i = 1; i + 1 < s.len; i++) {
		if (s.data[i] != '0' && s.data[i] != ' ' && s.data[i] != '\n' &&
		    s.data[i] != '\r')
			return false;
	}
	return true;
}

/* The parser may lie, but what is signed is the whole file but for one empty
 * hexadecimal string, or nothing is. */
static enum deed_status confirm(const struct pades_open *o,
				const struct pdf_input *in,
				struct deed_error *err)
{
	uint64_t size = pdf_input_size(in);
	const uint64_t *r = o->byte_range;
	struct buf gap = BUF_INIT;
	enum deed_status status;
	bool good;

	good = r[0] == 0 && r[1] < r[2] && r[3] <= size &&
	       r[2] == size - r[3] && r[2] - r[1] <= 2 * PADES_SLOT_MAX + 2;
	status = good ? pdf_input_append(in, r[1], (size_t)(r[2] - r[1]), &gap,
					 err)
		      : DEED_OK;
	good = good && is_empty_string(buf_get(&gap));
	buf_clear(&gap);
	if (status == DEED_OK && !good)
		status = parser_nonsense(DEED_MALFORMED, pdf_input_name(in),
					 err);
	return status;
}

/* The helper read the document; where the place lies in the file is looked at
 * here once more, as the CMS will be written there. */
static enum deed_status ask_place(struct parser *p, const struct pdf_input *in,
				  struct pades_open *out,
				  struct deed_error *err)
{
	struct buf answer = BUF_INIT;
	enum deed_status status;

	*out = (struct pades_open){ .field = NULL };
	status = pades_client_ask(p, PADES_CLIENT_PLACE, in, SLICE_NONE,
				  &answer, err);
	if (status == DEED_OK)
		status = parser_nonsense(
			pades_open_read(buf_get(&answer), out, err),
			pdf_input_name(in), err);
	if (status == DEED_OK)
		status = confirm(out, in, err);
	buf_clear(&answer);
	return status;
}

/* ---- judging the CMS ---- */

struct ranges {
	const struct pdf_input *in;
	const uint64_t *at;
};

/* Asked for with the digest that the CMS names, which need not be the one that
 * was foreseen. */
static enum deed_status hash_ranges(void *arg, enum digest_alg alg,
				    uint8_t out[DIGEST_MAX],
				    struct deed_error *err)
{
	const struct ranges *r = arg;
	struct pdf_range range = { .first_len = r->at[1],
				   .second_at = r->at[2],
				   .second_len = r->at[3] };
	enum deed_status status;

	status = pdf_digest_ranges(r->in, alg, &range, 1, NULL, err);
	if (status == DEED_OK)
		memcpy(out, range.digest, digest_size(alg));
	return status;
}

/* The outcome as an error: here it is not a verdict, but what is done next
 * depends on it. */
static enum deed_status check_signature(const struct cms_signed *sd,
					const struct cert *signer,
					const struct pdf_input *in,
					const uint64_t range[4],
					struct deed_error *err)
{
	struct ranges r = { in, range };
	struct cms_content content = { .digest = hash_ranges, .arg = &r };
	struct cms_check check;
	enum deed_status status;
	uint8_t head[HEAD];
	size_t len = range[1] < HEAD ? (size_t)range[1] : HEAD;

	status = pdf_input_read(in, 0, head, len, err);
	content.head = slice_of(head, len);
	if (status == DEED_OK)
		status = cms_check_signer(sd, &sd->signers[0], signer, &content,
					  &check, err);
	if (status != DEED_OK)
		return status;
	if (check.outcome != CMS_INTACT)
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "the signature does not hold: %s",
				      check.message);
	if (!check.has_signing_certificate)
		return deed_error_set(err, DEED_REFUSED,
				      "the signature does not name its "
				      "certificate in a signed attribute "
				      "(signing-certificate), as PAdES wants");
	return DEED_OK;
}

static enum deed_status check_form(const struct cms_signed *sd,
				   struct deed_error *err)
{
	if (sd->signer_count != 1)
		return deed_error_set(err, DEED_REFUSED,
				      "the CMS has %u signers: expected one",
				      sd->signer_count);
	if (sd->has_content)
		return deed_error_set(err, DEED_REFUSED,
				      "the CMS holds a content of its own: "
				      "expected a detached signature");
	if (sd->content_oid != OID_DATA)
		return deed_error_set(err, DEED_REFUSED,
				      "the CMS signs another type of content "
				      "than data");
	return DEED_OK;
}

/* What was made elsewhere is held to what deed itself would make, before it
 * goes into the document. */
static enum deed_status judge(const struct cms_signed *sd,
			      const struct pdf_input *in,
			      const uint64_t range[4],
			      const struct cert *certificate,
			      struct deed_error *err)
{
	struct cert *signer = NULL;
	enum deed_status status;

	status = check_form(sd, err);
	if (status == DEED_OK)
		status = cms_signer_certificate(sd, &sd->signers[0], &signer,
						err);
	if (status == DEED_OK && signer == NULL)
		status = deed_error_set(err, DEED_REFUSED,
					"the CMS does not hold its signer's "
					"certificate");
	if (status == DEED_OK && certificate != NULL &&
	    memcmp(cert_sha256(certificate), cert_sha256(signer),
		   SHA256_SIZE) != 0)
		status = deed_error_set(err, DEED_REFUSED,
					"the CMS is signed by another "
					"certificate");
	if (status == DEED_OK)
		status = check_signature(sd, signer, in, range, err);
	cert_free(signer);
	return status;
}

/* What a program puts behind the CMS when it writes text is no harm; anything
 * else might be a second one. */
static bool only_line_ends(struct slice rest)
{
	size_t i;

	for (i = 0; i < rest.len; i++) {
		if (rest.data[i] != '\n' && rest.data[i] != '\r')
			return false;
	}
	return true;
}

/* Line ends behind it are of files that went through mail. */
static enum deed_status parse(struct slice in, struct cms_signed **out,
			      struct deed_error *err)
{
	struct buf der = BUF_INIT;
	char label[PEM_LABEL];
	enum deed_status status = DEED_OK;
	struct slice rest;

	*out = NULL;
	if (pem_looks_like(in)) {
		status = pem_decode_next(&in, label, &der, err);
		in = buf_get(&der);
	}
	if (status == DEED_OK)
		status = cms_signed_parse(in, out, err);
	if (status != DEED_OK)
		deed_error_prefix(err, "the CMS cannot be read");
	if (status == DEED_OK) {
		rest = slice_of(in.data + (*out)->used, in.len - (*out)->used);
		if (!only_line_ends(rest))
			status = deed_error_set(err, DEED_MALFORMED,
						"%zu bytes follow the CMS",
						rest.len);
	}
	if (status != DEED_OK) {
		cms_signed_free(*out);
		*out = NULL;
	}
	buf_clear(&der);
	return status;
}

/* ---- putting it in ---- */

struct copy {
	struct digest *whole;
	pades_write_fn *write;
	void *arg;
};

/* The digest of the result is taken while it is written, so that it is of what
 * was written. */
static enum deed_status take(void *arg, struct slice window,
			     struct deed_error *err)
{
	struct copy *c = arg;

	digest_update(c->whole, window.data, window.len);
	return c->write == NULL ? DEED_OK : c->write(c->arg, window, err);
}

/* The hexadecimal string keeps its length, filled with zeros: the ByteRange
 * that was signed counts with it. */
static enum deed_status put_cms(const struct pdf_input *in, struct slice der,
				const struct pades_open *place, struct copy *c,
				struct deed_error *err)
{
	const uint64_t *r = place->byte_range;
	size_t room = (size_t)(r[2] - r[1]) - 2;
	struct buf hex = BUF_INIT;
	enum deed_status status;

	buf_byte(&hex, '<');
	hex_encode(der, &hex);
	if (hex.len - 1 > room) {
		buf_clear(&hex);
		return deed_error_set(err, DEED_LIMIT,
				      "the CMS has %zu bytes, and the place "
				      "that was kept for it %zu",
				      der.len, room / 2);
	}
	buf_fill(&hex, '0', room + 1 - hex.len);
	buf_byte(&hex, '>');
	status = buf_status(&hex, err);
	if (status == DEED_OK)
		status = pdf_input_each(in, 0, r[1], take, c, err);
	if (status == DEED_OK)
		status = take(c, buf_get(&hex), err);
	if (status == DEED_OK)
		status = pdf_input_each(in, r[2], r[3], take, c, err);
	buf_clear(&hex);
	return status;
}

/* The signature is judged over the document before anything is written: one
 * that does not hold is never put in. */
static enum deed_status
complete(const struct pdf_input *in, struct pades_open *place,
	 const struct cms_signed *sd, const struct cert *certificate,
	 struct copy *c, struct pades_result *result, struct deed_error *err)
{
	enum deed_status status;

	status = judge(sd, in, place->byte_range, certificate, err);
	if (status == DEED_OK)
		status = digest_new(DIGEST_SHA256, &c->whole, err);
	if (status == DEED_OK)
		status = put_cms(in, sd->whole, place, c, err);
	if (status != DEED_OK)
		return status;
	digest_final(c->whole, result->sha256);
	result->size = pdf_input_size(in);
	memcpy(result->byte_range, place->byte_range,
	       sizeof(result->byte_range));
	result->field = place->field;
	place->field = NULL;
	return DEED_OK;
}

enum deed_status
pades_complete(struct parser *p, const struct pdf_input *in, struct slice cms,
	       const struct cert *certificate, pades_write_fn *write, void *arg,
	       struct pades_result *result, struct deed_error *err)
{
	struct copy c = { .write = write, .arg = arg };
	struct cms_signed *sd = NULL;
	enum deed_status status;
	struct pades_open place;

	memset(result, 0, sizeof(*result));
	status = ask_place(p, in, &place, err);
	if (status == DEED_NOT_FOUND)
		deed_error_prefix(err, "'%s'", pdf_input_name(in));
	if (status == DEED_OK)
		status = parse(cms, &sd, err);
	if (status == DEED_OK)
		status = complete(in, &place, sd, certificate, &c, result, err);
	if (status != DEED_OK)
		pades_result_clear(result);
	digest_free(c.whole);
	cms_signed_free(sd);
	free(place.field);
	if (status == DEED_NO_PASSPHRASE)
		return pades_name_input(in, status, err);
	return status;
}
