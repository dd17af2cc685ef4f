/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A deed-look that was taken over: it does what the file "mode" beside it
 * says, and then says that everything looks as it was signed.  For look.t.
 */
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/worker.h"
#include "look/wire.h"

#define MEMORY ((size_t)1 << 30)

static const char *const folders[] = { "/usr/share/fonts", NULL };

static char mode[32];

static bool is(const char *what)
{
	return strcmp(mode, what) == 0;
}

/* What it must not be able to do; where nothing happens it goes on. */
static void misbehave(void)
{
	if (is("open")) {
		/* No call is forbidden here: the file is not to be had. */
		if (open("/etc/passwd", O_RDONLY) < 0)
			_exit(1);
	} else if (is("create"))
		(void)open("evil", O_WRONLY | O_CREAT, 0600);
	else if (is("write"))
		(void)open("/usr/share/fonts", O_RDWR | O_DIRECTORY);
	else if (is("connect"))
		(void)socket(AF_INET, SOCK_STREAM, 0);
	else if (is("execute"))
		(void)execl("/bin/true", "true", (char *)NULL);
	else if (is("fork"))
		(void)fork();
	else if (is("kill"))
		(void)kill(getppid(), 9);
	else if (is("crash"))
		abort();
	else if (is("end"))
		_exit(0);
}

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
	*type = is("other-answer") ? number + 1 : number;
	status = look_order_read(body, &order, err);
	if (status != DEED_OK)
		return status;
	misbehave();
	list = calloc(order.count + 1, sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	for (i = 0; i < order.count; i++) {
		list[i].painted = true;
		list[i].pages_then = list[i].pages_now = 1;
		memset(list[i].plain, 1, sizeof(list[i].plain));
		list[i].mark_count = is("differs");
	}
	look_seen_write(list, is("short") ? 0 : order.count, answer);
	if (is("nonsense"))
		buf_str(answer, "nonsense");
	look_seen_free(list, order.count);
	look_order_clear(&order);
	return DEED_OK;
}

int main(int argc, char **argv)
{
	char path[4096];
	FILE *f;

	(void)argc;
	(void)snprintf(path, sizeof(path), "%s/mode", dirname(argv[0]));
	f = fopen(path, "r");
	if (f == NULL || fgets(mode, sizeof(mode), f) == NULL)
		return 1;
	mode[strcspn(mode, "\n")] = '\0';
	(void)fclose(f);
	_exit(worker_serve_reading(STDIN_FILENO, folders, MEMORY, answer_order,
				   NULL, NULL) != DEED_OK);
}
