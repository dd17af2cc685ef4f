/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_ONLINE_ASK_H
#define DEED_TRUST_ONLINE_ASK_H

#include <pthread.h>
#include <stdatomic.h>

#include "trust/online.h"

/*
 * The floor's own: one request, from the cache or over the network, within
 * the document's budget, each once a run (online_ask.c), and what is done
 * with its answer (online_take.c).
 */
struct online_asked; /* a request that was begun */
struct online_host;  /* one that failed */

#define ONLINE_BUCKETS 256

struct online_document {
	struct online *o;
	struct pki_source *source; /* its finder is this; NULL: the run's */
	char *name;
	int64_t until; /* by the monotonic clock; 0: nothing was asked yet */
	unsigned issuers;
	bool told; /* that its time is over, or its issuers */
	struct online_lack {
		char *url, *why;
	} lacks[ONLINE_LACKS];
	size_t lack_count;
};

struct online {
	struct online_params params;
	char *cache; /* a folder, NULL */
	struct pki_source *source;
	struct online_document run; /* of who names no document: no budget */
	pthread_mutex_t lock;	    /* of what follows */
	pthread_cond_t finished;
	struct online_asked *asked[ONLINE_BUCKETS];
	struct online_host *failed;
	unsigned made;
	bool told_limit;
	atomic_bool kept, refused;
};

/* What is being asked for. */
struct online_request {
	const struct pki_want *want;
	const char *url;
	struct slice body;  /* posted; SLICE_NONE: get */
	struct slice id;    /* the same without a nonce */
	struct slice nonce; /* that must come back; SLICE_NONE */
	size_t max;
	bool issuer; /* one of ONLINE_ISSUERS a document */
	/* Put it into the source.  current tells whether it is so now. */
	enum deed_status (*take)(struct online *o,
				 const struct online_request *r,
				 struct slice data, bool *current,
				 struct deed_error *err);
};

/* True where something came that was not there before. */
bool online_ask(struct online_document *d, const struct online_request *r);

/* Free what was noted. */
void online_asked_clear(struct online *o);

/* RFC 5280 4.2.1.13 wants DER; some serve PEM. */
enum deed_status online_take_crl(struct online *o,
				 const struct online_request *r,
				 struct slice data, bool *current,
				 struct deed_error *err) DEED_MUST_USE;
enum deed_status online_take_ocsp(struct online *o,
				  const struct online_request *r,
				  struct slice data, bool *current,
				  struct deed_error *err) DEED_MUST_USE;
enum deed_status online_take_issuers(struct online *o,
				     const struct online_request *r,
				     struct slice data, bool *current,
				     struct deed_error *err) DEED_MUST_USE;

#endif
