/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/log.h"
#include "event/event_priv.h"

/* What is to become of the outputs of a transaction that is logged. */

/* Has the log already said that this entry is void? */
static enum deed_status is_void(struct event_lock *l, uint64_t index,
				bool *found, struct deed_error *err)
{
	uint64_t i, named, size = tlog_checkpoint(l->log)->size;
	struct buf bytes = BUF_INIT;
	struct entry e = ENTRY_INIT;
	enum deed_status status = DEED_OK;

	*found = false;
	for (i = index + 1; i < size && status == DEED_OK && !*found; i++) {
		buf_reset(&bytes);
		status = tlog_entry(l->log, i, &bytes, err);
		if (status == DEED_OK)
			status = entry_parse(buf_get(&bytes), &e, err);
		if (status == DEED_OK)
			*found = !strcmp(e.event, "void") &&
				 entry_get_number(&e, "entry", &named) &&
				 named == index;
		entry_clear(&e);
	}
	buf_clear(&bytes);
	return status;
}

/* Once an entry, though several of its outputs fail and though a recovery that
 * was killed is repeated. */
static enum deed_status append_void(struct event_lock *l, uint64_t index,
				    struct deed_error *err)
{
	struct entry e = ENTRY_INIT;
	bool found;
	enum deed_status status = is_void(l, index, &found, err);

	if (status != DEED_OK || found)
		return status;
	status = event_entry_init(&e, "void", l->time, err);
	if (status == DEED_OK)
		status = entry_add_number(&e, "entry", index, err);
	if (status == DEED_OK)
		status = event_append_one(l, &e, err);
	entry_clear(&e);
	return status;
}

/* By the folder of the temporary, which is the target's. */
static int compare_folders(const void *left, const void *right)
{
	const struct event_out *const *a = left, *const *b = right;
	const char *x = (*a)->temporary, *y = (*b)->temporary;
	size_t m = (size_t)(path_base(x) - x), n = (size_t)(path_base(y) - y);
	int order = memcmp(x, y, m < n ? m : n);

	return order != 0 ? order : (m > n) - (m < n);
}

/* The names are durable, those to publish by too: each folder is synced
 * once. */
static enum deed_status sync_folders(const struct event_out *out, size_t count,
				     bool publish, struct deed_error *err)
{
	const struct event_out **list = calloc(count + 1, sizeof(*list));
	enum deed_status status = DEED_OK;
	size_t i, n = 0;

	if (list == NULL)
		return deed_error_memory(err);
	/* What is void may have lost its folder. */
	for (i = 0; i < count; i++)
		if ((publish || !out[i].publish) && out[i].status == DEED_OK)
			list[n++] = &out[i];
	if (n > 0)
		qsort(list, n, sizeof(*list), compare_folders);
	for (i = 0; i < n && status == DEED_OK; i++)
		if (i == 0 || compare_folders(&list[i - 1], &list[i]) != 0)
			status = file_sync_parent(list[i]->temporary, err);
	free(list);
	return status;
}

enum deed_status event_link(const struct event_out *out, size_t count,
			    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < count && status == DEED_OK; i++)
		status = outfile_link(out[i].file, err);
	return status == DEED_OK ? sync_folders(out, count, true, err) : status;
}

enum deed_status event_bring_about(struct event_lock *l, struct event_out *out,
				   size_t count, uint64_t first,
				   struct deed_error *err)
{
	enum deed_status status = event_publish_outs(l->home, out, count, err);
	const struct event_out *open = NULL;
	bool said = false;
	size_t i;

	for (i = 0; i < count && status == DEED_OK; i++) {
		if (!out[i].publish)
			out[i].status = event_rename_out(&out[i]);
		if (out[i].status == DEED_OK)
			continue;
		if (out[i].open) {
			open = &out[i];
			continue;
		}
		log_say(LOG_WARNING, "entry %" PRIu64 " is void: %s",
			first + (unsigned)out[i].entry, out[i].why.message);
		status = append_void(l, first + (unsigned)out[i].entry, err);
		if (status == DEED_OK)
			status = file_remove(out[i].temporary, err);
		if (status == DEED_OK && !said && err != NULL)
			*err = out[i].why;
		said = true;
	}
	if (status == DEED_OK)
		status = sync_folders(out, count, false, err);
	if (status != DEED_OK || open == NULL)
		return status;
	if (err != NULL)
		*err = open->why;
	return open->status;
}
