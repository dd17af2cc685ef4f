/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/begun.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "archive/flight.h"
#include "archive/object.h"
#include "archive/place/place.h"
#include "archive/texts.h"
#include "base/file.h"
#include "base/lock.h"
#include "codec/hex.h"
#include "crypto/random.h"

/*
 * begun/HEX is locked by who makes deposits; begun/HEX.names has their
 * folders, one a line.  What is here and not locked was left by a process
 * that died.  Without a list the deposit is HEX itself: so it was when each
 * had a file of its own.
 */
#define BEGUN "begun"
#define NAMES ".names"
#define DIGITS (2 * (size_t)ARCHIVE_DEPOSIT)
#define NAMES_MAX ((DIGITS + 1) * ARCHIVE_TOGETHER)
/* A sweep takes a file that is not yet locked for one that was left. */
#define TRIES 16

struct marker {
	char *path, *names;
	struct lock *lock;
	pthread_mutex_t mutex; /* over what follows */
	size_t holders;
	bool unsure;
	/* Of these, taken in order by begun_name alone. */
	uint8_t (*deposit)[ARCHIVE_DEPOSIT];
	size_t count, taken;
};

struct begun {
	struct archive *archive;
	struct begun_texts texts;
	struct spread spread;
	pthread_mutex_t mutex; /* over marker and left */
	struct marker *marker; /* names are taken from it; or NULL */
	size_t left;	       /* names that will be asked for, at least 1 */
};

/* BEGUN itself, where the name is empty. */
static enum deed_status begun_path(const struct archive *a, const char *name,
				   const char *end, char **out,
				   struct deed_error *err)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s/" BEGUN "%s%s%s", a->dir, name[0] ? "/" : "", name,
		   end);
	*out = buf_take(&b, NULL);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

/* Made with the first deposits and not with the archive; whoever looks for
 * what was left takes a folder that is not there for an empty one (each_file).
 */
static enum deed_status make_folder(const struct archive *a,
				    struct deed_error *err)
{
	char *dir;
	enum deed_status status = begun_path(a, "", "", &dir, err);

	if (status == DEED_OK)
		status = file_mkdirs(dir, 0700, err);
	free(dir);
	return status;
}

/* The lock is let go, and the files stay: what they name is settled by forget,
 * or by a sweep. */
static void marker_free(struct marker *m)
{
	if (m == NULL)
		return;
	lock_release(m->lock);
	(void)pthread_mutex_destroy(&m->mutex);
	free(m->deposit);
	free(m->path);
	free(m->names);
	free(m);
}

/* The names first: without the other file nobody looks for them. */
static void forget(const struct marker *m)
{
	if (file_remove(m->names, NULL) == DEED_OK)
		(void)!file_remove(m->path, NULL);
}

/* A file of a new name, and its lock. */
static enum deed_status lock_new(const struct archive *a, struct marker *m,
				 struct deed_error *err)
{
	uint8_t name[ARCHIVE_DEPOSIT];
	char hex[2 * ARCHIVE_DEPOSIT + 1];
	enum deed_status status;
	int left = TRIES;

	do {
		free(m->path);
		free(m->names);
		m->path = m->names = NULL;
		lock_release(m->lock);
		m->lock = NULL;
		status = random_bytes(name, sizeof(name), err);
		hex_text(slice_of(name, sizeof(name)), hex);
		if (status == DEED_OK)
			status = begun_path(a, hex, "", &m->path, err);
		if (status == DEED_OK)
			status = begun_path(a, hex, NAMES, &m->names, err);
		if (status == DEED_OK)
			status =
				lock_acquire(m->path, LOCK_WAIT, &m->lock, err);
	} while (status == DEED_OK && !file_exists(m->path) && --left > 0);
	return status;
}

/* All names in one file and before the first of them is used: a run that is
 * killed in between has named more than it wrote, never less. */
static enum deed_status write_names(struct marker *m, struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status;
	size_t i;

	for (i = 0; i < m->count; i++) {
		hex_encode(slice_of(m->deposit[i], ARCHIVE_DEPOSIT), &text);
		buf_byte(&text, '\n');
	}
	status = buf_status(&text, err);
	if (status == DEED_OK)
		status = file_write(m->names, 0600, buf_get(&text), OUTFILE_NEW,
				    err);
	buf_clear(&text);
	return status;
}

/* Say, before anything of them is written, that so many have begun. */
static enum deed_status marker_new(const struct archive *a, size_t count,
				   struct marker **out, struct deed_error *err)
{
	struct marker *m = calloc(1, sizeof(*m));
	enum deed_status status;

	*out = NULL;
	if (m == NULL)
		return deed_error_memory(err);
	(void)pthread_mutex_init(&m->mutex, NULL);
	m->holders = 1;
	m->count = count;
	m->deposit = calloc(count, sizeof(*m->deposit));
	status = m->deposit == NULL
			 ? deed_error_memory(err)
			 : random_bytes(m->deposit, count * ARCHIVE_DEPOSIT,
					err);
	if (status == DEED_OK)
		status = lock_new(a, m, err);
	if (status == DEED_OK)
		status = write_names(m, err);
	if (status != DEED_OK) {
		if (m->lock != NULL)
			forget(m);
		marker_free(m);
		return status;
	}
	*out = m;
	return DEED_OK;
}

void marker_release(struct marker *m, bool unsure)
{
	bool last;

	if (m == NULL)
		return;
	(void)pthread_mutex_lock(&m->mutex);
	m->unsure = m->unsure || unsure;
	last = --m->holders == 0;
	(void)pthread_mutex_unlock(&m->mutex);
	if (!last)
		return;
	if (!m->unsure)
		forget(m);
	marker_free(m);
}

/* A flight_fn. */
static void landed(void *arg, void *what, unsigned part,
		   enum deed_status status, const struct deed_error *why)
{
	struct begun *b = arg;

	(void)what;
	if (status != DEED_OK)
		(void)!spread_fail(&b->spread, b->archive, part, why, NULL);
}

/* README and script, which every deposit of this archive shares. */
static enum deed_status put_text(struct begun *b, struct flight *f,
				 enum object_kind kind, struct slice bytes,
				 uint8_t hash[SHA256_SIZE],
				 struct deed_error *err)
{
	struct object_name o = { .kind = kind };
	struct archive *a = b->archive;
	enum deed_status status = DEED_OK;
	char name[PLACE_NAME + 1];
	unsigned i;

	sha256(bytes, o.sha256);
	memcpy(hash, o.sha256, SHA256_SIZE);
	object_format(&o, name);
	for (i = 0; i < a->count && status == DEED_OK; i++) {
		struct deed_error why = DEED_ERROR_INIT;
		struct place_ticket *ticket;

		if (b->spread.lacks[i])
			continue;
		status = place_put_begin(a->place[i], OBJECT_ABOUT, name, bytes,
					 &ticket, &why);
		if (status == DEED_OK)
			flight_add(f, ticket, NULL, i);
		else if (status == DEED_NO_MEMORY)
			status = deed_error_memory(err);
		else
			status = spread_fail(&b->spread, a, i, &why, err);
	}
	return status;
}

/* A place that does not take them counts as failed from the beginning.  They
 * are made durable with the first deposits (archive_sync). */
static enum deed_status put_texts(struct begun *b, struct deed_error *err)
{
	struct archive *a = b->archive;
	struct buf readme = BUF_INIT;
	enum deed_status status;
	struct flight f;

	flight_init(&f, 0, landed, b);
	texts_readme(a->needed, (unsigned)a->count, &readme);
	status = buf_status(&readme, err);
	if (status == DEED_OK)
		status = put_text(b, &f, OBJECT_README, buf_get(&readme),
				  b->texts.readme, err);
	if (status == DEED_OK)
		status = put_text(b, &f, OBJECT_SCRIPT, texts_script(),
				  b->texts.script, err);
	flight_clear(&f);
	if (status == DEED_OK)
		status = spread_status(&b->spread, err);
	buf_clear(&readme);
	return status;
}

enum deed_status archive_begin(struct archive *a, size_t count,
			       size_t min_places, struct begun **out,
			       struct deed_error *err)
{
	struct begun *b = calloc(1, sizeof(*b));
	enum deed_status status;

	*out = NULL;
	if (b == NULL)
		return deed_error_memory(err);
	(void)pthread_mutex_init(&b->mutex, NULL);
	b->archive = a;
	b->left = count;
	status = spread_open(a, min_places, &b->spread, err);
	if (status == DEED_OK)
		status = make_folder(a, err);
	if (status == DEED_OK)
		status = put_texts(b, err);
	if (status != DEED_OK)
		archive_end(b);
	else
		*out = b;
	return status;
}

void archive_end(struct begun *b)
{
	if (b == NULL)
		return;
	marker_release(b->marker, false);
	(void)pthread_mutex_destroy(&b->mutex);
	free(b);
}

struct archive *begun_archive(const struct begun *b)
{
	return b->archive;
}

const struct begun_texts *begun_texts(const struct begun *b)
{
	return &b->texts;
}

const struct spread *begun_spread(const struct begun *b)
{
	return &b->spread;
}

/* Under the lock.  The marker before is let go here, and stays for as long as
 * a deposit of it is not settled. */
static enum deed_status fill(struct begun *b, struct deed_error *err)
{
	size_t count = b->left;

	if (b->marker != NULL && b->marker->taken < b->marker->count)
		return DEED_OK;
	marker_release(b->marker, false);
	b->marker = NULL;
	if (count == 0)
		count = 1;
	if (count > ARCHIVE_TOGETHER)
		count = ARCHIVE_TOGETHER;
	b->left -= b->left < count ? b->left : count;
	return marker_new(b->archive, count, &b->marker, err);
}

enum deed_status begun_name(struct begun *b, uint8_t deposit[ARCHIVE_DEPOSIT],
			    struct marker **out, struct deed_error *err)
{
	enum deed_status status;

	*out = NULL;
	(void)pthread_mutex_lock(&b->mutex);
	status = fill(b, err);
	if (status == DEED_OK) {
		struct marker *m = b->marker;

		memcpy(deposit, m->deposit[m->taken++], ARCHIVE_DEPOSIT);
		(void)pthread_mutex_lock(&m->mutex);
		m->holders++;
		(void)pthread_mutex_unlock(&m->mutex);
		*out = m;
	}
	(void)pthread_mutex_unlock(&b->mutex);
	return status;
}

/* ---- what was left ---- */

/* A list that was not synced before its machine went down may have anything in
 * it: only what can be a deposit's folder is a name. */
static bool is_folder(const char *text, size_t len)
{
	return len == DIGITS && strspn(text, "0123456789abcdef") >= DIGITS;
}

/* What is no name of a folder is passed over: a list that was not synced. */
static enum deed_status tell_names(const char *list, const char *own,
				   begun_fn *fn, void *arg, bool *keep,
				   struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status;
	char *line, *end;

	if (!file_exists(list))
		return fn(arg, own, keep, err);
	status = file_read(list, NAMES_MAX, &text, err);
	buf_byte(&text, 0);
	if (status == DEED_OK)
		status = buf_status(&text, err);
	line = status == DEED_OK ? (char *)text.data : NULL;
	for (; line != NULL && status == DEED_OK; line = end) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		if (is_folder(line, strlen(line)))
			status = fn(arg, line, keep, err);
	}
	buf_clear(&text);
	return status;
}

/* Who makes deposits holds the lock as long as one of them is not settled: one
 * that can be had at once is of a process that has ended.  A list that is to
 * be kept is looked at again by the next sweep. */
static enum deed_status left_one(struct archive *a, const char *name,
				 begun_fn *fn, void *arg,
				 struct deed_error *err)
{
	char *path = NULL, *names = NULL;
	struct lock *lock = NULL;
	enum deed_status status;
	bool busy = false; /* somebody is at it */
	bool keep = false;

	status = begun_path(a, name, "", &path, err);
	if (status == DEED_OK)
		status = begun_path(a, name, NAMES, &names, err);
	if (status == DEED_OK) {
		status = lock_acquire(path, 0, &lock, NULL);
		busy = status == DEED_LOCKED;
		if (status != DEED_OK && !busy)
			status = deed_error_set(err, status, "cannot lock '%s'",
						path);
	}
	if (lock != NULL)
		status = tell_names(names, name, fn, arg, &keep, err);
	if (status == DEED_OK && !keep)
		status = file_remove(names, err);
	if (status == DEED_OK && !keep)
		status = file_remove(path, err);
	lock_release(lock);
	free(path);
	free(names);
	return busy ? DEED_OK : status;
}

/* Called with the name of each file that is locked, or was. */
typedef enum deed_status file_fn(void *arg, const char *name,
				 struct deed_error *err);

/* Names of another form, the lists beside the files that are locked among
 * them, are passed over. */
static enum deed_status each_file(const struct archive *a, file_fn *fn,
				  void *arg, struct deed_error *err)
{
	enum deed_status status;
	struct dirent *entry;
	char *path;
	DIR *dir;

	status = begun_path(a, "", "", &path, err);
	if (status != DEED_OK)
		return status;
	dir = opendir(path);
	if (dir == NULL && errno != ENOENT)
		status = deed_error_errno(err, errno, "cannot open '%s'", path);
	while (dir != NULL && status == DEED_OK &&
	       (errno = 0, entry = readdir(dir)) != NULL)
		if (is_folder(entry->d_name, strlen(entry->d_name)))
			status = fn(arg, entry->d_name, err);
	if (dir != NULL && status == DEED_OK && errno != 0)
		status = deed_error_errno(err, errno, "cannot read '%s'", path);
	if (dir != NULL)
		(void)closedir(dir);
	free(path);
	return status;
}

struct leaving {
	struct archive *a;
	begun_fn *fn;
	void *arg;
};

/* A file_fn. */
static enum deed_status see_left(void *arg, const char *name,
				 struct deed_error *err)
{
	const struct leaving *l = arg;

	return left_one(l->a, name, l->fn, l->arg, err);
}

enum deed_status begun_left(struct archive *a, begun_fn *fn, void *arg,
			    struct deed_error *err)
{
	struct leaving l = { .a = a, .fn = fn, .arg = arg };

	return each_file(a, see_left, &l, err);
}

struct telling {
	const struct archive *a;
	begun_folder_fn *fn;
	void *arg;
};

/* A begun_fn. */
static enum deed_status tell_one(void *arg, const char *folder, bool *keep,
				 struct deed_error *err)
{
	const struct telling *t = arg;

	(void)keep;
	return t->fn(t->arg, folder, err);
}

/* A file_fn.  A list that its process takes away meanwhile has nothing to be
 * told: what it named is settled. */
static enum deed_status see_folders(void *arg, const char *name,
				    struct deed_error *err)
{
	struct telling *t = arg;
	char *names = NULL;
	bool keep = false;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = begun_path(t->a, name, NAMES, &names, err);

	if (status != DEED_OK)
		return status;
	status = tell_names(names, name, tell_one, t, &keep, &why);
	if (status != DEED_OK && !file_exists(names))
		status = DEED_OK;
	if (status != DEED_OK && err != NULL)
		*err = why;
	free(names);
	return status;
}

enum deed_status begun_folders(const struct archive *a, begun_folder_fn *fn,
			       void *arg, struct deed_error *err)
{
	struct telling t = { .a = a, .fn = fn, .arg = arg };

	return each_file(a, see_folders, &t, err);
}
