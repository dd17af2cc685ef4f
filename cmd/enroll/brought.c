/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/enroll/brought.h"

#include "cmd/key/key.h"
#include "cmd/secret.h"
#include "key/pkcs12.h"
#include "key/pkcs8.h"

/* A bundle of anchors and their lists. */
#define ANCHORS_MAX (16 * 1024 * 1024)

void brought_clear(struct brought *b)
{
	secret_free(b->pkcs8);
	cert_list_clear(&b->chain);
	buf_clear(&b->pem);
}

static enum deed_status open_file(struct session *s,
				  const struct enroll_args *a,
				  struct brought *b, struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = a->import_passphrase,
		.option = "--import-passphrase",
		.key = "import",
		.owner = "the file",
	};
	struct secret *file = NULL, *passphrase = NULL;
	enum deed_status status;

	status = key_read_file(a->pkcs12, &file, err);
	if (status == DEED_OK && !pkcs12_looks_like(secret_slice(file)))
		status = deed_error_set(err, DEED_MALFORMED,
					"'%s' is no PKCS#12", a->pkcs12);
	if (status == DEED_OK)
		status = passphrase_get(s, &request, &passphrase, err);
	if (status == DEED_OK)
		status = pkcs12_import(secret_slice(file),
				       secret_slice(passphrase), &b->pkcs8,
				       &b->chain, err);
	secret_free(passphrase);
	secret_free(file);
	return status;
}

static enum deed_status check(struct session *s, const struct enroll_args *a,
			      const char *name, struct brought *b,
			      struct deed_error *err)
{
	const struct enroll_certificate fit = {
		.party = s->operand[0],
		.name = name,
		.now = s->now,
	};
	struct buf spki = BUF_INIT, anchors = BUF_INIT;
	uint8_t key[SHA256_SIZE];
	bool unchecked = false;
	enum deed_status status;

	if (b->chain.count == 0)
		return deed_error_set(err, DEED_NO_KEY,
				      "'%s' has no certificate of its key",
				      a->pkcs12);
	status = pkcs8_spki(b->pkcs8, &spki, err);
	if (status == DEED_OK) {
		sha256(buf_get(&spki), key);
		status = enroll_read_operand(a->anchors, ANCHORS_MAX, &anchors,
					     err);
	}
	if (status == DEED_OK)
		status = enroll_brought(&fit, &b->chain, key, buf_get(&anchors),
					a->anchors, &unchecked, err);
	if (status == DEED_OK && unchecked)
		session_warn(s,
			     "'%s' has no revocation list that tells whether "
			     "the certificate was revoked",
			     a->anchors);
	buf_clear(&spki);
	buf_clear(&anchors);
	return status;
}

enum deed_status brought_open(struct session *s, const struct enroll_args *a,
			      const char *name, struct brought *b,
			      struct deed_error *err)
{
	enum deed_status status;

	if (a->anchors == NULL)
		return deed_error_set(err, DEED_USAGE,
				      "--pkcs12 needs --anchors FILE: whose "
				      "word its certificate is");
	if (a->csr != NULL || a->csr_out != NULL || a->token != NULL ||
	    a->certificate != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "--pkcs12 has the key and its "
				      "certificate: no --csr, --csr-out, "
				      "--token or --certificate beside it");
	status = open_file(s, a, b, err);
	if (status == DEED_OK)
		status = check(s, a, name, b, err);
	for (size_t i = 0; status == DEED_OK && i < b->chain.count; i++)
		cert_pem(b->chain.items[i], &b->pem);
	return status == DEED_OK ? buf_status(&b->pem, err) : status;
}
