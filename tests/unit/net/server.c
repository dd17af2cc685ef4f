/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX 16384
#define THREADS_MAX 256

struct server {
	const struct server_page *pages;
	int fd;
	unsigned port;
	pthread_t thread;
	pthread_t workers[THREADS_MAX];
	int sockets[THREADS_MAX];
	atomic_uint connections, requests;
	atomic_bool over;
	pthread_mutex_t mutex;
	char head[HEAD_MAX];
	size_t body;
};

struct worker {
	struct server *server;
	int fd;
};

/* The head of a request into text; false at the end of the connection. */
static bool read_head(int fd, char *text)
{
	size_t len = 0;

	while (len < HEAD_MAX - 1 && read(fd, text + len, 1) == 1) {
		text[++len] = '\0';
		if (len >= 4 && memcmp(text + len - 4, "\r\n\r\n", 4) == 0)
			return true;
	}
	return false;
}

static void read_body(struct server *s, int fd, const char *head)
{
	const char *at = strstr(head, "Content-Length: ");
	char buf[4096];
	size_t want, have = 0;
	ssize_t n;

	want = at == NULL ? 0 : strtoul(at + 16, NULL, 10);
	while (have < want) {
		n = read(fd, buf,
			 want - have < sizeof(buf) ? want - have : sizeof(buf));
		if (n <= 0)
			break;
		have += (size_t)n;
	}
	(void)pthread_mutex_lock(&s->mutex);
	(void)snprintf(s->head, sizeof(s->head), "%s", head);
	s->body = have;
	(void)pthread_mutex_unlock(&s->mutex);
}

static bool say(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static void hold(struct server *s, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char c;

	while (!atomic_load(&s->over)) {
		if (poll(&p, 1, 100) > 0 && read(fd, &c, 1) <= 0)
			return;
	}
}

static void drip(struct server *s, int fd, const char *bytes)
{
	for (; *bytes != '\0' && !atomic_load(&s->over); bytes++) {
		if (!say(fd, bytes, 1))
			return;
		(void)usleep(50000);
	}
}

/* True where another request may follow. */
static bool answer(struct server *s, int fd, const struct server_page *page)
{
	char many[4096];

	memset(many, 'x', sizeof(many));
	if (page->mode == SERVER_DRIP) {
		drip(s, fd, page->bytes);
		return false;
	}
	if (!say(fd, page->bytes, strlen(page->bytes)))
		return false;
	while (page->mode == SERVER_ENDLESS && !atomic_load(&s->over) &&
	       say(fd, many, sizeof(many)))
		continue;
	if (page->mode == SERVER_HOLD)
		hold(s, fd);
	return page->mode == SERVER_KEEP;
}

static const struct server_page *find(const struct server *s, const char *head)
{
	static const struct server_page none = {
		"", "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE
	};
	const char *path = strchr(head, ' ');
	const struct server_page *p;
	size_t len;

	if (path == NULL)
		return &none;
	len = strcspn(++path, " ?");
	for (p = s->pages; p->path != NULL; p++)
		if (strlen(p->path) == len && !strncmp(p->path, path, len))
			return p;
	return &none;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	char *head = malloc(HEAD_MAX);
	bool more = true;

	while (more && read_head(w->fd, head)) {
		const struct server_page *page = find(w->server, head);

		(void)atomic_fetch_add(&w->server->requests, 1);
		if (page->mode == SERVER_RESET) {
			struct linger l = { 1, 0 };

			(void)setsockopt(w->fd, SOL_SOCKET, SO_LINGER, &l,
					 sizeof(l));
			break;
		}
		read_body(w->server, w->fd, head);
		more = answer(w->server, w->fd, page);
	}
	(void)shutdown(w->fd, SHUT_WR);
	(void)close(w->fd);
	free(head);
	free(w);
	return NULL;
}

static void *accept_all(void *arg)
{
	struct server *s = arg;
	struct worker *w;
	unsigned n;
	int fd;

	for (;;) {
		fd = accept(s->fd, NULL, NULL);
		if (fd < 0 || atomic_load(&s->over))
			break;
		n = atomic_fetch_add(&s->connections, 1);
		assert(n < THREADS_MAX);
		w = malloc(sizeof(*w));
		w->server = s;
		w->fd = fd;
		s->sockets[n] = fd;
		(void)pthread_create(&s->workers[n], NULL, work, w);
	}
	if (fd >= 0)
		(void)close(fd);
	return NULL;
}

struct server *server_start(const struct server_page *pages)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	struct server *s = calloc(1, sizeof(*s));
	socklen_t len = sizeof(a);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->pages = pages;
	(void)pthread_mutex_init(&s->mutex, NULL);
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&a, sizeof(a)) != 0 ||
	    listen(s->fd, 64) != 0 ||
	    getsockname(s->fd, (struct sockaddr *)&a, &len) != 0)
		abort();
	s->port = ntohs(a.sin_port);
	(void)pthread_create(&s->thread, NULL, accept_all, s);
	return s;
}

void server_stop(struct server *s)
{
	unsigned i;

	atomic_store(&s->over, true);
	(void)shutdown(s->fd, SHUT_RDWR);
	(void)pthread_join(s->thread, NULL);
	(void)close(s->fd);
	for (i = 0; i < atomic_load(&s->connections); i++) {
		(void)shutdown(s->sockets[i], SHUT_RDWR);
		(void)pthread_join(s->workers[i], NULL);
	}
	(void)pthread_mutex_destroy(&s->mutex);
	free(s);
}

unsigned server_port(const struct server *s)
{
	return s->port;
}

unsigned server_connections(struct server *s)
{
	return atomic_load(&s->connections);
}

unsigned server_requests(struct server *s)
{
	return atomic_load(&s->requests);
}

bool server_was_told(struct server *s, const char *text)
{
	bool found;

	(void)pthread_mutex_lock(&s->mutex);
	found = strstr(s->head, text) != NULL;
	(void)pthread_mutex_unlock(&s->mutex);
	return found;
}

size_t server_body(struct server *s)
{
	size_t len;

	(void)pthread_mutex_lock(&s->mutex);
	len = s->body;
	(void)pthread_mutex_unlock(&s->mutex);
	return len;
}
