/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grow_log HOME N: N more entries in the log of a home, each of which names a
 * record in the drop box that nobody can read.  For tests of large homes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tlog/entry.h"
#include "tlog/tlog.h"
#include "base/file.h"
#include "codec/hex.h"
#include "crypto/digest.h"

#define GROUP 256
#define RECORD 900 /* bytes of a record, about what openings of a file take */

static enum deed_status put_record(const char *box, uint64_t number,
				   uint8_t hash[32], struct deed_error *err)
{
	uint8_t bytes[RECORD];
	char name[65], path[1100];
	FILE *f;
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)((number >> (i % 8 * 8)) ^ (i * 31));
	sha256(slice_of(bytes, sizeof(bytes)), hash);
	hex_text(slice_of(hash, 32), name);
	(void)snprintf(path, sizeof(path), "%s/%s.cms", box, name);
	f = fopen(path, "w");
	if (f == NULL || fwrite(bytes, 1, sizeof(bytes), f) != sizeof(bytes) ||
	    fclose(f) != 0)
		return deed_error_set(err, DEED_IO, "cannot write '%s'", path);
	return DEED_OK;
}

static enum deed_status make_entry(const char *box, uint64_t number,
				   struct buf *out, struct deed_error *err)
{
	struct entry e = ENTRY_INIT;
	uint8_t hash[32];
	enum deed_status status = put_record(box, number, hash, err);

	(void)snprintf(e.event, sizeof(e.event), "sign");
	(void)snprintf(e.tool, sizeof(e.tool), "grow-log");
	e.time = 1795435200;
	if (status == DEED_OK)
		status = entry_add_record(&e, hash, err);
	if (status == DEED_OK)
		status = entry_format(&e, out, err);
	entry_clear(&e);
	return status;
}

static enum deed_status grow(const char *home, uint64_t count,
			     struct deed_error *err)
{
	struct buf text[GROUP] = { BUF_INIT };
	struct slice list[GROUP];
	char audit[1024], key[1024], copy[1024], box[1024];
	struct note_signer signer;
	struct tlog *log = NULL;
	enum deed_status status;
	uint64_t done = 0;

	(void)snprintf(audit, sizeof(audit), "%s/audit", home);
	(void)snprintf(key, sizeof(key), "%s/keystore/log.key", home);
	(void)snprintf(copy, sizeof(copy), "%s/keystore/log.checkpoint", home);
	(void)snprintf(box, sizeof(box), "%s/identity/box", home);
	status = note_signer_read(key, &signer, err);
	if (status == DEED_OK)
		status = tlog_open(audit, &signer.verifier, &log, err);
	while (status == DEED_OK && done < count) {
		size_t n = 0;

		for (; n < GROUP && done < count && status == DEED_OK; n++) {
			buf_reset(&text[n]);
			status = make_entry(box, done++, &text[n], err);
			list[n] = buf_get(&text[n]);
		}
		if (status == DEED_OK)
			status = tlog_append(log, list, n, &signer, err);
	}
	if (status == DEED_OK)
		status = file_write(copy, 0600, tlog_checkpoint_note(log),
				    OUTFILE_REPLACE, err);
	tlog_close(log);
	note_signer_clear(&signer);
	for (size_t i = 0; i < GROUP; i++)
		buf_clear(&text[i]);
	return status;
}

int main(int argc, char *argv[])
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status;

	if (argc != 3)
		return 2;
	status = grow(argv[1], strtoull(argv[2], NULL, 10), &err);
	if (status != DEED_OK)
		(void)fprintf(stderr, "grow_log: %s\n", err.message);
	return deed_status_exit(status);
}
