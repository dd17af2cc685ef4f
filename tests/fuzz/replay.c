/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a fuzz target over its corpus, without a fuzzer: every file as it is,
 * cut short, and with bytes changed, from a fixed seed.  A crash is the
 * failure.  The corpus is found from the program's own name, or given as
 * arguments (files or folders), as a found crash is replayed.  --as-is, first,
 * feeds the files unchanged only.
 *
 * Changes have a second in all, of which each file gets a like share of what
 * is left; REPLAY_MS in the environment gives them another time.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "fuzz/fuzz.h"

#define INPUT_MAX ((size_t)16 << 20)
#define CUTS 64
#define CHANGES 192

/* All changes of one corpus together, in milliseconds. */
#define CHANGES_MS 1000

static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
static int64_t end, deadline; /* of all changes, of those of a file */
static size_t inputs, changed;

static uint32_t next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32);
}

/* From a block of exactly that size, so that a reader past it is caught. */
static void feed(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	if (copy == NULL)
		abort();
	if (len > 0)
		memcpy(copy, data, len);
	(void)LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static void change(uint8_t *data, size_t len)
{
	static const uint8_t odd[] = { 0x00, 0xff, 0x80, 0x7f, 0x30, 0x0a };
	size_t at = next_random() % len, times = 1 + next_random() % 3;

	for (; times > 0; times--, at = next_random() % len) {
		switch (next_random() % 3) {
		case 0:
			data[at] ^= (uint8_t)(1U << next_random() % 8);
			break;
		case 1:
			data[at] = odd[next_random() % sizeof(odd)];
			break;
		default:
			data[at] = (uint8_t)next_random();
		}
	}
}

static void feed_changed(const struct buf *b)
{
	uint8_t *copy;
	size_t i;

	for (i = 0; i < CUTS && i < b->len; i++) {
		if (clock_monotonic_ms() > deadline)
			return;
		feed(b->data, b->len <= CUTS ? i : next_random() % b->len);
		changed++;
	}
	copy = malloc(b->len);
	if (copy == NULL)
		abort();
	for (i = 0; i < CHANGES && clock_monotonic_ms() <= deadline; i++) {
		memcpy(copy, b->data, b->len);
		change(copy, b->len);
		feed(copy, b->len);
		changed++;
	}
	free(copy);
}

/* left: how many files there are still, with this one. */
static void replay_file(const char *path, int left)
{
	struct deed_error err = DEED_ERROR_INIT;
	struct buf b = BUF_INIT;

	if (file_read(path, INPUT_MAX, &b, &err) != DEED_OK) {
		printf("Bail out! %s\n", err.message);
		exit(1);
	}
	/* The last line tells which input it was that crashed. */
	printf("# %s\n", path);
	(void)fflush(stdout);
	feed(b.data, b.len);
	inputs++;
	if (b.len > 0 && end != 0) {
		deadline = clock_monotonic_ms();
		deadline += (end - deadline) / left;
		feed_changed(&b);
	}
	buf_clear(&b);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void replay(const char *path, int left)
{
	struct dirent **list;
	struct stat st;
	char *inside;
	int count, i;

	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
		replay_file(path, left);
		return;
	}
	count = scandir(path, &list, NULL, by_name);
	for (i = 0; i < count; i++) {
		if (list[i]->d_name[0] != '.') {
			inside = path_join(path, list[i]->d_name);
			if (inside == NULL)
				abort();
			replay_file(inside, count - i);
			free(inside);
		}
		free(list[i]);
	}
	if (count >= 0)
		free(list);
}

int main(int argc, char *argv[])
{
	const char *source = getenv("top_srcdir");
	const char *name = strstr(path_base(argv[0]), "fuzz_");
	const char *ms = getenv("REPLAY_MS");
	char corpus[4096];
	int i, first;

	if (name == NULL)
		return 1;
	name += strlen("fuzz_");
	(void)snprintf(corpus, sizeof(corpus), "%s/tests/fuzz/corpus/%s",
		       source == NULL ? "." : source, name);
	/* For coverage only the corpus itself counts: nothing is changed. */
	first = argc > 1 && strcmp(argv[1], "--as-is") == 0 ? 2 : 1;
	if (first == 1)
		end = clock_monotonic_ms() +
		      (ms == NULL ? CHANGES_MS : strtol(ms, NULL, 10));
	for (i = first; i < argc; i++)
		replay(argv[i], argc - i);
	if (argc == first)
		replay(corpus, 1);
	printf("%s 1 - %s: %zu inputs, %zu changed\n1..1\n",
	       inputs > 0 ? "ok" : "not ok", name, inputs, changed);
	return inputs > 0 ? 0 : 1;
}
