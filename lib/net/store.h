/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_H
#define DEED_NET_STORE_H

#include "base/buf.h"
#include "base/secret.h"

/*
 * Objects of stores that speak S3, from deed's side.  One helper (deed-fetch)
 * makes the requests of a client, for any number of stores, many at a time,
 * with connections kept alive; it is started by the first request and stays
 * until the client is freed.  It signs (AWS Signature Version 4), retries with
 * back-off and jitter inside one deadline a request, takes the endpoints of a
 * store in turn and rests one that failed, and reads the XML of answers.
 * A store that gave no answer at all to a request, or none but 5xx and 429, has
 * fewer tries for a while (net/store_turn.h), so that one that is off costs its
 * time once.  Bodies in the helper have 28 MiB together, or are one.
 *
 *	store_client_new(&options, &client, err)
 *	store_new(client, &target, &store, err)
 *	store_begin(store, &request, &call, err)	returns at once, ...
 *	store_finish(call, &answer, err)		... this when it is done
 *	store_answer_clear(&answer)
 *	store_free(store)
 *	store_client_free(client)
 *
 * Any number of threads may use a client and a store.  store_begin waits while
 * target.transfers requests of that store are under way, whoever began them;
 * a request ends without store_finish being called, so that one thread may
 * begin any number.  When store_begin has returned the request's body may be
 * used again.
 *
 * No store's word is taken: who reads an object compares its hash.  Who does
 * so first, and asks again only where it is another, need not have the helper
 * compare MD5 (request.unhashed): that costs more than all else it does.
 * Bytes that go to a place of the caller's (request.into) come there from the
 * helper at any time until store_finish has returned.
 */
#define STORE_ENDPOINTS 8
#define STORE_KEY_MAX 1024 /* bytes of an object's key: S3's limit */
#define STORE_TRANSFERS 8  /* of a store at once, where none is said */
#define STORE_TRANSFERS_MAX 64
#define STORE_PAGE 1000 /* keys a LIST */
#define STORE_CONNECT_MS 10000
#define STORE_DEADLINE_MS 60000 /* of a request, tries included */
#define STORE_OBJECT_MAX (64u << 20)
#define STORE_REGION "us-east-1" /* where none is said */

struct store_client;
struct store;
struct store_call;

struct store_client_options {
	bool offline; /* refuse everything: DEED_REFUSED */
	/* Told of each request before it is sent: "PUT", the URL without its
	 * query; may be NULL; from any thread. */
	void (*told)(void *arg, const char *method, const char *url);
	void *arg;
	unsigned connect_ms, deadline_ms; /* 0: the defaults above */
};

/* A bucket, and who asks.  Everything is copied by store_new. */
struct store_target {
	/* "https://HOST[:PORT][/PATH]" in turn; http to loopback alone, and
	 * through no proxy, unless insecure.  Buckets are in the path, not in
	 * the host's name. */
	const char *endpoint[STORE_ENDPOINTS];
	size_t endpoint_count;
	const char *bucket;
	const char *region;	/* NULL: STORE_REGION */
	const char *access_key; /* may have a colon in it */
	const struct secret *secret;
	const char *ca;	    /* PEM file of anchors; NULL: the system's */
	const char *proxy;  /* http://HOST:PORT; NULL: none */
	unsigned transfers; /* 0: STORE_TRANSFERS */
	bool insecure;
};

enum store_method {
	STORE_PUT,
	STORE_GET,
	STORE_HEAD,
	STORE_DELETE,
	STORE_LIST,	  /* a page of keys: ListObjectsV2 */
	STORE_VERSIONS,	  /* a page of versions: ListObjectVersions */
	STORE_VERSIONING, /* what the bucket says of itself */
};

struct store_request {
	enum store_method method;
	const char *key;   /* of an object; of LIST and VERSIONS the prefix */
	struct slice body; /* PUT */
	const uint8_t *sha256;	   /* of it, 32 bytes; NULL: it is computed */
	bool if_absent;		   /* PUT: If-None-Match: * */
	uint64_t from, length;	   /* GET: a range; length 0: all */
	size_t max;		   /* GET: more than so much is DEED_LIMIT */
	uint8_t *into;		   /* GET: room for max; none: answer.body */
	bool unhashed;		   /* GET: no ETag is compared */
	const char *after;	   /* LIST: keys behind this one; or NULL */
	const char *after_version; /* VERSIONS: beside after, its marker */
	unsigned limit;		   /* LIST, VERSIONS: keys; 0: STORE_PAGE */
	const char *version; /* GET, HEAD, DELETE: of this version; or NULL */
};

/* One of LIST or VERSIONS. */
struct store_item {
	const char *key;
	const char *version; /* VERSIONS; else NULL */
	uint64_t size;
	bool latest, marker; /* VERSIONS: in force; a delete marker */
};

/* Does a bucket keep versions?  It that did, and does no more, has old ones. */
enum store_versioning {
	STORE_UNVERSIONED,
	STORE_WAS_VERSIONED,
	STORE_VERSIONED,
};
#define STORE_VERSIONINGS (STORE_VERSIONED + 1)

/*
 * What store_finish answers:
 *
 *	DEED_OK		done: 2xx, and all of the body
 *	DEED_NOT_FOUND	there is no such object (not: no such bucket)
 *	DEED_REMOTE	it did not answer to the end within the deadline and
 *			the tries that it has, or with 5xx, or there is no such
 *			bucket, or it sends us elsewhere
 *	DEED_DENIED	401, 403: no right, a wrong or expired secret, a clock
 *			that is off
 *	DEED_REFUSED	offline
 *	DEED_EXISTS	412 or 409, of if_absent
 *	DEED_UNSUPPORTED 501
 *	DEED_DAMAGED	it answers what cannot be, each time: another length, an
 *			ETag that is a plain MD5 and not the body's, a page
 *			that does not go on, XML that is none, another object
 *			than was asked for.  A body that is cut short is an
 *			answer that did not come: DEED_REMOTE
 *	DEED_LIMIT, DEED_NO_MEMORY, DEED_NO_KEY (the anchors)
 *
 * The error names the endpoint, the bucket, and the store's own code and words
 * where it gave any, cleaned and cut.
 */
struct store_answer {
	unsigned status; /* of HTTP; 0: none */
	char code[64]; /* "NoSuchBucket", "RequestTimeTooSkewed", ...; or "" */
	char etag[128], version[128];
	bool marker;			  /* x-amz-delete-marker */
	enum store_versioning versioning; /* STORE_VERSIONING */
	int64_t date;	  /* of the server's clock, seconds; 0: unknown */
	int64_t modified; /* HEAD, GET: of the object; 0: unknown */
	uint64_t size;	  /* HEAD, GET: of the whole object */
	struct buf body;  /* GET */
	size_t filled;	  /* GET: so many bytes are in request.into */
	struct buf text;  /* what the items point into */
	struct store_item *item;
	size_t item_count;
	bool more;	    /* LIST, VERSIONS: there are keys behind these */
	unsigned tries;	    /* requests that were sent */
	uint64_t sent, got; /* bytes of bodies, all tries */
};

#define STORE_ANSWER_INIT        \
	{                        \
		.body = BUF_INIT \
	}

/* Starts nothing.  options may be NULL. */
enum deed_status store_client_new(const struct store_client_options *options,
				  struct store_client **out,
				  struct deed_error *err) DEED_MUST_USE;
void store_client_free(struct store_client *client); /* NULL does nothing */

/* Nothing is asked.  DEED_USAGE for an endpoint or a bucket that is none. */
enum deed_status store_new(struct store_client *client,
			   const struct store_target *target,
			   struct store **out,
			   struct deed_error *err) DEED_MUST_USE;
void store_free(struct store *s); /* when no call is under way */

enum deed_status store_begin(struct store *s, const struct store_request *r,
			     struct store_call **out,
			     struct deed_error *err) DEED_MUST_USE;

/* out was initialised by the caller, who clears it; the call is gone after
 * this.  What out has is filled after a failure, too, as far as it is known. */
enum deed_status store_finish(struct store_call *call, struct store_answer *out,
			      struct deed_error *err) DEED_MUST_USE;
void store_answer_clear(struct store_answer *a);

#endif
