/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_SIGN_SIGNER_H
#define DEED_TESTS_UNIT_SIGN_SIGNER_H

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "sign/pades.h"
#include "test.h"

/* Signing in memory with the keys of tests/data/pades. */
#define NOW INT64_C(1795000000) /* 18 November 2026 */

static inline void read_data(const char *name, struct buf *b)
{
	const char *top = getenv("top_srcdir");
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/data/%s",
		 top == NULL ? "." : top, name);
	assert_ok(file_read(path, 1 << 24, b, err));
}

/* A signer of tests/data/pades. */
struct who {
	struct signing_key *key;
	struct cert *cert;
	const struct cert *chain[1];
	struct pades_signer signer;
};

static inline void who_open(struct who *w, const char *name)
{
	struct buf b = BUF_INIT;
	struct secret *p8;
	char file[64];

	snprintf(file, sizeof(file), "pades/%s.p8", name);
	read_data(file, &b);
	assert_ok(secret_copy(b.data, b.len, &p8, err));
	assert_ok(signing_key_from_pkcs8(p8, &w->key, err));
	secret_free(p8);
	buf_reset(&b);
	snprintf(file, sizeof(file), "pades/%s.cer", name);
	read_data(file, &b);
	assert_ok(cert_parse(buf_get(&b), &w->cert, err));
	buf_clear(&b);
	w->chain[0] = w->cert;
	w->signer.key = w->key;
	w->signer.chain = w->chain;
	w->signer.chain_count = 1;
}

static inline void who_close(struct who *w)
{
	signing_key_free(w->key);
	cert_free(w->cert);
}

static inline enum deed_status take(void *arg, struct slice bytes,
				    struct deed_error *err)
{
	buf_slice(arg, bytes);
	return buf_status(arg, err);
}

static inline enum deed_status
sign(const struct buf *in, const char *key, const struct pades_params *params,
     struct buf *out, struct pades_result *result, struct deed_error *err)
{
	struct pdf_input *input;
	enum deed_status status;
	struct who who;

	who_open(&who, key);
	assert_ok(pdf_input_from_memory(buf_get(in), "in.pdf", &input, err));
	status = pades_sign(input, params, &who.signer, take, out, result, err);
	pdf_input_close(input);
	who_close(&who);
	return status;
}

#endif
