/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_SIGN_SIGNER_H
#define DEED_TESTS_UNIT_SIGN_SIGNER_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "judge/parser.h"
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

/* A document as the parser wants it: behind a descriptor. */
struct file {
	struct pdf_input *in;
	int fd;
};

static inline void file_of(struct file *f, const struct buf *b)
{
	f->fd = memfd_create("test", MFD_CLOEXEC);
	assert_true(f->fd >= 0);
	assert_ok(file_write_fd(f->fd, "test", b->data, b->len, err));
	assert_ok(pdf_input_from_fd(f->fd, "test.pdf", &f->in, err));
}

static inline void file_end(struct file *f)
{
	pdf_input_close(f->in);
	(void)close(f->fd);
}

/* One for a program. */
static inline struct parser *the_parser(void)
{
	static struct parser *parser;

	if (parser == NULL) {
		(void)signal(SIGPIPE, SIG_IGN);
		process_set_helpers(".");
		assert_ok(parser_new(&parser, err));
	}
	return parser;
}

static inline enum deed_status
sign(const struct buf *in, const char *key, const struct pades_params *params,
     struct buf *out, struct pades_result *result, struct deed_error *err)
{
	struct pades_params parsed = *params;
	enum deed_status status;
	struct file file;
	struct who who;

	who_open(&who, key);
	file_of(&file, in);
	parsed.parser = the_parser();
	parsed.fd = file.fd;
	status = pades_sign(file.in, &parsed, &who.signer, take, out, result,
			    err);
	file_end(&file);
	who_close(&who);
	return status;
}

#endif
