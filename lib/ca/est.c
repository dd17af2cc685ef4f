/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/est.h"

#include <string.h>
#include <strings.h>

#include "ca/request.h"
#include "codec/base64.h"

#define WELL_KNOWN "/.well-known/est"
#define STATE "est/1"
#define ENROLL_TYPE "application/pkcs10"

struct asking {
	const struct ca_account *account;
	struct http_client *http;
	struct http_credentials who;
	struct http_request request;
	struct http_response response;
	struct buf url;
};

static const char *url_of(const struct asking *a)
{
	return (const char *)a->url.data;
}

/* The operation below the account's URL, which may have the path or not. */
static enum deed_status set_url(struct asking *a, const char *operation,
				struct deed_error *err)
{
	const char *base = a->account->url;
	size_t len = strlen(base);

	while (len > 0 && base[len - 1] == '/')
		len--;
	buf_reset(&a->url);
	buf_append(&a->url, base, len);
	if (strstr(base, WELL_KNOWN) == NULL)
		buf_str(&a->url, WELL_KNOWN);
	buf_printf(&a->url, "/%s", operation);
	buf_byte(&a->url, 0);
	return buf_status(&a->url, err);
}

/* What is no answer of EST is as if there were none. */
static enum deed_status remote(const struct asking *a,
			       const struct deed_error *why,
			       struct deed_error *err)
{
	return deed_error_set(err, DEED_REMOTE, "'%s': %s", url_of(a),
			      why->message);
}

/* Of a status that says nothing of the request: it may be asked again. */
static enum deed_status status_of(const struct asking *a,
				  struct deed_error *err)
{
	return deed_error_set(err, DEED_REMOTE, "'%s' answers with status %u",
			      url_of(a), a->response.status);
}

/* Whatever is asked: the request stands, and the office's account does not. */
static enum deed_status no_account(const struct asking *a,
				   struct deed_error *err)
{
	const struct http_response *r = &a->response;

	return deed_error_set(err, DEED_NO,
			      "'%s' refuses the account of the office: status "
			      "%u%s%.200s",
			      url_of(a), r->status,
			      r->authenticate[0] != '\0' ? ", it asks for "
							 : "",
			      r->authenticate);
}

/* A password or a key is shown to nobody over an open connection. */
static enum deed_status check_account(const struct ca_account *account,
				      struct deed_error *err)
{
	if (account->url == NULL)
		return deed_error_set(err, DEED_CONFIG,
				      "the CA '%s' has no url", account->name);
	if ((account->user != NULL || account->certificate != NULL) &&
	    !ca_remote_is_https(account->url))
		return deed_error_set(err, DEED_CONFIG,
				      "the CA '%s' is asked with credentials: "
				      "expected an https url",
				      account->name);
	return DEED_OK;
}

/* RFC 7030 4.1: its own root, too, which is no anchor of ours; and those that
 * lead from one key of it to the next. */
static enum deed_status cacerts(struct asking *a, struct cert_list *out,
				struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = set_url(a, "cacerts", err);

	if (status == DEED_OK)
		status = http_get(a->http, url_of(a), &a->request, &a->response,
				  err);
	if (status == DEED_OK &&
	    (a->response.status == 401 || a->response.status == 403))
		status = no_account(a, err);
	if (status == DEED_OK && a->response.status != 200)
		status = status_of(a, err);
	if (status == DEED_OK &&
	    est_read(buf_get(&a->response.body), out, &why) != DEED_OK)
		status = remote(a, &why, err);
	return status;
}

/* The one for the key that was asked for; else the first, which the caller
 * will refuse for its key. */
static enum deed_status put_chain(struct cert_list *issued,
				  const struct cert_list *others,
				  const uint8_t key[32],
				  struct ca_remote_answer *out,
				  struct deed_error *err)
{
	size_t leaf = 0;
	enum deed_status status;

	while (leaf < issued->count &&
	       memcmp(cert_spki_sha256(issued->items[leaf]), key, 32) != 0)
		leaf++;
	if (leaf == issued->count)
		leaf = 0;
	status = cert_list_add(&out->chain, issued->items[leaf], err);
	for (size_t i = 0; status == DEED_OK && i < issued->count; i++)
		if (i != leaf)
			status = cert_list_add(&out->chain, issued->items[i],
					       err);
	for (size_t i = 0; status == DEED_OK && i < others->count; i++)
		if (!cert_list_has(&out->chain, others->items[i]))
			status = cert_list_add(&out->chain, others->items[i],
					       err);
	out->outcome = CA_REMOTE_CERTIFICATE;
	return status;
}

/* RFC 7030 4.2.3: the reason may stand in the body, in plain text. */
static void refused(const struct asking *a, struct ca_remote_answer *out)
{
	const struct http_response *r = &a->response;
	struct buf text = BUF_INIT;

	out->outcome = CA_REMOTE_REFUSED;
	if (strcmp(r->content_type, "text/plain") == 0)
		ca_remote_words(out, buf_get(&r->body));
	if (out->words[0] == '\0') {
		buf_printf(&text, "status %u", r->status);
		ca_remote_words(out, buf_get(&text));
	}
	buf_clear(&text);
}

/* 404, 408, 429 and the like are of the server, not of the request. */
static bool is_refusal(unsigned status)
{
	return status == 400 || status == 403 || status == 409 || status == 422;
}

/* RFC 7030 4.2.3: 200 with the certificate, 202 to come again, else a refusal
 * or a fault. */
static enum deed_status take_answer(struct asking *a, const uint8_t key[32],
				    const struct cert_list *others,
				    struct ca_remote_answer *out,
				    struct deed_error *err)
{
	struct cert_list issued = CERT_LIST_INIT;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = DEED_OK;

	if (a->response.status == 202) {
		out->outcome = CA_REMOTE_PENDING;
		out->retry_after = a->response.retry_after;
		buf_str(&out->state, STATE);
		return buf_status(&out->state, err);
	}
	if (is_refusal(a->response.status)) {
		refused(a, out);
		return DEED_OK;
	}
	if (a->response.status == 401)
		return no_account(a, err);
	if (a->response.status != 200)
		return status_of(a, err);
	if (est_read(buf_get(&a->response.body), &issued, &why) != DEED_OK)
		status = remote(a, &why, err);
	if (status == DEED_OK)
		status = put_chain(&issued, others, key, out, err);
	cert_list_clear(&issued);
	return status;
}

/* The key is taken from the request, to find the certificate for it among
 * those that come back. */
static enum deed_status enroll(struct asking *a, struct slice request,
			       const struct cert_list *others,
			       struct ca_remote_answer *out,
			       struct deed_error *err)
{
	struct ca_request read = { .der = NULL };
	struct buf text = BUF_INIT;
	uint8_t key[SHA256_SIZE];
	enum deed_status status = ca_request_read(request, &read, err);

	if (status == DEED_OK) {
		sha256(read.spki, key);
		base64_encode(request, &text);
		status = buf_status(&text, err);
	}
	if (status == DEED_OK)
		status = set_url(a, "simpleenroll", err);
	a->request.content = ENROLL_TYPE;
	a->request.body = buf_get(&text);
	if (status == DEED_OK)
		status = http_post(a->http, url_of(a), &a->request,
				   &a->response, err);
	if (status == DEED_OK)
		status = take_answer(a, key, others, out, err);
	ca_request_clear(&read);
	buf_clear(&text);
	return status;
}

/* An operation needs the CA's certificates first (RFC 7030 4.1), so that what
 * is issued can be put in its chain. */
static enum deed_status ask(const struct ca_account *account,
			    struct http_client *http, struct slice request,
			    struct slice state, struct ca_remote_answer *out,
			    struct deed_error *err)
{
	struct cert_list others = CERT_LIST_INIT;
	struct asking a = {
		.account = account,
		.http = http,
		.who = { account->user, account->passphrase,
			 account->certificate, account->key,
			 account->key_passphrase },
		.request = { .max = CA_REMOTE_ANSWER_MAX, .any_status = true },
		.response = HTTP_RESPONSE_INIT,
		.url = BUF_INIT,
	};
	enum deed_status status = check_account(account, err);

	a.request.credentials = &a.who;
	if (status == DEED_OK && state.len > 0 &&
	    !slice_equal_str(state, STATE))
		status = deed_error_set(
			err, DEED_DAMAGED,
			"what is kept of the request is not of EST");
	if (status == DEED_OK)
		status = cacerts(&a, &others, err);
	if (status == DEED_OK)
		status = enroll(&a, request, &others, out, err);
	cert_list_clear(&others);
	http_response_clear(&a.response);
	buf_clear(&a.url);
	return status;
}

const struct ca_protocol ca_protocol_est = {
	.id = "est",
	.ask = ask,
};
