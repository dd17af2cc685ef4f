/* SPDX-License-Identifier: Apache-2.0 */

/*
 * measure COMMAND ...: run it and print, on descriptor 3 or else standard
 * error, one line: wall time and CPU time of all its threads in
 * microseconds, peak memory in KiB, exit code, and CPU time together with
 * that of its children (the derivation of a passphrase, helpers), which the
 * other figures leave out.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static long read_file(pid_t pid, const char *name, char *out, size_t size)
{
	char path[64];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	got = fd < 0 ? -1 : read(fd, out, size - 1);
	if (fd >= 0)
		close(fd);
	out[got < 0 ? 0 : got] = '\0';
	return got;
}

/* The high-water mark only grows: the last look before the end is close. */
static void look_at_memory(pid_t pid, long *peak)
{
	char text[4096], *at;
	long kib;

	if (read_file(pid, "status", text, sizeof(text)) <= 0)
		return;
	at = strstr(text, "VmHWM:");
	if (at == NULL)
		return;
	kib = strtol(at + 6, NULL, 10);
	if (kib > *peak)
		*peak = kib;
}

/* Of a process that has ended and was not waited for: without children. */
static int64_t cpu_of(pid_t pid)
{
	struct timespec ts = { 0, 0 };
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &ts) != 0)
		return -1;
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t microseconds(struct timeval t)
{
	return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

int main(int argc, char *argv[])
{
	const struct timespec pause = { 0, 500000 };
	int64_t start = now_us();
	siginfo_t info = { 0 };
	struct rusage all;
	int64_t cpu;
	long peak = 0;
	pid_t pid;
	int out = fcntl(3, F_GETFD) < 0 ? 2 : 3, status;

	if (argc < 2)
		return 2;
	pid = fork();
	if (pid == 0) {
		if (out == 3)
			close(3);
		execvp(argv[1], argv + 1);
		fprintf(stderr, "measure: %s: %s\n", argv[1], strerror(errno));
		_exit(127);
	}
	while (pid > 0 &&
	       waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | WNOHANG) ==
		       0 &&
	       info.si_pid == 0) {
		look_at_memory(pid, &peak);
		nanosleep(&pause, NULL);
	}
	start = now_us() - start;
	cpu = pid < 0 ? -1 : cpu_of(pid);
	if (cpu < 0 || wait4(pid, &status, 0, &all) != pid)
		return 1;
	dprintf(out, "%lld %lld %ld %d %lld\n", (long long)start,
		(long long)cpu, peak,
		WIFEXITED(status) ? WEXITSTATUS(status) : 128,
		(long long)(microseconds(all.ru_utime) +
			    microseconds(all.ru_stime)));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
