/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "base/file.h"
#include "cmd/key/key.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "key/pkcs12.h"
#include "key/pkcs8.h"

enum format { FORMAT_PKCS12, FORMAT_PKCS8 };

struct export_args {
	int role;
	int format;
	const char *passphrase;
	const char *export_passphrase;
};

static const char *const formats[] = { "pkcs12", "pkcs8", NULL };

static const struct option options[] = {
	KEY_ROLE_OPTION(struct export_args),
	{ OPTION_CHOICE(struct export_args, format), .name = "format",
	  .argument = "FORMAT", .words = formats, .initial = "pkcs12",
	  .help = "pkcs12 with the certificates, or pkcs8, always encrypted" },
	{ OPTION_PASSPHRASE(struct export_args, passphrase),
	  .name = "passphrase", .config = true, .help = "opens the key" },
	{ OPTION_PASSPHRASE(struct export_args, export_passphrase),
	  .name = "export-passphrase",
	  .help = "protects the file that is written" },
	{ 0 }
};

/* A file of its own passphrase, never the keystore's: it goes to others, and
 * is opened by other programs. */
static enum deed_status new_passphrase(struct session *s,
				       const struct export_args *a,
				       struct secret **out,
				       struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = a->export_passphrase,
		.option = "--export-passphrase",
		.key = "export",
		.owner = "the exported file",
		.create = true,
	};

	return passphrase_get(s, &request, out, err);
}

/* PKCS #8 has no room for certificates.  Both are always encrypted: there is
 * no way to write a key in clear. */
static enum deed_status encode(const struct key_place *place, const char *party,
			       const struct export_args *a,
			       const struct secret *pkcs8,
			       const struct secret *passphrase, struct buf *out,
			       struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	enum deed_status status;

	if (a->format == FORMAT_PKCS8)
		return pkcs8_export(pkcs8, secret_slice(passphrase), out, err);
	status = keystore_chain(place->ks, party, (enum keystore_role)a->role,
				&chain, err);
	if (status == DEED_OK)
		status = pkcs12_export(pkcs8, &chain, party,
				       secret_slice(passphrase), out, err);
	cert_list_clear(&chain);
	return status;
}

/* Readable by the owner alone, though it is encrypted: its passphrase can be
 * guessed at leisure. */
static enum deed_status put(struct session *s, struct slice file,
			    struct deed_error *err)
{
	enum deed_status status;

	if (s->output == NULL || !strcmp(s->output, "-")) {
		output_bytes(s, file);
		return DEED_OK;
	}
	status = file_write(s->output, 0600, file,
			    s->force ? OUTFILE_REPLACE : OUTFILE_NEW, err);
	if (status == DEED_OK)
		session_say(s, "the key is in '%s'", s->output);
	return status;
}

/* The key is opened before the new passphrase is asked for, so that a wrong
 * one costs no typing. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct export_args *a = args;
	const char *party = s->operand[0];
	struct secret *pkcs8 = NULL, *old = NULL, *passphrase = NULL;
	struct buf file = BUF_INIT;
	struct key_place place;
	enum deed_status status;

	status = key_place_open(s, &place, err);
	if (status == DEED_OK)
		status = key_check_party(&place, party, err);
	if (status == DEED_OK)
		status = key_passphrase(s, party, "--passphrase", a->passphrase,
					false, &old, err);
	if (status == DEED_OK)
		status = keystore_unlock(place.ks, party,
					 (enum keystore_role)a->role,
					 secret_slice(old), &pkcs8, err);
	if (status == DEED_OK)
		status = new_passphrase(s, a, &passphrase, err);
	if (status == DEED_OK)
		status =
			encode(&place, party, a, pkcs8, passphrase, &file, err);
	if (status == DEED_OK)
		status = put(s, buf_get(&file), err);
	buf_clear(&file);
	secret_free(pkcs8);
	secret_free(old);
	secret_free(passphrase);
	key_place_close(&place);
	return status;
}

const struct command command_key_export = {
	.name = "key export",
	.operands = "PARTY",
	.summary = "write a private key as PKCS#12 or PKCS#8",
	.options = options,
	.args_size = sizeof(struct export_args),
	.flags = COMMAND_HOME | COMMAND_OUTPUT | COMMAND_RAW,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_PARTY,
	.run = run,
};
