/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/enroll/brought.h"

#include "cmd/key/key.h"
#include "cmd/frame/secret.h"
#include "key/pkcs12.h"
#include "key/pkcs8.h"
#include "proof/evidence.h"

void brought_clear(struct brought *b)
{
	secret_free(b->pkcs8);
	cert_list_clear(&b->chain);
	buf_clear(&b->pem);
}

/* Refused by its looks before the passphrase is asked for.  The file is held
 * as a secret, for others may have written its key in clear. */
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

/* Before anybody is enrolled with it. */
static enum deed_status check(struct session *s, const struct enroll_args *a,
			      const struct enroll_form *form,
			      struct slice anchors, struct outside_lists *lists,
			      struct brought *b, struct deed_error *err)
{
	uint8_t key[SHA256_SIZE];
	const struct outside_party party = {
		.party = s->operand[0],
		.organisation = kind_is_organisation(form->kind),
		.key = key,
		.name = form->name,
		.id = form->id,
		.name_in_certificate = a->name_in_certificate,
	};
	const struct outside_params params = {
		.party = &party,
		.anchors = anchors,
		.anchors_name = a->anchors,
		.lists = lists,
		.now = s->now,
	};
	struct outside_verdict verdict = { .unchecked = false };
	struct buf spki = BUF_INIT;
	enum deed_status status;

	if (b->chain.count == 0)
		return deed_error_set(err, DEED_NO_KEY,
				      "'%s' has no certificate of its key",
				      a->pkcs12);
	status = pkcs8_spki(b->pkcs8, &spki, err);
	if (status == DEED_OK)
		status = key_check_certificate(buf_get(&spki),
					       b->chain.items[0], err);
	if (status == DEED_OK) {
		sha256(buf_get(&spki), key);
		status = outside_judge(&params, &b->chain, &verdict, err);
	}
	outside_clear(&verdict);
	buf_clear(&spki);
	return status;
}

enum deed_status brought_open(struct session *s, const struct enroll_args *a,
			      const struct enroll_form *form,
			      struct slice anchors, struct outside_lists *lists,
			      struct brought *b, struct deed_error *err)
{
	enum deed_status status;

	if (a->csr != NULL || a->csr_out != NULL || a->token != NULL ||
	    a->certificate != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "--pkcs12 has the key and its "
				      "certificate: no --csr, --csr-out, "
				      "--token or --certificate beside it");
	status = open_file(s, a, b, err);
	if (status == DEED_OK)
		status = check(s, a, form, anchors, lists, b, err);
	for (size_t i = 0; status == DEED_OK && i < b->chain.count; i++)
		cert_pem(b->chain.items[i], &b->pem);
	return status == DEED_OK ? buf_status(&b->pem, err) : status;
}
