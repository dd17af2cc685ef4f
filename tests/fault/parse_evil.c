/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A deed-parse that was taken over: it surveys as the real one does, and then
 * does what the file "mode" beside it says.  For parser.t.
 */
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wire.h"
#include "base/worker.h"
#include "pdf/survey.h"

#define MEMORY ((size_t)1 << 30)

static char mode[32];

static bool is(const char *what)
{
	return strcmp(mode, what) == 0;
}

/* What it could say of the first signature to make a changed file pass. */
static void lie(struct pdf_survey *s)
{
	struct pdf_survey_signature *sig = s->signatures;
	uint8_t *contents = (uint8_t *)(uintptr_t)sig->contents.data;

	sig->finding_count = 0;
	sig->sound = true;
	sig->changes_after = PDF_CHANGE_NONE;
	if (is("coverage"))
		sig->coverage = PDF_COVERS_FILE;
	else if (is("hole")) /* leave out the bytes that were changed */
		sig->byte_range[1] = 64;
	else if (is("short"))
		sig->byte_range[3] = 0;
	else if (is("past-the-end"))
		sig->byte_range[3] += 1000;
	else if (is("wrap"))
		sig->byte_range[3] = UINT64_MAX - sig->byte_range[2] + 1;
	else if (is("contents"))
		contents[sig->contents.len / 2] ^= 1;
	else if (is("cut"))
		sig->contents.len -= 8;
	else if (is("cut-and-more")) {
		sig->contents.len -= 8;
		sig->has_more = true;
	} else if (is("more"))
		sig->has_more = true;
	else if (is("no-signature"))
		s->signature_count = 0;
}

static void misbehave(struct buf *answer)
{
	if (is("open"))
		(void)open("/etc/passwd", O_RDONLY);
	else if (is("create"))
		(void)open("evil", O_WRONLY | O_CREAT, 0600);
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
	else if (is("nonsense"))
		buf_str(answer, "nonsense");
}

static enum deed_status survey(void *arg, uint32_t order, struct slice body,
			       int fd, uint32_t *type, struct buf *answer,
			       struct deed_error *err)
{
	struct pdf_input *in = NULL;
	struct pdf_survey s = { .arena = PDF_ARENA_INIT };
	enum deed_status status;

	(void)arg;
	(void)body;
	*type = is("other-answer") ? order + 1 : order;
	status = pdf_input_from_fd(fd, "document", &in, err);
	if (status == DEED_OK)
		status = pdf_survey_make(in, &s, err);
	if (status == DEED_OK && s.signature_count > 0)
		lie(&s);
	if (status == DEED_OK)
		pdf_survey_write(&s, answer);
	misbehave(answer);
	pdf_survey_clear(&s);
	pdf_input_close(in);
	return is("nonsense") ? DEED_OK : status;
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
	_exit(worker_serve(STDIN_FILENO, MEMORY, survey, NULL, NULL) !=
	      DEED_OK);
}
