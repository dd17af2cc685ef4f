/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A deed-look that was taken over: it does what the file "mode" beside it
 * says, and then says that everything looks as it was signed.  For look.t.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/worker.h"
#include "fault/evil.h"
#include "look/wire.h"

#define MEMORY ((size_t)1 << 30)

static const char *const folders[] = { "/usr/share/fonts", NULL };

static enum deed_status answer_order(void *arg, uint32_t number,
				     struct slice body, int fd, uint32_t *type,
				     struct buf *answer, struct deed_error *err)
{
	struct look_seen *list;
	struct look_order order;
	enum deed_status status;
	size_t i;

	(void)arg;
	(void)fd;
	*type = evil_is("other-answer") ? number + 1 : number;
	status = look_order_read(body, &order, err);
	if (status != DEED_OK)
		return status;
	if (evil_is("write"))
		(void)open("/usr/share/fonts", O_RDWR | O_DIRECTORY);
	evil_misbehave();
	list = calloc(order.count + 1, sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	for (i = 0; i < order.count; i++) {
		list[i].painted = true;
		list[i].pages_then = list[i].pages_now = 1;
		memset(list[i].plain, 1, sizeof(list[i].plain));
		list[i].mark_count = evil_is("differs");
	}
	look_seen_write(list, evil_is("short") ? 0 : order.count, answer);
	if (evil_is("nonsense"))
		buf_str(answer, "nonsense");
	look_seen_free(list, order.count);
	look_order_clear(&order);
	return DEED_OK;
}

int main(int argc, char **argv)
{
	if (argc < 1 || !evil_begin(argv[0]))
		return 1;
	_exit(worker_serve_reading(STDIN_FILENO, folders, MEMORY, answer_order,
				   NULL, NULL) != DEED_OK);
}
