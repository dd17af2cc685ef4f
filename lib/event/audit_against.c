/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "tlog/proof.h"
#include "tlog/tlog.h"
#include "cms/signed.h"
#include "codec/json.h"
#include "event/audit.h"
#include "event/event_priv.h"

/* What was kept of the log elsewhere, held against it. */

/* The checkpoint that JSON carries; and that of a statement, whose signature
 * says nothing about the log and is judged elsewhere. */
static enum deed_status json_checkpoint(struct slice text, struct buf *out,
					struct deed_error *err)
{
	json_t *json = NULL;
	const char *note;
	enum deed_status status = json_load_bounded(text, &json, err);

	if (status != DEED_OK)
		return status;
	note = json_get_string(json, "checkpoint");
	if (note == NULL)
		status = deed_error_set(err, DEED_MALFORMED,
					"it carries no checkpoint");
	else
		buf_str(out, note);
	json_decref(json);
	return status == DEED_OK ? buf_status(out, err) : status;
}

/* Only the checkpoint is taken out: it is signed itself, and audit_against
 * holds it against the log. */
static enum deed_status statement_checkpoint(struct slice der, struct buf *out,
					     struct deed_error *err)
{
	struct cms_signed *sd = NULL;
	enum deed_status status = cms_signed_parse(der, &sd, err);

	if (status != DEED_OK)
		return status;
	if (sd->has_content)
		status = json_checkpoint(sd->content, out, err);
	else
		status = deed_error_set(err, DEED_MALFORMED,
					"it carries no checkpoint");
	cms_signed_free(sd);
	return status;
}

enum deed_status audit_find_checkpoint(struct slice bytes, struct buf *out,
				       struct deed_error *err)
{
	struct proof_file p = PROOF_FILE_INIT;
	enum deed_status status;

	if (bytes.len > 0 && bytes.data[0] == 0x30)
		return statement_checkpoint(bytes, out, err);
	if (bytes.len > 0 && bytes.data[0] == '{')
		return json_checkpoint(bytes, out, err);
	if (proof_is_inclusion(bytes)) {
		status = proof_parse_inclusion(bytes, &p, err);
		buf_slice(out, p.checkpoint);
	} else if (bytes.len > 4 && !memcmp(bytes.data, "old ", 4)) {
		status = proof_parse_consistency(bytes, &p, err);
		buf_slice(out, p.checkpoint);
	} else {
		status = DEED_OK;
		buf_slice(out, bytes);
	}
	proof_file_clear(&p);
	return status == DEED_OK ? buf_status(out, err) : status;
}

/* Is the entry that this log has at the proof's index the one proven? */
static enum deed_status compare_proof(struct tlog *log, struct slice bytes,
				      const struct checkpoint *c,
				      struct deed_error *err)
{
	struct proof_file p = PROOF_FILE_INIT;
	struct buf entry = BUF_INIT;
	struct tree_hash leaf, root;
	enum deed_status status = proof_parse_inclusion(bytes, &p, err);

	if (status == DEED_OK && p.index >= c->size)
		status = deed_error_set(err, DEED_INCONSISTENT,
					"the proof is of an entry that its "
					"checkpoint does not cover");
	if (status == DEED_OK)
		status = tlog_entry(log, p.index, &entry, err);
	if (status == DEED_OK) {
		tree_leaf(buf_get(&entry), &leaf);
		memcpy(root.bytes, c->root, TREE_HASH);
		status = tree_check_inclusion(p.index, c->size, &leaf, &root,
					      &p.proof, err);
	}
	if (status == DEED_INCONSISTENT)
		deed_error_prefix(err, "entry %" PRIu64, p.index);
	buf_clear(&entry);
	proof_file_clear(&p);
	return status;
}

static enum deed_status report_good(struct audit_report *r, uint64_t size,
				    const char *name, struct deed_error *err)
{
	char message[sizeof(r->finding->message)];

	(void)snprintf(message, sizeof(message),
		       "the log begins with the %" PRIu64 " entries of '%s'",
		       size, name);
	return audit_report_add(r, DEED_OK, "against", message, err);
}

enum deed_status audit_against(const struct event_home *home,
			       struct slice bytes, const char *name,
			       struct audit_report *r, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct buf note = BUF_INIT;
	struct note_verifier key;
	struct checkpoint c;
	struct tlog *log = NULL;
	enum deed_status status = audit_find_checkpoint(bytes, &note, &why);

	if (status == DEED_OK)
		status = audit_key(home, &key, &why);
	if (status == DEED_OK)
		status = checkpoint_open(buf_get(&note), &key, &c, &why);
	if (status == DEED_MALFORMED || status == DEED_LIMIT) {
		if (err != NULL)
			*err = why;
		deed_error_prefix(err, "'%s'", name);
		buf_clear(&note);
		return status;
	}
	/* Another log, or this one under a new key, is not what was kept. */
	if (status == DEED_NO_SIGNATURE)
		status = DEED_INCONSISTENT;
	if (status == DEED_OK) {
		status = tlog_open(home->audit, &key, &log, &why);
		if (status == DEED_MALFORMED || status == DEED_NO_SIGNATURE)
			status = DEED_INCONSISTENT;
	}
	if (status == DEED_OK)
		status = tlog_contains(log, &c, &why);
	if (status == DEED_OK && proof_is_inclusion(bytes))
		status = compare_proof(log, bytes, &c, &why);
	if (status == DEED_OK)
		status = report_good(r, c.size, name, err);
	else
		status = audit_report_judge(r, status, "against", name, &why,
					    err);
	tlog_close(log);
	buf_clear(&note);
	return status;
}
