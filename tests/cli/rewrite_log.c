/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rewrite_log AUDIT KEY COPY N: what somebody who holds every key of an office
 * can do.  Entry N gets another time, all tiles are made anew, the checkpoint
 * is signed with the office's key, and so is its second copy.  With "heads"
 * for N no entry carries heads any more, as those of older programs do not;
 * with "heads=HEX" the last one carries these.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/hex.h"
#include "tlog/entry.h"
#include "tlog/tlog.h"
#include "base/file.h"

#define LAST "heads="

struct entries {
	struct buf *text;
	struct slice *list;
	size_t count;
};

static enum deed_status strip_heads(struct buf *text, struct deed_error *err)
{
	struct entry e;
	size_t kept = 0;
	enum deed_status status = entry_parse(buf_get(text), &e, err);

	if (status != DEED_OK)
		return status;
	for (size_t i = 0; i < e.hashes; i++)
		if (strcmp(e.hash[i].label, "heads") != 0)
			e.hash[kept++] = e.hash[i];
	e.hashes = kept;
	buf_reset(text);
	status = entry_format(&e, text, err);
	entry_clear(&e);
	return status;
}

static enum deed_status set_heads(const char *hex, struct buf *text,
				  struct deed_error *err)
{
	uint8_t hash[ENTRY_HASH];
	struct entry e;
	enum deed_status status;

	if (!hex_read(slice_str(hex), hash, sizeof(hash)))
		return deed_error_set(err, DEED_USAGE, "'%s' is no hash", hex);
	status = strip_heads(text, err);
	if (status != DEED_OK)
		return status;
	status = entry_parse(buf_get(text), &e, err);
	if (status == DEED_OK)
		status = entry_add_hash(&e, "heads", hash, err);
	buf_reset(text);
	if (status == DEED_OK)
		status = entry_format(&e, text, err);
	entry_clear(&e);
	return status;
}

static enum deed_status read_log(const char *dir, const struct note_signer *s,
				 const char *what, struct entries *e,
				 struct deed_error *err)
{
	struct tlog *log;
	enum deed_status status = tlog_open(dir, &s->verifier, &log, err);
	const bool strip = strcmp(what, "heads") == 0;
	const bool last = strncmp(what, LAST, strlen(LAST)) == 0;
	uint64_t changed =
		strip || last ? UINT64_MAX : strtoull(what, NULL, 10);
	char *digit;
	size_t i;

	if (status != DEED_OK)
		return status;
	e->count = (size_t)tlog_checkpoint(log)->size;
	e->text = calloc(e->count, sizeof(*e->text));
	e->list = calloc(e->count, sizeof(*e->list));
	if (e->text == NULL || e->list == NULL)
		status = deed_error_memory(err);
	for (i = 0; i < e->count && status == DEED_OK; i++) {
		status = tlog_entry(log, i, &e->text[i], err);
		if (status == DEED_OK && strip)
			status = strip_heads(&e->text[i], err);
		if (status == DEED_OK && last && i + 1 == e->count)
			status = set_heads(what + strlen(LAST), &e->text[i],
					   err);
		e->list[i] = buf_get(&e->text[i]);
		digit = memmem(e->list[i].data, e->list[i].len, "\"time\":\"2",
			       9);
		if (i == changed && digit != NULL)
			digit[8] = '1';
	}
	tlog_close(log);
	return status;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static enum deed_status write_log(const char *dir, const struct note_signer *s,
				  const char *copy, const struct entries *e,
				  struct deed_error *err)
{
	struct tlog *log = NULL;
	enum deed_status status;

	(void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	status = tlog_create(dir, s, err);
	if (status == DEED_OK)
		status = tlog_open(dir, &s->verifier, &log, err);
	if (status == DEED_OK)
		status = tlog_append(log, e->list, e->count, s, err);
	if (status == DEED_OK)
		status = file_write(copy, 0600, tlog_checkpoint_note(log),
				    OUTFILE_REPLACE, err);
	tlog_close(log);
	return status;
}

int main(int argc, char *argv[])
{
	struct deed_error err = DEED_ERROR_INIT;
	struct entries e = { NULL, NULL, 0 };
	struct note_signer s;
	enum deed_status status;
	size_t i;

	if (argc != 5)
		return 2;
	status = note_signer_read(argv[2], &s, &err);
	if (status == DEED_OK)
		status = read_log(argv[1], &s, argv[4], &e, &err);
	if (status == DEED_OK)
		status = write_log(argv[1], &s, argv[3], &e, &err);
	if (status != DEED_OK)
		(void)fprintf(stderr, "rewrite_log: %s\n", err.message);
	for (i = 0; i < e.count; i++)
		buf_clear(&e.text[i]);
	free(e.text);
	free(e.list);
	note_signer_clear(&s);
	return deed_status_exit(status);
}
