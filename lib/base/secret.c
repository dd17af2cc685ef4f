/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct secret {
	uint8_t *map; /* guard page, content, guard page */
	size_t map_len;
	uint8_t *data; /* ends at the second guard page */
	size_t len;
	struct secret *next; /* where it is spare */
};

/*
 * To map, guard, lock and unmap takes five calls to the kernel, and a deposit
 * has thirty secrets: some of one page are kept, wiped, and used again.
 */
#define SPARE_MAX 32

static pthread_mutex_t spare_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct secret *spare;
static unsigned spare_count;

/* Any of them will do: all are of one page between their guards, and were
 * wiped before they were kept. */
static struct secret *take_spare(void)
{
	struct secret *s;

	(void)pthread_mutex_lock(&spare_mutex);
	s = spare;
	if (s != NULL) {
		spare = s->next;
		spare_count--;
	}
	(void)pthread_mutex_unlock(&spare_mutex);
	return s;
}

/* Beyond the limit it is unmapped: locked memory is scarce, and a run that
 * once had many secrets would hold it to the end. */
static bool keep_spare(struct secret *s)
{
	bool kept;

	(void)pthread_mutex_lock(&spare_mutex);
	kept = spare_count < SPARE_MAX;
	if (kept) {
		s->next = spare;
		spare = s;
		spare_count++;
	}
	(void)pthread_mutex_unlock(&spare_mutex);
	return kept;
}

/* It ends where the guard begins. */
static void set_length(struct secret *s, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	s->data = s->map + s->map_len - page - len;
	s->len = len;
}

enum deed_status secret_new(size_t len, struct secret **out,
			    struct deed_error *err)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct secret *s;
	size_t body;

	*out = NULL;
	assert(len > 0);
	if (len > SECRET_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "a secret of %zu bytes is over the "
				      "limit of %d",
				      len, SECRET_MAX);
	s = len <= page ? take_spare() : NULL;
	if (s != NULL) {
		set_length(s, len);
		*out = s;
		return DEED_OK;
	}
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return deed_error_memory(err);
	body = (len + page - 1) / page * page;
	s->map_len = body + 2 * page;
	s->map = mmap(NULL, s->map_len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);
	if (s->map == MAP_FAILED) {
		free(s);
		return deed_error_memory(err);
	}
	if (mprotect(s->map + page, body, PROT_READ | PROT_WRITE) != 0) {
		(void)munmap(s->map, s->map_len);
		free(s);
		return deed_error_memory(err);
	}
	/* Best effort: the limit on locked memory may be small. */
	(void)mlock(s->map + page, body);
	(void)madvise(s->map + page, body, MADV_DONTDUMP);
	set_length(s, len);
	*out = s;
	return DEED_OK;
}

enum deed_status secret_copy(const void *data, size_t len, struct secret **out,
			     struct deed_error *err)
{
	enum deed_status status = secret_new(len, out, err);

	if (status == DEED_OK)
		memcpy((*out)->data, data, len);
	return status;
}

void secret_free(struct secret *s)
{
	if (s == NULL)
		return;
	secret_wipe(s->data, s->len);
	if (s->map_len == 3 * (size_t)sysconf(_SC_PAGESIZE) && keep_spare(s))
		return;
	(void)munmap(s->map, s->map_len);
	free(s);
}

uint8_t *secret_data(struct secret *s)
{
	return s->data;
}

const uint8_t *secret_bytes(const struct secret *s)
{
	return s->data;
}

size_t secret_len(const struct secret *s)
{
	return s->len;
}

struct slice secret_slice(const struct secret *s)
{
	return slice_of(s->data, s->len);
}

void secret_shrink(struct secret *s, size_t len)
{
	assert(len > 0 && len <= s->len);
	secret_wipe(s->data + len, s->len - len);
	s->len = len;
}

bool secret_equal(struct slice a, struct slice b)
{
	uint8_t diff = 0;
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++)
		diff |= a.data[i] ^ b.data[i];
	return diff == 0;
}

void secret_wipe(void *data, size_t len)
{
	if (len > 0)
		explicit_bzero(data, len);
}
