/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_JUDGE_H
#define DEED_NET_STORE_JUDGE_H

#include "net/store.h"

/*
 * What an answer means, which came as a whole: its head and all of its body.
 * Only deed-fetch links this.
 */
struct store_reply {
	unsigned status;
	bool has_length;
	uint64_t length;      /* of Content-Length */
	const char *etag;     /* these as they came; NULL: not there */
	const char *version;  /* x-amz-version-id */
	const char *range;    /* Content-Range */
	const char *location; /* Location */
	bool marker;	      /* x-amz-delete-marker: true */
	bool sealed;	      /* encrypted by the store: its ETag is no MD5 */
	int64_t date;	      /* 0: none that can be read */
	int64_t modified;     /* Last-Modified, the same */
	struct slice body;
};

struct store_asked {
	const char *endpoint, *bucket;
	const struct store_request *request; /* body: of PUT */
	bool bucket_known; /* this endpoint has shown that it has the bucket */
	int64_t now;	   /* by our clock */
};

struct store_verdict {
	bool again;  /* another try may have another outcome */
	bool rest;   /* this endpoint is better left alone for a while */
	bool here;   /* the bucket is there */
	bool unsure; /* HEAD: an answer with a body would tell why */
};

/*
 * The status as store.h has it.  Fills status, code, etag, version, marker,
 * versioning, date, modified, size, more and item_count of answer; items get
 * those of a page (store_wire.h).  The body of GET is the caller's to hand on.
 */
enum deed_status store_judge(const struct store_asked *asked,
			     const struct store_reply *reply,
			     struct store_answer *answer, struct buf *items,
			     struct store_verdict *verdict,
			     struct deed_error *err) DEED_MUST_USE;

#endif
