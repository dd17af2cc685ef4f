/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_CACHE_H
#define DEED_TRUST_CACHE_H

#include "base/buf.h"

/*
 * Revocation data and issuers' certificates that were fetched once, kept in
 * the home's trust/cache/: one file for a request, named by the SHA-256 of
 * the URL and what was asked there, written atomically (temporary, then
 * renamed), so that readers need no lock and two writers of one name leave
 * one whole file.  Nothing in it is believed: what is read is judged like
 * what came over the network.
 *
 * Limits: CACHE_OBJECT_MAX octets an object; cache_trim holds the folder to
 * CACHE_FILES files, the oldest go first.
 */
#define CACHE_OBJECT_MAX (64u << 20)
#define CACHE_FILES 4096

/* directory is the trust/ folder of a home; the cache's is made where it is
 * missing.  request is what was posted there, or SLICE_NONE. */
enum deed_status cache_put(const char *directory, const char *url,
			   struct slice request, struct slice data,
			   struct deed_error *err) DEED_MUST_USE;

/* Append what is kept.  DEED_NOT_FOUND. */
enum deed_status cache_get(const char *directory, const char *url,
			   struct slice request, struct buf *out,
			   struct deed_error *err) DEED_MUST_USE;

/* Remove the oldest beyond CACHE_FILES. */
enum deed_status cache_trim(const char *directory,
			    struct deed_error *err) DEED_MUST_USE;

#endif
