/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/parts.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/direct.h"

/* Of each part at a time: what was coded is then still near when it is hashed,
 * and the parity is not fetched from memory again. */
#define STRETCH (32u << 10)

/* Where the kernel has such pages: a room in few of them is faulted in and
 * held while it is written at a fraction of what small ones cost. */
#define LARGE_PAGE ((size_t)2 << 20)

/* Each part begins where direct writing may begin. */
static size_t rounded(size_t size, size_t unit)
{
	return (size + unit - 1) / unit * unit;
}

size_t parts_room(unsigned n, size_t size)
{
	return n * rounded(size, DIRECT_ALIGN);
}

uint8_t *parts_room_new(size_t size)
{
	bool large = size >= LARGE_PAGE;
	size_t page = large ? LARGE_PAGE : DIRECT_ALIGN;
	void *room;

	size = rounded(size, page);
	if (posix_memalign(&room, page, size) != 0)
		return NULL;
	if (large)
		(void)madvise(room, size, MADV_HUGEPAGE);
	return room;
}

void parts_init(struct parts *p, unsigned k, unsigned n, size_t size,
		uint8_t *room)
{
	unsigned i;

	*p = (struct parts){ .k = k, .n = n, .size = size };
	for (i = 0; i < n; i++)
		p->part[i] = room + i * rounded(size, DIRECT_ALIGN);
}

/* From where the envelope ends up to the end of that part. */
static size_t left_in_part(const struct parts *p)
{
	return p->size - p->at % p->size;
}

/* Parts lie apart in memory though the content is cut into them without a gap.
 */
static uint8_t *next(const struct parts *p)
{
	return p->part[p->at / p->size] + p->at % p->size;
}

uint8_t *parts_next(const struct parts *p, size_t len)
{
	return len <= left_in_part(p) ? next(p) : NULL;
}

void parts_pass(struct parts *p, size_t len)
{
	assert(len <= p->k * p->size - p->at);
	p->at += len;
}

void parts_add(struct parts *p, const void *data, size_t len)
{
	const uint8_t *from = data;

	assert(len <= p->k * p->size - p->at);
	while (len > 0) {
		size_t left = left_in_part(p), take = len < left ? len : left;

		memcpy(next(p), from, take);
		from += take;
		len -= take;
		p->at += take;
	}
}

void parts_fill(struct parts *p)
{
	while (p->at < p->k * p->size) {
		size_t left = left_in_part(p);

		memset(next(p), 0, left);
		p->at += left;
	}
}

/* A stretch of all parts at a time, which the processor's cache holds from
 * coding to hashing. */
static void code_and_hash(struct parts *p, const struct erasure *code,
			  struct digest *const digest[])
{
	uint8_t *at[ERASURE_MAX];
	size_t done, len;
	unsigned i;

	for (done = 0; done < p->size; done += len) {
		len = p->size - done < STRETCH ? p->size - done : STRETCH;
		for (i = 0; i < p->n; i++)
			at[i] = p->part[i] + done;
		erasure_encode(code, len, at);
		for (i = 0; i < p->n; i++)
			digest_update(digest[i], at[i], len);
	}
}

/* Digests of all parts are open at once, since they are fed in turn. */
enum deed_status parts_code(struct parts *p, const struct erasure *code,
			    uint8_t hash[][SHA256_SIZE], struct deed_error *err)
{
	struct digest *digest[ERASURE_MAX] = { NULL };
	enum deed_status status = DEED_OK;
	unsigned i;

	for (i = 0; i < p->n && status == DEED_OK; i++)
		status = digest_new(DIGEST_SHA256, &digest[i], err);
	if (status == DEED_OK)
		code_and_hash(p, code, digest);
	for (i = 0; i < p->n && status == DEED_OK; i++)
		digest_final(digest[i], hash[i]);
	for (i = 0; i < p->n; i++)
		digest_free(digest[i]);
	return status;
}
