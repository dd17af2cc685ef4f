/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_JUDGE_HOUSE_H
#define DEED_TESTS_UNIT_JUDGE_HOUSE_H

#include "test.h"
#include "pki_data.h"

#include "base/clock.h"
#include "cms/signed_write.h"
#include "judge/judge.h"

static const char hello[] = "Hello, contract.\n";

/* A house of stored files, and a key to make signatures with. */
struct house {
	struct pki_source *source;
	struct judge_params params;
	struct signing_key *key;
	struct cert *cert, *inter;
	const struct cert *chain[2];
};

static inline void trust(struct house *h, const char *name, bool anchor)
{
	struct buf data = BUF_INIT;

	pki_data(name, &data);
	assert_ok(pki_source_add_data(h->source, buf_get(&data), anchor, name,
				      err));
	buf_clear(&data);
}

static inline void open_house(struct house *h)
{
	struct buf data = BUF_INIT;
	struct secret *secret;

	*h = (struct house){ 0 };
	assert_ok(pki_source_new(NULL, &h->source, err));
	trust(h, "root.crt", true);
	trust(h, "root.crl", true);
	trust(h, "inter.crl", false);
	h->params.source = h->source;
	assert_ok(clock_parse("2026-11-30T00:00:00Z", &h->params.at, err));
	pki_data("p256.p8", &data);
	assert_ok(secret_copy(data.data, data.len, &secret, err));
	assert_ok(signing_key_from_pkcs8(secret, &h->key, err));
	secret_free(secret);
	buf_clear(&data);
	h->cert = pki_cert("p256.crt");
	h->inter = pki_cert("inter.crt");
	h->chain[0] = h->cert;
	h->chain[1] = h->inter;
}

static inline void close_house(struct house *h)
{
	pki_source_free(h->source);
	signing_key_free(h->key);
	cert_free(h->cert);
	cert_free(h->inter);
}

static inline struct cms_sign_params sign_params(const struct house *h)
{
	return (struct cms_sign_params){ .key = h->key,
					 .chain = h->chain,
					 .chain_len = 2,
					 .has_signing_time = true,
					 .signing_time = h->params.at };
}

static inline void sign(const struct cms_sign_params *params, struct buf *out)
{
	uint8_t digest[DIGEST_MAX];

	digest_once(DIGEST_SHA256, slice_str(hello), digest);
	buf_reset(out);
	assert_ok(cms_sign(params,
			   params->embed ? SLICE_NONE : slice_of(digest, 32),
			   out, err));
}

static inline struct verdict_document *
judge(const struct house *h, struct slice in, const char *content,
      enum judge_profile profile, unsigned flags)
{
	struct slice bytes = content == NULL ? SLICE_NONE : slice_str(content);
	struct verdict_document *doc;
	struct cms_content given;

	cms_content_memory(&given, &bytes);
	assert_ok(verdict_document_new("x", &doc, err));
	assert_ok(judge_cms_bytes(in, content == NULL ? NULL : &given, profile,
				  flags, &h->params, doc, err));
	verdict_conclude(doc);
	return doc;
}

static inline void expect_one(struct verdict_document *doc,
			      enum indication indication,
			      enum sub_indication sub,
			      enum verdict_integrity integrity)
{
	const struct verdict_signature *sig = &doc->signatures[0];

	assert_true(doc->signature_count >= 1);
	if (sig->indication != indication || sig->sub != sub ||
	    sig->integrity != integrity)
		fail_msg("expected %s %s %s, got %s %s %s: %s",
			 indication_text(indication),
			 sub == SUB_NONE ? "" : sub_indication_text(sub),
			 verdict_integrity_text(integrity),
			 indication_text(sig->indication),
			 sig->sub == SUB_NONE ? ""
					      : sub_indication_text(sig->sub),
			 verdict_integrity_text(sig->integrity),
			 sig->reason_count == 0 ? "" : sig->reasons[0].message);
	verdict_document_free(doc);
}

#define INTACT INTEGRITY_INTACT

#endif
