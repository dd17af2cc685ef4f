/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/frame/batch.h"
#include "cmd/frame/command.h"
#include "cmd/frame/operands.h"
#include "cmd/frame/session_run.h"

/*
 * A command that copies its input to its output; what is in the input says
 * what happens to it: "no", "bad", "locked" fail with that status.
 */
struct copier {
	atomic_int worked;
	int commits;
	int released;
	enum deed_status commit_fails;
	size_t largest;
};

static enum deed_status name_copy(void *arg, struct batch_item *item,
				  char **out, struct deed_error *err)
{
	(void)arg;
	*out = operand_marked(item->input, "copied");
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

static enum deed_status work(void *arg, struct batch_item *item,
			     struct deed_error *err)
{
	struct copier *c = arg;
	struct buf *b = calloc(1, sizeof(*b));
	enum deed_status status;

	c->worked++;
	item->data = b;
	status = file_read(item->path, 100, b, err);
	if (status != DEED_OK)
		return status;
	if (slice_equal_str(buf_get(b), "bad"))
		return deed_error_set(err, DEED_MALFORMED, "it is bad");
	if (slice_equal_str(buf_get(b), "locked"))
		return deed_error_set(err, DEED_LOCKED, "it is locked");
	if (slice_equal_str(buf_get(b), "no"))
		item->answer = DEED_NO;
	buf_printf(&item->said, "%s copied", item->input);
	return DEED_OK;
}

static enum deed_status commit(void *arg, struct batch_item *const items[],
			       size_t count, struct deed_error *err)
{
	struct copier *c = arg;
	enum deed_status status = DEED_OK;
	size_t i;

	c->commits++;
	if (count > c->largest)
		c->largest = count;
	if (c->commit_fails != DEED_OK)
		return deed_error_set(err, c->commit_fails, "no commit");
	for (i = 0; status == DEED_OK && i < count; i++)
		if (items[i]->output != NULL && !items[i]->session->dry_run)
			status = file_write(items[i]->output, 0644,
					    buf_get(items[i]->data),
					    items[i]->replace ? OUTFILE_REPLACE
							      : OUTFILE_NEW,
					    err);
	return status;
}

/* Done already: the output is the input. */
static enum deed_status already(void *arg, struct batch_item *item,
				struct deed_error *err)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	enum deed_status status;

	(void)arg;
	status = file_read(item->path, 100, &a, err);
	if (status == DEED_OK)
		status = file_read(item->output, 100, &b, err);
	item->already = slice_equal(buf_get(&a), buf_get(&b));
	buf_clear(&a);
	buf_clear(&b);
	return status;
}

static void release(void *arg, struct batch_item *item)
{
	struct copier *c = arg;

	c->released++;
	if (item->data != NULL)
		buf_clear(item->data);
	free(item->data);
}

static const struct batch copying = {
	.array = "files",
	.group = 3,
	.name = name_copy,
	.already = already,
	.work = work,
	.commit = commit,
	.release = release,
};

static const struct batch judging = {
	.array = "files",
	.verdict = true,
	.work = work,
	.release = release,
};

static const struct command command = {
	.name = "copy",
	.operands = "FILE ...",
	.summary = "x",
	.flags = COMMAND_BATCH | COMMAND_OUTPUT | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = COMMAND_MANY,
};

static char folder[] = "/tmp/deed-batch-XXXXXX";

static void put(const char *name, const char *text)
{
	assert_ok(
		file_write(name, 0644, slice_str(text), OUTFILE_REPLACE, err));
}

/* Run the words as options and operands; the report is *json, the caller's. */
static enum deed_status run(const struct batch *batch, struct copier *c,
			    json_t **json, const char *const words[],
			    size_t count)
{
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status;
	struct session s;
	bool help;

	memset(c, 0, offsetof(struct copier, commit_fails));
	c->largest = 0;
	assert_int_equal(session_init(&s, &command, 0, &err), DEED_OK);
	status = option_parse(&s, NULL, words, count, &help, &err);
	s.quiet = true;
	s.json = true;
	if (status == DEED_OK)
		status = batch_run(&s, batch, c, &err);
	*json = json_pack("{s:O, s:O}", "report", s.report, "errors", s.errors);
	option_clear(&s, NULL);
	session_clear(&s);
	return status;
}

#define WORDS(...)                            \
	(const char *const[]){ __VA_ARGS__ }, \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)

static size_t entries(json_t *json)
{
	return json_array_size(
		json_object_get(json_object_get(json, "report"), "files"));
}

static const char *field(json_t *json, size_t i, const char *key)
{
	return json_string_value(json_object_get(
		json_array_get(json_object_get(json_object_get(json, "report"),
					       "files"),
			       i),
		key));
}

static size_t errors(json_t *json)
{
	return json_array_size(json_object_get(json, "errors"));
}

static void clean(void)
{
	static const char *const names[] = { "a.txt",	     "b.txt",
					     "c.txt",	     "d.txt",
					     "a.copied.txt", "b.copied.txt",
					     "c.copied.txt", "d.copied.txt",
					     "list",	     "one" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unlink(names[i]);
	put("a.txt", "a");
	put("b.txt", "b");
	put("c.txt", "c");
	put("d.txt", "d");
}

static void all_good(void **state)
{
	struct copier c = { 0 };
	json_t *json;

	(void)state;
	clean();
	assert_int_equal(run(&copying, &c, &json,
			     WORDS("a.txt", "b.txt", "c.txt", "d.txt")),
			 DEED_OK);
	assert_int_equal(c.worked, 4);
	assert_int_equal(c.commits, 2);
	assert_int_equal(c.largest, 3);
	assert_int_equal(c.released, 4);
	assert_int_equal(entries(json), 4);
	assert_string_equal(field(json, 2, "file"), "c.txt");
	assert_string_equal(field(json, 2, "output"), "c.copied.txt");
	assert_string_equal(field(json, 2, "status"), "done");
	assert_true(file_exists("d.copied.txt"));
	json_decref(json);

	/* Again: nothing to do, and nothing is committed. */
	assert_int_equal(run(&copying, &c, &json, WORDS("a.txt", "b.txt")),
			 DEED_OK);
	assert_int_equal(c.worked, 0);
	assert_int_equal(c.commits, 0);
	assert_string_equal(field(json, 0, "status"), "already");
	json_decref(json);

	/* Another output of that name is not overwritten, but by force. */
	put("a.copied.txt", "other");
	assert_int_equal(run(&copying, &c, &json, WORDS("a.txt", "b.txt")),
			 DEED_EXISTS);
	assert_string_equal(field(json, 0, "status"), "failed");
	assert_string_equal(field(json, 1, "status"), "already");
	assert_int_equal(errors(json), 1);
	json_decref(json);
	assert_int_equal(run(&copying, &c, &json, WORDS("--force", "a.txt")),
			 DEED_OK);
	assert_string_equal(field(json, 0, "status"), "done");
	json_decref(json);
}

static void failures_agree_or_differ(void **state)
{
	struct copier c = { 0 };
	json_t *json;

	(void)state;
	clean();
	put("b.txt", "bad");
	put("c.txt", "bad");
	assert_int_equal(run(&copying, &c, &json,
			     WORDS("a.txt", "b.txt", "c.txt", "d.txt")),
			 DEED_MALFORMED);
	assert_int_equal(errors(json), 2);
	assert_true(file_exists("a.copied.txt"));
	assert_true(file_exists("d.copied.txt"));
	assert_false(file_exists("b.copied.txt"));
	json_decref(json);
	put("c.txt", "locked");
	assert_int_equal(run(&copying, &c, &json, WORDS("b.txt", "c.txt")),
			 DEED_MIXED);
	json_decref(json);
	assert_int_equal(run(&copying, &c, &json, WORDS("nowhere.txt")),
			 DEED_IO);
	assert_int_equal(c.released, 1);
	json_decref(json);
}

static void fail_fast_stops(void **state)
{
	struct copier c = { 0 };
	json_t *json;

	(void)state;
	clean();
	put("b.txt", "bad");
	assert_int_equal(run(&copying, &c, &json,
			     WORDS("--fail-fast", "--jobs=1", "a.txt", "b.txt",
				   "c.txt", "d.txt")),
			 DEED_MALFORMED);
	/* What was good before it is done, what comes after is not. */
	assert_true(file_exists("a.copied.txt"));
	assert_false(file_exists("c.copied.txt"));
	assert_int_equal(entries(json), 2);
	assert_int_equal(c.released, 4);
	json_decref(json);
}

static void a_commit_fails_for_its_group(void **state)
{
	struct copier c = { .commit_fails = DEED_NO_SPACE };
	json_t *json;

	(void)state;
	clean();
	put("b.txt", "bad");
	assert_int_equal(
		run(&copying, &c, &json, WORDS("a.txt", "b.txt", "c.txt")),
		DEED_MIXED);
	assert_int_equal(errors(json), 3);
	assert_string_equal(field(json, 0, "status"), "failed");
	json_decref(json);
}

static void the_worst_verdict_decides(void **state)
{
	struct copier c = { 0 };
	json_t *json;

	(void)state;
	clean();
	put("b.txt", "no");
	put("c.txt", "bad");
	put("d.txt", "locked");
	assert_int_equal(run(&judging, &c, &json, WORDS("a.txt")), DEED_OK);
	json_decref(json);
	assert_int_equal(run(&judging, &c, &json, WORDS("c.txt", "b.txt")),
			 DEED_NO);
	assert_int_equal(errors(json), 1);
	assert_null(field(json, 0, "status"));
	json_decref(json);
	assert_int_equal(run(&judging, &c, &json, WORDS("a.txt", "c.txt")),
			 DEED_MALFORMED);
	json_decref(json);
	assert_int_equal(run(&judging, &c, &json, WORDS("no-file", "c.txt")),
			 DEED_IO);
	json_decref(json);
}

static void operands_from_files(void **state)
{
	struct copier c = { 0 };
	json_t *json;

	(void)state;
	clean();
	put("list", "b.txt\n\nc.txt");
	assert_int_equal(run(&copying, &c, &json,
			     WORDS("--files-from", "list", "a.txt")),
			 DEED_OK);
	assert_int_equal(entries(json), 3);
	assert_string_equal(field(json, 0, "file"), "a.txt");
	assert_string_equal(field(json, 2, "file"), "c.txt");
	json_decref(json);
	clean();
	assert_ok(file_write("list", 0644, slice_of("b.txt\0c.txt\0", 12),
			     OUTFILE_REPLACE, err));
	assert_int_equal(
		run(&copying, &c, &json, WORDS("--files-from=list", "-0")),
		DEED_OK);
	assert_int_equal(entries(json), 2);
	json_decref(json);
	put("list", "\n\n");
	assert_int_equal(run(&copying, &c, &json, WORDS("--files-from=list")),
			 DEED_NOT_FOUND);
	json_decref(json);
	assert_int_equal(run(&copying, &c, &json, WORDS("--files-from=none")),
			 DEED_IO);
	json_decref(json);
}

static void names_of_outputs(void **state)
{
	struct copier c = { 0 };
	json_t *json;

	(void)state;
	clean();
	assert_int_equal(
		run(&copying, &c, &json, WORDS("-o", "one", "a.txt", "b.txt")),
		DEED_USAGE);
	json_decref(json);
	assert_int_equal(run(&copying, &c, &json, WORDS("-oone", "a.txt")),
			 DEED_OK);
	assert_true(file_exists("one"));
	json_decref(json);
	assert_int_equal(run(&copying, &c, &json,
			     WORDS("-o", "a.txt", "--force", "./a.txt")),
			 DEED_REFUSED);
	json_decref(json);
	assert_int_equal(run(&copying, &c, &json, WORDS("a.txt", "a.txt")),
			 DEED_USAGE);
	json_decref(json);
	assert_int_equal(run(&copying, &c, &json, WORDS("-O", ".", "a.txt")),
			 DEED_OK);
	assert_string_equal(field(json, 0, "output"), "./a.copied.txt");
	json_decref(json);
	assert_int_equal(run(&copying, &c, &json, WORDS("-O/no/such", "b.txt")),
			 DEED_IO);
	json_decref(json);
	assert_int_equal(run(&copying, &c, &json, WORDS("-n", "b.txt")),
			 DEED_OK);
	assert_false(file_exists("b.copied.txt"));
	json_decref(json);
	assert_int_equal(run(&copying, &c, &json, WORDS("-0", "b.txt")),
			 DEED_USAGE);
	json_decref(json);
	assert_int_equal(
		run(&copying, &c, &json, WORDS("-o", "x", "-O", "y", "b.txt")),
		DEED_USAGE);
	json_decref(json);
}

static int make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return -1;
	return setenv("XDG_CONFIG_HOME", folder, 1);
}

static int remove_folder(void **state)
{
	(void)state;
	clean();
	(void)unlink("a.txt");
	(void)unlink("b.txt");
	(void)unlink("c.txt");
	(void)unlink("d.txt");
	return chdir("/") != 0 || rmdir(folder) != 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_good),
		cmocka_unit_test(failures_agree_or_differ),
		cmocka_unit_test(fail_fast_stops),
		cmocka_unit_test(a_commit_fails_for_its_group),
		cmocka_unit_test(the_worst_verdict_decides),
		cmocka_unit_test(operands_from_files),
		cmocka_unit_test(names_of_outputs),
	};

	/* Errors of items are the tests' own doing. */
	if (freopen("/dev/null", "w", stderr) == NULL)
		return 1;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
