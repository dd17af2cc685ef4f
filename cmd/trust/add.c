/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <limits.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cmd/frame/output.h"
#include "cmd/trust/lists.h"
#include "office/party/trust_hold.h"

/*
 * deed trust add and update: whose list counts is said once, and every later
 * list of that name is held against it.
 */
struct add_args {
	struct option_list list_signer;
	const char *as;
};

static const struct option add_options[] = {
	{ OPTION_LIST(struct add_args, list_signer), .name = "list-signer",
	  .argument = "CERT", .complete = COMPLETE_FILE, .required = true,
	  .help = "whose signature counts, now and later" },
	{ OPTION_TEXT(struct add_args, as), .name = "as", .argument = "NAME",
	  .required = true, .help = "hold it under this name" },
	{ 0 }
};

/* The entry is of now, whatever --at says: that is when the list is to be
 * good, not when it was held.  A list that is held already writes nothing. */
static enum deed_status take(struct session *s, const struct home *home,
			     const struct held_offer *offer, json_t *lists,
			     struct deed_error *err)
{
	struct trust_hold hold = { .offer = *offer,
				   .dry_run = s->dry_run,
				   .now = clock_now(),
				   .wait = (unsigned)s->wait };
	struct buf text = BUF_INIT;
	enum deed_status status = trust_hold(home, &hold, err);
	bool logged = hold.news != HELD_NOTHING && !s->dry_run;
	json_t *o;

	if (status == DEED_OK) {
		o = lists_held_json(hold.list);
		(void)json_object_set_new(o, "changed",
					  json_boolean(hold.news == HELD_LIST));
		if (logged)
			(void)json_object_set_new(
				o, "log_index",
				json_integer((json_int_t)hold.index));
		(void)json_array_append_new(lists, o);
		lists_text(hold.list->statement->list, &text);
	}
	if (status == DEED_OK && !text.failed)
		session_say(s, "%s '%s': %s",
			    hold.news != HELD_LIST ? "held already:"
			    : s->dry_run	   ? "would hold"
						   : "held:",
			    hold.list->name, (const char *)text.data);
	buf_clear(&text);
	held_list_free(hold.list);
	return status;
}

/* From a file: where it is, so that an update finds it from anywhere. */
static char *origin(const char *from)
{
	char *path = strstr(from, "://") != NULL ? NULL : realpath(from, NULL);

	return path != NULL ? path : strdup(from);
}

/* Just one signer is pinned, for every later list is held against it.  The
 * list is fetched before the home is opened, so that nothing waits for a
 * server. */
static enum deed_status run_add(struct session *s, const void *args,
				struct deed_error *err)
{
	const struct add_args *a = args;
	struct cert_list signers = CERT_LIST_INIT;
	struct buf der = BUF_INIT;
	struct held_offer offer = { .name = a->as, .at = s->now };
	struct home *home = NULL;
	json_t *lists = json_array();
	char *from = origin(s->operand[0]);
	enum deed_status status;

	status = from == NULL
			 ? deed_error_memory(err)
			 : lists_certificates(&a->list_signer, &signers, err);
	if (status == DEED_OK && signers.count != 1)
		status = deed_error_set(err, DEED_USAGE,
					"one list signer is pinned, and %zu "
					"certificates were given",
					signers.count);
	if (status == DEED_OK)
		status = lists_fetch(s, s->operand[0], &der, err);
	if (status == DEED_OK)
		status = session_open_home(s, &home, err);
	if (status == DEED_OK) {
		offer.der = buf_get(&der);
		offer.from = from;
		offer.signer = signers.items[0];
		status = take(s, home, &offer, lists, err);
	}
	output_set(s, "lists", lists);
	home_close(home);
	buf_clear(&der);
	cert_list_clear(&signers);
	free(from);
	return status;
}

const struct command command_trust_add = {
	.name = "trust add",
	.operands = "FILE | URL",
	.summary = "hold a trust list, and pin its signer",
	.options = add_options,
	.args_size = sizeof(struct add_args),
	.flags = COMMAND_HOME | COMMAND_WRITES | COMMAND_AT,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_FILE,
	.run = run_add,
};

/* From where the list that is held says it came; the signer is the pinned one,
 * and the command line cannot name another. */
static enum deed_status update_one(struct session *s, const char *name,
				   json_t *lists, struct deed_error *err)
{
	struct held_list *held = NULL;
	struct home *home = NULL;
	struct buf der = BUF_INIT;
	enum deed_status status = session_open_home(s, &home, err);

	if (status == DEED_OK)
		status = held_list_read(home->trust, name, &held, err);
	/* Nothing is locked while a server is asked. */
	if (status == DEED_OK)
		status = lists_fetch(s, held->from, &der, err);
	if (status == DEED_OK) {
		const struct held_offer offer = { .name = name,
						  .der = buf_get(&der),
						  .from = held->from,
						  .at = s->now };

		status = take(s, home, &offer, lists, err);
	}
	home_close(home);
	held_list_free(held);
	buf_clear(&der);
	return status;
}

/* Each on its own; what failed is told, and the rest goes on. */
static enum deed_status update_all(struct session *s, const char *const *names,
				   size_t count, json_t *lists)
{
	enum deed_status worst = DEED_OK;

	for (size_t i = 0; i < count; i++) {
		struct deed_error err = DEED_ERROR_INIT;
		enum deed_status status = update_one(s, names[i], lists, &err);

		if (status == DEED_OK)
			continue;
		session_error(s, names[i], &err);
		worst = worst == DEED_OK || worst == status ? status
							    : DEED_MIXED;
	}
	return worst;
}

/* Names first and then each list on its own, with the home opened for it: a
 * list that fails leaves the others updated. */
static enum deed_status run_update(struct session *s, const void *args,
				   struct deed_error *err)
{
	struct home *home = NULL;
	char **names = NULL;
	size_t count = 0;
	json_t *lists = json_array();
	enum deed_status status = session_open_home(s, &home, err);

	(void)args;
	if (status == DEED_OK && s->operand_count == 0)
		status = held_list_names(home->trust, &names, &count, err);
	home_close(home);
	if (status == DEED_OK)
		status = s->operand_count > 0
				 ? update_all(s, s->operand, s->operand_count,
					      lists)
				 : update_all(s, (const char *const *)names,
					      count, lists);
	output_set(s, "lists", lists);
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
	return status;
}

const struct command command_trust_update = {
	.name = "trust update",
	.operands = "[NAME ...]",
	.summary = "fetch the trust lists that are held again",
	.flags = COMMAND_HOME | COMMAND_WRITES | COMMAND_AT,
	.max_operands = COMMAND_MANY,
	.run = run_update,
};
