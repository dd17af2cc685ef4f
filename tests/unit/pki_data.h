/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_PKI_DATA_H
#define DEED_TESTS_UNIT_PKI_DATA_H

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "key/cert.h"
#include "codec/pem.h"

/* The files of tests/data/pki, for the tests of several floors. */

/* Append a file's bytes. */
static inline void pki_data(const char *name, struct buf *out)
{
	const char *top = getenv("top_srcdir");
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/tests/data/pki/%s",
		       top == NULL ? "." : top, name);
	assert_ok(file_read(path, 1 << 20, out, err));
}

static inline struct cert *pki_cert(const char *name)
{
	struct buf text = BUF_INIT, der = BUF_INIT;
	char label[PEM_LABEL];
	struct slice cursor;
	struct cert *c;

	pki_data(name, &text);
	cursor = buf_get(&text);
	assert_ok(pem_decode_next(&cursor, label, &der, err));
	assert_ok(cert_parse(buf_get(&der), &c, err));
	buf_clear(&text);
	buf_clear(&der);
	return c;
}

#endif
