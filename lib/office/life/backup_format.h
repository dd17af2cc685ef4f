/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_BACKUP_FORMAT_H
#define DEED_OFFICE_BACKUP_FORMAT_H

#include <jansson.h>

#include "base/buf.h"
#include "crypto/digest.h"

/*
 * A backup is one file, a tar (deed-backup(1)):
 *
 *	README		how to open it without deed
 *	0001.cms ...	the pieces of another tar, the home, BACKUP_PIECE bytes
 *			each but the last, every one a CMS AuthEnvelopedData to
 *			one certificate
 *	index.cms	a statement (sign/statement.h) of the office's service:
 *			what the pieces are, in their order, and the log's
 *			checkpoint at the moment of the backup
 *
 * Nothing is in clear but the index, which says no more than the log does.
 * The inner tar may hold a file twice: the later one counts, as tar has it.
 * At its end BACKUP_GONE lists what ceased to be while it was written.
 *
 * Limits: BACKUP_PIECES pieces.
 */
#define BACKUP_TYPE "deed.backup-index/1"
#define BACKUP_README "README"
#define BACKUP_INDEX "index.cms"
#define BACKUP_GONE "backup.gone"
#define BACKUP_CONFIG "config" /* folder of configuration files */
#define BACKUP_PIECE ((size_t)64 << 20)
#define BACKUP_PIECE_MAX (BACKUP_PIECE + 65536) /* as enveloped */
#define BACKUP_PIECES 4000

/* "0001.cms" and its NUL, with room for any number of pieces. */
#define BACKUP_NAME 16
void backup_piece_name(size_t number, char out[BACKUP_NAME]);

struct backup_piece {
	uint8_t sha256[SHA256_SIZE];
	uint64_t size;
};

struct backup_index {
	int64_t time;
	uint8_t to[SHA256_SIZE]; /* the certificate's */
	uint64_t files, size;	 /* of the inner tar: how many, how long */
	char *checkpoint;	 /* the signed note */
	struct backup_piece *piece;
	size_t pieces;
};

#define BACKUP_INDEX_INIT     \
	{                     \
		.piece = NULL \
	}

void backup_index_clear(struct backup_index *index);
enum deed_status backup_index_add(struct backup_index *index,
				  const struct backup_piece *piece,
				  struct deed_error *err) DEED_MUST_USE;

/* *out is the caller's. */
enum deed_status backup_index_json(const struct backup_index *index,
				   json_t **out,
				   struct deed_error *err) DEED_MUST_USE;

/* DEED_MALFORMED, DEED_LIMIT.  index is as after BACKUP_INDEX_INIT then. */
enum deed_status backup_index_read(const json_t *json,
				   struct backup_index *index,
				   struct deed_error *err) DEED_MUST_USE;

#endif
