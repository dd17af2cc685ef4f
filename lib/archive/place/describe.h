/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACE_DESCRIBE_H
#define DEED_ARCHIVE_PLACE_DESCRIBE_H

#include "archive/place/place.h"

/*
 * What describes a place in a bucket.  All of it comes from a file or a command
 * line, and goes into URLs and into signatures of requests: nothing is cleaned
 * or guessed, what is not plainly right is refused.
 *
 *	bucket		3 to 63 of a-z, 0-9, '-' and '.', a letter or digit at
 *			both ends and on both sides of a full stop; no address
 *	prefix		folders of a place's names (place.h) with '/' between,
 *			PLACE_PREFIX at most; a bucket is never all one place
 *	endpoint	https://HOST[:PORT][/PATH]; http to loopback alone,
 *			and through no proxy, unless insecure
 *	region		letters, digits, '-' and '_', 64 at most
 *	access_key	printable ASCII without spaces, '/' and ',', 256 at most
 *	proxy		http://HOST[:PORT]
 *	secret, ca	PLACE_TEXT at most, without control characters
 *	transfers	STORE_TRANSFERS_MAX at most
 */
#define PLACE_S3 "s3:"
#define PLACE_BUCKET_MAX 63
#define PLACE_PREFIX 512
#define PLACE_TEXT 4096
#define PLACE_URL_MAX 1024
#define PLACE_REGION "us-east-1" /* where none is said */

/* Is it a place in a bucket, by its beginning? */
bool place_description_is_bucket(const struct place_description *d);

/* DEED_CONFIG with what was expected; also where a folder has what only a
 * bucket has. */
enum deed_status place_description_check(const struct place_description *d,
					 struct deed_error *err) DEED_MUST_USE;

/* Of a description that is one: the bucket's name, and what its keys begin
 * with, within d->where. */
void place_description_bucket(const struct place_description *d,
			      char bucket[PLACE_BUCKET_MAX + 1],
			      const char **prefix);

/* The endpoint of that number; where there is none, Amazon's for the region,
 * as number 0.  False where there is no such. */
bool place_description_endpoint(const struct place_description *d,
				size_t number, char out[PLACE_URL_MAX + 1]);

/* Have two an endpoint and a bucket in common, and is the prefix of one within
 * that of the other?  They would count as two, and be one. */
bool place_descriptions_meet(const struct place_description *a,
			     const struct place_description *b);

#endif
