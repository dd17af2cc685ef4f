/* SPDX-License-Identifier: Apache-2.0 */
/* make_log DIR COUNT...: a log whose entries are "entry N", appended in
 * groups of these sizes under the key of tests/data/tlog; its checkpoint is
 * kept as DIR/checkpoint.SIZE after each. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tlog/tlog.h"
#include "base/file.h"

#define KEY                                    \
	"PRIVATE+KEY+example.com/log/testdata" \
	"+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg"

static enum deed_status append(struct tlog *log, const struct note_signer *s,
			       size_t count, struct deed_error *err)
{
	struct slice *list = calloc(count, sizeof(*list));
	char(*text)[32] = calloc(count, sizeof(*text));
	uint64_t at = tlog_checkpoint(log)->size;
	enum deed_status status = DEED_NO_MEMORY;
	size_t i;

	if (list != NULL && text != NULL) {
		for (i = 0; i < count; i++) {
			(void)snprintf(text[i], sizeof(text[i]),
				       "entry %" PRIu64, at + i);
			list[i] = slice_str(text[i]);
		}
		status = tlog_append(log, list, count, s, err);
	}
	free(list);
	free(text);
	return status;
}

int main(int argc, char *argv[])
{
	struct deed_error err = DEED_ERROR_INIT;
	struct note_signer s = { .seed = NULL };
	struct secret *key = NULL;
	struct tlog *log = NULL;
	char path[512];
	enum deed_status status;
	int i;

	if (argc < 3)
		return 2;
	status = secret_copy(KEY, strlen(KEY), &key, &err);
	if (status == DEED_OK)
		status = note_signer_parse(key, &s, &err);
	if (status == DEED_OK)
		status = tlog_create(argv[1], &s, &err);
	if (status == DEED_OK)
		status = tlog_open(argv[1], &s.verifier, &log, &err);
	for (i = 2; i < argc && status == DEED_OK; i++) {
		status = append(log, &s, strtoul(argv[i], NULL, 10), &err);
		(void)snprintf(path, sizeof(path), "%s/checkpoint.%" PRIu64,
			       argv[1], tlog_checkpoint(log)->size);
		if (status == DEED_OK)
			status = file_write(path, 0644,
					    tlog_checkpoint_note(log),
					    OUTFILE_NEW, &err);
	}
	if (status != DEED_OK)
		(void)fprintf(stderr, "make_log: %s\n", err.message);
	tlog_close(log);
	note_signer_clear(&s);
	secret_free(key);
	return deed_status_exit(status);
}
