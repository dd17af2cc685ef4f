/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/held_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "crypto/digest.h"

#define SCHEMA "deed.held-list/1"
#define NOTE_MAX (1U << 20)

/* A name becomes the name of a file: no slash, and no dot at its beginning. */
static enum deed_status check_name(const char *name, struct deed_error *err)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";

	if (name[0] != '\0' && strchr(first, name[0]) != NULL &&
	    strspn(name, rest) == strlen(name) && strlen(name) <= HELD_NAME_MAX)
		return DEED_OK;
	return deed_error_set(err, DEED_USAGE,
			      "'%.80s' is no name for a trust list; expected "
			      "small letters, digits, '.', '_' and '-'",
			      name);
}

/* The one place where a name becomes a path, so that none goes unchecked. */
static enum deed_status path_of(const char *trust, const char *name,
				const char *suffix, char **out,
				struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status = check_name(name, err);

	*out = NULL;
	if (status != DEED_OK)
		return status;
	buf_printf(&b, "%s/%s/%s%s", trust, HELD_FOLDER, name, suffix);
	*out = buf_take(&b, NULL);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

void held_list_free(struct held_list *h)
{
	if (h == NULL)
		return;
	free(h->name);
	free(h->from);
	cert_free(h->signer);
	list_statement_free(h->statement);
	free(h);
}

/* The note says from where the list came and who signed it: what an update is
 * held to.  A list without it cannot be updated, only taken anew. */
static enum deed_status note_read(const json_t *note, struct held_list *h,
				  struct deed_error *err)
{
	const char *schema = json_get_string(note, "schema");
	const char *from = json_get_string(note, "from");
	const char *signer = json_get_string(note, "signer");
	struct buf der = BUF_INIT;
	enum deed_status status = DEED_OK;

	if (schema == NULL || strcmp(schema, SCHEMA) != 0 || from == NULL ||
	    signer == NULL || !base64_decode(slice_str(signer), &der))
		status =
			deed_error_set(err, DEED_MALFORMED,
				       "the note beside the trust list '%s' is "
				       "damaged",
				       h->name);
	if (status == DEED_OK)
		status = cert_parse(buf_get(&der), &h->signer, err);
	buf_clear(&der);
	h->from = status == DEED_OK ? strdup(from) : NULL;
	return status == DEED_OK && h->from == NULL ? deed_error_memory(err)
						    : status;
}

/* The note says that a list is held: without it there is none, whatever else
 * lies there. */
static enum deed_status note_load(const char *path, struct held_list *h,
				  struct deed_error *err)
{
	struct buf text = BUF_INIT;
	json_t *note = NULL;
	enum deed_status status;

	if (!file_exists(path))
		return deed_error_set(err, DEED_NOT_FOUND,
				      "no trust list is held as '%s'", h->name);
	status = file_read(path, NOTE_MAX, &text, err);
	if (status == DEED_OK)
		status = json_load_bounded(buf_get(&text), &note, err);
	if (status == DEED_OK)
		status = note_read(note, h, err);
	json_decref(note);
	buf_clear(&text);
	return status;
}

/* Verified at each reading, under the signer that is pinned: what lies on disk
 * is not believed for lying there. */
static enum deed_status statement_load(const char *path, struct held_list *h,
				       struct deed_error *err)
{
	struct buf der = BUF_INIT;
	enum deed_status status =
		file_read(path, HELD_STATEMENT_MAX, &der, err);

	if (status == DEED_OK)
		status = list_statement_open(buf_get(&der), &h->statement, err);
	if (status == DEED_OK)
		status = list_statement_believe(h->statement, &h->signer, 1,
						err);
	if (status == DEED_OK)
		sha256(buf_get(&der), h->file);
	buf_clear(&der);
	if (status != DEED_OK)
		deed_error_prefix(err, "the trust list '%s'", h->name);
	return status;
}

enum deed_status held_list_read(const char *trust, const char *name,
				struct held_list **out, struct deed_error *err)
{
	struct held_list *h = calloc(1, sizeof(*h));
	char *note = NULL, *path = NULL;
	enum deed_status status;

	*out = NULL;
	if (h == NULL || (h->name = strdup(name)) == NULL) {
		held_list_free(h);
		return deed_error_memory(err);
	}
	status = path_of(trust, name, HELD_NOTE, &note, err);
	if (status == DEED_OK)
		status = path_of(trust, name, HELD_STATEMENT, &path, err);
	if (status == DEED_OK)
		status = note_load(note, h, err);
	if (status == DEED_OK)
		status = statement_load(path, h, err);
	free(note);
	free(path);
	if (status == DEED_OK) {
		*out = h;
		h = NULL;
	}
	held_list_free(h);
	return status;
}

enum deed_status held_list_current(const struct trust_list *l, int64_t at,
				   struct deed_error *err)
{
	char end[CLOCK_TEXT];

	if (l->next_update == TRUST_NO_TIME || l->next_update >= at)
		return DEED_OK;
	clock_format(l->next_update, end);
	return deed_error_set(err, DEED_CERT_INVALID,
			      "the trust list has expired: it ended at %s",
			      end);
}

/* In canonical form, so that the same note is the same file. */
static enum deed_status note_text(const struct held_list *h, struct buf *text,
				  struct deed_error *err)
{
	struct buf signer = BUF_INIT;
	json_t *note;
	enum deed_status status;

	base64_encode(cert_fields(h->signer)->der, &signer);
	buf_byte(&signer, 0);
	note = signer.failed ? NULL
			     : json_pack("{s:s,s:s,s:s}", "schema", SCHEMA,
					 "from", h->from, "signer",
					 (const char *)signer.data);
	status = note == NULL ? deed_error_memory(err)
			      : json_canonical(note, text, err);
	json_decref(note);
	buf_clear(&signer);
	return status;
}

void held_files_clear(struct held_files *f)
{
	free(f->statement);
	free(f->note);
	buf_clear(&f->text);
}

/* Both names are set or held_files_clear frees the one that is. */
static enum deed_status files_named(const char *trust, const char *name,
				    struct held_files *out,
				    struct deed_error *err)
{
	enum deed_status status;

	*out = (struct held_files){ .text = BUF_INIT };
	status = path_of(trust, name, HELD_STATEMENT, &out->statement, err);
	return status == DEED_OK
		       ? path_of(trust, name, HELD_NOTE, &out->note, err)
		       : status;
}

enum deed_status held_files_of(const char *trust, const struct held_list *h,
			       struct held_files *out, struct deed_error *err)
{
	char *folder = path_join(trust, HELD_FOLDER);
	enum deed_status status = files_named(trust, h->name, out, err);

	if (status == DEED_OK)
		status = folder == NULL ? deed_error_memory(err)
					: file_mkdirs(folder, 0700, err);
	if (status == DEED_OK)
		status = note_text(h, &out->text, err);
	free(folder);
	return status;
}

enum deed_status held_files_find(const char *trust, const char *name,
				 struct held_files *out, struct deed_error *err)
{
	enum deed_status status = files_named(trust, name, out, err);

	return status != DEED_OK || file_exists(out->note) ||
			       file_exists(out->statement)
		       ? status
		       : deed_error_set(err, DEED_NOT_FOUND,
					"no trust list is held as '%s'", name);
}

#define NOTE_LEN (sizeof(HELD_NOTE) - 1)

static int is_note(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > NOTE_LEN &&
	       strcmp(e->d_name + len - NOTE_LEN, HELD_NOTE) == 0;
}

/* NAME of NAME.json. */
static enum deed_status take_name(const struct dirent *e, char **out,
				  struct deed_error *err)
{
	*out = strndup(e->d_name, strlen(e->d_name) - NOTE_LEN);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

/* A home of before, or without lists, lacks the folder; one that cannot be
 * read may hold any. */
enum deed_status held_list_names(const char *trust, char ***names,
				 size_t *count, struct deed_error *err)
{
	char *folder = path_join(trust, HELD_FOLDER);
	struct dirent **found = NULL;
	enum deed_status status = DEED_OK;
	int n;

	*names = NULL;
	*count = 0;
	if (folder == NULL)
		return deed_error_memory(err);
	n = scandir(folder, &found, is_note, alphasort);
	if (n < 0 && errno != ENOENT)
		status = deed_error_errno(err, errno, "cannot read '%s'",
					  folder);
	free(folder);
	if (status == DEED_OK) {
		*names = calloc((size_t)(n > 0 ? n : 0) + 1, sizeof(char *));
		status = *names == NULL ? deed_error_memory(err) : DEED_OK;
	}
	for (int i = 0; i < n; i++) {
		if (status == DEED_OK)
			status = take_name(found[i], &(*names)[*count], err);
		if (status == DEED_OK)
			++*count;
		free(found[i]);
	}
	free(found);
	return status;
}
