/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_CLIENT_H
#define DEED_NET_STORE_CLIENT_H

#include <pthread.h>

#include "base/process.h"
#include "net/store.h"

/*
 * What the parts of deed's side of net/store.h share: the helper, and the
 * calls that it has not answered.  Who asks writes to the helper (store.c), one
 * thread reads what it answers (store_answers.c), and whoever waits for an
 * answer looks after both (store_client.c).
 */
#define STORE_HELPER "deed-fetch"

/* The helper ends every request at its deadline; one that says nothing of it
 * for so much longer is killed. */
#define STORE_GRACE_MS 5000

struct store_client {
	struct store_client_options options;
	/* Who writes to the helper; taken before lock, never after it. */
	pthread_mutex_t writing;
	pthread_mutex_t lock; /* of all below, and of calls and stores */
	pthread_cond_t room;
	struct process *helper;
	pthread_t reader;
	bool reading, dead;
	struct deed_error why;	  /* dead */
	struct store_call *calls; /* under way */
	size_t bytes;		  /* of their bodies */
	uint64_t last_call;
	uint32_t last_store;
};

struct store {
	struct store_client *client;
	struct store_target target;
	char *texts[STORE_ENDPOINTS + 5]; /* what target points to */
	size_t text_count;
	struct secret *secret;
	uint32_t id;
	bool known; /* the helper has been told; only who writes looks */
	unsigned under_way;
};

struct store_call {
	struct store_call *next;
	struct store *store;
	struct store_client *client;
	pthread_cond_t changed;
	uint64_t id;
	size_t weight, max;
	uint8_t *into;
	unsigned limit;
	int64_t until; /* the helper has answered by then */
	bool filling;  /* the reader writes to into: it alone ends the call */
	bool done;
	enum deed_status status;
	struct store_answer answer;
	struct deed_error why;
};

/* Of CLOCK_MONOTONIC, for what follows. */
void store_client_cond(pthread_cond_t *c);
void store_client_wait(pthread_cond_t *c, pthread_mutex_t *lock, int64_t ms);

/* Who writes: start the helper, if this is the first request. */
enum deed_status store_client_need(struct store_client *c,
				   struct deed_error *err) DEED_MUST_USE;

/* Hear what the helper answers, in a thread of its own, until it has ended;
 * false: there is none. */
bool store_client_listen(struct store_client *c);

/* Under the lock: the call has its answer. */
void store_client_end_call(struct store_call *call, enum deed_status status,
			   const struct deed_error *why);

/* Under the lock: nothing comes from the helper any more.  A call that is
 * being filled ends when its reader has noticed. */
void store_client_end(struct store_client *c, const struct deed_error *why);

/* When who writes now has written, or the helper hangs. */
int64_t store_client_until(const struct store_client *c);

/* Under the lock: not all of a frame could be written until then, so that
 * nothing can follow it: all calls end, and a helper that hangs is killed. */
void store_client_cut(struct store_client *c, int64_t until);

/* Under the lock: a helper that hangs is killed, and all calls end.  Returns
 * when to look again. */
int64_t store_client_mind(struct store_client *c);

/* Why, where it is not known better. */
enum deed_status store_client_gone(struct deed_error *err);

#endif
