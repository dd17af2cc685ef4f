/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event_timestamp.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "tlog/note.h"
#include "base/log.h"
#include "cms/signed_write.h"
#include "cms/tst.h"

#define FOLDER "timestamp"
#define CHECKPOINT "checkpoint"
#define TOKEN_MAX (1u << 20)
#define STATEMENT_FILE_MAX (20u << 20)

/* A token over data.  Without one, and it is not required, *token stays
 * empty and all is well. */
static enum deed_status ask(const struct event_timestamps *timestamps,
			    const char *what, struct slice data,
			    struct buf *token, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	uint8_t digest[SHA256_SIZE];
	enum deed_status status;

	sha256(data, digest);
	status = timestamps->fn(timestamps->arg,
				slice_of(digest, sizeof(digest)), token, &why);
	if (status == DEED_OK)
		return DEED_OK;
	buf_reset(token);
	if (status == DEED_NO_MEMORY || timestamps->required) {
		if (err != NULL)
			*err = why;
		deed_error_prefix(err, "%s gets no time-stamp", what);
		return status;
	}
	log_say(LOG_WARNING, "%s gets no time-stamp: %s", what, why.message);
	return DEED_OK;
}

/* ---- statements ---- */

/* ETSI EN 319 122-1 5.3: over the signature value. */
enum deed_status
event_timestamp_statement(const struct event_timestamps *timestamps,
			  struct buf *statement, struct deed_error *err)
{
	struct cms_write_attribute attr = { .type = OID_TIMESTAMP_TOKEN };
	struct buf token = BUF_INIT, more = BUF_INIT;
	struct cms_signed *sd = NULL;
	enum deed_status status;

	if (timestamps == NULL)
		return DEED_OK;
	status = cms_signed_parse(buf_get(statement), &sd, err);
	if (status == DEED_OK && sd->signer_count == 1)
		status = ask(timestamps, "a statement",
			     sd->signers[0].signature, &token, err);
	cms_signed_free(sd);
	if (status == DEED_OK && token.len > 0) {
		attr.value = buf_get(&token);
		status =
			cms_add_unsigned(buf_get(statement), &attr, &more, err);
		if (status == DEED_OK) {
			buf_clear(statement);
			*statement = more;
			more = (struct buf)BUF_INIT;
		}
	}
	buf_clear(&token);
	buf_clear(&more);
	return status;
}

enum deed_status event_timestamp_file(const struct event_timestamps *timestamps,
				      const char *path, struct deed_error *err)
{
	struct buf statement = BUF_INIT;
	enum deed_status status;
	size_t before;

	if (timestamps == NULL)
		return DEED_OK;
	status = file_read(path, STATEMENT_FILE_MAX, &statement, err);
	before = statement.len;
	if (status == DEED_OK)
		status = event_timestamp_statement(timestamps, &statement, err);
	/* Nobody else reads it, stamped or not. */
	if (status == DEED_OK && statement.len != before)
		status = file_write(path, 0600, buf_get(&statement),
				    OUTFILE_REPLACE, err);
	buf_clear(&statement);
	return status;
}

/* ---- checkpoints ---- */

/* The second line of the note: the size, in decimal. */
static struct slice note_size(struct slice note)
{
	const uint8_t *line, *end;

	if (note.len == 0)
		return SLICE_NONE;
	line = memchr(note.data, '\n', note.len);
	if (line == NULL)
		return SLICE_NONE;
	line++;
	end = memchr(line, '\n', note.len - (size_t)(line - note.data));
	return end == NULL || end - line > 20
		       ? SLICE_NONE
		       : slice_of(line, (size_t)(end - line));
}

static char *member(const char *folder, struct slice name, const char *ending)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s/%.*s%s", folder, (int)name.len,
		   (const char *)name.data, ending);
	return buf_take(&b, NULL);
}

/* Two runs may stamp one checkpoint; either is as good. */
static enum deed_status keep(const char *path, struct slice bytes,
			     struct deed_error *err)
{
	return file_write(path, 0644, bytes, OUTFILE_REPLACE, err);
}

/* The token last: a checkpoint alone means nothing. */
static enum deed_status
timestamp_note(const struct event_timestamps *timestamps, const char *folder,
	       struct slice note, struct deed_error *err)
{
	struct slice size = note_size(note);
	char *text = member(folder, size, ".checkpoint");
	char *tst = member(folder, size, ".tst");
	struct buf token = BUF_INIT;
	enum deed_status status = DEED_OK;

	if (text == NULL || tst == NULL)
		status = deed_error_memory(err);
	else if (size.len > 0 && !file_exists(tst))
		status = ask(timestamps, "the log's checkpoint", note, &token,
			     err);
	if (status == DEED_OK && token.len > 0)
		status = file_mkdirs(folder, 0755, err);
	if (status == DEED_OK && token.len > 0)
		status = keep(text, note, err);
	if (status == DEED_OK && token.len > 0)
		status = keep(tst, buf_get(&token), err);
	buf_clear(&token);
	free(text);
	free(tst);
	return status;
}

enum deed_status event_timestamp_checkpoint(const struct event_home *home,
					    struct deed_error *err)
{
	char *path, *folder;
	struct buf note = BUF_INIT;
	enum deed_status status;

	if (home->timestamps == NULL)
		return DEED_OK;
	path = path_join(home->audit, CHECKPOINT);
	folder = path_join(home->audit, FOLDER);
	if (path == NULL || folder == NULL)
		status = deed_error_memory(err);
	else
		status = file_read(path, NOTE_MAX, &note, err);
	if (status == DEED_OK)
		status = timestamp_note(home->timestamps, folder,
					buf_get(&note), err);
	if (status == DEED_REMOTE)
		deed_error_prefix(err, "it is done and logged, but");
	free(path);
	free(folder);
	buf_clear(&note);
	return status;
}

/* ---- judging ---- */

/* What is wrong with a token, or NULL. */
static enum deed_status check_token(struct slice token, struct slice note,
				    int64_t *time, const char **fault,
				    struct deed_error *err)
{
	struct cms_content content;
	struct cms_check signature;
	struct cert *cert = NULL;
	enum deed_status status;
	struct tst *t;
	bool match = false;

	*time = 0;
	*fault = "it is no time-stamp token";
	status = tst_parse(token, &t, NULL);
	if (status != DEED_OK)
		return status == DEED_NO_MEMORY ? deed_error_memory(err)
						: DEED_OK;
	*time = t->time;
	cms_content_memory(&content, &note);
	status = tst_imprint_matches(t, &content, &match, err);
	if (status == DEED_OK)
		status = tst_check(t, NULL, 0, &signature, &cert, err);
	if (status == DEED_OK)
		*fault = !match ? "it is of another checkpoint"
			 : signature.outcome != CMS_INTACT
				 ? "its signature does not hold"
				 : NULL;
	cert_free(cert);
	tst_free(t);
	return status;
}

/* A token whose checkpoint is gone is told as a fault: somebody took it, for
 * timestamp_note writes the token last. */
static enum deed_status look_at(const char *folder, const char *name,
				event_timestamps_fn *fn, void *arg,
				struct deed_error *err)
{
	struct slice size = slice_of(name, strlen(name) - strlen(".tst"));
	char *text = member(folder, size, ".checkpoint");
	char *tst = member(folder, size, ".tst");
	struct buf note = BUF_INIT, token = BUF_INIT;
	const char *fault = NULL;
	enum deed_status status;
	int64_t time = 0;

	if (text == NULL || tst == NULL)
		status = deed_error_memory(err);
	else
		status = file_read(tst, TOKEN_MAX, &token, err);
	if (status == DEED_OK && !file_exists(text))
		fault = "its checkpoint is gone";
	else if (status == DEED_OK)
		status = file_read(text, NOTE_MAX, &note, err);
	if (status == DEED_OK && fault == NULL)
		status = check_token(buf_get(&token), buf_get(&note), &time,
				     &fault, err);
	if (status == DEED_OK)
		status = fn(arg, tst, buf_get(&note), time, fault, err);
	free(text);
	free(tst);
	buf_clear(&note);
	buf_clear(&token);
	return status;
}

/* SIZE.tst, where SIZE has at most 20 digits (note_size). */
static int is_token(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return len > 4 && len <= 24 && strcmp(e->d_name + len - 4, ".tst") == 0;
}

enum deed_status event_timestamps_each(const struct event_home *home,
				       event_timestamps_fn *fn, void *arg,
				       struct deed_error *err)
{
	char *folder = path_join(home->audit, FOLDER);
	enum deed_status status = DEED_OK;
	struct dirent **names = NULL;
	int count, i;

	if (folder == NULL)
		return deed_error_memory(err);
	count = scandir(folder, &names, is_token, alphasort);
	if (count < 0 && errno != ENOENT)
		status = deed_error_errno(err, errno, "cannot read '%s'",
					  folder);
	for (i = 0; i < count; i++) {
		if (status == DEED_OK)
			status =
				look_at(folder, names[i]->d_name, fn, arg, err);
		free(names[i]);
	}
	free(names);
	free(folder);
	return status;
}
