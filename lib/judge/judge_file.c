/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cms/wrapping.h"
#include "judge/judge_private.h"

#define HEAD WRAPPING_SNIFF

/* What is hashed although it cannot be judged. */
#define HASHED_MAX ((off_t)1 << 30)

/* A content that lies in a file: hashed in windows, each digest once, and
 * all that the signers use in one pass. */
struct judge_given {
	struct cms_content content; /* that asks here */
	int fd;
	const char *name;
	unsigned wanted; /* a bit a digest_alg */
	unsigned known;
	uint8_t digest[DIGEST_COUNT][DIGEST_MAX];
	uint8_t head[64];
};

/* Read a window; *got is 0 at the end. */
static enum deed_status read_window(int fd, const char *name, off_t at,
				    uint8_t *window, size_t len, size_t *got,
				    struct deed_error *err)
{
	ssize_t n;

	do
		n = pread(fd, window, len, at);
	while (n < 0 && errno == EINTR);
	*got = n < 0 ? 0 : (size_t)n;
	if (n < 0)
		return deed_error_errno(err, errno, "cannot read '%s'", name);
	return DEED_OK;
}

/* Before anything of it is hashed. */
static void expect_size(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && st.st_size > 0)
		digest_expect((uint64_t)st.st_size);
}

/* All the digests that the signers use, in one reading of the file. */
static enum deed_status hash_file(int fd, const char *name, unsigned wanted,
				  uint8_t out[DIGEST_COUNT][DIGEST_MAX],
				  struct deed_error *err)
{
	struct digest *digest[DIGEST_COUNT] = { NULL };
	enum deed_status status = DEED_OK;
	uint8_t *window = malloc(FILE_WINDOW);
	size_t got = 0;
	off_t at = 0;
	unsigned i;

	if (window == NULL)
		return deed_error_memory(err);
	for (i = 0; status == DEED_OK && i < DIGEST_COUNT; i++) {
		if ((wanted & (1u << i)) != 0)
			status =
				digest_new((enum digest_alg)i, &digest[i], err);
	}
	while (status == DEED_OK) {
		status = read_window(fd, name, at, window, FILE_WINDOW, &got,
				     err);
		if (got == 0)
			break;
		for (i = 0; i < DIGEST_COUNT; i++) {
			if (digest[i] != NULL)
				digest_update(digest[i], window, got);
		}
		at += (off_t)got;
	}
	for (i = 0; i < DIGEST_COUNT; i++) {
		if (status == DEED_OK && digest[i] != NULL)
			digest_final(digest[i], out[i]);
		digest_free(digest[i]);
	}
	free(window);
	return status;
}

/* What a time-stamp asks for may not be among those: then the file is read
 * once more. */
static enum deed_status file_digest(void *arg, enum digest_alg alg,
				    uint8_t out[DIGEST_MAX],
				    struct deed_error *err)
{
	struct judge_given *f = arg;
	enum deed_status status;
	unsigned missing;

	if ((f->known & (1u << alg)) == 0) {
		missing = (f->wanted | (1u << alg)) & ~f->known;
		status = hash_file(f->fd, f->name, missing, f->digest, err);
		if (status != DEED_OK)
			return status;
		f->known |= missing;
	}
	memcpy(out, f->digest[alg], digest_size(alg));
	return DEED_OK;
}

/* An algorithm that is not known is left out: its signer is told as much, and
 * no digest of it is asked for. */
static unsigned wanted_digests(const struct cms_signed *sd)
{
	enum digest_alg alg;
	unsigned i, wanted = 0;

	for (i = 0; i < sd->signer_count; i++) {
		alg = digest_from_algorithm(sd->signers[i].digest_algorithm);
		if (alg != DIGEST_NONE)
			wanted |= 1u << alg;
	}
	return wanted;
}

enum deed_status judge_given_open(const char *path, const struct cms_signed *sd,
				  struct judge_given **out,
				  struct deed_error *err)
{
	struct judge_given *g = calloc(1, sizeof(*g));
	enum deed_status status = DEED_OK;
	size_t got = 0;

	*out = g;
	if (g == NULL)
		return deed_error_memory(err);
	g->name = path;
	g->wanted = wanted_digests(sd);
	status = file_open_regular(path, &g->fd, err);
	if (status == DEED_OK)
		expect_size(g->fd);
	if (status == DEED_OK)
		status = read_window(g->fd, path, 0, g->head, sizeof(g->head),
				     &got, err);
	g->content = (struct cms_content){ .digest = file_digest,
					   .arg = g,
					   .head = slice_of(g->head, got) };
	return status;
}

const struct cms_content *judge_given_content(const struct judge_given *g)
{
	return g == NULL ? NULL : &g->content;
}

void judge_given_close(struct judge_given *g)
{
	if (g == NULL)
		return;
	if (g->fd >= 0)
		(void)close(g->fd);
	free(g);
}

static enum deed_status read_whole(int fd, const char *name, struct buf *b,
				   struct deed_error *err)
{
	if (lseek(fd, 0, SEEK_SET) != 0)
		return deed_error_errno(err, errno, "cannot read '%s'", name);
	return file_read_fd(fd, name, CMS_MAX, b, err);
}

/* A PDF may begin a little late (ISO 32000-1 annex H.3.4.1). */
static bool is_pdf(struct slice head)
{
	return memmem(head.data, head.len < 1024 ? head.len : 1024, "%PDF-",
		      5) != NULL;
}

static bool is_zip(struct slice head)
{
	return head.len >= 4 && head.data[0] == 'P' && head.data[1] == 'K' &&
	       ((head.data[2] == 3 && head.data[3] == 4) ||
		(head.data[2] == 5 && head.data[3] == 6));
}

/* By the content, never by the name; what begins as DER is not searched for
 * the header of a PDF, which may lie anywhere in its first kilobyte. */
static enum deed_status dispatch(int fd, const char *name,
				 const struct judge_params *params,
				 struct verdict_document *doc,
				 struct deed_error *err)
{
	struct buf whole = BUF_INIT;
	enum deed_status status;
	uint8_t bytes[HEAD];
	struct slice head;
	size_t got;

	status = read_window(fd, name, 0, bytes, sizeof(bytes), &got, err);
	if (status != DEED_OK)
		return status;
	head = slice_of(bytes, got);
	if (got == 0)
		return deed_error_set(err, DEED_MALFORMED, "'%s' is empty",
				      name);
	if (is_zip(head))
		return judge_asic(fd, name, params, doc, err);
	if (head.data[0] != 0x30 && is_pdf(head))
		return judge_pdf(fd, name, params, doc, err);
	if (cms_wrapping_likely(head)) {
		status = read_whole(fd, name, &whole, err);
		if (status == DEED_OK)
			status = judge_wrapped(buf_get(&whole), name, params,
					       doc, err);
		buf_clear(&whole);
		return status;
	}
	return deed_error_set(err, DEED_UNSUPPORTED,
			      "'%s' is no PDF, ASiC container or CMS", name);
}

/* A format that has to hash everything anyway gives the file's own digest
 * with it; for the others it is taken here.  Of what is no document, or too
 * large for one, it is taken where that is done at once. */
static enum deed_status judge_open(int fd, const char *name,
				   const struct judge_params *params,
				   struct verdict_document *doc,
				   struct deed_error *err)
{
	uint8_t digest[DIGEST_COUNT][DIGEST_MAX] = { { 0 } };
	enum deed_status status, hashed = DEED_OK;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return deed_error_errno(err, errno, "cannot read '%s'", name);
	if (st.st_size > JUDGE_FILE_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' is larger than %lld bytes", name,
				      (long long)JUDGE_FILE_MAX);
	status = dispatch(fd, name, params, doc, err);
	if (!doc->has_sha256 &&
	    (status == DEED_OK ||
	     (!params->documents_only && st.st_size <= HASHED_MAX))) {
		hashed = hash_file(fd, name, 1u << DIGEST_SHA256, digest,
				   status == DEED_OK ? err : NULL);
		doc->has_sha256 = hashed == DEED_OK;
		memcpy(doc->sha256, digest[DIGEST_SHA256], SHA256_SIZE);
	}
	return status != DEED_OK ? status : hashed;
}

/* What became of it; only memory is an error. */
static enum deed_status conclude(enum deed_status status,
				 const struct deed_error *why,
				 struct verdict_document **out,
				 struct deed_error *err)
{
	if (status == DEED_NO_MEMORY) {
		verdict_document_free(*out);
		*out = NULL;
		return deed_error_memory(err);
	}
	if (status != DEED_OK)
		verdict_unreadable(*out, why);
	else
		verdict_conclude(*out);
	return DEED_OK;
}

enum deed_status judge_fd(int fd, const char *name,
			  const struct judge_params *params,
			  struct verdict_document **out, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	status = verdict_document_new(name, out, err);
	if (status != DEED_OK)
		return status;
	expect_size(fd);
	status = judge_open(fd, name, params, *out, &why);
	return conclude(status, &why, out, err);
}

enum deed_status judge_file(const char *path, const struct judge_params *params,
			    struct verdict_document **out,
			    struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	int fd;

	status = verdict_document_new(path, out, err);
	if (status != DEED_OK)
		return status;
	status = file_open_regular(path, &fd, &why);
	/* No document: nothing to judge. */
	if (status != DEED_OK && errno == ENOENT)
		why.status = status = DEED_NOT_FOUND;
	if (status == DEED_OK) {
		expect_size(fd);
		status = judge_open(fd, path, params, *out, &why);
		(void)close(fd);
	}
	return conclude(status, &why, out, err);
}
