/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll_request_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ca/request.h"
#include "office/party/enroll.h"
#include "office/party/enroll_subject.h"

static const char *protocol_name(const struct request_run *w)
{
	return w->r->protocol == NULL ? CA_PROTOCOL_FILE : w->r->protocol->id;
}

/* The request is signed for the key of the newest enrolment.  It is made once
 * and then sent as it is, octet by octet, however often the CA is asked. */
static enum deed_status make_request(struct request_run *w,
				     struct deed_error *err)
{
	struct buf name = BUF_INIT;
	enum deed_status status;

	if (w->own.key == NULL)
		return deed_error_set(err, DEED_NO_KEY,
				      "the key of party '%s' is elsewhere, and "
				      "cannot sign a request here",
				      w->r->party);
	/* Nobody else is troubled with what would be refused here. */
	status = enroll_certificate_may(w->home, w->r->party,
					w->own.last.enrolment.key, err);
	if (status == DEED_OK)
		status = enroll_subject(&w->own.last.enrolment, w->r->subject,
					w->r->subject_count, &name, err);
	if (status == DEED_OK)
		status = ca_request_write(w->own.key, buf_get(&name),
					  &w->pending.request, err);
	buf_clear(&name);
	w->pending.time = w->r->now;
	(void)snprintf(w->pending.protocol, sizeof(w->pending.protocol), "%s",
		       protocol_name(w));
	return status;
}

/* The key of the request is that of the party still: it may have got another
 * one, or another name, in the meantime. */
static enum deed_status check_request(const struct request_run *w, bool *same,
				      struct deed_error *err)
{
	struct ca_request request = { .der = NULL };
	uint8_t key[SHA256_SIZE];
	enum deed_status status;

	status = ca_request_read(buf_get(&w->pending.request), &request, err);
	if (status == DEED_OK) {
		sha256(request.spki, key);
		*same = memcmp(key, w->own.last.enrolment.key, 32) == 0;
	} else if (status != DEED_NO_MEMORY) {
		deed_error_prefix(err,
				  "what is pending of party '%s' at CA '%s'",
				  w->r->party, w->r->account->name);
		status = DEED_DAMAGED;
	}
	ca_request_clear(&request);
	return status;
}

/* What is said now takes the place of what was said before. */
static enum deed_status take_name(struct request_run *w, struct deed_error *err)
{
	struct buf *name = &w->pending.name;
	enum deed_status status;

	if (w->r->name_in_certificate != NULL) {
		buf_reset(name);
		buf_str(name, w->r->name_in_certificate);
	}
	status = buf_status(name, err);
	if (status == DEED_OK && name->len > 0) {
		w->name = strndup((const char *)name->data, name->len);
		if (w->name == NULL)
			status = deed_error_memory(err);
	}
	return status;
}

/* A request that was begun goes on as it was, also after years: the CA may
 * have been slow. */
static enum deed_status take_up(struct request_run *w, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	bool same = false;
	enum deed_status status;

	status = w->r->anew ? DEED_NOT_FOUND
			    : pending_read(w->home, w->r->account->name,
					   w->r->party, &w->pending, &why);
	if (status == DEED_NOT_FOUND) {
		w->fresh = true;
		return make_request(w, err);
	}
	if (status == DEED_OK)
		status = check_request(w, &same, &why);
	if (status == DEED_OK && !same) {
		/* A certificate for a key of before is of no use. */
		pending_clear(&w->pending);
		w->fresh = w->r->replaced = true;
		return make_request(w, err);
	}
	if (status == DEED_OK &&
	    strcmp(w->pending.protocol, protocol_name(w)) != 0)
		status = deed_error_set(&why, DEED_CONFIG,
					"CA '%s' was asked by '%s', and is now "
					"configured for '%s'",
					w->r->account->name,
					w->pending.protocol, protocol_name(w));
	w->fresh = w->pending.state.len == 0 && w->pending.issued.len == 0 &&
		   w->r->protocol != NULL;
	w->r->resumed = !w->fresh;
	/* It cannot be gone on with as it is. */
	if (status == DEED_CONFIG || status == DEED_DAMAGED)
		deed_error_remedy(&why, "anew", NULL);
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

enum deed_status enroll_request_take_up(struct request_run *w,
					struct deed_error *err)
{
	enum deed_status status = take_up(w, err);

	return status == DEED_OK ? take_name(w, err) : status;
}
