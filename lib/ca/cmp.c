/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/cmp.h"

#include "base/file.h"
#include "ca/cmp_protect.h"
#include "ca/cmp_state.h"
#include "crypto/random.h"
#include "key/pkcs8.h"

#define CONTENT_TYPE "application/pkixcmp" /* RFC 6712 3.4 */
#define FILE_MAX ((size_t)1 << 20)

/* Without a file of its own the key lies in that of the certificate. */
static enum deed_status load_key(const struct ca_account *a,
				 struct cmp_credentials *c,
				 struct deed_error *err)
{
	const char *file = a->key != NULL ? a->key : a->certificate;
	struct secret *text = NULL, *pkcs8 = NULL;
	enum deed_status status;

	status = file_read_secret(file, &text, err);
	if (status == DEED_OK)
		status = pkcs8_import(secret_slice(text),
				      a->key_passphrase != NULL
					      ? secret_slice(a->key_passphrase)
					      : SLICE_NONE,
				      &pkcs8, err);
	if (status == DEED_OK)
		status = signing_key_from_pkcs8(pkcs8, &c->key, err);
	secret_free(pkcs8);
	secret_free(text);
	if (status != DEED_OK)
		deed_error_prefix(err, "cannot use '%s'", file);
	return status;
}

/* The first certificate is ours, the rest is sent along.  That the key fits is
 * seen before anything is sent. */
static enum deed_status load_chain(const struct ca_account *a,
				   struct cmp_credentials *c,
				   struct deed_error *err)
{
	struct buf file = BUF_INIT;
	enum deed_status status;

	status = file_read(a->certificate, FILE_MAX, &file, err);
	if (status == DEED_OK)
		status = cert_list_load(&c->chain, buf_get(&file),
					a->certificate, err);
	buf_clear(&file);
	if (status == DEED_OK)
		status = load_key(a, c, err);
	if (status == DEED_OK &&
	    !spki_same_key(signing_key_spki(c->key),
			   cert_fields(c->chain.items[0])->spki))
		status = deed_error_set(
			err, DEED_CONFIG,
			"the key of '%s' is not that of its first "
			"certificate",
			a->certificate);
	return status;
}

/* Whom the account makes us, and whom it lets us believe. */
static enum deed_status load_credentials(const struct ca_account *a,
					 struct cmp_credentials *c,
					 struct deed_error *err)
{
	enum deed_status status;

	c->now = a->now;
	status = cert_list_load(&c->anchors, a->anchors, "anchors", err);
	if (status != DEED_OK)
		return status;
	if (a->passphrase != NULL) {
		if (secret_len(a->passphrase) < CMP_SECRET_MIN &&
		    !ca_remote_is_https(a->url))
			return deed_error_set(
				err, DEED_CONFIG,
				"the secret shared with '%s' is shorter than "
				"%d octets, and its URL is not of https",
				a->name, CMP_SECRET_MIN);
		c->secret = a->passphrase;
		c->reference = a->user;
		return DEED_OK;
	}
	if (a->certificate == NULL)
		return deed_error_set(err, DEED_CONFIG,
				      "CMP needs a passphrase or a certificate "
				      "and its key for '%s'",
				      a->name);
	return load_chain(a, c, err);
}

/* Everything that is wrong with an answer is the remote's doing. */
static enum deed_status wrong_answer(const struct ca_account *a,
				     enum deed_status status,
				     struct deed_error *err)
{
	char why[sizeof(err->message)] = "";

	if (status == DEED_OK || status == DEED_NO_MEMORY ||
	    status == DEED_REMOTE)
		return status;
	if (err != NULL)
		memcpy(why, err->message, sizeof(why));
	return deed_error_set(err, DEED_REMOTE,
			      "the answer of '%s' is not believed: %.600s",
			      a->url, why);
}

/*
 * RFC 9483 3.1: of the same transaction, in answer to this message; the
 * certificate at the end of polling may answer the request itself (4.4).
 */
static enum deed_status check_header(const struct cmp_message *m,
				     const struct cmp_state *state,
				     struct slice nonce, bool polling,
				     struct deed_error *err)
{
	if (!slice_equal(m->transaction,
			 slice_of(state->transaction, CMP_NONCE)))
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "it is of another transaction");
	if (!slice_equal(m->recip_nonce, nonce) &&
	    !(polling && m->type == CMP_CP &&
	      slice_equal(m->recip_nonce, slice_of(state->first, CMP_NONCE))))
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "it answers another message");
	if (m->sender_nonce.len > CMP_NONCE_MAX)
		return deed_error_set(err, DEED_LIMIT, "its nonce is too long");
	return DEED_OK;
}

/*
 * Send a body and read what comes back; its protection, transaction and
 * nonces are right.  m borrows from response.
 */
static enum deed_status exchange(const struct ca_account *a,
				 struct http_client *http,
				 const struct cmp_credentials *c,
				 struct cmp_state *state, struct slice body,
				 struct http_response *response,
				 struct cmp_message *m, struct deed_error *err)
{
	uint8_t nonce[CMP_NONCE];
	struct cmp_header h = {
		.version_3 = state->sha512,
		.transaction = slice_of(state->transaction, CMP_NONCE),
		.sender_nonce = slice_of(nonce, CMP_NONCE),
		.recip_nonce = slice_of(state->theirs, state->theirs_len),
	};
	struct http_request request = { .max = CMP_MESSAGE_MAX,
					.accept = CONTENT_TYPE,
					.content = CONTENT_TYPE,
					/* Servers there are that forget who
					 * waits when a connection breaks off
					 * that they were to keep. */
					.close = true };
	struct buf message = BUF_INIT;
	enum deed_status status;

	status = random_bytes(nonce, CMP_NONCE, err);
	if (status == DEED_OK && state->theirs_len == 0)
		memcpy(state->first, nonce, CMP_NONCE);
	if (status == DEED_OK)
		status = cmp_protect(c, &h, body, &message, err);
	request.body = buf_get(&message);
	if (status == DEED_OK)
		status = http_post(http, a->url, &request, response, err);
	buf_clear(&message);
	if (status != DEED_OK)
		return status;
	status = cmp_message_read(buf_get(&response->body), m, err);
	if (status == DEED_OK)
		status = cmp_verify(c, m, err);
	if (status == DEED_OK)
		status = check_header(
			m, state, slice_of(nonce, CMP_NONCE),
			body.data[0] == DER_CONTEXT_CONS(CMP_POLLREQ), err);
	if (status == DEED_OK) {
		state->theirs_len = m->sender_nonce.len;
		if (m->sender_nonce.len > 0)
			memcpy(state->theirs, m->sender_nonce.data,
			       m->sender_nonce.len);
	}
	return wrong_answer(a, status, err);
}

/* certHash: by the hash of the certificate's own signature (RFC 4210
 * 5.3.18), SHA-512 where that has none (RFC 9480 2.10). */
static void hash_certificate(const struct cert *cert, struct cmp_state *state)
{
	const struct cert_fields *f = cert_fields(cert);
	struct sig_alg alg = { 0 };

	if (sig_alg_parse(f->signature_algorithm, &alg, NULL) != DEED_OK ||
	    alg.digest == DIGEST_NONE) {
		alg.digest = DIGEST_SHA512;
		state->sha512 = true;
	}
	digest_once(alg.digest, f->der, state->hash);
	state->hash_len = digest_size(alg.digest);
}

/* Others of the CA's certificates may come with it, in two places (RFC 9483
 * 4.1.1). */
static enum deed_status take_certificate(const struct cmp_message *m,
					 const struct cmp_reply *reply,
					 struct cmp_state *state,
					 struct ca_remote_answer *out,
					 struct deed_error *err)
{
	enum deed_status status;

	if (m->type != CMP_CP || reply->certificate.len == 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "it grants, and has no certificate");
	status = cmp_certificates(reply->certificate, 1, &out->chain, err);
	if (status == DEED_OK)
		status =
			cmp_certificates(reply->ca_pubs, CA_REMOTE_CERTIFICATES,
					 &out->chain, err);
	if (status == DEED_OK)
		status = cmp_certificates(m->certs, CA_REMOTE_CERTIFICATES,
					  &out->chain, err);
	if (status != DEED_OK)
		return status;
	out->outcome = CA_REMOTE_CERTIFICATE;
	hash_certificate(out->chain.items[0], state);
	return cmp_state_write(state, &out->state, err);
}

/* A refusal is an outcome with words of the CA, not an error of deed. */
static enum deed_status take_reply(const struct cmp_message *m,
				   const struct cmp_reply *reply,
				   struct cmp_state *state,
				   struct ca_remote_answer *out,
				   struct deed_error *err)
{
	state->minus_one = reply->minus_one;
	if (reply->status == CMP_ACCEPTED ||
	    reply->status == CMP_GRANTED_WITH_MODS)
		return take_certificate(m, reply, state, out, err);
	if (reply->status == CMP_WAITING) {
		out->outcome = CA_REMOTE_PENDING;
		out->retry_after = reply->check_after > INT32_MAX
					   ? INT32_MAX
					   : (int64_t)reply->check_after;
		return cmp_state_write(state, &out->state, err);
	}
	out->outcome = CA_REMOTE_REFUSED;
	ca_remote_words(out, reply->words.len > 0
				     ? buf_get(&reply->words)
				     : slice_str("it gives no reason"));
	return DEED_OK;
}

/* Polling asks after a request that the CA has, so that the request is not
 * sent again. */
static enum deed_status write_body(struct slice request, bool polling,
				   const struct cmp_state *state,
				   struct buf *out, struct deed_error *err)
{
	struct der_writer w;

	der_writer_init(&w, out);
	if (polling)
		cmp_write_pollreq(&w, state->minus_one);
	else
		cmp_write_p10cr(&w, request);
	return der_writer_status(&w, err);
}

/* One message and its answer; kept is SLICE_NONE for a new transaction.  Set
 * *error where the answer is one, in out's words. */
static enum deed_status
step(const struct ca_account *a, struct http_client *http,
     const struct cmp_credentials *c, struct slice request, struct slice kept,
     struct ca_remote_answer *out, bool *error, struct deed_error *err)
{
	struct http_response response = HTTP_RESPONSE_INIT;
	struct cmp_reply reply = { 0 };
	struct cmp_state state = { 0 };
	struct buf body = BUF_INIT;
	struct cmp_message m;
	enum deed_status status;

	status = kept.len > 0 ? cmp_state_read(kept, &state, err)
			      : random_bytes(state.transaction, CMP_NONCE, err);
	if (status == DEED_OK)
		status = write_body(request, kept.len > 0, &state, &body, err);
	if (status == DEED_OK)
		status = exchange(a, http, c, &state, buf_get(&body), &response,
				  &m, err);
	if (status == DEED_OK) {
		*error = m.type == CMP_ERROR;
		status = cmp_reply_read(&m, &reply, err);
		if (status == DEED_OK)
			status = take_reply(&m, &reply, &state, out, err);
		status = wrong_answer(a, status, err);
	}
	buf_clear(&reply.words);
	buf_clear(&body);
	http_response_clear(&response);
	return status;
}

/*
 * A request is refused in a response to it; an error in answer to polling
 * tells that the transaction is not known any more, as when its last answer
 * got lost with who was to keep it (RFC 9483 3.6.4).  The same request is then
 * sent in a new one.
 */
static enum deed_status ask(const struct ca_account *a,
			    struct http_client *http, struct slice request,
			    struct slice kept, struct ca_remote_answer *out,
			    struct deed_error *err)
{
	struct cmp_credentials c = CMP_CREDENTIALS_INIT;
	bool error = false;
	enum deed_status status;

	status = load_credentials(a, &c, err);
	if (status == DEED_OK)
		status = step(a, http, &c, request, kept, out, &error, err);
	if (status == DEED_OK && kept.len > 0 && error &&
	    out->outcome == CA_REMOTE_REFUSED)
		status = step(a, http, &c, request, SLICE_NONE, out, &error,
			      err);
	cmp_credentials_clear(&c);
	return status;
}

/* pkiConf, or an error in the CA's words. */
static enum deed_status read_confirmation(const struct cmp_message *m,
					  struct deed_error *err)
{
	struct ca_remote_answer said = CA_REMOTE_ANSWER_INIT;
	struct cmp_reply reply = { 0 };
	enum deed_status status = DEED_OK;

	if (m->type == CMP_PKICONF)
		return DEED_OK;
	status = cmp_reply_read(m, &reply, err);
	if (status == DEED_OK) {
		ca_remote_words(&said, buf_get(&reply.words));
		status = deed_error_set(err, DEED_NO,
					"the confirmation is not taken: %s",
					said.words);
	}
	buf_clear(&reply.words);
	ca_remote_answer_clear(&said);
	return status;
}

/* What is kept of the first exchange is all that is needed, so that a run that
 * was killed in between confirms in the next. */
static enum deed_status confirm(const struct ca_account *a,
				struct http_client *http, struct slice kept,
				const char *rejected, struct deed_error *err)
{
	struct cmp_credentials c = CMP_CREDENTIALS_INIT;
	struct http_response response = HTTP_RESPONSE_INIT;
	struct buf body = BUF_INIT;
	struct cmp_state state;
	struct cmp_message m;
	struct der_writer w;
	enum deed_status status;

	status = cmp_state_read(kept, &state, err);
	if (status == DEED_OK)
		status = load_credentials(a, &c, err);
	if (status == DEED_OK) {
		der_writer_init(&w, &body);
		cmp_write_certconf(&w, state.minus_one,
				   slice_of(state.hash, state.hash_len),
				   state.sha512, rejected);
		status = der_writer_status(&w, err);
	}
	if (status == DEED_OK)
		status = exchange(a, http, &c, &state, buf_get(&body),
				  &response, &m, err);
	if (status == DEED_OK) {
		status = read_confirmation(&m, err);
		if (status != DEED_NO)
			status = wrong_answer(a, status, err);
	}
	buf_clear(&body);
	http_response_clear(&response);
	cmp_credentials_clear(&c);
	return status;
}

const struct ca_protocol ca_protocol_cmp = { "cmp", ask, confirm };
