/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Writes and opens AuthEnvelopedData for tests/interop/envelope.t, from
 * standard input to standard output:
 *
 *	envelope_tool seal-kek ID KEY		hexadecimal
 *	envelope_tool seal-cert CERT.pem ...
 *	envelope_tool chunk ID KEY
 *	envelope_tool open-kek ID KEY
 *	envelope_tool open-key KEY.der ID	PKCS#8
 *	envelope_tool open-chunk ID KEY
 *
 * The exit code is that of the status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cms/envelope.h"
#include "cms/envelope_chunk.h"
#include "codec/hex.h"
#include "key/cert.h"
#include "key/deposit_key.h"

#define MAX (64u << 20)

static struct deed_error error = DEED_ERROR_INIT;

static void done(enum deed_status status)
{
	if (status != DEED_OK)
		fprintf(stderr, "%s: %s\n", deed_status_id(status),
			error.message);
	exit(deed_status_exit(status));
}

static void must(enum deed_status status)
{
	if (status != DEED_OK)
		done(status);
}

static struct buf from_hex(const char *text)
{
	struct buf b = BUF_INIT;
	size_t size = strlen(text) / 2;
	uint8_t *at = buf_reserve(&b, size);

	if (at == NULL || !hex_read(slice_str(text), at, size))
		done(DEED_USAGE);
	b.len = size;
	return b;
}

static struct secret *secret_hex(const char *text)
{
	struct buf b = from_hex(text);
	struct secret *s;

	must(secret_copy(b.data, b.len, &s, &error));
	buf_clear(&b);
	return s;
}

static void put(struct slice s)
{
	must(file_write_fd(STDOUT_FILENO, "output", s.data, s.len, &error));
}

static void seal_certs(char **path, size_t count, struct slice in)
{
	struct envelope_to to[ENVELOPE_RECIPIENTS_MAX];
	struct cert_list list = CERT_LIST_INIT;
	struct buf out = BUF_INIT;
	size_t i;

	for (i = 0; i < count; i++) {
		struct buf pem = BUF_INIT;
		const struct cert_fields *f;

		must(file_read(path[i], MAX, &pem, &error));
		must(cert_list_load(&list, buf_get(&pem), path[i], &error));
		f = cert_fields(list.items[i]);
		must(envelope_to_spki(f->subject_key_id, f->spki, &to[i],
				      &error));
		buf_clear(&pem);
	}
	must(envelope_write(to, count, NULL, in, &out, &error));
	put(buf_get(&out));
	buf_clear(&out);
	cert_list_clear(&list);
}

static void seal_kek(const char *id, const char *key, struct slice in)
{
	struct buf b = from_hex(id), out = BUF_INIT;
	struct secret *kek = secret_hex(key);
	const struct envelope_to to = { .kind = ENVELOPE_KEK,
					.id = buf_get(&b),
					.kek = kek };

	must(envelope_write(&to, 1, NULL, in, &out, &error));
	put(buf_get(&out));
	buf_clear(&b);
	buf_clear(&out);
	secret_free(kek);
}

static void chunk(const char *id, const char *key, struct slice in)
{
	uint8_t *out = malloc(envelope_chunk_size(in.len));
	struct secret *kek = secret_hex(key);
	struct buf b = from_hex(id);

	memcpy(out + envelope_chunk_head(in.len), in.data, in.len);
	must(envelope_chunk_seal(out, in.len, b.data, kek, &error));
	put(slice_of(out, envelope_chunk_size(in.len)));
	free(out);
	buf_clear(&b);
	secret_free(kek);
}

static void open_chunk(const char *id, const char *key, struct buf *in)
{
	struct secret *kek = secret_hex(key);
	struct buf b = from_hex(id);
	struct slice plain;

	must(envelope_chunk_open(in->data, in->len, b.data, kek, &plain,
				 &error));
	put(plain);
	buf_clear(&b);
	secret_free(kek);
}

static void finish(const struct envelope *e, struct secret *cek)
{
	struct buf out = BUF_INIT;

	must(envelope_decrypt(e, cek, &out, &error));
	put(buf_get(&out));
	buf_clear(&out);
	secret_free(cek);
}

static void open_kek(const char *id, const char *key, struct slice in)
{
	static struct envelope e;
	struct secret *kek = secret_hex(key), *cek;
	struct buf b = from_hex(id);

	must(envelope_parse(in, &e, &error));
	must(envelope_unwrap_kek(&e, buf_get(&b), kek, &cek, &error));
	finish(&e, cek);
	buf_clear(&b);
	secret_free(kek);
}

static void open_key(const char *path, const char *id, struct slice in)
{
	static struct envelope e;
	struct buf b = from_hex(id), der = BUF_INIT;
	struct deposit_key *key;
	struct secret *pkcs8, *cek;

	must(file_read(path, MAX, &der, &error));
	must(secret_copy(der.data, der.len, &pkcs8, &error));
	must(deposit_key_from_pkcs8(pkcs8, &key, &error));
	must(envelope_parse(in, &e, &error));
	must(envelope_unwrap_key(&e, buf_get(&b), key, &cek, &error));
	finish(&e, cek);
	deposit_key_free(key);
	secret_free(pkcs8);
	buf_clear(&der);
	buf_clear(&b);
}

int main(int argc, char **argv)
{
	struct buf in = BUF_INIT;
	const char *what = argc > 1 ? argv[1] : "";

	must(file_read_fd(STDIN_FILENO, "input", MAX, &in, &error));
	if (!strcmp(what, "seal-cert") && argc > 2)
		seal_certs(argv + 2, (size_t)argc - 2, buf_get(&in));
	else if (argc != 4)
		done(DEED_USAGE);
	else if (!strcmp(what, "seal-kek"))
		seal_kek(argv[2], argv[3], buf_get(&in));
	else if (!strcmp(what, "chunk"))
		chunk(argv[2], argv[3], buf_get(&in));
	else if (!strcmp(what, "open-kek"))
		open_kek(argv[2], argv[3], buf_get(&in));
	else if (!strcmp(what, "open-key"))
		open_key(argv[2], argv[3], buf_get(&in));
	else if (!strcmp(what, "open-chunk"))
		open_chunk(argv[2], argv[3], &in);
	else
		done(DEED_USAGE);
	buf_clear(&in);
	return 0;
}
