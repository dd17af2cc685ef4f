/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_group.h"

#include <stdlib.h>

#include "codec/hex.h"
#include "codec/json.h"
#include "office/deposit/deposit_find.h"
#include "office/deposit/deposit_tree.h"

/* What goes into one transaction. */
struct committing {
	struct deposit_group *g;
	struct deposit_made **made;
	int *entry;
	size_t count;
};

/* The id is the hash of the payload, that is of what is signed and not of the
 * signature: it can be checked by whoever has the manifest. */
static enum deed_status sign_manifest(const struct deposit_group *g,
				      struct deposit_made *made,
				      struct buf *cms, struct deed_error *err)
{
	json_t *json = NULL;
	uint8_t id[SHA256_SIZE];
	enum deed_status status;

	status = manifest_to_json(draft_manifest(made->draft), &json, err);
	if (status == DEED_OK)
		status = manifest_payload(json, id, err);
	if (status == DEED_OK)
		status = deposit_signer_sign(&g->signer, json, g->order->now,
					     cms, err);
	json_decref(json);
	if (status == DEED_OK)
		hex_text(slice_of(id, SHA256_SIZE), made->id);
	return status;
}

/* The manifest holds the checkpoint, so that who opens the deposit in ten
 * years can prove that the log has it. */
static enum deed_status publish_one(const struct deposit_group *g,
				    struct deposit_made *made, struct event *ev,
				    int entry, struct slice checkpoint,
				    struct deed_error *err)
{
	struct manifest *manifest = draft_manifest(made->draft);
	struct buf cms = BUF_INIT, what = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;

	manifest->checkpoint =
		strndup((const char *)checkpoint.data, checkpoint.len);
	if (manifest->checkpoint == NULL)
		return deed_error_memory(err);
	status = sign_manifest(g, made, &cms, err);
	if (status == DEED_OK) {
		sha256(buf_get(&cms), hash);
		status = event_hash(ev, entry, "manifest", hash, err);
	}
	if (status == DEED_OK) {
		draft_what(made->draft, hash, &what);
		buf_byte(&what, 0);
		status = buf_status(&what, err);
	}
	if (status == DEED_OK)
		status = event_publish(ev, entry, (const char *)what.data,
				       buf_get(&cms), err);
	buf_clear(&what);
	buf_clear(&cms);
	return status;
}

/* An event_locked_fn: what carries a checkpoint is signed under the lock. */
static enum deed_status publish(void *arg, struct event *ev, uint64_t first,
				struct slice checkpoint, struct deed_error *err)
{
	const struct committing *c = arg;
	enum deed_status status = DEED_OK;
	size_t i;

	(void)first;
	for (i = 0; i < c->count && status == DEED_OK; i++)
		status = publish_one(c->g, c->made[i], ev, c->entry[i],
				     checkpoint, err);
	return status;
}

/* Of one document its hash and its name; of a pack the root of the tree over
 * all. */
static enum deed_status commit_documents(const struct deposit_made *made,
					 struct event *ev, int entry,
					 struct deed_error *err)
{
	const struct manifest *m = draft_manifest(made->draft);
	const uint8_t *first = draft_sha256(made->draft, DEPOSIT_DOCUMENT);
	enum deed_status status = DEED_OK;
	struct deposit_tree *tree = NULL;
	char text[2 * SHA256_SIZE + 1];
	struct tree_hash root;

	hex_text(slice_of(first, SHA256_SIZE), text);
	if (m->documents == 0) {
		status = event_commit(ev, entry, EVENT_ALL, "document",
				      slice_str(text), err);
		if (status == DEED_OK && made->file != NULL)
			status = event_commit(ev, entry, EVENT_ALL, "file",
					      slice_str(made->file), err);
		return status;
	}
	status = deposit_tree_new(draft_salt(made->draft), first, m->documents,
				  &tree, err);
	if (status == DEED_OK)
		status = deposit_tree_root(tree, &root, err);
	deposit_tree_free(tree);
	if (status != DEED_OK)
		return status;
	hex_text(slice_of(root.bytes, sizeof(root.bytes)), text);
	return event_commit(ev, entry, EVENT_ALL, "documents", slice_str(text),
			    err);
}

/* Each party learns its own name and the document; nobody the others'. */
static enum deed_status add_entry(const struct deposit_group *g,
				  const struct deposit_made *made,
				  struct event *ev, const int *party,
				  int *entry, struct deed_error *err)
{
	const struct deposit_order *o = g->order;
	enum deed_status status;
	size_t i;

	status = event_entry(ev, "deposit", entry, err);
	for (i = 0; i < o->party_count && status == DEED_OK; i++)
		status = event_commit(ev, *entry, party[i], "party",
				      slice_str(o->party[i].name), err);
	if (status == DEED_OK)
		status = commit_documents(made, ev, *entry, err);
	return status;
}

/* The parties are made known to the transaction once; every deposit of the
 * group refers to them, so that each party gets one record for all. */
static enum deed_status add_entries(const struct committing *c,
				    struct event *ev, struct deed_error *err)
{
	const struct deposit_group *g = c->g;
	enum deed_status status = DEED_OK;
	int party[MANIFEST_RECIPIENTS];
	size_t i;

	for (i = 0; i < g->order->party_count && status == DEED_OK; i++) {
		const struct dropbox_reader reader = { .ski = g->to[i].key_id,
						       .spki = g->to[i].spki };

		status = event_party(ev, &reader, &party[i], err);
	}
	for (i = 0; i < c->count && status == DEED_OK; i++)
		status = add_entry(g, c->made[i], ev, party, &c->entry[i], err);
	return status;
}

/* begun: a transaction was, so that only the log knows how it ended. */
static void settle(const struct committing *c, size_t i, bool begun,
		   enum deed_status status, const struct deed_error *err)
{
	struct deposit_made *made = c->made[i];
	enum draft_end end = DRAFT_PUBLISHED;

	made->status = status;
	if (status != DEED_OK) {
		made->error = *err;
		end = begun ? DRAFT_UNSURE : DRAFT_DISCARDED;
	}
	if (end == DRAFT_UNSURE)
		c->g->unsure = true;
	if (end == DRAFT_PUBLISHED)
		made->lacking_count = draft_lacking(made->draft, c->g->archive,
						    made->lacking);
	archive_settle(c->g->archive, made->draft, end);
	made->draft = NULL;
}

/* Were the entries logged although not all could be published? */
static bool partly(const struct committing *c, const struct event *ev)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		if (event_output_status(ev, c->entry[i]) != DEED_OK)
			return true;
	return false;
}

/* A failure after the entries were logged is not the group's: each deposit is
 * then asked for its own end, and one that could not be published is void
 * while the others stand. */
static void transact(const struct committing *c)
{
	struct deed_error err = DEED_ERROR_INIT;
	struct event *ev = NULL;
	enum deed_status status;
	uint64_t first = 0;
	bool logged;
	size_t i;

	status = event_begin(c->g->events, c->g->order->now, &ev, &err);
	if (status == DEED_OK)
		status = add_entries(c, ev, &err);
	if (status == DEED_OK)
		status = event_finish(ev, publish, (void *)(uintptr_t)c, &first,
				      &err);
	logged = status == DEED_OK || (ev != NULL && partly(c, ev));
	for (i = 0; i < c->count; i++) {
		struct deed_error why = err;
		enum deed_status own =
			logged ? event_output_why(ev, c->entry[i], &why)
			       : status;

		c->made[i]->log_index = first + (uint64_t)c->entry[i];
		settle(c, i, ev != NULL, own, &why);
	}
	event_free(ev);
}

/*
 * One deposit in 256, by chance, sees how far the log has been compared with
 * the catalogue, so that little is left to whoever asks for an id that is
 * none.  It is nobody's loss if it cannot.
 */
static void follow(const struct committing *c)
{
	struct catalogue *catalogue = NULL;
	bool lacks, chance = false;
	size_t i;

	for (i = 0; i < c->count; i++)
		chance = chance || (c->made[i]->status == DEED_OK &&
				    !strncmp(c->made[i]->id, "00", 2));
	if (!chance ||
	    catalogue_open_as_is(c->g->archive, &catalogue, NULL) != DEED_OK)
		return;
	(void)!deposit_follow(c->g->home, catalogue, &lacks, NULL);
	catalogue_close(catalogue);
}

/* Durable at the places; those that too few have are settled, and the others
 * are c's. */
static enum deed_status make_durable(struct committing *c,
				     struct deposit_made *const made[],
				     size_t count, struct deed_error *err)
{
	struct draft **drafts = calloc(count + 1, sizeof(struct draft *));
	size_t i;

	if (drafts == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++)
		drafts[i] = made[i]->draft;
	archive_sync(c->g->archive, drafts, count);
	free(drafts);
	for (i = 0; i < count; i++) {
		struct deed_error why = DEED_ERROR_INIT;
		enum deed_status own = draft_status(made[i]->draft, &why);

		c->entry[c->count] = -1;
		c->made[c->count] = made[i];
		if (own == DEED_OK)
			c->count++;
		else
			settle(c, c->count, false, own, &why);
	}
	return DEED_OK;
}

/* Durable first: the log never names a deposit whose parts are not on the
 * disks of enough places. */
void deposit_group_commit(struct deposit_group *g,
			  struct deposit_made *const made[], size_t count)
{
	struct committing c = { .g = g };
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status;
	size_t i;

	c.entry = calloc(count + 1, sizeof(*c.entry));
	c.made = calloc(count + 1, sizeof(struct deposit_made *));
	status = c.entry == NULL || c.made == NULL
			 ? deed_error_memory(&err)
			 : make_durable(&c, made, count, &err);
	for (i = 0; i < count && status != DEED_OK; i++) {
		made[i]->status = status;
		made[i]->error = err;
	}
	if (c.count > 0) {
		transact(&c);
		follow(&c);
	}
	free(c.entry);
	free(c.made);
}
