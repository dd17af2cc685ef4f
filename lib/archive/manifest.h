/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_MANIFEST_H
#define DEED_ARCHIVE_MANIFEST_H

#include <jansson.h>

#include "archive/archive.h"
#include "archive/erasure.h"
#include "crypto/digest.h"

/*
 * The manifest of a deposit: what it consists of, for whom it is, and where
 * it lies; deed-archive(5) gives the members.  It is the payload of a
 * statement (sign/statement.h) of type MANIFEST_TYPE, or MANIFEST_FIRST,
 * which is read and no longer written.  Of the content it holds a hash over
 * random bytes too (archive/index.h), and no name but those of places.
 *
 * A struct manifest owns all it points to.  Limits: MANIFEST_CHUNKS chunks,
 * MANIFEST_RECIPIENTS recipients, MANIFEST_DOCUMENTS documents in a pack.
 */
#define MANIFEST_TYPE "deed.manifest/2"
#define MANIFEST_FIRST "deed.manifest/1"
#define MANIFEST_CHUNKS 32768
#define MANIFEST_RECIPIENTS 63
#define MANIFEST_DOCUMENTS 65536
#define MANIFEST_KEY_ID 64 /* bytes of a key identifier */
#define MANIFEST_PLACE_NAME 64

/* Content of a chunk, but for the last: the large where the tar has more than
 * MANIFEST_LARGE bytes. */
#define MANIFEST_CHUNK (4u << 20)
#define MANIFEST_CHUNK_LARGE (8u << 20)
#define MANIFEST_LARGE (64u << 20)

struct manifest_chunk {
	uint64_t size; /* of its CMS; a part has size / k bytes, rounded up */
	uint8_t sha256[SHA256_SIZE]; /* first edition, where nothing reads it */
	uint8_t segment[ERASURE_MAX][SHA256_SIZE]; /* n of them */
};

struct manifest_recipient {
	uint8_t certificate[SHA256_SIZE];
	uint8_t key_id[MANIFEST_KEY_ID];
	size_t key_id_len;
};

struct manifest {
	unsigned edition;    /* 1 or 2 */
	uint64_t generation; /* from 1 */
	uint8_t previous
		[SHA256_SIZE]; /* of the one before; zero in the first */
	uint8_t deposit[ARCHIVE_DEPOSIT];
	unsigned k, n;
	uint32_t chunk_size;	      /* of content */
	uint8_t content[SHA256_SIZE]; /* of index.json; second edition */
	size_t chunk_count;
	struct manifest_chunk *chunk;
	uint8_t box[ERASURE_MAX][SHA256_SIZE]; /* n, where manifest_boxed */
	uint8_t commit_p[SHA256_SIZE];
	uint8_t commit_share[ERASURE_MAX][SHA256_SIZE];
	uint8_t keys[SHA256_SIZE], readme[SHA256_SIZE], script[SHA256_SIZE];
	size_t recipient_count;
	struct manifest_recipient recipient[MANIFEST_RECIPIENTS];
	char place[ERASURE_MAX][MANIFEST_PLACE_NAME + 1]; /* of part i + 1 */
	int64_t deposited;
	bool has_label;
	uint8_t label[SHA256_SIZE]; /* HMAC under the catalogue's key */
	uint32_t documents; /* of a pack; 0: it is none.  Second edition */
	char *checkpoint;   /* the log's, as it stood before; or NULL */
};

/* Of the second edition. */
enum deed_status manifest_new(struct manifest **out,
			      struct deed_error *err) DEED_MUST_USE;
void manifest_free(struct manifest *m);

/* The type of its statement. */
const char *manifest_type(const struct manifest *m);

/* Does a place have all of it in one box (archive/box.h)?  What has one chunk
 * does, but for the first edition. */
static inline bool manifest_boxed(const struct manifest *m)
{
	return m->edition > 1 && m->chunk_count == 1;
}

/* Room for count chunks, zero. */
enum deed_status manifest_chunks(struct manifest *m, size_t count,
				 struct deed_error *err) DEED_MUST_USE;

/* As JSON; *out is a new reference. */
enum deed_status manifest_to_json(const struct manifest *m, json_t **out,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * From JSON that a statement carried.  DEED_MALFORMED for a member that is
 * missing, of another type or out of range; DEED_UNSUPPORTED for one that is
 * unknown, and for another edition.
 */
enum deed_status manifest_from_json(const json_t *json, struct manifest **out,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * The payload of a signed manifest without judging its signature: for the
 * catalogue, which claims nothing, and for writing the bytes to the places.
 */
enum deed_status manifest_peek(struct slice cms, struct manifest **out,
			       uint8_t payload[SHA256_SIZE],
			       struct deed_error *err) DEED_MUST_USE;

/* SHA-256 of what manifest_to_json made, in canonical form: of the first
 * generation, the archive id. */
enum deed_status manifest_payload(const json_t *json, uint8_t out[SHA256_SIZE],
				  struct deed_error *err) DEED_MUST_USE;

/* Bytes of one part of a chunk. */
size_t manifest_part_size(const struct manifest *m, size_t chunk);

/* The folder: 32 digits and a NUL. */
void manifest_folder(const struct manifest *m,
		     char out[2 * ARCHIVE_DEPOSIT + 1]);

/* The folder as a place in a directory has it: "ab/" before it, but for the
 * first edition. */
#define MANIFEST_PATH (2 * ARCHIVE_DEPOSIT + 3)
void manifest_path(const struct manifest *m, char out[MANIFEST_PATH + 1]);

/* Of all chunks together: what the catalogue calls the size. */
uint64_t manifest_size(const struct manifest *m);

/*
 * A commitment to 32 random bytes or a share: SHA-256("deed-shard-v1 " ‖
 * label ‖ 00 ‖ deposit ‖ value); label is "P" or "share N".
 */
void manifest_commit(const struct manifest *m, const char *label,
		     struct slice value, uint8_t out[SHA256_SIZE]);

#endif
