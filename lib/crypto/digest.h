/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_DIGEST_H
#define DEED_CRYPTO_DIGEST_H

#include "base/buf.h"
#include "codec/oid.h"

/*
 * Message digests.  MD5 and SHA-1 are here to judge what others made long
 * ago; nothing that deed makes uses them.  A digest context belongs to one
 * thread at a time.
 */
enum digest_alg {
	DIGEST_NONE,
	DIGEST_MD5,
	DIGEST_SHA1,
	DIGEST_SHA224,
	DIGEST_SHA256,
	DIGEST_SHA384,
	DIGEST_SHA512,
	DIGEST_SHA3_224,
	DIGEST_SHA3_256,
	DIGEST_SHA3_384,
	DIGEST_SHA3_512,
	DIGEST_SHAKE256, /* 64 octets of it, as Ed448 in CMS wants */
	DIGEST_SM3,
	DIGEST_COUNT
};

#define DIGEST_MAX 64 /* octets of the longest */
#define SHA256_SIZE 32

size_t digest_size(enum digest_alg alg);

/* "sha256", as oid.def has it; "none". */
const char *digest_name(enum digest_alg alg);
enum digest_alg digest_from_name(const char *name);

/* DIGEST_NONE for what is no digest that deed computes. */
enum digest_alg digest_from_oid(enum oid oid);
enum oid digest_oid(enum digest_alg alg);

/* From a digest's AlgorithmIdentifier (the whole SEQUENCE); parameters are
 * absent or NULL, of id-shake256-len 512 (RFC 8419 2.3).  DIGEST_NONE if
 * unknown or malformed. */
enum digest_alg digest_from_algorithm(struct slice algorithm);

struct digest;

enum deed_status digest_new(enum digest_alg alg, struct digest **out,
			    struct deed_error *err) DEED_MUST_USE;
void digest_update(struct digest *d, const void *data, size_t len);

/*
 * So many octets are about to be hashed: from DIGEST_BULK on a faster library
 * is loaded, once a process, for the contexts that are made after this.  Any
 * thread may say it.
 */
#define DIGEST_BULK (UINT64_C(32) << 20)
void digest_expect(uint64_t size);

/* A second context in the same state. */
enum deed_status digest_copy(const struct digest *d, struct digest **out,
			     struct deed_error *err) DEED_MUST_USE;

/* Write digest_size octets and start anew. */
void digest_final(struct digest *d, uint8_t *out);
void digest_free(struct digest *d);

/* In one call; alg is not DIGEST_NONE.  out has room for digest_size. */
void digest_once(enum digest_alg alg, struct slice data, uint8_t *out);
void sha256(struct slice data, uint8_t out[SHA256_SIZE]);

/* The same over count pieces one after another. */
void sha256_parts(const struct slice *parts, size_t count,
		  uint8_t out[SHA256_SIZE]);

/* All of a file, from its first byte, wherever it stands: digest_size octets
 * of out.  name is for messages. */
enum deed_status digest_fd(enum digest_alg alg, int fd, const char *name,
			   uint8_t *out, struct deed_error *err) DEED_MUST_USE;

#endif
