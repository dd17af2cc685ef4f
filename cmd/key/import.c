/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <stdlib.h>

#include "base/file.h"
#include "cmd/key/key.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "codec/json.h"
#include "key/pkcs12.h"
#include "key/pkcs8.h"
#include "key/token.h"
#include "office/keys.h"

struct import_args {
	int role;
	const char *passphrase;
	const char *import_passphrase;
	const char *token_module;
};

static const struct option options[] = {
	KEY_ROLE_OPTION(struct import_args),
	{ OPTION_PASSPHRASE(struct import_args, passphrase),
	  .name = "passphrase",
	  .help = "protects the key in the keystore from now on" },
	{ OPTION_PASSPHRASE(struct import_args, import_passphrase),
	  .name = "import-passphrase",
	  .help = "opens the file that is imported, or is the token's PIN" },
	{ OPTION_TEXT(struct import_args, token_module), .name = "token-module",
	  .argument = "FILE", .config = true, .complete = COMPLETE_FILE,
	  .help = "the PKCS#11 module that speaks to the token" },
	{ 0 }
};

struct imported {
	struct secret *pkcs8;
	struct cert_list chain;
};

/* Of the file or, for a token, its PIN: the option is the same, for a run has
 * only one of them. */
static enum deed_status file_passphrase(struct session *s, const char *source,
					struct secret **out,
					struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = source,
		.option = "--import-passphrase",
		.key = "import",
		.owner = "the file",
	};

	return passphrase_get(s, &request, out, err);
}

/* Whoever has such a file has the key: nothing is asked, and it is said. */
static enum deed_status read_open_pkcs12(struct session *s, struct slice file,
					 struct imported *out,
					 struct deed_error *err)
{
	enum deed_status status;

	status = pkcs12_import(file, SLICE_NONE, &out->pkcs8, &out->chain, err);
	if (status == DEED_OK)
		session_warn(s,
			     "'%s' has no passphrase: whoever has the file has "
			     "the key; delete it when the key is imported",
			     s->operand[1]);
	return status;
}

/* Without a passphrase first, where the file may have none, so that nobody is
 * asked for what does not exist. */
static enum deed_status read_key(struct session *s, const char *source,
				 struct slice file, struct imported *out,
				 struct deed_error *err)
{
	bool p12 = pkcs12_looks_like(file);
	enum deed_status status = DEED_WRONG_PASSPHRASE;
	struct secret *passphrase = NULL;

	if (p12)
		status = read_open_pkcs12(s, file, out, err);
	else if (!pkcs8_is_encrypted(file))
		status = pkcs8_import(file, SLICE_NONE, &out->pkcs8, err);
	if (status != DEED_WRONG_PASSPHRASE)
		return status;
	status = file_passphrase(s, source, &passphrase, err);
	if (status == DEED_OK)
		status = p12 ? pkcs12_import(file, secret_slice(passphrase),
					     &out->pkcs8, &out->chain, err)
			     : pkcs8_import(file, secret_slice(passphrase),
					    &out->pkcs8, err);
	secret_free(passphrase);
	return status;
}

/* A certificate of another key would send signatures astray. */
static enum deed_status check_chain(const struct imported *in,
				    struct deed_error *err)
{
	struct buf spki = BUF_INIT;
	enum deed_status status = pkcs8_spki(in->pkcs8, &spki, err);

	if (status == DEED_OK && in->chain.count > 0)
		status = key_check_certificate(buf_get(&spki),
					       in->chain.items[0], err);
	buf_clear(&spki);
	return status;
}

/* Others may have changed the party while somebody typed. */
static enum deed_status lock_and_check(struct session *s,
				       struct key_place *place,
				       const struct import_args *a,
				       struct deed_error *err)
{
	enum deed_status status = key_place_lock(s, place, err);

	return status == DEED_OK
		       ? keys_check_import(place->home, s->operand[0],
					   (enum keystore_role)a->role, err)
		       : status;
}

/* Looked at before the passphrase is asked for and again under the lock.  A
 * run that is killed between key and certificates leaves a key without any. */
static enum deed_status keep(struct session *s, struct key_place *place,
			     const struct import_args *a,
			     const struct imported *in, struct deed_error *err)
{
	const char *party = s->operand[0];
	enum keystore_role role = (enum keystore_role)a->role;
	struct secret *passphrase = NULL;
	enum deed_status status;

	status = keys_check_import(place->home, s->operand[0],
				   (enum keystore_role)a->role, err);
	if (status == DEED_OK)
		status = key_passphrase(s, party, "--passphrase", a->passphrase,
					true, &passphrase, err);
	if (status == DEED_OK)
		status = lock_and_check(s, place, a, err);
	if (status == DEED_OK && !s->dry_run)
		status = keystore_add_key(place->ks, party, role, in->pkcs8,
					  NULL, secret_slice(passphrase),
					  KEYFILE_KDF_MS, err);
	if (status == DEED_OK && !s->dry_run && in->chain.count > 0)
		status = keystore_set_chain(place->ks, party, role, &in->chain,
					    err);
	secret_free(passphrase);
	return status;
}

/* The URI of a token is not repeated: it may say where the PIN is. */
static void say_imported(struct session *s, const struct import_args *a,
			 const uint8_t hash[SHA256_SIZE], const char *more)
{
	const char *role = keystore_role_name((enum keystore_role)a->role);

	output_set(s, "party", json_string(s->operand[0]));
	output_set(s, "role", json_string(role));
	output_set(s, "key", json_sha256(hash));
	session_say(s, "%s %s the %s key of '%s' now%s",
		    token_is_uri(s->operand[1]) ? "the key on the token"
						: s->operand[1],
		    s->dry_run ? "would be" : "is", role, s->operand[0], more);
}

/* The fingerprint is made from the private key, not taken from a certificate
 * beside it. */
static enum deed_status report(struct session *s, const struct import_args *a,
			       const struct imported *in,
			       struct deed_error *err)
{
	struct buf spki = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	enum deed_status status = pkcs8_spki(in->pkcs8, &spki, err);

	if (status == DEED_OK) {
		sha256(buf_get(&spki), hash);
		say_imported(s, a, hash,
			     in->chain.count == 0 ? ", without a certificate"
						  : "");
	}
	buf_clear(&spki);
	return status;
}

/* The key stays on its token: what is taken is where it lies. */
static enum deed_status import_token(struct session *s, struct key_place *place,
				     const struct import_args *a,
				     struct deed_error *err)
{
	struct slice text = SLICE_NONE;
	struct signing_key *key = NULL;
	char *uri = NULL, *found = NULL;
	struct secret *pin = NULL;
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;

	status = keys_check_import(place->home, s->operand[0],
				   (enum keystore_role)a->role, err);
	if (status == DEED_OK)
		status = token_uri(s->operand[1], a->token_module, &uri, err);
	if (status == DEED_OK &&
	    (a->import_passphrase != NULL || !token_has_pin(uri)))
		status = file_passphrase(s, a->import_passphrase, &pin, err);
	if (status == DEED_OK && pin != NULL)
		text = secret_slice(pin);
	if (status == DEED_OK)
		status = token_find(uri, text, NULL, &found, err);
	if (status == DEED_OK)
		status = signing_key_from_token(found, text, SLICE_NONE, &key,
						err);
	if (status == DEED_OK)
		status = lock_and_check(s, place, a, err);
	if (status == DEED_OK && !s->dry_run)
		status = keystore_add_token(place->ks, s->operand[0],
					    (enum keystore_role)a->role, found,
					    signing_key_spki(key), err);
	if (status == DEED_OK) {
		sha256(signing_key_spki(key), hash);
		say_imported(s, a, hash, "");
	}
	signing_key_free(key);
	secret_free(pin);
	free(uri);
	free(found);
	return status;
}

/* The file is read and opened before the passphrase of the keystore is asked
 * for, and nothing is locked until then. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct import_args *a = args;
	struct imported in = { .chain = CERT_LIST_INIT };
	struct secret *file = NULL;
	struct key_place place;
	enum deed_status status;

	status = key_place_open(s, &place, err);
	if (status == DEED_OK)
		status = key_check_party(&place, s->operand[0], err);
	if (status == DEED_OK && token_is_uri(s->operand[1])) {
		status = import_token(s, &place, a, err);
		goto out;
	}
	if (status == DEED_OK)
		status = key_read_file(s->operand[1], &file, err);
	if (status == DEED_OK)
		status = read_key(s, a->import_passphrase, secret_slice(file),
				  &in, err);
	if (status != DEED_OK && file != NULL)
		deed_error_prefix(err, "'%s'", s->operand[1]);
	if (status == DEED_OK)
		status = check_chain(&in, err);
	if (status == DEED_OK)
		status = keep(s, &place, a, &in, err);
	if (status == DEED_OK)
		status = report(s, a, &in, err);
out:
	secret_free(file);
	secret_free(in.pkcs8);
	cert_list_clear(&in.chain);
	key_place_close(&place);
	return status;
}

const struct command command_key_import = {
	.name = "key import",
	.operands = "PARTY FILE",
	.summary = "take a private key from PKCS#8 or PKCS#12",
	.options = options,
	.args_size = sizeof(struct import_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 2,
	.max_operands = 2,
	.complete = COMPLETE_FILE,
	.run = run,
};
