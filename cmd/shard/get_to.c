/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/get_part.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/beneath.h"
#include "base/file.h"
#include "cmd/frame/output.h"
#include "cmd/frame/progress.h"
#include "cmd/shard/shard.h"
#include "codec/json.h"

/*
 * All documents of a deposit into a folder: so many at a time are written,
 * synced together, and named.  One that is there already, the same, is left
 * alone, so that a run that was ended is gone on with by the next.
 */
#define TOGETHER 512
#define OTHER_FILES 64 /* open beside them */
#define RECORD_MAX (1u << 20)

struct writing {
	const struct get_part *g;
	const struct index *x;
	struct beneath *folder;
	bool *there; /* by number: the same file */
	struct beneath_file file[TOGETHER];
	size_t files, together;
	size_t already, written;
	struct buf record;
};

/* Is this file what the index says? */
static bool is_same(int fd, const struct index_file *f)
{
	uint8_t hash[SHA256_SIZE];
	struct stat st;

	return fstat(fd, &st) == 0 && (uint64_t)st.st_size == f->size &&
	       digest_fd(DIGEST_SHA256, fd, f->name, hash, NULL) == DEED_OK &&
	       !memcmp(hash, f->sha256, sizeof(hash));
}

/* What exists and is another is refused before anything is written. */
static enum deed_status look_at(struct writing *w, size_t i,
				struct deed_error *err)
{
	const struct index_file *f = &w->x->file[i];
	enum deed_status status;
	int fd;

	status = beneath_read(w->folder, f->name, &fd, err);
	if (status == DEED_NOT_FOUND)
		return DEED_OK;
	if (status == DEED_OK) {
		w->there[i] = is_same(fd, f);
		(void)close(fd);
		if (!w->there[i])
			status = deed_error_set(err, DEED_EXISTS,
						"'%s' exists, and is another",
						f->name);
	}
	if (status != DEED_EXISTS)
		return status;
	if (w->g->s->force)
		return DEED_OK;
	deed_error_hint(err, "--force overwrites it");
	return status;
}

/* All names are looked at before the first is written: a folder that holds
 * something else is left as it was. */
static enum deed_status look(struct writing *w, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 1; i < w->x->count && status == DEED_OK; i++)
		status = look_at(w, i, err);
	return status;
}

static void drop(struct writing *w)
{
	while (w->files > 0)
		beneath_drop(w->folder, &w->file[--w->files]);
}

/* Each of them is open: fewer where fewer may be. */
static size_t fit_together(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    limit.rlim_cur >= TOGETHER + OTHER_FILES)
		return TOGETHER;
	return limit.rlim_cur > OTHER_FILES ? limit.rlim_cur - OTHER_FILES : 1;
}

/* They are durable, then they have their names. */
static enum deed_status flush(struct writing *w, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	if (w->files > 0)
		status = beneath_sync(w->folder, err);
	for (i = 0; i < w->files && status == DEED_OK; i++) {
		status = beneath_name(w->folder, &w->file[i], w->g->s->force,
				      err);
		if (status == DEED_OK)
			w->written++;
	}
	drop(w);
	return status;
}

/* A members_fn. */
static enum deed_status to_file(void *arg, struct slice part,
				struct deed_error *err)
{
	const struct beneath_file *f = arg;

	return file_write_fd(f->fd, f->path, part.data, part.len, err);
}

/* A members_fn. */
static enum deed_status to_buffer(void *arg, struct slice part,
				  struct deed_error *err)
{
	buf_slice(arg, part);
	return buf_status(arg, err);
}

/* Those that wait for their name are open files, so that there are never more
 * than may be open at once. */
static enum deed_status write_one(struct writing *w, size_t i,
				  struct deed_error *err)
{
	struct beneath_file *f = &w->file[w->files];
	enum deed_status status;

	if (w->there[i]) {
		w->already++;
		return DEED_OK;
	}
	status = beneath_create(w->folder, w->x->file[i].name, f, err);
	if (status != DEED_OK)
		return status;
	w->files++;
	status = members_get(w->g->members, i, to_file, f, err);
	if (status == DEED_OK && w->files == w->together)
		status = flush(w, err);
	return status;
}

/* The first file is always the record, which is read into memory and bounded
 * for that.  What follows is asked for ahead, since all of it will be read. */
static enum deed_status read_record(struct writing *w, struct deed_error *err)
{
	if (w->x->count < 2 || strcmp(w->x->file[0].name, DEPOSIT_RECORD) ||
	    w->x->file[0].size > RECORD_MAX)
		return deed_error_set(err, DEED_MALFORMED,
				      "the deposit does not begin with '%s'",
				      DEPOSIT_RECORD);
	members_ahead(w->g->members, w->x->count - 1);
	return members_get(w->g->members, 0, to_buffer, &w->record, err);
}

/* Names come after the sync of what they name, and a last sync makes the names
 * durable.  A killed run leaves whole files only. */
static enum deed_status write_all(struct writing *w, struct deed_error *err)
{
	enum deed_status status = read_record(w, err);
	size_t i;

	progress_start(w->g->s, "documents", w->x->count - 1);
	for (i = 1; i < w->x->count && status == DEED_OK; i++) {
		status = write_one(w, i, err);
		progress_set(i);
	}
	if (status == DEED_OK)
		status = flush(w, err);
	if (status == DEED_OK && w->written > 0)
		status = beneath_sync(w->folder, err);
	progress_end();
	return status;
}

/* Items are streamed: a pack may have a million documents.  What was there
 * already is counted apart, as it tells that a run was gone on with. */
static void report(const struct writing *w, const char *to)
{
	struct session *s = w->g->s;
	char id[DEPOSIT_ID + 1];
	json_t *record = NULL;
	size_t i;

	shard_id_text(w->g->stored->id, id);
	output_set(s, "id", json_string(id));
	output_stream(s, "files");
	for (i = 1; i < w->x->count; i++)
		output_item(s, "files", get_file_json(&w->x->file[i], i));
	output_set(s, "to", output_text(to));
	output_set(s, "written", json_integer((json_int_t)w->written));
	output_set(s, "already", json_integer((json_int_t)w->already));
	if (json_load_bounded(buf_get(&w->record), &record, NULL) == DEED_OK)
		output_set(s, "record", record);
	if (w->already > 0)
		session_say(s, "%zu documents are in '%s', %zu were already",
			    w->x->count - 1, to, w->already);
	else
		session_say(s, "%zu documents are in '%s'", w->x->count - 1,
			    to);
}

enum deed_status get_to(const struct get_part *g, const char *to,
			struct deed_error *err)
{
	struct writing w = { .g = g,
			     .x = members_index(g->members),
			     .together = fit_together() };
	enum deed_status status;

	w.there = calloc(w.x->count, sizeof(*w.there));
	if (w.there == NULL)
		return deed_error_memory(err);
	status = beneath_open(to, &w.folder, err);
	if (status == DEED_OK)
		status = look(&w, err);
	if (status == DEED_OK)
		status = write_all(&w, err);
	if (status == DEED_OK)
		report(&w, to);
	drop(&w);
	beneath_close(w.folder);
	buf_clear(&w.record);
	free(w.there);
	return status;
}
