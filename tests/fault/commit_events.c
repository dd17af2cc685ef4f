/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program that changes a home as the commands do, for the tests that kill
 * it: event without keys, documents or archive.
 *
 *	commit_events init HOME
 *	commit_events commit HOME TEXT FILE...	an entry for each file
 *	commit_events publish HOME TEXT FILE	the same through publish
 *	commit_events recover HOME
 *	commit_events check HOME		the log's size, and findings
 *	commit_events entry HOME N		the bytes of an entry
 *
 * HOME/register.spki and HOME/party.spki are the readers' public keys.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "event/audit.h"
#include "event/event.h"

#define TIME INT64_C(1795435200)

struct place {
	char audit[512], identity[512], copy[512], key[512];
	struct buf reader, party;
	struct event_home home;
};

static int failed(const struct deed_error *err)
{
	(void)fprintf(stderr, "commit_events: %s\n", err->message);
	return deed_status_exit(err->status);
}

/* Writes the bytes to the path that what names: what is missing is done,
 * what is there is left alone. */
static enum deed_status publish_one(const char *what, struct slice bytes,
				    struct deed_error *err)
{
	struct buf there = BUF_INIT;
	enum deed_status status = DEED_OK;

	if (!file_exists(what)) {
		status = file_write(what, 0644, bytes, OUTFILE_NEW, err);
	} else {
		status = file_read(what, 1 << 20, &there, err);
		if (status == DEED_OK && !slice_equal(buf_get(&there), bytes))
			status = deed_error_set(err, DEED_EXISTS, "'%s' exists",
						what);
	}
	buf_clear(&there);
	return status;
}

static void publish(void *arg, const char *const *what,
		    const struct slice *bytes, enum deed_status *status,
		    size_t count, struct deed_error *err)
{
	size_t i;

	(void)arg;
	for (i = 0; i < count; i++)
		status[i] = publish_one(what[i], bytes[i], err);
}

static enum deed_status read_reader(const char *dir, const char *name,
				    struct buf *out, struct deed_error *err)
{
	char path[600];

	(void)snprintf(path, sizeof(path), "%s/%s.spki", dir, name);
	return file_read(path, 4096, out, err);
}

static enum deed_status open_place(const char *dir, struct place *p,
				   struct deed_error *err)
{
	enum deed_status status;

	memset(p, 0, sizeof(*p));
	(void)snprintf(p->audit, sizeof(p->audit), "%s/audit", dir);
	(void)snprintf(p->identity, sizeof(p->identity), "%s/box", dir);
	(void)snprintf(p->copy, sizeof(p->copy), "%s/copy", dir);
	(void)snprintf(p->key, sizeof(p->key), "%s/log.key", dir);
	status = read_reader(dir, "register", &p->reader, err);
	if (status == DEED_OK)
		status = read_reader(dir, "party", &p->party, err);
	p->home = (struct event_home){
		.audit = p->audit,
		.identity = p->identity,
		.copy = p->copy,
		.log_key = p->key,
		.register_reader = { .spki = buf_get(&p->reader) },
		.wait_seconds = 60,
		.publish = publish,
	};
	return status;
}

static enum deed_status add_file(struct event *ev, int entry, const char *path,
				 const char *text, bool to_publish,
				 struct deed_error *err)
{
	struct slice bytes = slice_str(text);
	struct outfile *out = NULL;
	enum deed_status status;

	if (to_publish)
		return event_publish(ev, entry, path, bytes, err);
	status = outfile_open(&out, path, 0644, err);
	if (status == DEED_OK)
		status = outfile_write(out, bytes.data, bytes.len, err);
	if (status == DEED_OK)
		status = event_output(ev, entry, &out, OUTFILE_NEW, NULL, err);
	outfile_free(out);
	return status;
}

static enum deed_status commit(struct place *p, const char *text,
			       char *const files[], int count, bool to_publish,
			       uint64_t *first, struct deed_error *err)
{
	struct dropbox_reader reader = { .spki = buf_get(&p->party) };
	struct event *ev = NULL;
	uint8_t hash[32];
	int party = 0, entry, i;
	enum deed_status status = event_recover(&p->home, TIME, err);

	if (status == DEED_OK)
		status = event_begin(&p->home, TIME, &ev, err);
	if (status == DEED_OK)
		status = event_party(ev, &reader, &party, err);
	for (i = 0; i < count && status == DEED_OK; i++) {
		status = event_entry(ev, "sign", &entry, err);
		if (status == DEED_OK)
			status = event_commit(ev, entry, party, "party",
					      slice_str("王小明"), err);
		sha256(slice_str(text), hash);
		if (status == DEED_OK)
			status =
				event_commit(ev, entry, EVENT_ALL, "document",
					     slice_of(hash, sizeof(hash)), err);
		if (status == DEED_OK)
			status = add_file(ev, entry, files[i], text, to_publish,
					  err);
	}
	if (status == DEED_OK)
		status = event_finish(ev, NULL, NULL, first, err);
	event_free(ev);
	return status;
}

static enum deed_status check(struct place *p, struct deed_error *err)
{
	struct audit_report r = AUDIT_REPORT_INIT;
	enum deed_status status = audit_verify(&p->home, &r, err);
	size_t i;

	if (status != DEED_OK)
		return status;
	printf("size %" PRIu64 " voids %" PRIu64 " records %" PRIu64 "\n",
	       r.checkpoint.size, r.voids, r.records);
	for (i = 0; i < r.findings; i++)
		printf("%s %s: %s\n", deed_status_id(r.finding[i].status),
		       r.finding[i].id, r.finding[i].message);
	status = audit_report_status(&r);
	audit_report_clear(&r);
	return status == DEED_OK ? DEED_OK
				 : deed_error_set(err, status, "not sound");
}

static enum deed_status print_entry(struct place *p, const char *number,
				    struct deed_error *err)
{
	struct entry e;
	struct buf bytes = BUF_INIT;
	enum deed_status status = audit_entry(
		&p->home, strtoull(number, NULL, 10), &e, &bytes, err);

	printf("%.*s\n", (int)bytes.len, (const char *)bytes.data);
	entry_clear(&e);
	buf_clear(&bytes);
	return status;
}

int main(int argc, char *argv[])
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status;
	struct place p;
	uint64_t first = 0;

	if (argc < 3)
		return 2;
	status = open_place(argv[2], &p, &err);
	if (status == DEED_OK && !strcmp(argv[1], "init"))
		status = event_create(&p.home, "deed/test", &err);
	else if (status == DEED_OK && argc > 4 && !strcmp(argv[1], "commit"))
		status = commit(&p, argv[3], argv + 4, argc - 4, false, &first,
				&err);
	else if (status == DEED_OK && argc > 4 && !strcmp(argv[1], "publish"))
		status = commit(&p, argv[3], argv + 4, argc - 4, true, &first,
				&err);
	else if (status == DEED_OK && !strcmp(argv[1], "recover"))
		status = event_recover(&p.home, TIME, &err);
	else if (status == DEED_OK && !strcmp(argv[1], "check"))
		status = check(&p, &err);
	else if (status == DEED_OK && argc > 3 && !strcmp(argv[1], "entry"))
		status = print_entry(&p, argv[3], &err);
	buf_clear(&p.reader);
	buf_clear(&p.party);
	return status == DEED_OK ? 0 : failed(&err);
}
