/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A deed-parse that was taken over: it surveys as the real one does, and then
 * does what the file "mode" beside it says.  For parser.t.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wire.h"
#include "base/worker.h"
#include "fault/evil.h"
#include "pdf/survey.h"

#define MEMORY ((size_t)1 << 30)

/* What it could say of the first signature to make a changed file pass. */
static void lie(struct pdf_survey *s)
{
	struct pdf_survey_signature *sig = s->signatures;
	uint8_t *contents = (uint8_t *)(uintptr_t)sig->contents.data;

	sig->finding_count = 0;
	sig->sound = true;
	sig->changes_after = PDF_CHANGE_NONE;
	if (evil_is("coverage"))
		sig->coverage = PDF_COVERS_FILE;
	else if (evil_is("hole")) /* leave out the bytes that were changed */
		sig->byte_range[1] = 64;
	else if (evil_is("short"))
		sig->byte_range[3] = 0;
	else if (evil_is("past-the-end"))
		sig->byte_range[3] += 1000;
	else if (evil_is("wrap"))
		sig->byte_range[3] = UINT64_MAX - sig->byte_range[2] + 1;
	else if (evil_is("contents"))
		contents[sig->contents.len / 2] ^= 1;
	else if (evil_is("cut"))
		sig->contents.len -= 8;
	else if (evil_is("cut-and-more")) {
		sig->contents.len -= 8;
		sig->has_more = true;
	} else if (evil_is("more"))
		sig->has_more = true;
	else if (evil_is("no-signature"))
		s->signature_count = 0;
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
	*type = evil_is("other-answer") ? order + 1 : order;
	status = pdf_input_from_fd(fd, "document", &in, err);
	if (status == DEED_OK)
		status = pdf_survey_make(in, &s, err);
	if (status == DEED_OK && s.signature_count > 0)
		lie(&s);
	if (status == DEED_OK)
		pdf_survey_write(&s, answer);
	evil_misbehave();
	if (evil_is("nonsense"))
		buf_str(answer, "nonsense");
	pdf_survey_clear(&s);
	pdf_input_close(in);
	return evil_is("nonsense") ? DEED_OK : status;
}

int main(int argc, char **argv)
{
	if (argc < 1 || !evil_begin(argv[0]))
		return 1;
	_exit(worker_serve(STDIN_FILENO, MEMORY, survey, NULL, NULL) !=
	      DEED_OK);
}
