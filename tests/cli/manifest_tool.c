/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody who has the unattended keys of an office can do.
 *
 *	manifest_tool sign HOME TIME <JSON >CMS
 *
 * signs JSON, a statement with a "type", with the key of manifests, as if it
 * were TIME (in seconds).  Members in any order: it is made canonical.
 *
 *	manifest_tool log HOME EVENT LABEL=HEX ...
 *	manifest_tool log HOME void entry=NUMBER
 *
 * adds an entry with these hashes, or this number, to the log.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tlog/entry.h"
#include "tlog/tlog.h"
#include "base/file.h"
#include "codec/hex.h"
#include "keystore/keystore.h"
#include "sign/statement.h"

#define NOW 1795435200

static enum deed_status read_all(FILE *f, struct buf *out,
				 struct deed_error *err)
{
	char part[4096];
	size_t got;

	while ((got = fread(part, 1, sizeof(part), f)) > 0)
		buf_slice(out, slice_of(part, got));
	return buf_status(out, err);
}

static enum deed_status sign_with(const struct keystore *ks, const json_t *json,
				  int64_t time, struct buf *out,
				  struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct signing_key *key = NULL;
	struct buf pem = BUF_INIT;
	char *path = NULL;
	enum deed_status status = keystore_manifest_key(ks, &key, err);

	if (status == DEED_OK)
		status = keystore_manifest_chain_path(ks, &path, err);
	if (status == DEED_OK)
		status = file_read(path, CERT_MAX_SIZE, &pem, err);
	if (status == DEED_OK)
		status = cert_list_load(&chain, buf_get(&pem), path, err);
	if (status == DEED_OK)
		status = statement_sign(json, key,
					(const struct cert *const *)chain.items,
					chain.count, time, out, err);
	cert_list_clear(&chain);
	signing_key_free(key);
	buf_clear(&pem);
	free(path);
	return status;
}

static enum deed_status sign(const char *home, int64_t time,
			     struct deed_error *err)
{
	struct buf text = BUF_INIT, cms = BUF_INIT;
	struct keystore *ks = NULL;
	char dir[1024];
	json_t *json;
	enum deed_status status = read_all(stdin, &text, err);

	(void)snprintf(dir, sizeof(dir), "%s/keystore", home);
	json = json_loadb((const char *)text.data, text.len, 0, NULL);
	if (status == DEED_OK && json == NULL)
		status = deed_error_set(err, DEED_MALFORMED, "no JSON");
	if (status == DEED_OK)
		status = keystore_open(dir, &ks, err);
	if (status == DEED_OK)
		status = sign_with(ks, json, time, &cms, err);
	if (status == DEED_OK &&
	    fwrite(cms.data, 1, cms.len, stdout) != cms.len)
		status = deed_error_set(err, DEED_IO, "cannot write");
	keystore_close(ks);
	json_decref(json);
	buf_clear(&text);
	buf_clear(&cms);
	return status;
}

/* LABEL=HEX or LABEL=NUMBER. */
static enum deed_status add_member(struct entry *e, const char *text,
				   struct deed_error *err)
{
	const char *value = strchr(text, '=');
	char label[ENTRY_WORD_MAX + 1];
	uint8_t hash[ENTRY_HASH];

	if (value == NULL)
		return deed_error_set(err, DEED_USAGE, "'%s'", text);
	(void)snprintf(label, sizeof(label), "%.*s", (int)(value - text), text);
	value++;
	if (hex_read(slice_str(value), hash, sizeof(hash)))
		return entry_add_hash(e, label, hash, err);
	return entry_add_number(e, label, strtoull(value, NULL, 10), err);
}

static enum deed_status append(const char *home, const struct buf *text,
			       struct deed_error *err)
{
	const struct slice list = buf_get(text);
	char audit[1024], key[1024], copy[1024];
	struct note_signer signer;
	struct tlog *log = NULL;
	enum deed_status status;

	(void)snprintf(audit, sizeof(audit), "%s/audit", home);
	(void)snprintf(key, sizeof(key), "%s/keystore/log.key", home);
	(void)snprintf(copy, sizeof(copy), "%s/keystore/log.checkpoint", home);
	status = note_signer_read(key, &signer, err);
	if (status == DEED_OK)
		status = tlog_open(audit, &signer.verifier, &log, err);
	if (status == DEED_OK)
		status = tlog_append(log, &list, 1, &signer, err);
	if (status == DEED_OK)
		status = file_write(copy, 0600, tlog_checkpoint_note(log),
				    OUTFILE_REPLACE, err);
	tlog_close(log);
	note_signer_clear(&signer);
	return status;
}

static enum deed_status add_entry(const char *home, const char *event,
				  char *const *members, struct deed_error *err)
{
	struct entry e = ENTRY_INIT;
	struct buf text = BUF_INIT;
	enum deed_status status = DEED_OK;

	(void)snprintf(e.event, sizeof(e.event), "%s", event);
	(void)snprintf(e.tool, sizeof(e.tool), "manifest-tool");
	e.time = NOW;
	for (; *members != NULL && status == DEED_OK; members++)
		status = add_member(&e, *members, err);
	if (status == DEED_OK)
		status = entry_format(&e, &text, err);
	if (status == DEED_OK)
		status = append(home, &text, err);
	entry_clear(&e);
	buf_clear(&text);
	return status;
}

int main(int argc, char *argv[])
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status;

	if (argc == 4 && !strcmp(argv[1], "sign"))
		status = sign(argv[2], strtoll(argv[3], NULL, 10), &err);
	else if (argc > 4 && !strcmp(argv[1], "log"))
		status = add_entry(argv[2], argv[3], argv + 4, &err);
	else
		return 2;
	if (status != DEED_OK)
		(void)fprintf(stderr, "manifest_tool: %s\n", err.message);
	return deed_status_exit(status);
}
