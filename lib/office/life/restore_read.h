/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_RESTORE_READ_H
#define DEED_OFFICE_RESTORE_READ_H

#include "codec/tar.h"
#include "key/deposit_key.h"
#include "office/life/backup_format.h"

/*
 * Reading a backup (life/backup_format.h), which may be damaged, cut off,
 * put together from several, or made by somebody who only knows the
 * certificate.  First its table: the outer tar, in which each piece must be
 * where it belongs, and the index.  Then the inner tar as a stream, piece by
 * piece: each is compared with the index before it is decrypted.  One piece
 * is in memory at a time.
 *
 * The index is believed no further here than that its pieces are its own:
 * whose word it is can be told only with the home that it describes.
 */
struct backup_reader {
	const char *name; /* borrowed, for messages */
	int fd;
	uint64_t file_size;
	struct buf der; /* the index, a statement */
	struct backup_index index;
	uint64_t *offset; /* of each piece */
	const struct deposit_key *key;
	struct buf sealed, plain;
	size_t at;     /* in plain */
	size_t next;   /* piece to be read */
	uint64_t left; /* bytes that the pieces to come can hold at most */
};

/* Open and read the table; close in any case.  DEED_DAMAGED names the piece,
 * DEED_MALFORMED. */
enum deed_status backup_reader_open(struct backup_reader *r, const char *path,
				    const struct deposit_key *key,
				    struct deed_error *err) DEED_MUST_USE;
void backup_reader_close(struct backup_reader *r);

/* The inner tar: a tar_read_fn, arg is the reader.  DEED_NOT_RECIPIENT where
 * the key opens nothing. */
enum deed_status backup_read(void *arg, uint8_t *out, uint64_t len,
			     struct deed_error *err) DEED_MUST_USE;

/* No more than so many bytes can follow. */
uint64_t backup_left(const struct backup_reader *r);

/* Nothing but zeros may follow the end of the inner tar. */
enum deed_status backup_read_rest(struct backup_reader *r,
				  struct deed_error *err) DEED_MUST_USE;

#endif
