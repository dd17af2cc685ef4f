/* SPDX-License-Identifier: Apache-2.0 */
#include "net/fetch_priv.h"

/* Why a request failed, in deed's words. */

static enum deed_status remote(struct deed_error *err, const char *url,
			       const char *what)
{
	return deed_error_set(err, DEED_REMOTE, "'%s': %s", url, what);
}

/* GnuTLS does not tell why: a client certificate may be the reason. */
static enum deed_status explain_tls(const struct fetch_order *order,
				    const char *url, struct deed_error *err)
{
	const char *file = fetch_text(order, NET_FRAME_CERTIFICATE);

	if (file == NULL)
		return remote(err, url, "no secure connection comes about");
	return deed_error_set(err, DEED_REMOTE,
			      "'%s': no secure connection comes about; is "
			      "'%s' a certificate with its key, and accepted "
			      "there?",
			      url, file);
}

/* What we stopped ourselves comes first, as libcurl sees in it a callback that
 * failed, and nothing more. */
enum deed_status fetch_explain(CURLcode code, const struct fetch_arriving *a,
			       const struct fetch_order *order, const char *url,
			       struct deed_error *err)
{
	const char *file;

	if (a->body->failed)
		return deed_error_memory(err);
	if (a->refused)
		return deed_error_set(err, DEED_REFUSED,
				      "'%s' is not asked: %s is not a public "
				      "address, and its host is not named",
				      url, a->address);
	if (a->over && a->headers > FETCH_HEADERS_MAX)
		return remote(err, url, "the answer's head is too long");
	if (a->over || code == CURLE_FILESIZE_EXCEEDED)
		return deed_error_set(err, DEED_REMOTE,
				      "'%s' answers with more than %zu octets",
				      url, a->max);
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return remote(err, url, "there is no such host");
	case CURLE_COULDNT_CONNECT:
		return remote(err, url, "the connection is refused");
	case CURLE_OPERATION_TIMEDOUT:
		return deed_error_set(
			err, DEED_REMOTE,
			"'%s' does not answer within %lu seconds", url,
			(unsigned long)order->order.total_ms / 1000);
	case CURLE_GOT_NOTHING:
		return remote(err, url, "the server closes without an answer");
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
		return remote(err, url, "the answer is cut short");
	case CURLE_SEND_ERROR:
		return remote(err, url, "the server closes while being asked");
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_BAD_CONTENT_ENCODING:
		return remote(err, url, "the answer is no HTTP");
	case CURLE_PEER_FAILED_VERIFICATION:
		return remote(err, url,
			      "the server's certificate is not trusted");
	case CURLE_SSL_CONNECT_ERROR:
		return explain_tls(order, url, err);
	case CURLE_SSL_CACERT_BADFILE:
		file = fetch_text(order, NET_FRAME_CA);
		return deed_error_set(err, DEED_NO_KEY,
				      "'%s' holds no certificate to check a "
				      "server with",
				      file != NULL ? file : "the system");
	case CURLE_SSL_CERTPROBLEM:
		file = fetch_text(order, NET_FRAME_CERTIFICATE);
		return deed_error_set(err, DEED_NO_KEY,
				      "the client certificate '%s' cannot be "
				      "used, or its key does not open",
				      file != NULL ? file : "");
	case CURLE_OUT_OF_MEMORY:
		/* libcurl says so, too, of a header line over its limit. */
		if (a->asked)
			return remote(err, url,
				      "the answer's head is too long");
		return deed_error_memory(err);
	default:
		return remote(err, url, "the request fails");
	}
}
