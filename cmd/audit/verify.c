/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/file.h"
#include "cmd/audit/audit.h"
#include "cmd/frame/output.h"
#include "office/deposit/deposit_audit.h"
#include "office/party/heads.h"

/* A proof has a limit of its own; a manifest of a large deposit is longer. */
#define AGAINST_MAX (64U << 20)

struct verify_args {
	struct option_list against;
	const char *key;
};

static const struct option options[] = {
	{ OPTION_LIST(struct verify_args, against), .name = "against",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "compare with a proof, checkpoint, manifest or receipt that "
		  "was kept elsewhere; repeatable" },
	{ OPTION_TEXT(struct verify_args, key), .name = "key",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "judge proofs by this verifier key alone, without a home" },
	{ 0 }
};

static json_t *checkpoint_json(const struct checkpoint *c)
{
	return json_pack("{s:s,s:I,s:o?}", "origin", c->origin, "size",
			 (json_int_t)c->size, "root", output_sha256(c->root));
}

/* A note is a finding that leaves the log consistent.  With all that was
 * looked at, so that an answer of "consistent" says over how much. */
static void report(struct session *s, const struct audit_report *r)
{
	json_t *list = json_array();
	char time[CLOCK_TEXT];
	size_t i;

	for (i = 0; i < r->findings; i++) {
		const struct audit_finding *f = &r->finding[i];

		output_line(s, "%s: %s",
			    f->status == DEED_OK ? "note"
						 : deed_status_id(f->status),
			    f->message);
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:o?}", "status",
					deed_status_id(f->status), "id", f->id,
					"message", output_text(f->message)));
	}
	output_set(s, "findings", list);
	output_set(s, "checkpoint", checkpoint_json(&r->checkpoint));
	output_set(s, "entries", json_integer((json_int_t)r->entries));
	output_set(s, "voids", json_integer((json_int_t)r->voids));
	output_set(s, "records", json_integer((json_int_t)r->records));
	output_set(s, "timestamps", json_integer((json_int_t)r->timestamps));
	if (r->timestamps > 0) {
		clock_format(r->stamped, time);
		output_line(s,
			    "checkpoints with a time-stamp: %" PRIu64
			    ", the newest of %s",
			    r->timestamps, time);
		output_set(s, "timestamp", output_time(r->stamped));
	}
	output_set(s, "consistent",
		   json_boolean(audit_report_status(r) == DEED_OK));
}

static enum deed_status read_file(const char *path, struct buf *out,
				  struct deed_error *err)
{
	if (!strcmp(path, "-"))
		return file_read_fd(0, path, AGAINST_MAX, out, err);
	return file_read(path, AGAINST_MAX, out, err);
}

/* The parts that lie outside of the log are looked at only if the log itself
 * is sound, and what was kept elsewhere in any case: it may be what tells of a
 * log that was cut. */
static enum deed_status verify_home(struct session *s,
				    const struct verify_args *a,
				    struct deed_error *err)
{
	struct audit_report r = AUDIT_REPORT_INIT;
	struct audit_session as;
	struct buf bytes = BUF_INIT;
	enum deed_status status = audit_session_open(s, &as, err);
	size_t i;

	if (status == DEED_OK)
		status = audit_verify(as.log, &r, err);
	/* A log that says nothing cannot say what is the newest. */
	if (status == DEED_OK && audit_report_status(&r) == DEED_OK)
		status = heads_audit(as.home, as.log, s->now, &r, err);
	if (status == DEED_OK && audit_report_status(&r) == DEED_OK)
		status = deposit_audit(as.home, (unsigned)s->wait, s->now,
				       false, &r, err);
	for (i = 0; i < a->against.count && status == DEED_OK; i++) {
		buf_reset(&bytes);
		status = read_file(a->against.item[i], &bytes, err);
		if (status == DEED_OK)
			status = audit_against(as.log, buf_get(&bytes),
					       a->against.item[i], &r, err);
	}
	if (status == DEED_OK) {
		report(s, &r);
		status = audit_report_status(&r);
		if (status == DEED_OK)
			session_say(s,
				    "the log of %" PRIu64
				    " entries is consistent",
				    r.entries);
	}
	audit_report_clear(&r);
	buf_clear(&bytes);
	audit_session_close(&as);
	return status;
}

/* What a proof says of itself, and on whose word. */
static void show_proof(struct session *s, uint64_t index,
		       const struct checkpoint *c, const struct entry *e,
		       const json_t *openings, json_t *list)
{
	char time[CLOCK_TEXT];
	struct buf line = BUF_INIT;
	json_t *opening, *json;
	size_t i;

	clock_format(e->time, time);
	output_line(s, "entry %" PRIu64 " of %s: %s, %s", index, c->origin,
		    e->event, time);
	json_array_foreach(openings, i, opening)
	{
		audit_opening_text(opening, &line);
		buf_byte(&line, 0);
		if (!line.failed)
			output_line(s, "  %s", (const char *)line.data);
		buf_reset(&line);
	}
	buf_clear(&line);
	json = audit_entry_json(index, e, openings);
	if (json != NULL)
		json_object_set_new(json, "checkpoint", checkpoint_json(c));
	json_array_append_new(list, json);
}

/* By the verifier key alone, with no home: anybody who has a proof can do it.
 */
static enum deed_status check_one(struct session *s, const char *path,
				  const struct note_verifier *v, json_t *list,
				  struct deed_error *err)
{
	struct buf bytes = BUF_INIT;
	struct entry e = ENTRY_INIT;
	json_t *openings = NULL;
	struct checkpoint c;
	uint64_t index = 0;
	enum deed_status status = read_file(path, &bytes, err);

	if (status == DEED_OK) {
		status = audit_check_proof(buf_get(&bytes), v, &index, &c, &e,
					   &openings, err);
		if (status != DEED_OK)
			deed_error_prefix(err, "'%s'", path);
	}
	if (status == DEED_OK)
		show_proof(s, index, &c, &e, openings, list);
	entry_clear(&e);
	json_decref(openings);
	buf_clear(&bytes);
	return status;
}

/* A key says nothing without a proof.  The first that fails ends it, and those
 * before it are told. */
static enum deed_status verify_alone(struct session *s,
				     const struct verify_args *a,
				     struct deed_error *err)
{
	struct buf text = BUF_INIT;
	struct note_verifier v;
	json_t *list = json_array();
	enum deed_status status;
	size_t i;

	if (a->against.count == 0) {
		json_decref(list);
		return deed_error_set(err, DEED_USAGE,
				      "--key judges proofs: give --against");
	}
	status = file_read(a->key, NOTE_MAX, &text, err);
	if (status == DEED_OK) {
		status = note_verifier_parse(buf_get(&text), &v, err);
		if (status != DEED_OK)
			deed_error_prefix(err, "'%s'", a->key);
	}
	for (i = 0; i < a->against.count && status == DEED_OK; i++)
		status = check_one(s, a->against.item[i], &v, list, err);
	output_set(s, "proofs", list);
	buf_clear(&text);
	return status;
}

static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct verify_args *a = args;

	return a->key != NULL ? verify_alone(s, a, err)
			      : verify_home(s, a, err);
}

const struct command command_audit_verify = {
	.name = "audit verify",
	.operands = "",
	.summary = "check the log, also against what was kept elsewhere",
	.options = options,
	.args_size = sizeof(struct verify_args),
	.flags = COMMAND_HOME,
	.run = run,
};
