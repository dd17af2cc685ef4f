/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/object.h"
#include "archive/put.h"
#include "base/clock.h"
#include "base/file.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "judge/judge.h"
#include "judge/parser.h"
#include "keystore/keystore.h"
#include "office/deposit/deposit_find.h"
#include "office/deposit/deposit_label.h"
#include "office/party/home_events.h"
#include "sign/statement.h"

/* The document among the inputs; deposit.json is the first. */
#define DOCUMENT 1

/* Everything that a deposit needs while it is made. */
struct making {
	const struct home *h;
	struct deposit_put *p;
	struct archive *archive;
	struct keystore *ks;
	struct signing_key *key; /* the manifest's */
	struct cert_list chain;
	struct event_home *events;
	struct buf record; /* deposit.json */
	struct archive_input input[DEPOSIT_EVIDENCE + 2];
	size_t inputs;
	struct archive_recipient to[MANIFEST_RECIPIENTS];
	uint8_t ski[MANIFEST_RECIPIENTS][KEY_ID_SIZE];
	struct draft *draft;
	bool listed; /* signatures, found in a document of this hash: */
	uint8_t judged[SHA256_SIZE];
};

/* Open a file to be deposited and describe it. */
static enum deed_status add_file(struct making *m, const char *path,
				 const char *name, struct deed_error *err)
{
	struct archive_input *in = &m->input[m->inputs];
	enum deed_status status;
	struct stat st;
	int fd;

	status = file_open_regular(path, &fd, err);
	if (status != DEED_OK)
		return status;
	in->fd = fd;
	m->inputs++;
	if (fstat(fd, &st) != 0)
		return deed_error_errno(err, errno, "cannot read '%s'", path);
	in->name = name;
	in->size = (uint64_t)st.st_size;
	in->mtime = st.st_mtime;
	return DEED_OK;
}

/* The index of the deposit is a file too. */
static enum deed_status check_name(const struct making *m, size_t i,
				   struct deed_error *err)
{
	const char *name = m->input[i].name;
	bool taken = !strcmp(name, INDEX_NAME);
	size_t j;

	for (j = 0; j < i; j++)
		taken = taken || !strcmp(name, m->input[j].name);
	if (!taken)
		return DEED_OK;
	return deed_error_set(err, DEED_USAGE,
			      "two files of a deposit would be called '%s'",
			      name);
}

static enum deed_status add_files(struct making *m, struct deed_error *err)
{
	const struct deposit_put *p = m->p;
	enum deed_status status;
	size_t i;

	m->input[0] = (struct archive_input){ .name = DEPOSIT_RECORD,
					      .mtime = p->now,
					      .fd = -1 };
	m->inputs = 1;
	if (p->evidence_count > DEPOSIT_EVIDENCE)
		return deed_error_set(err, DEED_LIMIT,
				      "over %d files beside a document",
				      DEPOSIT_EVIDENCE);
	status = add_file(m, p->path, p->name, err);
	for (i = 0; i < p->evidence_count && status == DEED_OK; i++)
		status = add_file(m, p->evidence[i], path_base(p->evidence[i]),
				  err);
	for (i = 0; i < m->inputs && status == DEED_OK; i++)
		status = check_name(m, i, err);
	return status;
}

static int set_time(json_t *json, const char *key, bool given, int64_t t)
{
	char text[CLOCK_TEXT];

	if (!given)
		return 0;
	clock_format(t, text);
	return json_object_set_new(json, key, json_string(text));
}

/* Who has signed it and when, by its intact signatures: what they are worth
 * is a matter of "deed verify".  Of which bytes that was found is noted. */
static enum deed_status add_signatures(struct making *m, json_t *json,
				       struct deed_error *err)
{
	struct judge_params params = { .at = m->p->now,
				       .documents_only = true };
	struct verdict_document *doc = NULL;
	json_t *list = json_array();
	int failed = 0;
	size_t i;

	/* Without a verdict it is no document that can be signed. */
	if (parser_new(&params.parser, NULL) == DEED_OK)
		(void)!judge_intact_fd(m->input[DOCUMENT].fd, m->p->path,
				       &params, &doc, NULL);
	for (i = 0; doc != NULL && i < doc->signature_count; i++) {
		const struct verdict_signature *one = &doc->signatures[i];
		json_t *item;

		if (one->integrity != INTEGRITY_INTACT || !one->has_signer)
			continue;
		item = json_pack("{s:o, s:s*}", "certificate",
				 json_sha256(one->certificate), "name",
				 one->name);
		failed |= set_time(item, "time", one->has_signing_time,
				   one->signing_time);
		failed |= json_array_append_new(list, item);
	}
	m->listed = json_array_size(list) > 0;
	if (m->listed) {
		memcpy(m->judged, doc->sha256, SHA256_SIZE);
		failed |= json_object_set(json, "signatures", list);
	}
	verdict_document_free(doc);
	parser_free(params.parser);
	json_decref(list);
	return failed ? deed_error_memory(err) : DEED_OK;
}

/* Who sent it, to whom, when: inside what is encrypted. */
static enum deed_status write_record(struct making *m, struct deed_error *err)
{
	const struct deposit_put *p = m->p;
	json_t *parties = json_array(), *json;
	enum deed_status status;
	int failed = 0;
	size_t i;

	for (i = 0; i < p->party_count; i++)
		failed |= json_array_append_new(
			parties, json_pack("{s:s, s:o}", "name",
					   p->party[i].name, "certificate",
					   json_sha256(cert_sha256(
						   p->party[i].certificate))));
	json = json_pack("{s:s, s:s, s:o}", "schema", DEPOSIT_SCHEMA,
			 "document", p->name, "recipients", parties);
	if (json == NULL || failed)
		return deed_error_memory(err);
	if (p->sender != NULL)
		failed |= json_object_set_new(json, "sender",
					      json_string(p->sender));
	if (p->label != NULL)
		failed |= json_object_set_new(json, "label",
					      json_string(p->label));
	failed |= set_time(json, "signed", p->has_signed, p->signed_at);
	failed |= set_time(json, "sent", p->has_sent, p->sent_at);
	failed |= set_time(json, "received", p->has_received, p->received_at);
	failed |= set_time(json, "deposited", true, p->now);
	status = failed ? deed_error_memory(err) : add_signatures(m, json, err);
	if (status == DEED_OK)
		status = json_canonical(json, &m->record, err);
	buf_byte(&m->record, '\n');
	if (status == DEED_OK)
		status = buf_status(&m->record, err);
	json_decref(json);
	m->input[0].bytes = buf_get(&m->record);
	m->input[0].size = m->record.len;
	return status;
}

/* The key identifier of the certificate; without one that of the key. */
static enum deed_status add_recipients(struct making *m, struct deed_error *err)
{
	const struct deposit_put *p = m->p;
	size_t i, j;

	if (p->party_count == 0 || p->party_count > MANIFEST_RECIPIENTS)
		return deed_error_set(err, DEED_USAGE,
				      "a deposit has 1 to %d parties",
				      MANIFEST_RECIPIENTS);
	for (i = 0; i < p->party_count; i++) {
		const struct cert *c = p->party[i].certificate;
		const struct cert_fields *f = cert_fields(c);
		struct archive_recipient *to = &m->to[i];

		for (j = 0; j < i; j++)
			if (cert_equal(c, p->party[j].certificate))
				return deed_error_set(err, DEED_USAGE,
						      "'%s' and '%s' are the "
						      "same party",
						      p->party[j].name,
						      p->party[i].name);
		memcpy(to->certificate, cert_sha256(c), SHA256_SIZE);
		to->spki = f->spki;
		to->key_id = f->subject_key_id;
		if (to->key_id.len == 0 && spki_key_id(f->spki, m->ski[i]))
			to->key_id = slice_of(m->ski[i], KEY_ID_SIZE);
	}
	return DEED_OK;
}

static enum deed_status open_manifest_key(struct making *m,
					  struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status;
	char *path = NULL;

	status = keystore_open(m->h->keystore, &m->ks, err);
	if (status == DEED_OK)
		status = keystore_manifest_key(m->ks, &m->key, err);
	if (status == DEED_OK)
		status = keystore_manifest_chain_path(m->ks, &path, err);
	if (status == DEED_OK)
		status = file_read(path, CERT_MAX_SIZE, &text, err);
	if (status == DEED_OK)
		status = cert_list_load(&m->chain, buf_get(&text), path, err);
	buf_clear(&text);
	free(path);
	return status;
}

static enum deed_status prepare(struct making *m, struct deed_error *err)
{
	enum deed_status status;

	status = add_recipients(m, err);
	if (status == DEED_OK)
		status = add_files(m, err);
	if (status == DEED_OK)
		status = write_record(m, err);
	if (status == DEED_OK)
		status = open_manifest_key(m, err);
	if (status == DEED_OK)
		status = home_events_open(m->h, m->p->wait, &m->events, err);
	if (status == DEED_OK)
		status = archive_open(m->h->archive, &m->archive, err);
	return status;
}

static enum deed_status put_segments(struct making *m, struct deed_error *err)
{
	const struct archive_order order = { .input = m->input,
					     .input_count = m->inputs,
					     .to = m->to,
					     .to_count = m->p->party_count,
					     .jobs = m->p->jobs };

	return archive_put(m->archive, &order, &m->draft, err);
}

/* Whose signatures are listed is what was stored: it was read twice. */
static enum deed_status compare_listed(const struct making *m,
				       struct deed_error *err)
{
	if (!m->listed ||
	    !memcmp(m->judged, draft_sha256(m->draft, DOCUMENT), SHA256_SIZE))
		return DEED_OK;
	return deed_error_set(err, DEED_IO, "'%s' changed while it was read",
			      m->p->path);
}

static enum deed_status sign_manifest(struct making *m, struct buf *cms,
				      struct deed_error *err)
{
	json_t *json = NULL;
	uint8_t id[SHA256_SIZE];
	enum deed_status status;

	status = manifest_to_json(draft_manifest(m->draft), &json, err);
	if (status == DEED_OK)
		status = manifest_payload(draft_manifest(m->draft), id, err);
	if (status == DEED_OK)
		status = statement_sign(
			json, m->key,
			(const struct cert *const *)m->chain.items,
			m->chain.count, m->p->now, cms, err);
	json_decref(json);
	if (status == DEED_OK)
		hex_text(slice_of(id, SHA256_SIZE), m->p->id);
	return status;
}

/* An event_locked_fn: what carries a checkpoint is signed under the lock. */
static enum deed_status publish(void *arg, struct event *ev, uint64_t first,
				struct slice checkpoint, struct deed_error *err)
{
	struct making *m = arg;
	struct manifest *manifest = draft_manifest(m->draft);
	struct object_name o = { .kind = OBJECT_MANIFEST, .number = 1 };
	char folder[2 * ARCHIVE_DEPOSIT + 1], name[PLACE_NAME + 1];
	char what[sizeof(folder) + sizeof(name)];
	struct buf cms = BUF_INIT;
	enum deed_status status;

	(void)first;
	manifest->checkpoint =
		strndup((const char *)checkpoint.data, checkpoint.len);
	if (manifest->checkpoint == NULL)
		return deed_error_memory(err);
	status = sign_manifest(m, &cms, err);
	if (status == DEED_OK) {
		sha256(buf_get(&cms), o.sha256);
		manifest_folder(manifest, folder);
		object_format(&o, name);
		snprintf(what, sizeof(what), "%s/%s", folder, name);
		status = event_hash(ev, 0, "manifest", o.sha256, err);
	}
	if (status == DEED_OK)
		status = event_publish(ev, 0, what, buf_get(&cms), err);
	buf_clear(&cms);
	return status;
}

/* Each party learns its own name and the document; nobody the others'. */
static enum deed_status add_parties(struct making *m, struct event *ev,
				    int entry, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char text[2 * SHA256_SIZE + 1];
	size_t i;
	int party;

	for (i = 0; i < m->p->party_count && status == DEED_OK; i++) {
		const struct dropbox_reader reader = { .ski = m->to[i].key_id,
						       .spki = m->to[i].spki };

		status = event_party(ev, &reader, &party, err);
		if (status == DEED_OK)
			status = event_commit(ev, entry, party, "party",
					      slice_str(m->p->party[i].name),
					      err);
	}
	hex_text(slice_of(draft_sha256(m->draft, DOCUMENT), SHA256_SIZE), text);
	if (status == DEED_OK)
		status = event_commit(ev, entry, EVENT_ALL, "document",
				      slice_str(text), err);
	return status;
}

static enum deed_status commit(struct making *m, struct deed_error *err)
{
	struct event *ev = NULL;
	enum deed_status status;
	int entry;

	status = event_begin(m->events, m->p->now, &ev, err);
	if (status == DEED_OK)
		status = event_entry(ev, "deposit", &entry, err);
	if (status == DEED_OK)
		status = add_parties(m, ev, entry, err);
	if (status == DEED_OK)
		status = event_finish(ev, publish, m, &m->p->log_index, err);
	event_free(ev);
	return status;
}

static enum deed_status complete(struct making *m, struct deed_error *err)
{
	struct manifest *manifest = draft_manifest(m->draft);
	enum deed_status status = DEED_OK;

	manifest->deposited = m->p->now;
	m->p->size = manifest_size(manifest);
	if (m->p->label != NULL) {
		manifest->has_label = true;
		status =
			deposit_label(m->ks, m->p->label, manifest->label, err);
	}
	return status;
}

static void clear(struct making *m)
{
	size_t i;

	for (i = 1; i < m->inputs; i++)
		(void)close(m->input[i].fd);
	archive_close(m->archive);
	home_events_close(m->events);
	cert_list_clear(&m->chain);
	signing_key_free(m->key);
	keystore_close(m->ks);
	buf_clear(&m->record);
}

/*
 * What became of a deposit whose transaction failed is the log's to say: it
 * may be logged and wait for the recovery.  If that can be done now, nothing
 * is left.
 */
static void settle_failed(struct making *m)
{
	archive_settle(m->archive, m->draft, DRAFT_UNSURE);
	if (event_recover(m->events, m->p->now, NULL) == DEED_OK)
		(void)!archive_sweep(m->archive, NULL);
}

/*
 * One deposit in 256, by chance, sees how far the log has been compared with
 * the catalogue, so that little is left to whoever asks for an id that is
 * none.  It is nobody's loss if it cannot.
 */
static void follow(struct making *m)
{
	struct catalogue *c = NULL;
	bool lacks;

	if (strncmp(m->p->id, "00", 2) != 0 ||
	    catalogue_open_as_is(m->archive, &c, NULL) != DEED_OK)
		return;
	(void)!deposit_follow(m->h, c, &lacks, NULL);
	catalogue_close(c);
}

static enum deed_status make(struct making *m, struct deed_error *err)
{
	enum deed_status status;

	status = event_recover(m->events, m->p->now, err);
	if (status == DEED_OK)
		status = archive_sweep(m->archive, err);
	if (status == DEED_OK)
		status = put_segments(m, err);
	if (status == DEED_OK)
		status = compare_listed(m, err);
	if (status == DEED_OK)
		status = complete(m, err);
	if (status != DEED_OK) {
		archive_settle(m->archive, m->draft, DRAFT_DISCARDED);
		return status;
	}
	status = commit(m, err);
	if (status == DEED_OK)
		archive_settle(m->archive, m->draft, DRAFT_PUBLISHED);
	else
		settle_failed(m);
	if (status == DEED_OK)
		follow(m);
	return status;
}

enum deed_status deposit_put(const struct home *h, struct deposit_put *p,
			     struct deed_error *err)
{
	struct making m = { .h = h, .p = p };
	enum deed_status status = prepare(&m, err);

	p->id[0] = '\0';
	if (status == DEED_OK && !p->dry_run)
		status = make(&m, err);
	clear(&m);
	return status;
}
