/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/begun_priv.h"

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

enum deed_status begun_path(const struct archive *a, const char *name,
			    const char *end, char **out, struct deed_error *err)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s/" BEGUN_FOLDER "%s%s%s", a->dir, name[0] ? "/" : "",
		   name, end);
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
			status =
				begun_path(a, hex, BEGUN_NAMES, &m->names, err);
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
