/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/tar.h"

#include <stdlib.h>

#include "base/frame.h"
#include "codec/tar_wire.h"
#include "codec/unpack_job.h"

struct tar {
	struct process *process;
	struct buf body; /* of the frame read last */
	size_t entries, limit;
};

enum deed_status tar_start(struct tar **out, struct deed_error *err)
{
	struct tar *t;
	enum deed_status status;

	*out = NULL;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return deed_error_memory(err);
	t->limit = TAR_ENTRIES;
	status = unpack_job_start(UNPACK_TAR, SLICE_NONE, &t->process, err);
	if (status != DEED_OK) {
		free(t);
		return status;
	}
	*out = t;
	return DEED_OK;
}

void tar_stop(struct tar *t)
{
	if (t == NULL)
		return;
	process_close_input(t->process);
	process_free(t->process);
	buf_clear(&t->body);
	free(t);
}

void tar_limit(struct tar *t, size_t entries)
{
	t->limit = entries;
}

static enum deed_status strange(struct deed_error *err)
{
	return deed_error_set(err, DEED_SYSTEM,
			      "the helper deed-unpack ended unexpectedly");
}

/* One frame from the helper, of one of two types. */
static enum deed_status receive(struct tar *t, uint32_t want, uint32_t or,
				uint32_t *type, struct deed_error *err)
{
	enum deed_status status;

	status = frame_read(process_output(t->process), type, &t->body,
			    TAR_BODY, err);
	if (status == DEED_OK && *type != want && *type != or)
		status = strange(err);
	return status;
}

/* Orders and blocks that were asked for go the same way. */
static enum deed_status order(struct tar *t, uint32_t type, struct slice body,
			      struct deed_error *err)
{
	return frame_write(process_input(t->process), type, body, err);
}

enum deed_status tar_next(struct tar *t, tar_read_fn *read, void *arg,
			  struct tar_entry *entry, struct deed_error *err)
{
	uint8_t block[TAR_BLOCK];
	enum deed_status status;
	uint32_t type;

	if (t->entries++ == t->limit)
		return deed_error_set(err, DEED_LIMIT, "over %zu entries",
				      t->limit);
	status = order(t, TAR_NEXT, SLICE_NONE, err);
	while (status == DEED_OK) {
		status = receive(t, TAR_READ, TAR_NEXT, &type, err);
		if (status != DEED_OK || type == TAR_NEXT)
			break;
		status = read(arg, block, sizeof(block), err);
		if (status == DEED_OK)
			status = order(t, TAR_READ,
				       slice_of(block, sizeof(block)), err);
	}
	if (status != DEED_OK)
		return status;
	if (t->body.len == 0)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "the archive ends here");
	if (!tar_get_entry(buf_get(&t->body), entry))
		return strange(err);
	return DEED_OK;
}
