/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/online_hosts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

struct online_host {
	struct online_host *next;
	unsigned failures; /* in a row */
	char name[];	   /* host and port, lower case */
};

/* Host and port of a URL, lower case; allocated, NULL without memory. */
static struct online_host *host_of(const char *url)
{
	const char *start = strstr(url, "//") + 2;
	size_t i, len = strcspn(start, "/?#");
	struct online_host *host = calloc(1, sizeof(*host) + len + 1);

	for (i = 0; host != NULL && i < len; i++)
		host->name[i] = (char)tolower((unsigned char)start[i]);
	return host;
}

/* Called with the lock held.  The list has the hosts that have failed alone,
 * at most as many as there were requests. */
static struct online_host *find_failed(struct online *o, const char *name)
{
	struct online_host *h = o->failed;

	while (h != NULL && strcmp(h->name, name) != 0)
		h = h->next;
	return h;
}

/* An answer forgives what was before.  Without memory nothing is noted, and
 * the host is asked again. */
void online_host_note(struct online *o, const char *url, enum online_taken how)
{
	struct online_host *host = host_of(url), *known;

	(void)pthread_mutex_lock(&o->lock);
	known = host == NULL ? NULL : find_failed(o, host->name);
	if (known != NULL) {
		known->failures =
			how == HOST_ANSWERED ? 0 : known->failures + how;
	} else if (host != NULL && how != HOST_ANSWERED) {
		host->failures = how;
		host->next = o->failed;
		o->failed = host;
		host = NULL;
	}
	(void)pthread_mutex_unlock(&o->lock);
	free(host);
}

/* Without memory nothing is asked. */
bool online_host_given_up(struct online *o, const char *url)
{
	struct online_host *host = host_of(url), *known;
	bool failed;

	if (host == NULL)
		return true;
	(void)pthread_mutex_lock(&o->lock);
	known = find_failed(o, host->name);
	failed = known != NULL && known->failures >= HOST_STALLED;
	(void)pthread_mutex_unlock(&o->lock);
	free(host);
	if (failed)
		log_say(LOG_STEP,
			"'%s' is left alone: its host failed in this run", url);
	return failed;
}

void online_hosts_clear(struct online *o)
{
	struct online_host *h;

	while ((h = o->failed) != NULL) {
		o->failed = h->next;
		free(h);
	}
}
