/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/heads.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "crypto/digest.h"
#include "keystore/keystore.h"
#include "office/keys.h"
#include "office/party/evidence_held.h"
#include "office/party/heads_issuers.h"
#include "office/party/heads_trust.h"
#include "office/party/party.h"
#include "pki/crl.h"

#define HEADS_MAX ((size_t)64 << 20)

struct check {
	const struct home *h;
	const struct event_home *log;
	const char *party; /* NULL: all */
	json_t *heads;
	struct audit_report report; /* what differs */
};

/* One thing that is not as the log says. */
static enum deed_status tell(struct check *c, struct deed_error *err,
			     const char *fmt, ...) DEED_PRINTF(3, 4);
static enum deed_status tell(struct check *c, struct deed_error *err,
			     const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return audit_report_add(&c->report, DEED_INCONSISTENT, "heads", text,
				err);
}

/* The newest status by the log is the one that counts: an older one put back
 * would let a suspended party sign. */
static enum deed_status compare_status(struct check *c, const char *party,
				       const json_t *head,
				       const struct heads_party *p,
				       struct deed_error *err)
{
	uint8_t expected[32];

	if (!json_get_sha256(head, "status", expected)) {
		if (!p->there)
			return DEED_OK;
		return tell(c, err,
			    "party '%s' has a status, by the log it has none",
			    party);
	}
	if (!p->there)
		return tell(c, err, "the status of party '%s' is missing",
			    party);
	if (memcmp(p->status, expected, sizeof(expected)) == 0)
		return DEED_OK;
	if (p->index < 0)
		return tell(c, err,
			    "the status of party '%s' is not the newest by the "
			    "log, nor any statement",
			    party);
	return tell(c, err,
		    "the status of party '%s' is that of log entry %" PRId64
		    ", not the newest",
		    party, p->index);
}

/* It is found by its hash, so that only a missing one, or a file that was
 * changed, can be amiss. */
static enum deed_status compare_attestation(struct check *c, const char *party,
					    const json_t *head,
					    struct deed_error *err)
{
	struct buf path = BUF_INIT, der = BUF_INIT;
	uint8_t expected[32], seen[SHA256_SIZE];
	enum deed_status status;

	if (!json_get_sha256(head, "attestation", expected))
		return DEED_OK;
	buf_printf(&path, "%s/", c->h->attestations);
	hex_encode(slice_of(expected, 32), &path);
	buf_printf(&path, ".cms%c", 0);
	status = buf_status(&path, err);
	if (status == DEED_OK && !file_exists((const char *)path.data)) {
		status =
			tell(c, err, "the attestation of party '%s' is missing",
			     party);
		goto out;
	}
	if (status == DEED_OK)
		status = file_read((const char *)path.data, EVIDENCE_HELD_MAX,
				   &der, err);
	sha256(buf_get(&der), seen);
	if (status == DEED_OK && memcmp(seen, expected, sizeof(seen)) != 0)
		status = tell(
			c, err,
			"the attestation of party '%s' is another than the "
			"newest by the log",
			party);
out:
	buf_clear(&path);
	buf_clear(&der);
	return status;
}

/*
 * A newer key may have been imported, which has no certificate yet, or another
 * CA has given one, which nobody has answered for yet: then the one that the
 * status names is neither missing nor in use, and prove_issue says so.
 */
static bool is_kept(const struct home *h, const char *party,
		    const uint8_t sha256[32])
{
	struct keystore *ks = NULL;
	struct cert *found = NULL;
	bool kept;

	if (keystore_open(h->keystore, &ks, NULL) == DEED_OK)
		(void)!keystore_find_certificate(ks, party, KEYSTORE_SIGNATURE,
						 sha256, &found, NULL);
	kept = found != NULL;
	keystore_close(ks);
	cert_free(found);
	return kept;
}

/* What cannot be read is told as a difference, so that the other parties are
 * compared all the same. */
static enum deed_status compare_certificate(struct check *c, const char *party,
					    const json_t *head,
					    struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct deed_error why = DEED_ERROR_INIT;
	uint8_t expected[32];
	enum deed_status status;

	if (!json_get_sha256(head, "certificate", expected))
		return DEED_OK;
	status = keys_chain(c->h, party, &chain, &why);
	if (status == DEED_NO_MEMORY)
		status = deed_error_memory(err);
	else if (status != DEED_OK)
		status =
			tell(c, err,
			     "the certificate of party '%s' cannot be read: %s",
			     party, why.message);
	else if (chain.count > 0 &&
		 memcmp(cert_sha256(chain.items[0]), expected, 32) == 0)
		status = DEED_OK;
	else if (is_kept(c->h, party, expected))
		status = DEED_OK;
	else if (chain.count == 0)
		status =
			tell(c, err, "the certificate of party '%s' is missing",
			     party);
	else
		status = tell(
			c, err,
			"the certificate of party '%s' is another than the "
			"newest by the log",
			party);
	cert_list_clear(&chain);
	return status;
}

/* The head may have any name, as may the file that it is from; it becomes part
 * of a path only when it is a handle. */
static enum deed_status compare_party(struct check *c, const char *party,
				      const json_t *head,
				      struct deed_error *err)
{
	struct heads_party p;
	uint64_t enrolment;
	enum deed_status status;

	/* A name that no home has given is nobody's file. */
	if (home_check_party(party, NULL) != DEED_OK)
		return tell(c, err, "'%s' is no party", party);
	status = party_signpost(c->h, party, &enrolment, NULL);
	status = status == DEED_OK
			 ? DEED_OK
			 : tell(c, err,
				"the register lacks party '%s', or its "
				"signpost is damaged",
				party);
	if (status == DEED_OK)
		status = heads_of_party(c->h, party, &p, err);
	if (status == DEED_OK)
		status = compare_status(c, party, head, &p, err);
	if (status == DEED_OK)
		status = compare_attestation(c, party, head, err);
	if (status == DEED_OK)
		status = compare_certificate(c, party, head, err);
	return status;
}

/* A revocation list of before would hide what was revoked since. */
static enum deed_status compare_list(struct check *c, const char *name,
				     const json_t *lists,
				     struct deed_error *err)
{
	char *path = path_join(c->h->ca, name);
	uint8_t expected[32], seen[SHA256_SIZE];
	struct buf der = BUF_INIT;
	enum deed_status status = DEED_OK;

	if (path == NULL)
		return deed_error_memory(err);
	if (!json_get_sha256(lists, name, expected) ||
	    strchr(name, '/') != NULL) {
		status = tell(c, err, "'%s' is no list", name);
	} else if (!file_exists(path)) {
		status = tell(c, err, "the revocation list '%s' is missing",
			      name);
	} else {
		status = file_read(path, CRL_MAX, &der, err);
		sha256(buf_get(&der), seen);
		if (status == DEED_OK && memcmp(seen, expected, 32) != 0)
			status = tell(
				c, err,
				"the revocation list '%s' is not the newest "
				"by the log",
				name);
	}
	buf_clear(&der);
	free(path);
	return status;
}

/* A party that the log's heads know nothing of. */
static enum deed_status find_unknown(struct check *c, const json_t *parties,
				     struct deed_error *err)
{
	char **names = NULL;
	size_t count = 0;
	enum deed_status status = party_names(c->h, &names, &count, err);

	for (size_t i = 0; status == DEED_OK && i < count; i++) {
		if (json_object_get(parties, names[i]) == NULL)
			status = tell(
				c, err,
				"the register has party '%s', of which the "
				"log knows nothing",
				names[i]);
	}
	party_names_free(names, count);
	return status;
}

static enum deed_status compare_all(struct check *c, struct deed_error *err)
{
	json_t *parties = json_object_get(c->heads, "parties");
	json_t *lists = json_object_get(c->heads, "lists");
	enum deed_status status = DEED_OK;
	uint64_t enrolment;
	const char *name;
	json_t *head;

	json_object_foreach(lists, name, head)
	{
		if (status == DEED_OK)
			status = compare_list(c, name, lists, err);
	}
	if (status == DEED_OK)
		status = heads_issuers_compare(c->h, c->heads, &c->report, err);
	if (c->party != NULL) {
		head = json_object_get(parties, c->party);
		/* Whoever asks for nobody is told so by others. */
		if (status == DEED_OK && head == NULL)
			status =
				party_signpost(c->h, c->party, &enrolment,
					       NULL) != DEED_OK
					? DEED_OK
					: tell(c, err,
					       "the log knows nothing of party "
					       "'%s'",
					       c->party);
		else if (status == DEED_OK)
			status = compare_party(c, c->party, head, err);
		return status;
	}
	json_object_foreach(parties, name, head)
	{
		if (status == DEED_OK)
			status = compare_party(c, name, head, err);
	}
	if (status == DEED_OK)
		status = find_unknown(c, parties, err);
	return status == DEED_OK
		       ? heads_trust_compare(c->h, c->heads, &c->report, err)
		       : status;
}

/* The heads that the last entry speaks of: the file, or where that is gone
 * the home, if it still is so. */
static enum deed_status load(struct check *c, const struct event_home *log,
			     const uint8_t hash[32], struct deed_error *err)
{
	struct buf text = BUF_INIT;
	uint8_t seen[SHA256_SIZE] = { 0 };
	enum deed_status status = DEED_OK;

	if (file_exists(log->heads_path))
		status = file_read(log->heads_path, HEADS_MAX, &text, err);
	sha256(buf_get(&text), seen);
	if (status == DEED_OK && memcmp(seen, hash, sizeof(seen)) != 0) {
		buf_reset(&text);
		status = event_heads_home(log, hash, &text, seen, err);
	}
	if (status == DEED_OK && memcmp(seen, hash, sizeof(seen)) != 0)
		status = tell(
			c, err,
			"'%s' is not what the last entry of the log says, so "
			"nobody can tell what was put back or is missing",
			log->heads_path);
	else if (status == DEED_OK)
		status = json_load_canonical(buf_get(&text), &c->heads, err);
	buf_clear(&text);
	return status;
}

/* An event_look_fn. */
static enum deed_status look(void *arg, const struct event_heads *last,
			     bool *differs, struct deed_error *err)
{
	struct check *c = arg;
	enum deed_status status = DEED_OK;

	audit_report_clear(&c->report);
	if (last->has)
		status = load(c, c->log, last->sha256, err);
	if (status == DEED_OK && c->heads != NULL)
		status = compare_all(c, err);
	json_decref(c->heads);
	c->heads = NULL;
	*differs = c->report.findings > 0;
	return status;
}

enum deed_status heads_check(const struct home *h, const struct event_home *log,
			     const char *party, int64_t now,
			     struct deed_error *err)
{
	struct check c = {
		.h = h, .log = log, .party = party, .report = AUDIT_REPORT_INIT
	};
	enum deed_status status = event_look(log, look, &c, now, err);

	if (status == DEED_OK && c.report.findings > 0) {
		status = deed_error_set(err, DEED_INCONSISTENT, "%s",
					c.report.finding[0].message);
		deed_error_hint(err, "deed audit verify");
	}
	audit_report_clear(&c.report);
	return status;
}

enum deed_status heads_audit(const struct home *h, const struct event_home *log,
			     int64_t now, struct audit_report *r,
			     struct deed_error *err)
{
	struct check c = { .h = h, .log = log, .report = AUDIT_REPORT_INIT };
	enum deed_status status = event_look(log, look, &c, now, err);

	for (size_t i = 0; status == DEED_OK && i < c.report.findings; i++)
		status = audit_report_add(r, c.report.finding[i].status,
					  c.report.finding[i].id,
					  c.report.finding[i].message, err);
	audit_report_clear(&c.report);
	return status;
}
