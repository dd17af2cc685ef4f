/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define HOLDER_MAX 128
#define RETRY_MS 20

struct lock {
	int fd;
};

static const char *own_command = "deed";

void lock_set_command(const char *command)
{
	own_command = command;
}

/* Say who we are.  Best effort: the lock holds without it. */
static void write_holder(int fd)
{
	char text[HOLDER_MAX];
	int len = snprintf(text, sizeof(text), "%ld %s\n", (long)getpid(),
			   own_command);

	if (len >= (int)sizeof(text))
		len = (int)sizeof(text) - 1;
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len)
		errno = 0;
}

/* "process 1234 (deed sign)", from what the holder wrote. */
static void read_holder(int fd, char *out, size_t size)
{
	char text[HOLDER_MAX + 1], *command;
	ssize_t got = pread(fd, text, HOLDER_MAX, 0);

	text[got > 0 ? got : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	command = strchr(text, ' ');
	if (command == NULL || strspn(text, "0123456789") == 0) {
		(void)snprintf(out, size, "another process");
		return;
	}
	*command++ = '\0';
	(void)snprintf(out, size, "process %s (%s)", text, command);
}

/* flock has no time limit, and an alarm would be the caller's: so it is tried
 * again and again. */
static enum deed_status wait_for(int fd, const char *path, unsigned wait,
				 struct deed_error *err)
{
	const struct timespec pause = { 0, RETRY_MS * 1000000L };
	int64_t end = clock_monotonic_ms() + (int64_t)wait * 1000;
	char holder[HOLDER_MAX + 32];

	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return deed_error_errno(err, errno, "cannot lock '%s'",
						path);
		if (clock_monotonic_ms() >= end) {
			read_holder(fd, holder, sizeof(holder));
			deed_error_set(err, DEED_LOCKED, "'%s' is locked by %s",
				       path, holder);
			deed_error_remedy(err, "wait", NULL);
			return DEED_LOCKED;
		}
		(void)nanosleep(&pause, NULL);
	}
	return DEED_OK;
}

enum deed_status lock_acquire(const char *path, unsigned wait,
			      struct lock **out, struct deed_error *err)
{
	enum deed_status status;
	struct lock *lock;

	*out = NULL;
	lock = calloc(1, sizeof(*lock));
	if (lock == NULL)
		return deed_error_memory(err);
	lock->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock->fd < 0) {
		status = deed_error_errno(err, errno, "cannot open '%s'", path);
		free(lock);
		return status;
	}
	status = wait_for(lock->fd, path, wait, err);
	if (status != DEED_OK) {
		(void)close(lock->fd);
		free(lock);
		return status;
	}
	write_holder(lock->fd);
	*out = lock;
	return DEED_OK;
}

void lock_release(struct lock *lock)
{
	if (lock == NULL)
		return;
	if (ftruncate(lock->fd, 0) != 0)
		errno = 0;
	(void)flock(lock->fd, LOCK_UN);
	(void)close(lock->fd);
	free(lock);
}

/* "12: FLOCK  ADVISORY  WRITE 4711 fe:00:10953032 0 EOF": by the inode alone,
 * as some file systems have another device there than stat says. */
static bool names_inode(const char *line, ino_t inode)
{
	char text[32];
	const char *at = strstr(line, "FLOCK ");

	(void)snprintf(text, sizeof(text), ":%llu ", (unsigned long long)inode);
	return at != NULL && strstr(at, text) != NULL;
}

bool lock_is_held(const char *path)
{
	FILE *list;
	char *line = NULL;
	size_t size = 0;
	struct stat st;
	bool held = false;

	if (stat(path, &st) != 0)
		return false;
	list = fopen("/proc/locks", "re");
	while (list != NULL && !held && getline(&line, &size, list) > 0)
		held = names_inode(line, st.st_ino);
	free(line);
	if (list != NULL)
		(void)fclose(list);
	return held;
}
