/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/party.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "codec/json.h"

/* The register as party.h has it: the signposts, and what they name. */

#define SIGNPOST_SCHEMA "deed.party/1"
#define SIGNPOST_MAX 4096

enum deed_status party_signpost_path(const struct home *h, const char *party,
				     char **out, struct deed_error *err)
{
	return home_party_path(h->parties, party, ".json", out, err);
}

/* The handle stands in it beside the index, for read_signpost to compare. */
static enum deed_status write_signpost(const char *party, uint64_t index,
				       struct buf *out, struct deed_error *err)
{
	json_t *object =
		json_pack("{s:s,s:s,s:I}", "schema", SIGNPOST_SCHEMA, "party",
			  party, "enrolment", (json_int_t)index);
	enum deed_status status;

	if (object == NULL)
		return deed_error_memory(err);
	status = json_canonical(object, out, err);
	json_decref(object);
	return status;
}

enum deed_status party_signpost_put(const struct home *h, const char *party,
				    uint64_t index, enum outfile_mode mode,
				    struct event *ev, struct deed_error *err)
{
	struct buf text = BUF_INIT;
	char *path = NULL;
	enum deed_status status = party_signpost_path(h, party, &path, err);

	if (status == DEED_OK)
		status = write_signpost(party, index, &text, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, path, mode, buf_get(&text),
					    err);
	free(path);
	buf_clear(&text);
	return status;
}

/* The handle stands in it, so that the signpost of one party cannot be put in
 * the place of another's. */
static bool read_signpost(struct slice text, const char *party, uint64_t *index)
{
	json_t *object = NULL;
	const char *schema, *named;
	int64_t number = -1;
	bool ok;

	if (json_load_bounded(text, &object, NULL) != DEED_OK)
		return false;
	schema = json_get_string(object, "schema");
	named = json_get_string(object, "party");
	ok = schema != NULL && strcmp(schema, SIGNPOST_SCHEMA) == 0 &&
	     named != NULL && strcmp(named, party) == 0 &&
	     json_get_integer(object, "enrolment", &number) && number >= 0;
	*index = (uint64_t)number;
	json_decref(object);
	return ok;
}

enum deed_status party_signpost(const struct home *h, const char *party,
				uint64_t *index, struct deed_error *err)
{
	struct buf b = BUF_INIT;
	char *path = NULL;
	enum deed_status status;

	status = party_signpost_path(h, party, &path, err);
	if (status != DEED_OK)
		return status;
	if (!file_exists(path)) {
		status = deed_error_set(err, DEED_NOT_FOUND,
					"there is no party '%s'", party);
		deed_error_hint(err, "deed party list");
		goto out;
	}
	status = file_read(path, SIGNPOST_MAX, &b, err);
	if (status == DEED_OK && !read_signpost(buf_get(&b), party, index))
		status = deed_error_set(err, DEED_DAMAGED,
					"'%s' is no signpost of party '%s'",
					path, party);
out:
	free(path);
	buf_clear(&b);
	return status;
}

enum deed_status party_unchanged(const struct home *h, const char *party,
				 uint64_t index, struct deed_error *err)
{
	uint64_t now;
	enum deed_status status = party_signpost(h, party, &now, err);

	if (status == DEED_OK && now != index)
		status = deed_error_set(
			err, DEED_INCONSISTENT,
			"party '%s' was enrolled anew meanwhile; "
			"try again",
			party);
	return status;
}

static int is_signpost(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 5 &&
	       strcmp(e->d_name + len - 5, ".json") == 0;
}

static char *handle_of(const char *file)
{
	return strndup(file, strlen(file) - 5);
}

enum deed_status party_names(const struct home *h, char ***out, size_t *count,
			     struct deed_error *err)
{
	struct dirent **entries = NULL;
	char **names;
	size_t used = 0;
	int n;

	*out = NULL;
	*count = 0;
	n = scandir(h->parties, &entries, is_signpost, alphasort);
	if (n < 0)
		return deed_error_errno(err, errno, "cannot read '%s'",
					h->parties);
	names = calloc((size_t)n + 1, sizeof(*names));
	for (int i = 0; i < n; i++) {
		if (names != NULL) {
			char *name = handle_of(entries[i]->d_name);

			if (name != NULL &&
			    home_check_party(name, NULL) == DEED_OK)
				names[used++] = name;
			else
				free(name);
		}
		free(entries[i]);
	}
	free(entries);
	if (names == NULL)
		return deed_error_memory(err);
	*out = names;
	*count = used;
	return DEED_OK;
}

void party_names_free(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}
