/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/timestamping.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"
#include "cmd/frame/command.h"
#include "cmd/frame/secret.h"
#include "event/event_timestamp.h"

/* What every command takes where its own options say nothing. */
#define KEY "timestamp."
#define ENVIRONMENT "DEED_TIMESTAMP_"

static void told(void *arg, const char *method, const char *url)
{
	(void)arg;
	log_say(LOG_STEP, "%s %s", method, url);
}

/* Every request is said with -v, so that it can be seen whom a run has spoken
 * to.  With --offline the client refuses by itself. */
static enum deed_status client_new(struct session *s, const char *ca,
				   const char *hosts, unsigned total_ms,
				   struct http_client **out,
				   struct deed_error *err)
{
	const struct http_options options = {
		.offline = s->offline,
		.told = told,
		.ca = ca,
		.hosts = hosts,
		.connect_ms = total_ms,
		.total_ms = total_ms,
	};

	return http_client_new(&options, out, err);
}

enum deed_status session_http(struct session *s, const char *hosts,
			      struct http_client **out, struct deed_error *err)
{
	return client_new(s, NULL, hosts, 0, out, err);
}

static const char *outside(struct session *s, const char *name, const char *key)
{
	const char *text = getenv(name);

	return text != NULL && *text != '\0' ? text : session_config(s, key);
}

/* Only for a command that names no authority: the user and the passphrase of
 * one are not sent to another. */
static void inherit(struct session *s, struct tsa_args *a)
{
#define INHERIT(member, variable, key) \
	if (a->member == NULL)         \
	a->member = outside(s, ENVIRONMENT variable, KEY key)
	INHERIT(user, "TSA_USER", "tsa-user");
	INHERIT(passphrase, "TSA_PASSPHRASE", "tsa-passphrase");
	INHERIT(certificate, "TSA_CERTIFICATE", "tsa-certificate");
	INHERIT(key, "TSA_KEY", "tsa-key");
	INHERIT(key_passphrase, "TSA_KEY_PASSPHRASE", "tsa-key-passphrase");
	INHERIT(policy, "TSA_POLICY", "tsa-policy");
	INHERIT(ca, "TSA_CA", "tsa-ca");
#undef INHERIT
}

/* The credentials are called tsa and tsa-key, as a service has one of each. */
static enum deed_status ask(struct session *s, const char *source,
			    const char *option, const char *key,
			    const char *owner, struct secret **out,
			    struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = source,
		.option = option,
		.key = key,
		.owner = owner,
	};

	return passphrase_get(s, &request, out, err);
}

/* A user has a passphrase; a client certificate's key may have none, and is
 * then not asked for one. */
static enum deed_status unlock(struct session *s, const struct tsa_args *a,
			       struct timestamping *t, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (a->user != NULL)
		status = ask(s, a->passphrase, "--tsa-passphrase", "tsa",
			     "the time-stamp authority's user", &t->passphrase,
			     err);
	if (status == DEED_OK && a->key_passphrase != NULL)
		status = ask(s, a->key_passphrase, "--tsa-key-passphrase",
			     "tsa-key", "the client certificate's key",
			     &t->key_passphrase, err);
	return status;
}

/* Basic authentication over http can be read on the way. */
static void warn_plain(struct session *s, const char *url)
{
	static const char *const near[] = { "http://127.", "http://localhost",
					    "http://[::1]" };
	size_t i;

	if (strncasecmp(url, "http://", 7) != 0)
		return;
	for (i = 0; i < sizeof(near) / sizeof(near[0]); i++)
		if (strncasecmp(url, near[i], strlen(near[i])) == 0)
			return;
	session_warn(s,
		     "'%s' is sent a passphrase that others can read on the "
		     "way: expected https",
		     url);
}

/* The same credentials for each authority of a command, as said in the header;
 * the set borrows them. */
static enum deed_status add(struct session *s, const struct tsa_args *a,
			    const char *url, struct timestamping *t,
			    struct deed_error *err)
{
	const struct tsa_authority authority = {
		.url = url,
		.policy = a->policy,
		.credentials = { .user = a->user,
				 .passphrase = t->passphrase,
				 .certificate = a->certificate,
				 .key = a->key,
				 .key_passphrase = t->key_passphrase },
	};

	if (a->user != NULL)
		warn_plain(s, url);
	return tsa_set_add(t->set, &authority, err);
}

/* The URLs of one text have spaces between; t keeps the copy. */
static enum deed_status add_text(struct session *s, const struct tsa_args *a,
				 const char *text, struct timestamping *t,
				 struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char *copy = strdup(text), *next = NULL, *url;
	char **more;

	more = realloc(t->text, (t->text_count + 1) * sizeof(*more));
	if (more != NULL)
		t->text = more;
	if (copy == NULL || more == NULL) {
		free(copy);
		return deed_error_memory(err);
	}
	t->text[t->text_count++] = copy;
	for (url = strtok_r(copy, " \t\n", &next);
	     status == DEED_OK && url != NULL;
	     url = strtok_r(NULL, " \t\n", &next))
		status = add(s, a, url, t, err);
	return status;
}

/* Options before what is inherited; never both, since only a command without
 * an authority inherits. */
static enum deed_status fill(struct session *s, const struct tsa_args *a,
			     const char *inherited, unsigned total_ms,
			     struct timestamping *t, struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	status = client_new(s, a->ca, NULL, total_ms, &t->client, err);
	if (status == DEED_OK)
		status = tsa_set_new(t->client, &t->set, err);
	if (status == DEED_OK)
		status = unlock(s, a, t, err);
	for (i = 0; status == DEED_OK && i < a->url.count; i++)
		status = add_text(s, a, a->url.item[i], t, err);
	if (status == DEED_OK && inherited != NULL)
		status = add_text(s, a, inherited, t, err);
	return status;
}

/* Nothing is opened where nothing is named, and with --offline: the set is
 * then NULL, which a caller that needs one refuses in its own words. */
static enum deed_status open_within(struct session *s,
				    const struct tsa_args *args,
				    unsigned total_ms, struct timestamping *out,
				    struct deed_error *err)
{
	struct tsa_args a = { .url = { 0, NULL } };
	const char *inherited = NULL;
	enum deed_status status;

	*out = (struct timestamping)TIMESTAMPING_INIT;
	if (args != NULL)
		a = *args;
	if (a.url.count == 0) {
		inherited = outside(s, ENVIRONMENT "TSA", KEY "tsa");
		inherit(s, &a);
	}
	if (s->offline || (a.url.count == 0 && inherited == NULL))
		return DEED_OK;
	status = fill(s, &a, inherited, total_ms, out, err);
	if (status != DEED_OK)
		timestamping_close(out);
	return status;
}

enum deed_status timestamping_open(struct session *s,
				   const struct tsa_args *args,
				   struct timestamping *out,
				   struct deed_error *err)
{
	return open_within(s, args, 0, out, err);
}

void timestamping_close(struct timestamping *t)
{
	tsa_set_free(t->set);
	http_client_free(t->client);
	secret_free(t->passphrase);
	secret_free(t->key_passphrase);
	while (t->text_count > 0)
		free(t->text[--t->text_count]);
	free(t->text);
	*t = (struct timestamping)TIMESTAMPING_INIT;
}

/* ---- what the office says of itself ---- */

/* An authority that is slow holds nobody up for long. */
#define OFFICE_MS 5000

/* Opened at the first time-stamp.  Any thread may ask. */
struct office {
	struct event_timestamps timestamps; /* what the session points to */
	struct session *session;
	pthread_mutex_t mutex;
	bool opened;
	enum deed_status status;
	struct deed_error error;
	struct timestamping t;
};

/* Once for the run: where a passphrase cannot be had it is not asked for again
 * with each entry of the log. */
static enum deed_status open_office(struct office *o, struct deed_error *err)
{
	if (!o->opened) {
		o->opened = true;
		o->status = open_within(o->session, NULL, OFFICE_MS, &o->t,
					&o->error);
	}
	if (o->status != DEED_OK && err != NULL)
		*err = o->error;
	return o->status;
}

/* Only opening is locked, for it may ask for a passphrase; threads stamp at
 * the same time. */
static enum deed_status ask_for_office(void *arg, struct slice sha256,
				       struct buf *token,
				       struct deed_error *err)
{
	struct office *o = arg;
	enum deed_status status;

	(void)pthread_mutex_lock(&o->mutex);
	status = open_office(o, err);
	(void)pthread_mutex_unlock(&o->mutex);
	if (status == DEED_OK)
		status = tsa_ask(o->t.set, DIGEST_SHA256, sha256, token, err);
	return status;
}

enum deed_status timestamping_begin(struct session *s, struct deed_error *err)
{
	const unsigned flags = COMMAND_HOME | COMMAND_WRITES;
	const char *how = session_config(s, "audit.timestamp");
	struct office *o;

	if (how != NULL && strcmp(how, "no") != 0 && strcmp(how, "yes") != 0 &&
	    strcmp(how, "required") != 0)
		return deed_error_set(err, DEED_CONFIG,
				      "audit.timestamp '%s': expected yes, no "
				      "or required",
				      how);
	if ((s->command->flags & flags) != flags || s->offline || s->dry_run ||
	    (how != NULL && strcmp(how, "no") == 0) ||
	    outside(s, ENVIRONMENT "TSA", KEY "tsa") == NULL)
		return DEED_OK;
	o = calloc(1, sizeof(*o));
	if (o == NULL)
		return deed_error_memory(err);
	o->session = s;
	o->timestamps.fn = ask_for_office;
	o->timestamps.arg = o;
	o->timestamps.required = how != NULL && strcmp(how, "required") == 0;
	(void)pthread_mutex_init(&o->mutex, NULL);
	s->timestamps = &o->timestamps;
	return DEED_OK;
}

void timestamping_end(struct session *s)
{
	struct office *o;

	if (s->timestamps == NULL)
		return;
	o = s->timestamps->arg;
	s->timestamps = NULL;
	if (o->opened)
		timestamping_close(&o->t);
	(void)pthread_mutex_destroy(&o->mutex);
	free(o);
}
