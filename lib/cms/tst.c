/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/tst.h"

#include <stdlib.h>

#include "codec/der.h"

static enum deed_status malformed(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the time-stamp token is malformed: expected %s",
			      what);
}

/* RFC 3161 2.4.2. */
static bool parse_imprint(struct der_reader *r, struct tst *t)
{
	struct der_reader in, alg;
	struct slice algorithm;

	if (!der_enter(r, DER_SEQUENCE, &in) ||
	    !der_get_element(&in, DER_SEQUENCE, &algorithm) ||
	    !der_open(algorithm, DER_SEQUENCE, &alg) ||
	    !der_get_oid(&alg, &t->imprint_oid) ||
	    !der_get(&in, DER_OCTET_STRING, &t->imprint) || !der_at_end(&in))
		return false;
	t->imprint_digest = digest_from_algorithm(algorithm);
	t->imprint_known = t->imprint_digest != DIGEST_NONE;
	return true;
}

/* accuracy, ordering, nonce, tsa and extensions, each optional (RFC 3161
 * 2.4.2). accuracy and ordering decide nothing here. */
static bool parse_tail(struct der_reader *r, struct tst *t)
{
	bool ordering, present;
	struct slice ignored;

	if (!der_get_optional(r, DER_SEQUENCE, &present, &ignored))
		return false;
	/* DEFAULT FALSE; some authorities write the default out. */
	if (der_peek(r, DER_BOOLEAN) && !der_get_bool(r, &ordering))
		return false;
	if (der_peek(r, DER_INTEGER)) {
		if (!der_get_integer(r, &t->nonce))
			return false;
		t->has_nonce = true;
	}
	return der_get_optional(r, DER_CONTEXT_CONS(0), &present, &t->tsa) &&
	       der_get_optional(r, DER_CONTEXT_CONS(1), &present, &ignored) &&
	       der_at_end(r);
}

static enum deed_status parse_info(struct tst *t, struct deed_error *err)
{
	uint64_t version;
	struct der_reader r;

	if (t->sd->content_oid != OID_TST_INFO || !t->sd->has_content)
		return malformed(err, "a TSTInfo as content");
	if (t->sd->signer_count != 1)
		return malformed(err, "one signer");
	if (!der_open(t->sd->content, DER_SEQUENCE, &r) ||
	    !der_get_uint64(&r, &version) || version != 1 ||
	    !der_get_oid(&r, &t->policy) || !parse_imprint(&r, t) ||
	    !der_get_integer(&r, &t->serial) ||
	    !der_get_generalized(&r, &t->time) || !parse_tail(&r, t))
		return malformed(err, "a TSTInfo of version 1");
	return DEED_OK;
}

enum deed_status tst_parse(struct slice in, struct tst **out,
			   struct deed_error *err)
{
	enum deed_status status;
	struct tst *t;

	*out = NULL;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return deed_error_memory(err);
	status = cms_signed_parse(in, &t->sd, err);
	if (status == DEED_OK)
		status = parse_info(t, err);
	if (status != DEED_OK) {
		tst_free(t);
		return status;
	}
	*out = t;
	return DEED_OK;
}

void tst_free(struct tst *t)
{
	if (t == NULL)
		return;
	cms_signed_free(t->sd);
	free(t);
}

enum deed_status tst_imprint_matches(const struct tst *t,
				     const struct cms_content *content,
				     bool *match, struct deed_error *err)
{
	uint8_t digest[DIGEST_MAX];
	enum deed_status status;

	*match = false;
	if (!t->imprint_known)
		return DEED_OK;
	status = content->digest(content->arg, t->imprint_digest, digest, err);
	if (status != DEED_OK)
		return status;
	*match = slice_equal(t->imprint,
			     slice_of(digest, digest_size(t->imprint_digest)));
	return DEED_OK;
}

enum deed_status tst_check(const struct tst *t, struct cert *const *extra,
			   size_t extra_count, struct cms_check *out,
			   struct cert **cert, struct deed_error *err)
{
	const struct cms_signer *signer = &t->sd->signers[0];
	struct slice info = t->sd->content;
	struct cms_content content;
	enum deed_status status;
	struct cert *c;

	status = cms_signer_certificate(t->sd, signer, cert, err);
	if (status != DEED_OK)
		return status;
	if (*cert == NULL) {
		c = cms_choose_certificate(signer, extra, extra_count);
		*cert = c == NULL ? NULL : cert_ref(c);
	}
	cms_content_memory(&content, &info);
	return cms_check_signer(t->sd, signer, *cert, &content, out, err);
}
