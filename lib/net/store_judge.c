/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_judge.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "codec/hex.h"
#include "codec/utf8.h"
#include "crypto/digest.h"
#include "net/store_xml.h"

#define MD5_SIZE 16
#define OUTSIDE_MAX 200 /* octets of a text from outside in a message */

/* Codes that mean the same whatever the status is. */
static const struct {
	const char *code;
	enum deed_status status;
	bool again;
} codes[] = {
	{ "AccessDenied", DEED_DENIED, false },
	{ "AccountProblem", DEED_DENIED, false },
	{ "AllAccessDisabled", DEED_DENIED, false },
	{ "AuthorizationHeaderMalformed", DEED_DENIED, false },
	{ "BadDigest", DEED_DAMAGED, true },
	{ "ExpiredToken", DEED_DENIED, false },
	{ "InvalidAccessKeyId", DEED_DENIED, false },
	{ "InvalidDigest", DEED_DAMAGED, true },
	{ "InvalidToken", DEED_DENIED, false },
	{ "NoSuchBucket", DEED_REMOTE, false },
	{ "NoSuchKey", DEED_NOT_FOUND, false },
	{ "NoSuchVersion", DEED_NOT_FOUND, false },
	{ "NotImplemented", DEED_UNSUPPORTED, false },
	{ "NotSignedUp", DEED_DENIED, false },
	{ "PreconditionFailed", DEED_EXISTS, false },
	{ "QuotaExceeded", DEED_REMOTE, false },
	{ "RequestExpired", DEED_DENIED, false },
	{ "RequestTimeTooSkewed", DEED_DENIED, false },
	{ "RequestTimeout", DEED_REMOTE, true },
	{ "SignatureDoesNotMatch", DEED_DENIED, false },
	{ "SlowDown", DEED_REMOTE, true },
	{ "XAmzContentSHA256Mismatch", DEED_DAMAGED, true },
};

struct judging {
	const struct store_asked *asked;
	const struct store_reply *reply;
	struct store_answer *answer;
	struct store_verdict *verdict;
	struct store_xml_error error;
	struct deed_error *err;
};

/* "'https://host/bucket': what" */
static enum deed_status say(const struct judging *j, enum deed_status status,
			    const char *what)
{
	return deed_error_set(j->err, status, "'%s/%s': %s", j->asked->endpoint,
			      j->asked->bucket, what);
}

static enum deed_status wrong(const struct judging *j, const char *what)
{
	j->verdict->again = true;
	return say(j, DEED_DAMAGED, what);
}

/* With the store's own code and words, where there are any. */
static enum deed_status say_status(const struct judging *j,
				   enum deed_status status, const char *what)
{
	say(j, status, what);
	if (j->err == NULL)
		return status;
	deed_error_set(j->err, status, "'%s/%s': %s (%u%s%s%s%s)",
		       j->asked->endpoint, j->asked->bucket, what,
		       j->reply->status, j->error.code[0] != '\0' ? " " : "",
		       j->error.code, j->error.message[0] != '\0' ? ": " : "",
		       j->error.message);
	return status;
}

/* A text of a header, fit for a message and cut. */
static void take_text(const char *from, char *out, size_t size)
{
	struct buf clean = BUF_INIT;
	size_t len;

	out[0] = '\0';
	if (from == NULL)
		return;
	utf8_clean(slice_str(from), &clean);
	len = utf8_cut(buf_get(&clean), size - 1);
	if (!clean.failed && len > 0)
		memcpy(out, clean.data, len);
	out[clean.failed ? 0 : len] = '\0';
	buf_clear(&clean);
}

/* Without its quotes. */
static void take_etag(const char *from, char *out, size_t size)
{
	size_t len;

	take_text(from, out, size);
	len = strlen(out);
	if (len >= 2 && out[0] == '"' && out[len - 1] == '"') {
		memmove(out, out + 1, len - 2);
		out[len - 2] = '\0';
	}
}

/* One that is a plain MD5 is that of the body. */
static bool etag_fits(const struct judging *j, struct slice body)
{
	uint8_t said[MD5_SIZE], md5[MD5_SIZE];

	if (j->reply->sealed ||
	    !hex_read(slice_str(j->answer->etag), said, MD5_SIZE))
		return true;
	digest_once(DIGEST_MD5, body, md5);
	return memcmp(md5, said, MD5_SIZE) == 0;
}

/* ---- what was done ---- */

/* strtoull alone would take blanks and a sign before the digits. */
static bool number(const char **at, uint64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)**at))
		return false;
	errno = 0;
	*out = strtoull(*at, &end, 10);
	*at = end;
	return errno == 0;
}

/* RFC 9110 14.4: "bytes FIRST-LAST/SIZE". */
static bool read_range(const char *text, uint64_t *first, uint64_t *last,
		       uint64_t *size)
{
	if (text == NULL || strncmp(text, "bytes ", 6) != 0)
		return false;
	text += 6;
	if (!number(&text, first) || *text++ != '-' || !number(&text, last) ||
	    *text++ != '/' || !number(&text, size))
		return false;
	return *text == '\0' && *first <= *last && *last < *size;
}

/* A part that is shorter than was asked for ends with the object. */
static enum deed_status judge_part(const struct judging *j)
{
	const struct store_request *r = j->asked->request;
	uint64_t first, last, size, want = r->length;

	if (j->reply->status == 200 && r->from == 0 &&
	    j->reply->body.len <= r->length) {
		j->answer->size = j->reply->body.len;
		return DEED_OK;
	}
	if (j->reply->status != 206)
		return wrong(j, "it answers with all of an object where a "
				"part was asked for");
	if (!read_range(j->reply->range, &first, &last, &size) ||
	    first != r->from || last - first + 1 != j->reply->body.len ||
	    first + want < first)
		return wrong(j, "it answers with another part than was asked "
				"for");
	if (want > size - first)
		want = size - first;
	if (j->reply->body.len != want)
		return wrong(j, "it answers with another part than was asked "
				"for");
	j->answer->size = size;
	return DEED_OK;
}

/* A 206 that nobody asked for would pass for an object that is shorter.  Where
 * unhashed is set the caller compares a hash of his own. */
static enum deed_status judge_get(const struct judging *j)
{
	if (j->asked->request->length != 0)
		return judge_part(j);
	if (j->reply->status != 200)
		return wrong(j, "it answers with a part of an object where "
				"all was asked for");
	if (!j->asked->request->unhashed && !etag_fits(j, j->reply->body))
		return wrong(j, "it answers with an object that is not the "
				"one of its ETag");
	j->answer->size = j->reply->body.len;
	return DEED_OK;
}

/* An ETag that is a plain MD5 must be that of what was sent: else what lies
 * there is something else. */
static enum deed_status judge_put(const struct judging *j)
{
	if (!etag_fits(j, j->asked->request->body))
		return wrong(j, "what it says it has is not what it was given");
	return DEED_OK;
}

/* Without a length nobody could tell an object from one that was cut off. */
static enum deed_status judge_head(const struct judging *j)
{
	if (!j->reply->has_length)
		return wrong(j, "it does not say how long an object is");
	j->answer->size = j->reply->length;
	return DEED_OK;
}

/* Both have "it answers" or "its list" in words of store_xml.c. */
static enum deed_status judge_xml(const struct judging *j, struct buf *items)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	if (j->asked->request->method == STORE_VERSIONING)
		status = store_xml_versioning(j->reply->body,
					      &j->answer->versioning, &why);
	else
		status = store_xml_page(j->reply->body, j->asked->bucket,
					j->asked->request, j->answer, items,
					&why);
	if (status == DEED_DAMAGED)
		return wrong(j, why.message);
	if (status != DEED_OK && j->err != NULL)
		*j->err = why;
	return status;
}

/* Whatever it was that was done, the bucket is at this endpoint: a 404 of HEAD
 * means the object from now on (missing). */
static enum deed_status judge_done(const struct judging *j, struct buf *items)
{
	j->verdict->here = true;
	switch (j->asked->request->method) {
	case STORE_PUT:
		return judge_put(j);
	case STORE_GET:
		return judge_get(j);
	case STORE_HEAD:
		return judge_head(j);
	case STORE_DELETE:
		return DEED_OK;
	default:
		return judge_xml(j, items);
	}
}

/* ---- what was not ---- */

/* Both times are told: the store says only that they differ, and either may be
 * the one that is wrong. */
static enum deed_status skewed(const struct judging *j)
{
	char ours[CLOCK_TEXT], theirs[CLOCK_TEXT];
	char what[160];

	if (j->reply->date == 0)
		return say_status(j, DEED_DENIED,
				  "its clock and ours are too far apart");
	clock_format(j->asked->now, ours);
	clock_format(j->reply->date, theirs);
	(void)snprintf(what, sizeof(what),
		       "its clock and ours are too far apart: it has %s, we "
		       "have %s",
		       theirs, ours);
	return say_status(j, DEED_DENIED, what);
}

/* Not tried again, for nothing changes by that: the words are to tell what
 * must be mended. */
static enum deed_status denied(const struct judging *j)
{
	const char *code = j->error.code;

	if (strcmp(code, "RequestTimeTooSkewed") == 0 ||
	    strcmp(code, "RequestExpired") == 0)
		return skewed(j);
	if (strcmp(code, "SignatureDoesNotMatch") == 0)
		return say_status(j, DEED_DENIED,
				  "the secret is not that of the access key");
	if (strcmp(code, "InvalidAccessKeyId") == 0)
		return say_status(j, DEED_DENIED,
				  "it does not know the access key");
	if (strcmp(code, "ExpiredToken") == 0 ||
	    strcmp(code, "InvalidToken") == 0)
		return say_status(j, DEED_DENIED,
				  "the access key is no longer valid");
	if (strcmp(code, "AuthorizationHeaderMalformed") == 0)
		return say_status(j, DEED_DENIED,
				  "the request is not signed for it: is the "
				  "region right?");
	return say_status(j, DEED_DENIED, "it denies this to the access key");
}

/* A 404 without a code is no word on an object: a proxy says it too, or a
 * store without this bucket.  It counts with a delete marker, and from HEAD,
 * which has no body, where this endpoint has shown the bucket before. */
static enum deed_status missing(const struct judging *j)
{
	bool object = j->asked->request->method <= STORE_DELETE;

	if (j->reply->marker ||
	    (j->asked->request->method == STORE_HEAD && j->asked->bucket_known))
		return say_status(j, DEED_NOT_FOUND, "there is no such object");
	j->verdict->again = true;
	return say_status(j, DEED_REMOTE,
			  object ? "it does not say what is missing"
				 : "it has no such list");
}

/* It is not followed: the request is signed for this host, and nobody named
 * the other. */
static enum deed_status redirected(const struct judging *j)
{
	char to[OUTSIDE_MAX], what[OUTSIDE_MAX + 64];

	take_text(j->reply->location, to, sizeof(to));
	(void)snprintf(what, sizeof(what),
		       "it sends us to '%s', which is not followed",
		       to[0] != '\0' ? to : "another endpoint");
	return say_status(j, DEED_REMOTE, what);
}

/* A status that no code explained. */
static enum deed_status judge_status(const struct judging *j)
{
	unsigned status = j->reply->status;

	if (status == 401 || status == 403)
		return denied(j);
	if (status == 404)
		return missing(j);
	if (status == 405 && j->reply->marker)
		return say_status(j, DEED_NOT_FOUND, "there is no such object");
	if ((status == 409 || status == 412) && j->asked->request->if_absent)
		return say_status(j, DEED_EXISTS,
				  "there is such an object already");
	if (status == 501)
		return say_status(j, DEED_UNSUPPORTED, "it cannot do this");
	if (status == 416)
		return say_status(j, DEED_DAMAGED,
				  "the object is shorter than the part that "
				  "was asked for");
	if (status >= 300 && status < 400)
		return redirected(j);
	j->verdict->again = status >= 500 || status == 408 || status == 409 ||
			    status == 429;
	j->verdict->rest = status >= 500 || status == 429;
	return say_status(j, DEED_REMOTE,
			  status == 429 || status == 503
				  ? "it is too busy"
				  : "it does not do what it is asked");
}

/* A condition that is said not to hold counts only where one was set. */
static enum deed_status judge_code(const struct judging *j,
				   enum deed_status status, bool again)
{
	j->verdict->again = again;
	switch (status) {
	case DEED_DENIED:
		return denied(j);
	case DEED_NOT_FOUND:
		j->verdict->here = true;
		return say_status(j, status, "there is no such object");
	case DEED_UNSUPPORTED:
		return say_status(j, status, "it cannot do this");
	case DEED_DAMAGED:
		return say_status(j, status,
				  "what arrived there is not what was sent");
	case DEED_EXISTS:
		if (j->asked->request->if_absent)
			return say_status(j, status,
					  "there is such an object already");
		return say_status(j, DEED_REMOTE,
				  "it does not do what it is asked");
	default:
		if (strcmp(j->error.code, "NoSuchBucket") == 0)
			return say_status(j, status, "there is no such bucket");
		j->verdict->rest = again;
		return say_status(j, status,
				  again ? "it is too busy"
					: "it does not do what it is asked");
	}
}

/* HEAD has no body that says what is missing, or why it is denied. */
static bool says_nothing(const struct judging *j, enum deed_status status)
{
	return j->asked->request->method == STORE_HEAD &&
	       j->reply->status >= 400 && j->reply->status < 500 &&
	       status != DEED_NOT_FOUND;
}

/* Of a 5xx the code is not believed: what fails may say of an object that
 * there is none. */
static enum deed_status judge_refusal(const struct judging *j)
{
	enum deed_status status;
	size_t i;

	if (j->reply->status < 500)
		for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
			if (strcmp(codes[i].code, j->error.code) == 0)
				return judge_code(j, codes[i].status,
						  codes[i].again);
	status = judge_status(j);
	j->verdict->unsure = says_nothing(j, status);
	return status;
}

enum deed_status store_judge(const struct store_asked *asked,
			     const struct store_reply *reply,
			     struct store_answer *answer, struct buf *items,
			     struct store_verdict *verdict,
			     struct deed_error *err)
{
	struct judging j = { .asked = asked,
			     .reply = reply,
			     .answer = answer,
			     .verdict = verdict,
			     .err = err };

	*verdict = (struct store_verdict){ .again = false };
	answer->status = reply->status;
	answer->code[0] = '\0';
	answer->marker = reply->marker;
	answer->date = reply->date;
	answer->modified = reply->modified;
	answer->size = 0;
	take_etag(reply->etag, answer->etag, sizeof(answer->etag));
	/* Half an identifier is none. */
	if (reply->version != NULL &&
	    strlen(reply->version) < sizeof(answer->version))
		take_text(reply->version, answer->version,
			  sizeof(answer->version));
	if (reply->status >= 200 && reply->status < 300)
		return judge_done(&j, items);
	store_xml_error(reply->body, &j.error);
	(void)snprintf(answer->code, sizeof(answer->code), "%s", j.error.code);
	return judge_refusal(&j);
}
