/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/sign_group.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "asic/zip_read.h"
#include "base/file.h"
#include "sign/asic_extend.h"

/* ---- what is read ---- */

enum deed_status sign_source_open(const char *path, const char *name,
				  struct sign_source *s, struct deed_error *err)
{
	s->name = name != NULL ? name : path;
	return file_open_regular_stat(path, &s->fd, &s->st, err);
}

void sign_source_close(struct sign_source *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	s->fd = -1;
}

/* A page that a server gave instead of the document, mostly. */
static bool looks_like_html(struct slice head)
{
	static const char *const begins[] = { "<!doctype html", "<html",
					      "<head", "<body" };
	const char *at = (const char *)head.data;
	size_t i, len = head.len;

	if (len >= 3 && !memcmp(at, "\xef\xbb\xbf", 3)) {
		at += 3;
		len -= 3;
	}
	while (len > 0 && strchr(" \t\r\n\f", *at) != NULL && *at != '\0') {
		at++;
		len--;
	}
	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (len >= strlen(begins[i]) &&
		    strncasecmp(at, begins[i], strlen(begins[i])) == 0)
			return true;
	}
	return false;
}

/* "%PDF-" anywhere in the head makes it one, as readers take it; only what has
 * none is told apart further. */
static const char *why_no_pdf(struct slice head)
{
	if (head.len == 0)
		return "it is empty";
	if (memmem(head.data, head.len, "%PDF-", 5) != NULL)
		return NULL;
	if (zip_looks_like(head))
		return "it is a ZIP";
	if (looks_like_html(head))
		return "it is a web page (HTML)";
	return "it does not begin with %PDF-";
}

/* The first bytes of a file: where a PDF says that it is one (ISO 32000-2
 * 7.5.2, and annex H of its first edition). */
#define HEAD 1024

bool sign_is_pdf(const char *path)
{
	uint8_t head[HEAD];
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return false;
	got = read(fd, head, sizeof(head));
	(void)close(fd);
	return got > 0 && why_no_pdf(slice_of(head, (size_t)got)) == NULL;
}

const char *sign_not_pdf(const char *path)
{
	struct sign_source s;
	uint8_t head[HEAD];
	ssize_t got = -1;

	if (sign_source_open(path, NULL, &s, NULL) == DEED_OK)
		got = pread(s.fd, head, sizeof(head), 0);
	sign_source_close(&s);
	return got < 0 ? NULL : why_no_pdf(slice_of(head, (size_t)got));
}

/* DEED_UNSUPPORTED, not DEED_MALFORMED: another command may well take the
 * file. */
static enum deed_status judge_head(struct slice head, const char *name,
				   struct deed_error *err)
{
	const char *why = why_no_pdf(head);

	return why == NULL ? DEED_OK
			   : deed_error_set(err, DEED_UNSUPPORTED,
					    "'%s' is no PDF: %s", name, why);
}

enum deed_status sign_input_is_pdf(const struct pdf_input *in,
				   struct deed_error *err)
{
	uint64_t size = pdf_input_size(in);
	uint8_t head[HEAD];
	enum deed_status status;

	if (size > sizeof(head))
		size = sizeof(head);
	status = pdf_input_read(in, 0, head, (size_t)size, err);
	return status == DEED_OK ? judge_head(slice_of(head, (size_t)size),
					      pdf_input_name(in), err)
				 : status;
}

enum deed_status sign_source_is_pdf(const struct sign_source *s,
				    struct deed_error *err)
{
	uint8_t head[HEAD];
	ssize_t got = pread(s->fd, head, sizeof(head), 0);

	if (got < 0)
		return deed_error_errno(err, errno, "cannot read '%s'",
					s->name);
	return judge_head(slice_of(head, (size_t)got), s->name, err);
}

bool sign_is_container(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct asic_source source = { .fd = fd, .name = path };
	uint8_t head[4];
	bool is;

	if (fd < 0)
		return false;
	is = parser_new(&source.parser, NULL) == DEED_OK &&
	     pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	     zip_looks_like(slice_of(head, sizeof(head))) &&
	     asic_is_extended(&source);
	parser_free(source.parser);
	(void)close(fd);
	return is;
}

/* ---- what is written ---- */

/* What a symbolic link points to is replaced, not the link; and it stays
 * whose it is. */
enum deed_status sign_output_open(const struct sign_item *item, mode_t mode,
				  struct sign_pending *p,
				  struct deed_error *err)
{
	enum deed_status status;
	struct stat there;
	char *real = NULL;

	if (item->mode == OUTFILE_REPLACE)
		real = realpath(item->output, NULL);
	p->mode = item->mode;
	p->seal = item->seal;
	status = outfile_open(&p->out, real != NULL ? real : item->output,
			      mode & 0777, err);
	if (status == DEED_OK && real != NULL && stat(real, &there) == 0)
		status = outfile_own(p->out, &there, err);
	free(real);
	return status;
}

/* NULL is a dry run, in which a container is made and goes nowhere. */
static enum deed_status sink_write(void *arg, struct slice bytes,
				   struct deed_error *err)
{
	struct outfile *out = arg;

	return out == NULL ? DEED_OK
			   : outfile_write(out, bytes.data, bytes.len, err);
}

static enum deed_status sink_patch(void *arg, uint64_t at, struct slice bytes,
				   struct deed_error *err)
{
	struct outfile *out = arg;

	return out == NULL ? DEED_OK
			   : outfile_patch(out, at, bytes.data, bytes.len, err);
}

struct zip_sink sign_zip_sink(struct outfile *out)
{
	return (struct zip_sink){ sink_write, sink_patch, out };
}
