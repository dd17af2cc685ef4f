/* SPDX-License-Identifier: Apache-2.0 */
#include "look/serve.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "base/worker.h"
#include "look/finding.h"
#include "look/looking.h"
#include "look/wire.h"

#define MEMORY ((size_t)1 << 30)

/* What poppler, fontconfig and FreeType read.  Nothing of a user's own: a
 * helper has no HOME. */
static const char *const folders[] = {
	"/etc/fonts",
	"/usr/share/fonts",
	"/usr/local/share/fonts",
	"/usr/share/fontconfig",
	"/var/cache/fontconfig",
	"/usr/share/poppler",
	NULL,
};

/* Half of the memory at most, as poppler and deed read it from there and need
 * room of their own.  A file that shrinks meanwhile kills the helper, and
 * nobody else. */
static enum deed_status map_file(int fd, struct slice *out,
				 struct deed_error *err)
{
	struct stat st;
	void *map;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "it is no regular file");
	if (st.st_size <= 0 || (uint64_t)st.st_size > MEMORY / 2)
		return deed_error_set(err, DEED_LIMIT,
				      "the file is too large to be painted");
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return deed_error_memory(err);
	*out = slice_of(map, (size_t)st.st_size);
	return DEED_OK;
}

/* The order was read before the file is mapped, so that a malformed one costs
 * nothing. */
static enum deed_status look(const struct look_order *order, int fd,
			     struct buf *answer, struct deed_error *err)
{
	struct look_seen *list = calloc(order->count + 1, sizeof(*list));
	struct slice file = SLICE_NONE;
	enum deed_status status;

	if (list == NULL)
		return deed_error_memory(err);
	status = map_file(fd, &file, err);
	if (status == DEED_OK)
		status = looking_at(file, order, list, err);
	if (status == DEED_OK)
		look_seen_write(list, order->count, answer);
	look_seen_free(list, order->count);
	if (file.len > 0)
		(void)munmap((void *)(uintptr_t)file.data, file.len);
	return status;
}

/* The order is cleared also where reading it failed, as it may have the text
 * and the password by then. */
static enum deed_status find(struct slice body, int fd, struct buf *answer,
			     struct deed_error *err)
{
	struct slice file = SLICE_NONE;
	struct look_find_order order;
	struct look_found found;
	enum deed_status status;

	status = look_find_order_read(body, &order, err);
	if (status == DEED_OK)
		status = map_file(fd, &file, err);
	if (status == DEED_OK)
		status = finding_in(file, &order, &found, err);
	if (status == DEED_OK)
		look_found_write(&found, answer);
	look_find_order_clear(&order);
	if (file.len > 0)
		(void)munmap((void *)(uintptr_t)file.data, file.len);
	return status;
}

/* An order to find is read by its own function, as the two have nothing in
 * common but the file. */
static enum deed_status serve_order(void *arg, uint32_t number,
				    struct slice body, int fd, uint32_t *type,
				    struct buf *answer, struct deed_error *err)
{
	struct look_order order;
	enum deed_status status;

	(void)arg;
	*type = number;
	if (number == LOOK_FIND)
		return find(body, fd, answer, err);
	if (number != LOOK_ORDER)
		return deed_error_set(err, DEED_MALFORMED,
				      "there is no order %u", (unsigned)number);
	status = look_order_read(body, &order, err);
	if (status == DEED_OK)
		status = look(&order, fd, answer, err);
	look_order_clear(&order);
	return status;
}

enum deed_status look_serve(int socket, struct deed_error *err)
{
	/* A page may take for ever, and whoever asked may be gone. */
	const struct rlimit time = { LOOK_SECONDS, LOOK_SECONDS };
	enum deed_status status;

	(void)setrlimit(RLIMIT_CPU, &time);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)setenv("TZ", "UTC0", 1);
	tzset();
	status = looking_warm_up(err);
	if (status != DEED_OK)
		return status;
	return worker_serve_reading(socket, folders, MEMORY, serve_order, NULL,
				    err);
}
