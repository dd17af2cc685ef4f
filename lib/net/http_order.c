/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/frame.h"

/* RFC 3986 has no controls, spaces, quotes; curl would take some. */
static bool url_octets(const char *url)
{
	const char *p;

	for (p = url; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f ||
		    strchr("\"<>\\^`{|}", *p))
			return false;
	return true;
}

/* Before anything is started: libcurl would make a URL of much that is none.
 * One with a passphrase in it would be shown in messages and kept in logs. */
enum deed_status http_check_url(const char *url, struct deed_error *err)
{
	const char *host;
	size_t len;

	if (strncasecmp(url, "http://", 7) != 0 &&
	    strncasecmp(url, "https://", 8) != 0)
		return deed_error_set(err, DEED_USAGE,
				      "'%s': expected an http or https URL",
				      url);
	host = strstr(url, "//") + 2;
	len = strcspn(host, "/?#");
	if (len == 0 || strlen(url) > HTTP_URL_MAX || !url_octets(url))
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is not well-formed as a URL", url);
	if (memchr(host, '@', len) != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "'%.*s...': a URL holds no user's name "
				      "and passphrase",
				      (int)(host - url), url);
	return DEED_OK;
}

/* libcurl would not tell a missing file from a failed handshake. */
static enum deed_status check_file(const char *path, struct deed_error *err)
{
	int fd;

	if (path == NULL)
		return DEED_OK;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return deed_error_errno(err, errno, "cannot open '%s'", path);
	(void)close(fd);
	return DEED_OK;
}

enum deed_status http_check_files(const struct http_exchange *x,
				  struct deed_error *err)
{
	const struct http_credentials *who = x->request->credentials;
	enum deed_status status = check_file(x->client->ca, err);

	if (status == DEED_OK && who != NULL)
		status = check_file(who->certificate, err);
	if (status == DEED_OK && who != NULL)
		status = check_file(who->key, err);
	return status;
}

/* The helper's input, and until when it takes what is sent. */
struct pipe {
	int fd;
	int64_t until;
};

static enum deed_status send(const struct pipe *to, enum net_frame type,
			     struct slice body, struct deed_error *err)
{
	return frame_write_until(to->fd, type, body, to->until, err);
}

static enum deed_status send_text(const struct pipe *to, enum net_frame type,
				  const char *text, struct deed_error *err)
{
	if (text == NULL)
		return DEED_OK;
	return send(to, type, slice_str(text), err);
}

/* Straight from the secret's memory: no buffer has a copy. */
static enum deed_status send_secret(const struct pipe *to, enum net_frame type,
				    const struct secret *secret,
				    struct deed_error *err)
{
	if (secret == NULL)
		return DEED_OK;
	return send(to, type, secret_slice(secret), err);
}

/* What is NULL is not sent, and so is not set on the other side. */
static enum deed_status send_credentials(const struct pipe *to,
					 const struct http_credentials *c,
					 struct deed_error *err)
{
	enum deed_status status;

	status = send_text(to, NET_FRAME_USER, c->user, err);
	if (status == DEED_OK)
		status = send_secret(to, NET_FRAME_PASSPHRASE, c->passphrase,
				     err);
	if (status == DEED_OK)
		status = send_text(to, NET_FRAME_CERTIFICATE, c->certificate,
				   err);
	if (status == DEED_OK)
		status = send_text(to, NET_FRAME_KEY, c->key, err);
	if (status == DEED_OK)
		status = send_secret(to, NET_FRAME_KEY_PASSPHRASE,
				     c->key_passphrase, err);
	return status;
}

/* ORDER comes first and makes the helper forget what came before it; nothing
 * is asked before GO. */
enum deed_status http_send_order(int fd, int64_t until,
				 const struct http_exchange *x,
				 struct deed_error *err)
{
	const struct pipe pipe = { fd, until }, *to = &pipe;
	const struct net_order order = {
		.method = x->method,
		.close = x->request->close,
		.connect_ms = x->client->options.connect_ms,
		.total_ms = x->total_ms,
		.max = x->max,
	};
	uint8_t head[NET_WIRE_ORDER];
	enum deed_status status;

	net_wire_put_order(&order, head);
	status = send(to, NET_FRAME_ORDER, slice_of(head, sizeof(head)), err);
	if (status == DEED_OK)
		status = send_text(to, NET_FRAME_URL, x->url, err);
	if (status == DEED_OK)
		status = send_text(to, NET_FRAME_CA, x->client->ca, err);
	if (status == DEED_OK)
		status = send_text(to, NET_FRAME_HOSTS, x->client->hosts, err);
	if (status == DEED_OK)
		status = send_text(to, NET_FRAME_ACCEPT, x->request->accept,
				   err);
	if (status == DEED_OK && x->request->credentials != NULL)
		status = send_credentials(to, x->request->credentials, err);
	if (status == DEED_OK && x->method == NET_POST)
		status = send_text(to, NET_FRAME_CONTENT, x->request->content,
				   err);
	if (status == DEED_OK && x->method == NET_POST)
		status = send(to, NET_FRAME_BODY, x->request->body, err);
	if (status == DEED_OK)
		status = send(to, NET_FRAME_GO, SLICE_NONE, err);
	return status;
}
