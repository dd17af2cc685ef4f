/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/authority_change_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "tlog/entry.h"
#include "base/file.h"
#include "ca/certificate.h"
#include "ca/floor.h"
#include "codec/hex.h"
#include "office/party/home_events.h"

void authority_change_clear(struct authority_change *c)
{
	for (size_t i = 0; i < c->lists; i++)
		signing_key_free(c->list[i].opened);
	ca_issuers_clear(&c->issuers);
	cert_list_clear(&c->revoke);
	free(c->end);
	ca_store_close(c->store);
}

enum deed_status authority_change_open(struct authority_change *c,
				       unsigned wait, struct deed_error *err)
{
	struct event_home *log = NULL;
	enum deed_status status;

	/* What was interrupted may be a revocation: finish it first. */
	status = home_events_open(c->home, wait, &log, err);
	if (status == DEED_OK)
		status = event_recover(log, c->now, err);
	home_events_close(log);
	if (status == DEED_OK)
		status = ca_store_open(c->home->ca, &c->store, err);
	if (status == DEED_OK)
		status = ca_issuers_load(c->home->ca, &c->issuers, err);
	return status;
}

/* Counted before its key is opened, so that authority_change_clear frees that
 * in any case. */
enum deed_status authority_change_list(struct authority_change *c,
				       const struct ca_issuer *issuer,
				       const struct signing_key *key,
				       const struct secret *passphrase,
				       struct deed_error *err)
{
	struct authority_making *m = &c->list[c->lists];
	enum deed_status status;

	for (size_t i = 0; i < c->lists; i++) {
		if (c->list[i].issuer == issuer)
			return DEED_OK;
	}
	m->issuer = issuer;
	m->made.generation = issuer->generation;
	m->made.next_update = c->now + CA_CRL_SECONDS;
	m->key = key;
	c->lists++;
	if (key != NULL)
		return DEED_OK;
	status = keys_issuing_of(c->home, issuer->cert, passphrase, &m->opened,
				 err);
	m->key = m->opened;
	return status;
}

/* issuer stays NULL, which is the root everywhere here.  It is counted before
 * the key is opened, so that authority_change_clear frees that in any case. */
static enum deed_status add_root_list(struct authority_change *c,
				      const char *root_key,
				      const struct secret *passphrase,
				      struct deed_error *err)
{
	struct authority_making *m = &c->list[c->lists++];
	enum deed_status status;

	m->made.next_update = c->now + CA_ROOT_CRL_SECONDS;
	status = authority_root_key(c->home, root_key, passphrase, &m->opened,
				    err);
	m->key = m->opened;
	return status;
}

enum deed_status authority_root_key(const struct home *h, const char *file,
				    const struct secret *passphrase,
				    struct signing_key **out,
				    struct deed_error *err)
{
	struct ca_store *store = NULL;
	enum deed_status status;

	*out = NULL;
	status = ca_store_open(h->ca, &store, err);
	if (status == DEED_OK)
		status = keys_root(h, file, passphrase, out, err);
	if (status == DEED_OK &&
	    !slice_equal(cert_fields(ca_store_root(store))->spki,
			 signing_key_spki(*out))) {
		signing_key_free(*out);
		*out = NULL;
		status = deed_error_set(
			err, DEED_NO_KEY,
			"the key is not that of this house's root");
	}
	ca_store_close(store);
	return status;
}

/* One more than the list in use has, and no less than what a restore found
 * to be safe; the clock has no say. */
static enum deed_status next_number(const struct authority_change *c,
				    const char *path, uint64_t *number,
				    struct deed_error *err)
{
	struct buf b = BUF_INIT;
	int64_t next_update;
	uint64_t floor = 0;
	enum deed_status status;

	status = file_read(path, CRL_MAX, &b, err);
	if (status == DEED_OK)
		status = ca_crl_read(buf_get(&b), number, &next_update, err);
	if (status == DEED_OK)
		status = ca_floor_read(c->home->ca, &floor, err);
	buf_clear(&b);
	(*number)++;
	if (*number < floor)
		*number = floor;
	return status;
}

/* Was it this CA that issued what was revoked?  A certificate that cannot be
 * found is in every list, rather than in none. */
static bool is_of(const struct authority_change *c,
		  const struct ca_issuer *issuer, const struct ca_revoked *r)
{
	struct slice serial = slice_of(r->serial, r->serial_len);
	char text[2 * sizeof(r->serial) + 1];
	struct cert *cert = NULL;
	bool is;

	if (c->issuers.count == 1)
		return true;
	if (serial.len > 1 && serial.data[0] == 0) {
		serial.data++;
		serial.len--;
	}
	hex_text(serial, text);
	if (ca_store_find(c->store, text, &cert, NULL) != DEED_OK)
		return true;
	is = ca_issuers_of(&c->issuers, cert) == issuer;
	cert_free(cert);
	return is;
}

/* What was revoked before of this CA's certificates, and what is now. */
static enum deed_status list_revoked(const struct authority_change *c,
				     struct authority_making *m,
				     struct ca_revoked **out,
				     struct deed_error *err)
{
	struct ca_revoked *list;
	size_t all = 0, count = 0;
	enum deed_status status;

	*out = NULL;
	/* The root has revoked nothing: another root is another home. */
	if (m->issuer == NULL)
		return DEED_OK;
	status = ca_store_revoked(c->store, out, &all, err);
	if (status != DEED_OK)
		return status;
	for (size_t i = 0; i < all; i++) {
		if (is_of(c, m->issuer, &(*out)[i]))
			(*out)[count++] = (*out)[i];
	}
	list = realloc(*out, (count + c->revoke.count + 1) * sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	*out = list;
	for (size_t i = 0; status == DEED_OK && i < c->revoke.count; i++) {
		if (ca_issuers_of(&c->issuers, c->revoke.items[i]) == m->issuer)
			status = ca_revoked_of(c->revoke.items[i], c->now,
					       c->reason, &list[count++], err);
	}
	m->made.revoked = count;
	return status;
}

/* A file a certificate, never rewritten, so that the next list is made of all
 * of them whatever became of the last one. */
static enum deed_status add_revocations(const struct authority_change *c,
					struct event *ev,
					struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	for (size_t i = 0; status == DEED_OK && i < c->revoke.count; i++) {
		struct buf text = BUF_INIT;
		struct ca_revoked r;
		char *path = NULL;

		status = ca_revoked_of(c->revoke.items[i], c->now, c->reason,
				       &r, err);
		if (status == DEED_OK)
			status = ca_revoked_write(&r, &text, err);
		if (status == DEED_OK)
			status = ca_store_revoked_path(
				c->store, c->revoke.items[i], &path, err);
		if (status == DEED_OK)
			status = event_output_bytes(ev, 0, path, OUTFILE_NEW,
						    buf_get(&text), err);
		free(path);
		buf_clear(&text);
	}
	return status;
}

/* A key that is ended twice is ended. */
static enum deed_status add_ended(const struct authority_change *c,
				  struct event *ev, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	for (size_t i = 0; status == DEED_OK && i < c->end_count; i++) {
		struct buf text = BUF_INIT;
		char *path = NULL;

		status = ca_store_ended_path(c->store, c->end[i].bytes, &path,
					     err);
		if (status == DEED_OK)
			status = ca_ended_write(c->end[i].bytes, c->now, &text,
						err);
		if (status == DEED_OK && !file_exists(path))
			status = event_output_bytes(ev, 0, path, OUTFILE_NEW,
						    buf_get(&text), err);
		free(path);
		buf_clear(&text);
	}
	return status;
}

/* Label of an entry's member: "crl", of an earlier CA "crl-1". */
static void label_entry(const struct authority_change *c,
			const struct authority_making *m, const char *word,
			char *out, size_t size)
{
	if (m->issuer == NULL || m->issuer == ca_issuers_current(&c->issuers))
		(void)snprintf(out, size, "%s", word);
	else
		(void)snprintf(out, size, "%s-%u", word, m->made.generation);
}

/* The number of a list never falls (RFC 5280 5.2.3), and the log has its hash:
 * an older list cannot come back unseen. */
static enum deed_status make_list(const struct authority_change *c,
				  struct authority_making *m, struct event *ev,
				  struct deed_error *err)
{
	const bool root = m->issuer == NULL;
	const char *path = root ? c->home->ca_root_crl : m->issuer->crl_path;
	struct ca_revoked *list = NULL;
	struct buf der = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	char word[ENTRY_WORD_MAX + 1];
	enum deed_status status;

	status = next_number(c, path, &m->made.number, err);
	if (status == DEED_OK)
		status = list_revoked(c, m, &list, err);
	if (status == DEED_OK)
		status = ca_crl_write(root ? ca_store_root(c->store)
					   : m->issuer->cert,
				      m->key, m->made.number, c->now,
				      m->made.next_update - c->now, list,
				      m->made.revoked, &der, err);
	if (status == DEED_OK) {
		sha256(buf_get(&der), hash);
		label_entry(c, m, "crl", word, sizeof(word));
		status = event_hash(ev, 0, word, hash, err);
	}
	label_entry(c, m, "crl-number", word, sizeof(word));
	if (status == DEED_OK)
		status = event_number(ev, 0, word, m->made.number, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, path, OUTFILE_REPLACE,
					    buf_get(&der), err);
	free(list);
	buf_clear(&der);
	return status;
}

enum deed_status authority_unchanged(const struct home *h,
				     const struct ca_issuers *issuers,
				     struct deed_error *err)
{
	struct ca_issuers present;
	enum deed_status status = ca_issuers_load(h->ca, &present, err);

	if (status == DEED_OK && present.count != issuers->count)
		status = deed_error_set(
			err, DEED_LOCKED,
			"another run has renewed the CA meanwhile");
	ca_issuers_clear(&present);
	return status;
}

/* Nothing of this transaction is in its place yet, so the lists are made of
 * the database and of what is revoked now. */
enum deed_status authority_change_add(void *arg, struct event *ev,
				      uint64_t first, struct slice checkpoint,
				      struct deed_error *err)
{
	struct authority_change *c = arg;
	enum deed_status status;

	(void)first;
	(void)checkpoint;
	status = authority_unchanged(c->home, &c->issuers, err);
	if (status == DEED_OK)
		status = add_revocations(c, ev, err);
	if (status == DEED_OK)
		status = add_ended(c, ev, err);
	for (size_t i = 0; status == DEED_OK && i < c->lists; i++)
		status = make_list(c, &c->list[i], ev, err);
	return status;
}

enum deed_status authority_change_commit(struct authority_change *c,
					 const char *type, const char *party,
					 unsigned wait, uint64_t *index,
					 struct deed_error *err)
{
	struct event_home *log = NULL;
	struct event *ev = NULL;
	int entry;
	enum deed_status status;

	status = home_events_open(c->home, wait, &log, err);
	if (status == DEED_OK)
		status = event_begin(log, c->now, &ev, err);
	if (status == DEED_OK)
		status = event_entry(ev, type, &entry, err);
	if (status == DEED_OK && party != NULL)
		status = event_commit(ev, entry, EVENT_ALL, "party",
				      slice_str(party), err);
	if (status == DEED_OK)
		status = event_finish(ev, authority_change_add, c, index, err);
	event_free(ev);
	home_events_close(log);
	return status;
}

/* The newest first, as the caller shows them.  Of an earlier CA whose
 * certificate has ended nobody needs a list any more; the one in use gets one
 * even then. */
static enum deed_status add_lists(struct authority_change *c,
				  const struct authority_crl *in,
				  struct deed_error *err)
{
	const struct ca_issuers *l = &c->issuers;
	enum deed_status status = DEED_OK;

	if (in->root)
		return add_root_list(c, in->root_key, in->passphrase, err);
	for (size_t i = l->count; status == DEED_OK && i-- > 0;) {
		if (&l->item[i] == ca_issuers_current(l) ||
		    c->now <= cert_fields(l->item[i].cert)->not_after)
			status = authority_change_list(c, &l->item[i], NULL,
						       in->passphrase, err);
	}
	return status;
}

enum deed_status authority_crl(const struct home *h, struct authority_crl *in,
			       struct deed_error *err)
{
	struct authority_change c = { .home = h, .now = in->now };
	enum deed_status status;

	status = authority_change_open(&c, in->wait, err);
	if (status == DEED_OK)
		status = add_lists(&c, in, err);
	if (status == DEED_OK && !in->dry_run)
		status = authority_change_commit(&c, "crl", NULL, in->wait,
						 &in->index, err);
	for (size_t i = 0; i < c.lists; i++)
		in->list[i] = c.list[i].made;
	in->lists = c.lists;
	authority_change_clear(&c);
	return status;
}
