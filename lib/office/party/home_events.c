/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/home_events.h"

#include <stdlib.h>

#include "archive/archive.h"
#include "keystore/keystore.h"
#include "office/party/heads.h"

/* In the keystore: what an attacker on the log alone does not reach. */
#define COPY "log.checkpoint"
#define LOG_KEY "log.key"

#define HEADS "heads"
#define INDEX "index"

/* What an event_home points to, beside what it borrows from the home. */
struct opened {
	struct event_home home;
	struct archive_where archive;
	char *copy, *log_key, *heads, *index;
	struct buf reader;
};

enum deed_status home_events_open(const struct home *h, unsigned wait_seconds,
				  struct event_home **out,
				  struct deed_error *err)
{
	struct opened *o = calloc(1, sizeof(*o));
	struct keystore *ks = NULL;
	enum deed_status status;

	*out = NULL;
	if (o == NULL)
		return deed_error_memory(err);
	o->copy = path_join(h->keystore, COPY);
	o->log_key = path_join(h->keystore, LOG_KEY);
	o->heads = path_join(h->identity, HEADS);
	o->index = path_join(h->identity, INDEX);
	if (o->copy == NULL || o->log_key == NULL || o->heads == NULL ||
	    o->index == NULL)
		status = deed_error_memory(err);
	else
		status = keystore_open(h->keystore, &ks, err);
	if (status == DEED_OK)
		status = keystore_public(ks, HOME_OFFICE, KEYSTORE_REGISTER,
					 &o->reader, err);
	keystore_close(ks);
	o->archive = (struct archive_where){ h->archive, h->places };
	o->home = (struct event_home){
		.audit = h->audit,
		.identity = h->box,
		.copy = o->copy,
		.log_key = o->log_key,
		.index = o->index,
		.register_reader = { .spki = buf_get(&o->reader) },
		.wait_seconds = wait_seconds,
		.publish = archive_publish,
		.publish_arg = &o->archive,
		.timestamps = h->timestamps,
		.heads = heads_next,
		.heads_older = heads_older,
		.heads_arg = (void *)(uintptr_t)h,
		.heads_path = o->heads,
	};
	if (status != DEED_OK) {
		home_events_close(&o->home);
		return status;
	}
	*out = &o->home;
	return DEED_OK;
}

void home_events_close(struct event_home *home)
{
	/* The event_home is the first member of what was allocated. */
	struct opened *o = (struct opened *)(void *)home;

	if (o == NULL)
		return;
	free(o->copy);
	free(o->log_key);
	free(o->heads);
	free(o->index);
	buf_clear(&o->reader);
	free(o);
}
