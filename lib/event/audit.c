/* SPDX-License-Identifier: Apache-2.0 */
#include "event/audit.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tlog/proof.h"
#include "tlog/tlog.h"
#include "codec/json.h"
#include "event/event_priv.h"
#include "event/openings.h"

#define PROOF_TYPE "deed.proof/1"

enum deed_status audit_key(const struct event_home *home,
			   struct note_verifier *v, struct deed_error *err)
{
	struct note_signer s;
	enum deed_status status = note_signer_read(home->log_key, &s, err);

	if (status != DEED_OK)
		return status;
	*v = s.verifier;
	note_signer_clear(&s);
	return DEED_OK;
}

/* The public key is taken from the signer's file, where it stands beside the
 * seed.  No lock is taken (event/audit.h). */
static enum deed_status open_log(const struct event_home *home,
				 struct tlog **log, struct deed_error *err)
{
	struct note_verifier v;
	enum deed_status status = audit_key(home, &v, err);

	*log = NULL;
	return status == DEED_OK ? tlog_open(home->audit, &v, log, err)
				 : status;
}

/* The log holds it, whatever it is: that it is no entry is a verdict on the
 * log and not a failure to read. */
static enum deed_status parse_entry(struct slice bytes, uint64_t index,
				    struct entry *e, struct deed_error *err)
{
	enum deed_status status = entry_parse(bytes, e, err);

	if (status == DEED_MALFORMED || status == DEED_LIMIT)
		status = deed_error_set(
			err, DEED_INCONSISTENT,
			"entry %" PRIu64 " is not one that deed writes", index);
	return status;
}

enum deed_status audit_entry(const struct event_home *home, uint64_t index,
			     struct entry *e, struct buf *bytes,
			     struct deed_error *err)
{
	struct tlog *log;
	struct buf text = BUF_INIT;
	enum deed_status status = open_log(home, &log, err);

	*e = (struct entry)ENTRY_INIT;
	if (status == DEED_OK)
		status = tlog_entry(log, index, &text, err);
	if (status == DEED_OK)
		status = parse_entry(buf_get(&text), index, e, err);
	if (status == DEED_OK && bytes != NULL) {
		buf_slice(bytes, buf_get(&text));
		status = buf_status(bytes, err);
	}
	tlog_close(log);
	buf_clear(&text);
	return status;
}

enum deed_status audit_openings(const struct event_home *home, uint64_t index,
				const struct entry *e,
				const struct audit_reader *reader, json_t **out,
				struct deed_error *err)
{
	struct openings_cache cache = OPENINGS_CACHE_INIT;
	enum deed_status status =
		openings_read(home, index, e, reader, &cache, out, err);

	openings_cache_clear(&cache);
	return status;
}

enum deed_status audit_walk(const struct event_home *home, uint64_t from,
			    uint64_t to, const struct audit_reader *reader,
			    audit_entry_fn *fn, void *arg,
			    struct deed_error *err)
{
	struct openings_cache cache = OPENINGS_CACHE_INIT;
	struct buf text = BUF_INIT;
	struct entry e = ENTRY_INIT;
	json_t *opened = NULL;
	struct tlog *log;
	uint64_t i;
	enum deed_status status = open_log(home, &log, err);

	if (status == DEED_OK && to > tlog_checkpoint(log)->size)
		to = tlog_checkpoint(log)->size;
	for (i = from; status == DEED_OK && i < to; i++) {
		buf_reset(&text);
		status = tlog_entry(log, i, &text, err);
		if (status == DEED_OK)
			status = parse_entry(buf_get(&text), i, &e, err);
		if (status == DEED_OK && reader != NULL)
			status = openings_read(home, i, &e, reader, &cache,
					       &opened, err);
		if (status == DEED_OK)
			status = fn(arg, i, &e, opened, err);
		entry_clear(&e);
		json_decref(opened);
		opened = NULL;
	}
	openings_cache_clear(&cache);
	buf_clear(&text);
	tlog_close(log);
	return status;
}

/* Those whose label is asked for; each label must be there. */
static enum deed_status select_openings(const json_t *all,
					const char *const *labels, size_t count,
					json_t *out, struct deed_error *err)
{
	json_t *opening;
	size_t i, k;
	bool found;

	for (i = 0; i < count; i++) {
		found = false;
		json_array_foreach(all, k, opening)
		{
			const char *label = json_get_string(opening, "label");

			if (label == NULL || strcmp(label, labels[i]) != 0)
				continue;
			found = true;
			if (!opening_listed(out, opening) &&
			    json_array_append(out, opening) != 0)
				return deed_error_memory(err);
		}
		if (!found)
			return deed_error_set(err, DEED_NO_KEY,
					      "this key opens no '%s' of the "
					      "entry",
					      labels[i]);
	}
	return DEED_OK;
}

enum deed_status audit_prove(const struct event_home *home, uint64_t index,
			     const char *const *labels, size_t label_count,
			     const struct audit_reader *reader, struct buf *out,
			     struct deed_error *err)
{
	struct proof_file p = PROOF_FILE_INIT;
	struct entry e = ENTRY_INIT;
	struct buf text = BUF_INIT;
	json_t *all = NULL, *chosen = json_array(), *extra = NULL;
	struct tlog *log;
	enum deed_status status = open_log(home, &log, err);

	if (status == DEED_OK)
		status = tlog_entry(log, index, &text, err);
	if (status == DEED_OK)
		status = parse_entry(buf_get(&text), index, &e, err);
	if (status == DEED_OK)
		status = tlog_prove(log, index, &p.proof, err);
	if (status == DEED_OK && label_count > 0)
		status = audit_openings(home, index, &e, reader, &all, err);
	if (status == DEED_OK)
		status = select_openings(all, labels, label_count, chosen, err);
	if (status != DEED_OK)
		goto out;
	extra = json_pack("{s:s,s:s%,s:O}", "type", PROOF_TYPE, "entry",
			  (const char *)text.data, text.len, "openings",
			  chosen);
	status = extra == NULL ? deed_error_memory(err)
			       : json_canonical(extra, &p.extra, err);
	if (status == DEED_OK) {
		p.index = index;
		p.checkpoint = tlog_checkpoint_note(log);
		proof_format_inclusion(&p, out);
		status = buf_status(out, err);
	}
out:
	json_decref(extra);
	json_decref(chosen);
	json_decref(all);
	entry_clear(&e);
	buf_clear(&text);
	proof_file_clear(&p);
	tlog_close(log);
	return status;
}

/* Every opening that a proof carries must be of its entry. */
static enum deed_status check_openings(const json_t *list,
				       const struct entry *e,
				       struct deed_error *err)
{
	const json_t *opening;
	size_t i;

	json_array_foreach(list, i, opening) if (
		!opening_holds(
			opening,
			e)) return deed_error_set(err, DEED_INCONSISTENT,
						  "an opening in the proof is "
						  "of "
						  "another entry or value");
	return DEED_OK;
}

/* The entry in a proof's extra line; NULL where that is not as we write it. */
static const char *read_extra(const json_t *extra)
{
	const char *type = json_get_string(extra, "type");
	const char *text = json_get_string(extra, "entry");

	if (type == NULL || strcmp(type, PROOF_TYPE) != 0 || text == NULL ||
	    strlen(text) > TLOG_ENTRY_MAX || json_object_size(extra) != 3 ||
	    !json_is_array(json_object_get(extra, "openings")))
		return NULL;
	return text;
}

enum deed_status audit_check_proof(struct slice bytes,
				   const struct note_verifier *v,
				   uint64_t *index, struct checkpoint *c,
				   struct entry *entry, json_t **openings_out,
				   struct deed_error *err)
{
	struct proof_file p = PROOF_FILE_INIT;
	struct tree_hash leaf, root;
	json_t *extra = NULL, *list;
	const char *text = NULL;
	enum deed_status status;

	*entry = (struct entry)ENTRY_INIT;
	*openings_out = NULL;
	status = proof_parse_inclusion(bytes, &p, err);
	if (status == DEED_OK)
		status = checkpoint_open(p.checkpoint, v, c, err);
	if (status == DEED_OK)
		status = json_load_canonical(buf_get(&p.extra), &extra, err);
	if (status == DEED_OK) {
		text = read_extra(extra);
		if (text == NULL)
			status = deed_error_set(err, DEED_MALFORMED,
						"the proof does not carry its "
						"entry");
	}
	if (status != DEED_OK)
		goto out;
	*index = p.index;
	tree_leaf(slice_str(text), &leaf);
	memcpy(root.bytes, c->root, TREE_HASH);
	status = tree_check_inclusion(p.index, c->size, &leaf, &root, &p.proof,
				      err);
	if (status == DEED_OK)
		status = parse_entry(slice_str(text), p.index, entry, err);
	list = json_object_get(extra, "openings");
	if (status == DEED_OK)
		status = check_openings(list, entry, err);
	if (status == DEED_OK)
		*openings_out =
			json_is_array(list) ? json_incref(list) : json_array();
	if (status != DEED_OK)
		entry_clear(entry);
out:
	json_decref(extra);
	proof_file_clear(&p);
	return status;
}
