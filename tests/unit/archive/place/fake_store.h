/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_FAKE_STORE_H
#define DEED_TESTS_FAKE_STORE_H

#include "net/store.h"

/*
 * The functions of net/store.h over a bucket in memory, in place of those of
 * the library: what a back end makes of answers is tried without a server, and
 * answers that no honest server gives.
 */
#define FAKE_OBJECTS 4096

struct fake_object {
	char key[STORE_KEY_MAX + 1];
	uint8_t *bytes;
	size_t len;
};

enum fake_lie {
	FAKE_HONEST,
	FAKE_UNORDERED, /* a page's keys */
	FAKE_OUTSIDE,	/* a key that was not asked for */
	FAKE_REPEATS,	/* each page is the first */
	FAKE_ENDLESS,	/* an empty page, and more behind it */
	FAKE_INVENTS,	/* ever new keys or versions */
};

extern struct fake {
	struct fake_object object[FAKE_OBJECTS]; /* in the order of keys */
	size_t count;
	size_t page; /* keys a LIST at most; 0: what is asked */
	enum fake_lie lie;
	enum deed_status answer; /* to everything, if not DEED_OK */
	unsigned answers;	 /* ... to so many, then to none; 0: to all */
	const char *code;
	int64_t date;
	bool conditions, silent; /* If-None-Match: held; ignored */
	unsigned rotten;	 /* so many GETs have a bit that is another */
	unsigned hashed;	 /* GETs of which an ETag was to be compared */
	enum store_versioning versioning;
	unsigned requests[STORE_VERSIONING + 1];
	unsigned stores, under_way;
	struct store_target target; /* of the last; strings are gone */
} fake;

/* Empty, and honest. */
void fake_reset(void);
void fake_put(const char *key, const char *text);
struct fake_object *fake_find(const char *key);

#endif
