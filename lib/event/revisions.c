/* SPDX-License-Identifier: Apache-2.0 */
#include "event/revisions.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "crypto/digest.h"

#define WINDOW 65536
#define MARK "%%EOF"
#define MARK_SIZE (sizeof(MARK) - 1)

/* White space after a mark that may still have been of the file. */
#define AFTER 4

struct reading {
	struct digest *digest;
	struct audit_digest *list;
	size_t count;
	uint64_t at;	/* bytes hashed */
	unsigned seen;	/* of the mark */
	unsigned after; /* bytes that may follow one */
};

/* The digest goes on; a copy of it is ended here.  What is over REVISIONS_MAX
 * is passed over, so that a file full of marks costs no more than that. */
static enum deed_status note(struct reading *r, struct deed_error *err)
{
	struct digest *copy;
	enum deed_status status;

	if (r->count == REVISIONS_MAX)
		return DEED_OK;
	status = digest_copy(r->digest, &copy, err);
	if (status != DEED_OK)
		return status;
	r->list[r->count].bytes = r->at;
	digest_final(copy, r->list[r->count++].sha256);
	digest_free(copy);
	if (r->count == REVISIONS_MAX)
		log_say(LOG_WARNING, "the file has many ends: what was added "
				     "to it is not looked at one by one");
	return DEED_OK;
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

/* Does a revision perhaps end behind this byte? */
static bool is_end(struct reading *r, uint8_t c)
{
	if (r->after > 0 && is_space(c)) {
		r->after--;
		return true;
	}
	r->after = 0;
	if (c == (uint8_t)MARK[r->seen])
		r->seen++;
	else if (c == '%')
		r->seen = r->seen == 2 ? 2 : 1;
	else
		r->seen = 0;
	if (r->seen < MARK_SIZE)
		return false;
	r->seen = 0;
	r->after = AFTER;
	return true;
}

/* Between marks memchr goes from one per cent sign to the next: a file of
 * gigabytes is not looked at byte by byte. */
static enum deed_status take(struct reading *r, const uint8_t *data, size_t len,
			     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i, from = 0;
	const uint8_t *next;

	for (i = 0; i < len && status == DEED_OK; i++) {
		if (r->seen == 0 && r->after == 0) {
			next = memchr(data + i, '%', len - i);
			if (next == NULL)
				break;
			i = (size_t)(next - data);
		}
		if (!is_end(r, data[i]))
			continue;
		digest_update(r->digest, data + from, i + 1 - from);
		r->at += i + 1 - from;
		from = i + 1;
		status = note(r, err);
	}
	digest_update(r->digest, data + from, len - from);
	r->at += len - from;
	return status;
}

/* A window at a time: a mark that lies across two is carried over in r->seen.
 */
static enum deed_status read_all(struct reading *r, int fd, const char *path,
				 struct deed_error *err)
{
	uint8_t *window = malloc(WINDOW);
	enum deed_status status = DEED_OK;
	ssize_t got = 1;

	if (window == NULL)
		return deed_error_memory(err);
	while (status == DEED_OK && got != 0) {
		got = read(fd, window, WINDOW);
		if (got > 0)
			status = take(r, window, (size_t)got, err);
		else if (got < 0 && errno != EINTR)
			status = deed_error_errno(err, errno,
						  "cannot read '%s'", path);
	}
	free(window);
	return status;
}

enum deed_status revisions_hash(const char *path, struct audit_digest **out,
				size_t *count, struct deed_error *err)
{
	struct reading r = { .digest = NULL };
	struct stat st;
	enum deed_status status;
	int fd = -1;

	*out = NULL;
	*count = 0;
	status = file_open_regular_stat(path, &fd, &st, err);
	if (status != DEED_OK)
		return status;
	digest_expect((uint64_t)st.st_size);
	r.list = calloc(REVISIONS_MAX + 1, sizeof(*r.list));
	status = r.list == NULL ? deed_error_memory(err)
				: digest_new(DIGEST_SHA256, &r.digest, err);
	if (status == DEED_OK)
		status = read_all(&r, fd, path, err);
	if (status == DEED_OK) {
		/* All of it, wherever else it ends. */
		if (r.count > 0 && r.list[r.count - 1].bytes == r.at)
			r.count--;
		r.list[r.count].bytes = 0;
		digest_final(r.digest, r.list[r.count++].sha256);
		audit_digests_sort(r.list, r.count);
		*out = r.list;
		*count = r.count;
		r.list = NULL;
	}
	digest_free(r.digest);
	free(r.list);
	(void)close(fd);
	return status;
}
