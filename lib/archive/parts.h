/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PARTS_H
#define DEED_ARCHIVE_PARTS_H

#include "archive/erasure.h"
#include "crypto/digest.h"

/*
 * The parts of one chunk in memory: the data parts are the chunk's envelope,
 * one after another, and what fills the last one up; then the parity.  Each
 * part lies so that it is written without a copy (base/direct.h), and so a
 * stretch of the envelope may lie in two parts.  Whoever has the room has the
 * parts; one thread at a time.
 */
struct parts {
	uint8_t *part[ERASURE_MAX];
	unsigned k, n;
	size_t size; /* of each */
	size_t at;   /* so much of the envelope is there */
};

/* Octets of the room for n parts; a room of so many or more, aligned for
 * them, to be freed, or NULL. */
size_t parts_room(unsigned n, size_t size);
uint8_t *parts_room_new(size_t size);

/* In room; nothing of the envelope is there yet. */
void parts_init(struct parts *p, unsigned k, unsigned n, size_t size,
		uint8_t *room);

/* Where the next len octets of the envelope lie; NULL: in two parts. */
uint8_t *parts_next(const struct parts *p, size_t len);

/* The next octets are there already, or are copied from data.  Never more
 * than the data parts hold. */
void parts_pass(struct parts *p, size_t len);
void parts_add(struct parts *p, const void *data, size_t len);

/* The envelope is whole: zeros up to the end of the data parts. */
void parts_fill(struct parts *p);

/* Make the parity, and the hash of each of the n parts. */
enum deed_status parts_code(struct parts *p, const struct erasure *code,
			    uint8_t hash[][SHA256_SIZE],
			    struct deed_error *err) DEED_MUST_USE;

#endif
