/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_EVENT_LOG_HOME_H
#define DEED_TESTS_UNIT_EVENT_LOG_HOME_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/pem.h"
#include "event/audit.h"
#include "event/event.h"
#include "key/deposit_key.h"
#include "tmpdir.h"

/* A log, a drop box and two readers, in a directory of the test's own. */
#define LOG_TIME INT64_C(1795435200)

struct log_home {
	struct tmpdir dir;
	char audit[128], box[128], copy[128], key[128];
	struct buf spki[2]; /* register, party */
	struct deposit_key *opens[2];
	struct audit_reader reader[2];
	struct event_home home;
};

static inline void log_read(const char *name, struct buf *out)
{
	const char *top = getenv("srcdir");
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/tests/data/log/%s",
		       top == NULL ? "." : top, name);
	assert_ok(file_read(path, 1 << 16, out, err));
}

static inline struct deposit_key *log_open_key(const char *name)
{
	struct buf text = BUF_INIT, der = BUF_INIT;
	struct slice rest;
	struct deposit_key *key;
	struct secret *pkcs8;
	char label[PEM_LABEL];

	log_read(name, &text);
	rest = buf_get(&text);
	assert_ok(pem_decode_next(&rest, label, &der, err));
	assert_ok(secret_copy(der.data, der.len, &pkcs8, err));
	assert_ok(deposit_key_from_pkcs8(pkcs8, &key, err));
	secret_free(pkcs8);
	buf_clear(&der);
	buf_clear(&text);
	return key;
}

static inline void log_home_make(struct log_home *h)
{
	static const char *const names[2] = { "register", "party" };
	char name[32];
	int i;

	memset(h, 0, sizeof(*h));
	assert_int_equal(tmpdir_make(&h->dir), 0);
	(void)snprintf(h->audit, sizeof(h->audit), "%s/audit", h->dir.path);
	(void)snprintf(h->box, sizeof(h->box), "%s/box", h->dir.path);
	(void)snprintf(h->copy, sizeof(h->copy), "%s/copy", h->dir.path);
	(void)snprintf(h->key, sizeof(h->key), "%s/log.signer", h->dir.path);
	for (i = 0; i < 2; i++) {
		(void)snprintf(name, sizeof(name), "%s.spki", names[i]);
		log_read(name, &h->spki[i]);
		(void)snprintf(name, sizeof(name), "%s.key", names[i]);
		h->opens[i] = log_open_key(name);
		h->reader[i].key =
			(const struct deposit_key *const *)&h->opens[i];
		h->reader[i].count = 1;
	}
	h->home = (struct event_home){
		.audit = h->audit,
		.identity = h->box,
		.copy = h->copy,
		.log_key = h->key,
		.register_reader = { .spki = buf_get(&h->spki[0]) },
	};
	assert_ok(event_create(&h->home, "deed/test", err));
}

static inline void log_home_remove(struct log_home *h)
{
	int i;

	for (i = 0; i < 2; i++) {
		buf_clear(&h->spki[i]);
		deposit_key_free(h->opens[i]);
	}
	(void)tmpdir_remove(&h->dir);
}

/* One entry about the party, with a document of this name. */
static inline uint64_t log_add(struct log_home *h, const char *document)
{
	struct dropbox_reader reader = { .spki = buf_get(&h->spki[1]) };
	struct event *ev;
	uint64_t index;
	int party, entry;

	assert_ok(event_begin(&h->home, LOG_TIME, &ev, err));
	assert_ok(event_party(ev, &reader, &party, err));
	assert_ok(event_entry(ev, "sign", &entry, err));
	assert_ok(event_commit(ev, entry, party, "party", slice_str("wang"),
			       err));
	assert_ok(event_commit(ev, entry, EVENT_ALL, "document",
			       slice_str(document), err));
	assert_ok(event_finish(ev, NULL, NULL, &index, err));
	event_free(ev);
	return index;
}

/* A path below the home, in a buffer that the next call takes. */
static inline const char *log_path(const struct log_home *h, const char *name)
{
	static char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", h->dir.path, name);
	return path;
}

static inline struct buf log_get(const struct log_home *h, const char *name)
{
	struct buf b = BUF_INIT;

	assert_ok(file_read(log_path(h, name), 1 << 24, &b, err));
	return b;
}

static inline void log_put(const struct log_home *h, const char *name,
			   struct slice bytes)
{
	assert_ok(file_write(log_path(h, name), 0600, bytes, OUTFILE_REPLACE,
			     err));
}

#endif
