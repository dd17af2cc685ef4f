/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_BATCH_H
#define DEED_CMD_FRAME_BATCH_H

#include "cmd/frame/operands.h"
#include "cmd/frame/output.h"

/*
 * The same thing for every operand.  Items are worked on by --jobs threads,
 * reported in input order, and the batch goes on after a failure unless
 * --fail-fast.  Each item's object stands in the report's array.
 *
 *	for each item	name	 what is its output called
 *			already	 the output exists: is it done already?
 *			work	 do it (in a thread)
 *	for each group	commit	 make the group's outputs final, together
 *	for each item	release	 free item->data
 *
 * The exit code: that of the failures if they agree, 11 if they differ; with
 * verdict set, the worst in the order 1, 10, 5, 6, 8, 3, 4, 0.
 */
struct batch_item {
	struct session *session; /* for reading only */
	size_t index;
	const char *input;  /* as given, for messages */
	const char *path;   /* to be opened: standard input is spooled first */
	const char *output; /* to be written, NULL if the command has none */
	const char *output_name; /* for messages: "-" is standard output */
	bool replace; /* --force or --in-place: overwrite the output */
	bool product; /* is named as this command names its outputs: name may
		       * set it */

	int kind;	 /* the command's own, 0 at first: what name found */
	json_t *json;	 /* the item's object, from work to its report; "file"
			  * is set; add to it */
	struct buf text; /* standard output; add lines, names cleaned */
	struct buf said; /* its line of success, without newline */
	bool already;	 /* nothing to do: left alone */
	bool reported;	 /* for release: false where the batch stopped before */
	enum deed_status answer; /* a verdict that is no error: see verify */
	void *data;		 /* the command's own */

	/* The batch's own. */
	char *owned_path;
	char *owned_output;
	int spool;
	enum deed_status status;
	struct deed_error *error; /* of a failure; see batch_fail */
};

#define BATCH_AHEAD 12

/* The item has failed; err is copied.  For commit, whose other items have
 * not. */
void batch_fail(struct batch_item *item, enum deed_status status,
		const struct deed_error *err);

struct batch {
	const char *array; /* the report's field: "documents" */
	bool verdict;

	/* What was done to an item, in a word: "signed".  A batch then ends
	 * with a line that counts, and a list that names no file is done.
	 * NULL: such a list is DEED_NOT_FOUND. */
	const char *done;

	size_t group; /* items a commit, 0: 100 */

	/* Instead of the command line's: the inputs, and for each an output,
	 * NULL where the rules name it.  The caller's. */
	const struct operands *operands;
	const char *const *outputs;

	/* The output's name beside the input; allocated.  NULL function: the
	 * command writes no file of its own.  Not called where -o, -O with a
	 * name, or --in-place say it; with -O its folder is replaced. */
	enum deed_status (*name)(void *arg, struct batch_item *item, char **out,
				 struct deed_error *err);

	/* Before anything else of an item that would be put in its own place;
	 * and of one of several, whose name is one that this command gives
	 * its outputs and that lies where its output would: set
	 * item->already and item->said if it is what would be made of it.
	 * NULL: never. */
	enum deed_status (*itself)(void *arg, struct batch_item *item,
				   struct deed_error *err);

	/* The output exists and --force was not given: set item->already and
	 * item->said if it is what would be made now.  Otherwise, and without
	 * the function, the item fails with DEED_EXISTS. */
	enum deed_status (*already)(void *arg, struct batch_item *item,
				    struct deed_error *err);

	/* Of several items, at most BATCH_AHEAD, that the same thread will
	 * work on next: what is cheaper done at once.  It does not fail; work
	 * does.  NULL: none. */
	void (*ahead)(void *arg, struct batch_item *const items[],
		      size_t count);

	/* With -n it must do everything but write. */
	enum deed_status (*work)(void *arg, struct batch_item *item,
				 struct deed_error *err);

	/* For count items that work did, in order, by one thread; may set
	 * item->said and more.  A failure is every item's.  NULL: none. */
	enum deed_status (*commit)(void *arg, struct batch_item *const items[],
				   size_t count, struct deed_error *err);

	void (*release)(void *arg, struct batch_item *item);
};

/* Everything; errors of items are printed here.  Returns the status of the
 * whole with err untouched, unless the batch itself could not begin. */
enum deed_status batch_run(struct session *s, const struct batch *batch,
			   void *arg, struct deed_error *err) DEED_MUST_USE;

#endif
