/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/document_signer.h"

#include <fcntl.h>
#include <unistd.h>

#include "judge/judge.h"
#include "judge/parser.h"

#define HEAD 1024 /* in which a PDF may begin */

/* DER is told first: a CMS may have a PDF in it, near its beginning. */
bool document_looks_like(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	uint8_t head[HEAD];
	ssize_t got;

	if (fd < 0)
		return false;
	got = pread(fd, head, sizeof(head), 0);
	(void)close(fd);
	if (got < 5 || head[0] == 0x30)
		return false;
	return memcmp(head, "PK\x03\x04", 4) == 0 ||
	       memmem(head, (size_t)got, "%PDF-", 5) != NULL;
}

struct search {
	const uint8_t *sha256;
	struct cert *found;
};

/* A pki_source_each_certificate callback: false ends the walk.  The reference
 * is the caller's. */
static bool compare(void *arg, struct cert *c, bool anchor)
{
	struct search *s = arg;

	(void)anchor;
	if (memcmp(cert_sha256(c), s->sha256, SHA256_SIZE) != 0)
		return true;
	s->found = cert_ref(c);
	return false;
}

/* Integrity alone is judged: whom to believe is what the caller is about to
 * ask.  The certificates that the document brings are gathered on the way. */
static enum deed_status judge(const char *path, const struct secret *password,
			      int64_t at, struct pki_source *carried,
			      struct verdict_document **doc,
			      struct deed_error *err)
{
	struct judge_params params = { .at = at,
				       .document_password = password,
				       .carried = carried };
	enum deed_status status = parser_new(&params.parser, err);

	*doc = NULL;
	if (status == DEED_OK)
		status = judge_intact(path, &params, doc, err);
	parser_free(params.parser);
	return status;
}

/* The verdict's error is the document's, and ends with it. */
static enum deed_status give_error(const struct verdict_error *e,
				   struct deed_error *err)
{
	deed_error_set(err, e->status, "%s", e->message);
	if (e->hint != NULL)
		deed_error_hint(err, "%s", e->hint);
	return e->status;
}

/* The certificate is looked for among what the document carries, by its hash:
 * the verdict alone is not enough to believe in it. */
static enum deed_status choose(const struct verdict_document *doc,
			       const char *path, size_t number,
			       struct document_signer *out,
			       struct deed_error *err)
{
	struct search search = { NULL, NULL };

	if (doc->error != NULL)
		return give_error(doc->error, err);
	out->count = doc->signature_count;
	out->number = number;
	if (out->count == 0)
		return deed_error_set(err, DEED_NO_SIGNATURE,
				      "'%s' bears no signature", path);
	if (number == 0 || number > out->count)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "'%s' bears %zu signature%s: there is no "
				      "signature %zu",
				      path, out->count,
				      out->count == 1 ? "" : "s", number);
	search.sha256 = doc->signatures[number - 1].certificate;
	if (doc->signatures[number - 1].has_signer)
		pki_source_each_certificate(out->carried, compare, &search);
	out->cert = search.found;
	if (out->cert == NULL)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "the signer's certificate of signature "
				      "%zu is not in '%s'",
				      number, path);
	return DEED_OK;
}

enum deed_status document_signer_find(const char *path,
				      const struct secret *password, int64_t at,
				      size_t number,
				      struct document_signer *out,
				      struct deed_error *err)
{
	struct verdict_document *doc = NULL;
	enum deed_status status;

	*out = (struct document_signer){ 0 };
	status = pki_source_new(NULL, &out->carried, err);
	if (status == DEED_OK)
		status = judge(path, password, at, out->carried, &doc, err);
	if (status == DEED_OK)
		status = choose(doc, path, number, out, err);
	verdict_document_free(doc);
	return status;
}

void document_signer_clear(struct document_signer *s)
{
	cert_free(s->cert);
	pki_source_free(s->carried);
	*s = (struct document_signer){ 0 };
}
