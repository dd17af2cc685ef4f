/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/batch.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/file.h"
#include "base/pool.h"
#include "cmd/frame/batch_names.h"
#include "cmd/frame/batch_output.h"
#include "cmd/frame/operands.h"
#include "cmd/frame/progress.h"

#define GROUP 100

/* Bytes of free memory that a batch holds on to. */
#define KEEP (16 << 20)

/* Files that are open beside those of the items. */
#define OTHER_FILES 64

/* The group that waits for its commit, and what was seen so far. */
struct run {
	struct session *session;
	const struct batch *batch;
	void *arg;
	struct batch_item *items;
	size_t total;
	size_t group; /* items a commit */
	size_t chunk; /* items that a thread takes at once */
	size_t told;  /* items that were come to */
	size_t begun; /* the first item that was not reported */
	json_t *array;
	bool failed;
	struct {
		size_t done, already, failed;
	} count;
	struct buf first; /* that failed: its name, and why */
};

static bool good(const struct batch_item *item)
{
	return item->status == DEED_OK;
}

void batch_fail(struct batch_item *item, enum deed_status status,
		const struct deed_error *err)
{
	item->status = status;
	if (item->error == NULL)
		item->error = malloc(sizeof(*item->error));
	if (item->error != NULL)
		*item->error = *err;
}

/* An item's object lives from its work to its report, for there may be a
 * million of them. */
static enum deed_status make_object(struct batch_item *item,
				    struct deed_error *err)
{
	item->json = json_object();
	if (item->json == NULL ||
	    json_object_set_new(item->json, "file", output_text(item->input)) !=
		    0)
		return deed_error_memory(err);
	return DEED_OK;
}

/* May it be worked on? */
static void begin(struct run *r, struct batch_item *item)
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status = make_object(item, &err);

	if (status == DEED_OK)
		status = batch_open_input(item, &err);
	if (status == DEED_OK && item->output != NULL)
		status = batch_check_output(r->batch, r->arg, item, &err);
	if (status != DEED_OK)
		batch_fail(item, status, &err);
}

static void work(struct run *r, struct batch_item *item)
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status = r->batch->work(r->arg, item, &err);

	if (status != DEED_OK)
		batch_fail(item, status, &err);
}

static size_t end_of(const struct run *r, size_t chunk)
{
	size_t end = (chunk + 1) * r->chunk;

	return end < r->total ? end : r->total;
}

/* Some items up to their commit; in a thread. */
static void do_chunk(void *arg, size_t chunk)
{
	struct batch_item *list[BATCH_AHEAD];
	struct run *r = arg;
	size_t i, n = 0;

	for (i = chunk * r->chunk; i < end_of(r, chunk); i++) {
		begin(r, &r->items[i]);
		if (good(&r->items[i]) && !r->items[i].already)
			list[n++] = &r->items[i];
	}
	if (n > 1 && r->batch->ahead != NULL)
		r->batch->ahead(r->arg, list, n);
	for (i = 0; i < n; i++)
		work(r, list[i]);
}

/* Commit those of the group that are good and not already done. */
static void commit(struct run *r, size_t end)
{
	struct deed_error err = DEED_ERROR_INIT;
	struct batch_item **list;
	enum deed_status status;
	size_t i, count = 0;

	list = calloc(end - r->begun, sizeof(*list));
	if (list == NULL) {
		status = deed_error_memory(&err);
	} else {
		for (i = r->begun; i < end; i++)
			if (good(&r->items[i]) && !r->items[i].already)
				list[count++] = &r->items[i];
		status = count == 0
				 ? DEED_OK
				 : r->batch->commit(r->arg, list, count, &err);
	}
	for (i = r->begun; status != DEED_OK && i < end; i++) {
		if (good(&r->items[i]) && !r->items[i].already)
			batch_fail(&r->items[i], status, &err);
	}
	free(list);
}

static const char *state(const struct batch_item *item)
{
	if (!good(item))
		return "failed";
	return item->already ? "already" : "done";
}

/* A verdict has its own "status", which the command put there.  The object is
 * let go at once unless somebody will read the array: a batch may have a
 * million. */
static void report_json(struct run *r, struct batch_item *item)
{
	if (!r->batch->verdict) {
		(void)json_object_set_new(item->json, "status",
					  json_string(state(item)));
		if (item->output_name != NULL)
			(void)json_object_set_new(
				item->json, "output",
				output_text(item->output_name));
	}
	if (r->session->json || r->session->keep_items)
		(void)json_array_append(r->array, item->json);
	json_decref(item->json);
	item->json = NULL;
}

/* Only the first failure is kept for the last line: each was told in full when
 * it was reported. */
static void count(struct run *r, const struct batch_item *item,
		  const struct deed_error *why)
{
	if (!good(item) && r->count.failed++ == 0)
		buf_printf(&r->first, "%s: %s", item->input, why->message);
	else if (good(item) && item->already)
		r->count.already++;
	else if (good(item))
		r->count.done++;
}

/* What the item has to say, in its turn. */
static void report(struct run *r, struct batch_item *item)
{
	static const struct deed_error no_memory = { DEED_NO_MEMORY,
						     "out of memory",
						     { "", "" } };
	struct deed_error err = DEED_ERROR_INIT;
	const struct deed_error *why;
	struct session *s = r->session;
	enum deed_status status = DEED_OK;

	item->reported = true;
	if (good(item) && item->output != NULL && !item->already)
		status = batch_close_output(item, &err);
	if (status != DEED_OK)
		batch_fail(item, status, &err);
	buf_byte(&item->text, 0);
	if (item->text.len > 1 && !item->text.failed) {
		if (item->text.data[item->text.len - 2] == '\n')
			item->text.data[item->text.len - 2] = '\0';
		output_lines(s, (const char *)item->text.data);
	}
	buf_byte(&item->said, 0);
	if (good(item) && item->said.len > 1 && !item->said.failed)
		session_say(s, "%s", (const char *)item->said.data);
	why = item->error != NULL ? item->error : &no_memory;
	if (!good(item))
		session_error(s, item->input, why);
	count(r, item, why);
	report_json(r, item);
	r->failed |= !good(item);
	buf_clear(&item->text);
	buf_clear(&item->said);
	free(item->error);
	item->error = NULL;
}

/* Report items up to end, committed before if the command commits. */
static void flush(struct run *r, size_t end)
{
	if (r->batch->commit != NULL && end > r->begun)
		commit(r, end);
	for (; r->begun < end; r->begun++) {
		struct batch_item *item = &r->items[r->begun];

		report(r, item);
		if (r->batch->release != NULL)
			r->batch->release(r->arg, item);
	}
}

/* In input order, by one thread.  A failure under --fail-fast ends the group
 * early, so that what is good before it is still committed and told. */
static bool item_done(struct run *r, size_t i)
{
	bool stop = r->session->fail_fast && !good(&r->items[i]);

	r->told = i + 1;
	if (stop || i + 1 - r->begun >= r->group || i + 1 == r->total)
		flush(r, i + 1);
	progress_set(i + 1);
	return !(r->session->fail_fast && r->failed);
}

/* False stops the pool: no further chunk is begun, and what other threads have
 * worked on ahead is released unreported. */
static bool chunk_done(void *arg, size_t chunk)
{
	struct run *r = arg;
	bool go_on = true;
	size_t i;

	for (i = chunk * r->chunk; go_on && i < end_of(r, chunk); i++)
		go_on = item_done(r, i);
	return go_on;
}

/* "299 signed, 1 failed: NAME: why", the last line of a batch; where
 * something failed with -q too, for whoever reads no more than that. */
static void summarise(struct run *r)
{
	struct session *s = r->session;
	const char *would = s->dry_run ? "would be " : "";
	size_t left = r->count.failed + r->count.already + r->count.done;
	struct buf text = BUF_INIT;

	left = r->total - left;
	buf_printf(&text, "%zu %s%s", r->count.done, would, r->batch->done);
	if (r->count.already > 0)
		buf_printf(&text, ", %zu %s already", r->count.already,
			   r->batch->done);
	if (left > 0)
		buf_printf(&text, ", %zu not begun", left);
	if (r->count.failed > 0)
		buf_printf(&text, ", %zu failed: %.*s", r->count.failed,
			   (int)r->first.len, (const char *)r->first.data);
	if (r->count.failed > 1)
		buf_printf(&text, "; and %zu more", r->count.failed - 1);
	buf_byte(&text, '\0');
	if (!text.failed && (r->count.failed > 0 || !s->quiet))
		session_note(s, "%s", (const char *)text.data);
	buf_clear(&text);
}

/* Of several exit codes of verify the worst; see the header. */
static int worst(int a, int b)
{
	static const int order[] = { 1, 10, 5, 6, 8, 3, 4 };
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return a != 0 ? a : b;
}

/* The status of all: one that has the exit code decided on. */
static enum deed_status overall(const struct run *r, size_t count)
{
	enum deed_status all = DEED_OK, one;
	size_t i;
	int code;

	for (i = 0; i < count; i++) {
		one = good(&r->items[i]) ? r->items[i].answer
					 : r->items[i].status;
		code = deed_status_exit(one);
		if (code == 0)
			continue;
		if (all == DEED_OK)
			all = one;
		else if (r->batch->verdict)
			all = worst(deed_status_exit(all), code) == code ? one
									 : all;
		else if (code != deed_status_exit(all))
			return DEED_MIXED;
	}
	return all;
}

/*
 * An item that waits for its commit may hold an open file, and as many may be
 * worked on meanwhile.  Where the system does not allow so many the group is
 * smaller.
 */
static size_t fit_group(size_t group)
{
	const rlim_t others =
		OTHER_FILES + (4 + BATCH_AHEAD) * pool_processors();
	rlim_t wanted = 2 * group + others;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return group;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0 &&
	    getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 1;
	if (limit.rlim_cur >= wanted)
		return group;
	return limit.rlim_cur > others + 2 ? (limit.rlim_cur - others) / 2 : 1;
}

/* Every thread gets some; what fails first is to be known first, and few open
 * files are not to be spent ahead. */
static size_t fit_chunk(const struct run *r)
{
	const struct session *s = r->session;
	size_t jobs = s->jobs > 0 ? (size_t)s->jobs : pool_processors();
	size_t chunk = r->total / (2 * jobs);

	if (r->batch->ahead == NULL || s->fail_fast || r->group < BATCH_AHEAD ||
	    chunk == 0)
		return 1;
	return chunk < BATCH_AHEAD ? chunk : BATCH_AHEAD;
}

/* All outputs are named before any item is worked on: two inputs with one
 * output are found while nothing is written. */
static enum deed_status make_items(struct run *r, const struct operands *o,
				   struct deed_error *err)
{
	size_t i;

	r->items = calloc(o->count, sizeof(*r->items));
	if (r->items == NULL)
		return deed_error_memory(err);
	r->total = o->count;
	for (i = 0; i < o->count; i++) {
		struct batch_item *item = &r->items[i];

		item->session = r->session;
		item->index = i;
		item->input = o->item[i];
		item->path = o->item[i];
		item->spool = -1;
	}
	return batch_name_outputs(r->session, r->batch, r->arg, r->items,
				  r->total, err);
}

/* The tail that a stop left behind was worked on and has data, but was never
 * reported. */
static void free_items(struct run *r)
{
	size_t i;

	for (i = 0; i < r->total; i++) {
		/* Begun ahead of a stop, and never reported. */
		if (i >= r->begun && r->batch->release != NULL)
			r->batch->release(r->arg, &r->items[i]);
		batch_free_output(&r->items[i]);
		json_decref(r->items[i].json);
		buf_clear(&r->items[i].text);
		buf_clear(&r->items[i].said);
	}
	free(r->items);
}

/*
 * Items are read, made and freed one after the other: memory that is given
 * back to the system between two has to be faulted in again.
 */
static void keep_memory(void)
{
#ifdef M_TRIM_THRESHOLD
	(void)mallopt(M_TRIM_THRESHOLD, KEEP);
	(void)mallopt(M_TOP_PAD, KEEP / 16);
	(void)mallopt(M_MMAP_THRESHOLD, KEEP / 16);
#endif
}

enum deed_status batch_run(struct session *s, const struct batch *batch,
			   void *arg, struct deed_error *err)
{
	struct operands operands = OPERANDS_INIT;
	const struct operands *given = &operands;
	struct run r = { .session = s, .batch = batch, .arg = arg };
	enum deed_status status;

	r.group = batch->commit == NULL
			  ? 1
			  : fit_group(batch->group == 0 ? GROUP : batch->group);
	r.array = json_array();
	output_set(s, batch->array, r.array);
	status = batch->operands != NULL ? DEED_OK
					 : operands_read(s, &operands, err);
	if (batch->operands != NULL)
		given = batch->operands;
	if (status == DEED_OK && given->count == 0 && batch->done == NULL)
		status = deed_error_set(err, DEED_NOT_FOUND,
					"the list names no file");
	else if (status == DEED_OK && given->count == 0)
		session_say(s, "0 files");
	if (status == DEED_OK)
		status = make_items(&r, given, err);
	if (status == DEED_OK) {
		if (r.total > 1)
			progress_start(s, "documents", r.total);
		if (r.total > 1)
			keep_memory();
		r.chunk = fit_chunk(&r);
		(void)pool_run_ordered(
			(unsigned)s->jobs, (r.total + r.chunk - 1) / r.chunk,
			(r.group + 4 * pool_processors()) / r.chunk + 1,
			do_chunk, chunk_done, &r);
		progress_end();
		if (batch->done != NULL && r.total > 0 &&
		    (r.total > 1 || s->files_from != NULL))
			summarise(&r);
		/* Items have told theirs: what run returns is an answer. */
		if (err != NULL)
			*err = (struct deed_error)DEED_ERROR_INIT;
		status = overall(&r, r.told);
	}
	free_items(&r);
	buf_clear(&r.first);
	operands_free(&operands);
	return status;
}
