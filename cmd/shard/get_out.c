/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/get_out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool get_out_is_stdout(const struct session *s)
{
	return s->output != NULL && !strcmp(s->output, "-");
}

enum deed_status get_out_open(const struct session *s, const char *path,
			      struct outfile **out, struct deed_error *err)
{
	*out = NULL;
	if (!s->force && file_exists(path)) {
		deed_error_set(err, DEED_EXISTS, "'%s' exists", path);
		deed_error_hint(err, "--force overwrites it");
		return DEED_EXISTS;
	}
	return outfile_open(out, path, 0600, err);
}

enum deed_status get_out_document(const struct session *s, const char *base,
				  const char *folder, struct outfile **out,
				  struct deed_error *err)
{
	enum deed_status status;
	char *path;

	*out = NULL;
	if (!get_out_is_stdout(s))
		return get_out_open(s, s->output == NULL ? base : s->output,
				    out, err);
	path = path_join(folder, "get"); /* never named so */
	if (path == NULL)
		return deed_error_memory(err);
	status = outfile_open(out, path, 0600, err);
	/* What goes to standard output has no name while it waits: were this
	 * process killed, nothing in clear would be left. */
	if (status == DEED_OK)
		outfile_drop(*out);
	free(path);
	return status;
}

/* From the start of the file and not where writing ended.  By then all of it
 * has been compared: a reader of the pipe gets nothing that is not the
 * document. */
static enum deed_status to_stdout(struct outfile *out, struct deed_error *err)
{
	static uint8_t window[65536];
	enum deed_status status = DEED_OK;
	uint64_t at = 0;

	while (status == DEED_OK && at < outfile_size(out)) {
		ssize_t got = pread(outfile_fd(out), window, sizeof(window),
				    (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return deed_error_errno(err, got < 0 ? errno : EIO,
						"cannot read what was got");
		status = file_write_fd(STDOUT_FILENO, "standard output", window,
				       (size_t)got, err);
		at += (uint64_t)got;
	}
	return status;
}

enum deed_status get_out_finish(const struct session *s, struct outfile *out,
				bool document, struct deed_error *err)
{
	if (document && get_out_is_stdout(s))
		return to_stdout(out, err);
	return outfile_commit(out, s->force ? OUTFILE_REPLACE : OUTFILE_NEW,
			      err);
}
