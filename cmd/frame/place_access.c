/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/place_access.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/place/stores.h"
#include "base/clock.h"
#include "base/log.h"
#include "cmd/frame/command.h"
#include "cmd/frame/secret.h"

/* What became of asking for one, so that nobody is asked twice. */
struct known {
	char *place;
	char *source; /* NULL: none was said */
	struct secret *secret;
	enum deed_status status;
	struct deed_error why;
	struct known *next;
};

struct access {
	struct place_means means;
	struct place_tally tally;
	struct session *session;
	pthread_mutex_t mutex; /* of what is known, and of the terminal */
	struct known *known;
};

static void tell(void *arg, const char *method, const char *url)
{
	(void)arg;
	log_say(LOG_STEP, "%s %s", method, url);
}

static int64_t now(void *arg)
{
	(void)arg;
	return clock_now();
}

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : !strcmp(a, b);
}

/* Whatever keeps it away: a secret that cannot be had.  But a file that others
 * may read is refused as such. */
static enum deed_status ask(struct session *s, const char *place,
			    const char *source, struct secret **out,
			    struct deed_error *err)
{
	char owner[64], option[96];
	const struct passphrase_request request = {
		.source = source,
		.option = option,
		.key = place,
		.owner = owner,
		.word = "secret",
	};
	enum deed_status status;

	(void)snprintf(owner, sizeof(owner), "place %s", place);
	(void)snprintf(option, sizeof(option), "secret of place %s", place);
	status = passphrase_get(s, &request, out, err);
	if (status == DEED_OK || status == DEED_NO_MEMORY ||
	    status == DEED_REFUSED)
		return status;
	if (err != NULL)
		err->status = DEED_NO_PASSPHRASE;
	return DEED_NO_PASSPHRASE;
}

/* Asked under the mutex, for there is one terminal.  A refusal is kept as
 * well: fifty threads that reach a place at once must not each ask for its
 * secret. */
static struct known *learn(struct access *a, const char *place,
			   const char *source)
{
	struct known *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return NULL;
	k->place = strdup(place);
	k->source = source == NULL ? NULL : strdup(source);
	if (k->place == NULL || (source != NULL && k->source == NULL)) {
		free(k->place);
		free(k->source);
		free(k);
		return NULL;
	}
	k->status = ask(a->session, place, source, &k->secret, &k->why);
	k->next = a->known;
	a->known = k;
	return k;
}

/* Each has its own copy to wipe: what is kept here must outlive them all. */
static enum deed_status copy(const struct known *k, struct secret **out,
			     struct deed_error *err)
{
	if (k->status == DEED_OK)
		return secret_copy(secret_bytes(k->secret),
				   secret_len(k->secret), out, err);
	if (err != NULL)
		*err = k->why;
	return k->status;
}

/* Of struct place_means. */
static enum deed_status secret_of(void *arg, const char *place,
				  const char *source, struct secret **out,
				  struct deed_error *err)
{
	struct access *a = arg;
	enum deed_status status;
	struct known *k;

	*out = NULL;
	if (a->session->offline)
		return deed_error_set(err, DEED_REFUSED,
				      "--offline forbids asking place '%s'",
				      place);
	(void)pthread_mutex_lock(&a->mutex);
	for (k = a->known; k != NULL; k = k->next)
		if (!strcmp(k->place, place) && same(k->source, source))
			break;
	if (k == NULL)
		k = learn(a, place, source);
	status = k == NULL ? deed_error_memory(err) : copy(k, out, err);
	(void)pthread_mutex_unlock(&a->mutex);
	return status;
}

enum deed_status place_access_begin(struct session *s, struct deed_error *err)
{
	const struct store_client_options options = {
		.offline = s->offline,
		.told = tell,
	};
	enum deed_status status;
	struct access *a;

	if ((s->command->flags & COMMAND_HOME) == 0)
		return DEED_OK;
	a = calloc(1, sizeof(*a));
	if (a == NULL)
		return deed_error_memory(err);
	status = store_client_new(&options, &a->means.client, err);
	if (status == DEED_OK)
		status = place_stores_new(&a->means.stores, err);
	if (status != DEED_OK) {
		store_client_free(a->means.client);
		free(a);
		return status;
	}
	a->session = s;
	a->means.secret = secret_of;
	a->means.now = now;
	a->means.arg = a;
	a->means.tally = &a->tally;
	(void)pthread_mutex_init(&a->mutex, NULL);
	(void)pthread_mutex_init(&a->tally.mutex, NULL);
	s->places = &a->means;
	return DEED_OK;
}

void place_access_end(struct session *s)
{
	struct access *a;

	if (s->places == NULL)
		return;
	a = s->places->arg;
	s->places = NULL;
	place_stores_free(a->means.stores);
	store_client_free(a->means.client);
	while (a->known != NULL) {
		struct known *k = a->known;

		a->known = k->next;
		secret_free(k->secret);
		free(k->place);
		free(k->source);
		free(k);
	}
	(void)pthread_mutex_destroy(&a->mutex);
	(void)pthread_mutex_destroy(&a->tally.mutex);
	free(a);
}
