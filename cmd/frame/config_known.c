/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/config_known.h"

#include <stdio.h>
#include <string.h>

#include "cmd/frame/command.h"
#include "cmd/frame/config.h"

#define KEY_MAX 40  /* longer keys are near to none */
#define NEAR 3	    /* mistakes in a key that is near, at most */
#define WARNINGS 10 /* a file of something else is not told key by key */

/* Keys that are no option's. */
static const char *const others[] = {
	"audit.timestamp", /* cmd/signing/timestamping.h */
};

/* Those below cas.NAME (cmd/enroll/cas.h). */
#define CAS_KEY "cas."
static const char *const of_ca[] = {
	"protocol",    "url", "tls-ca",	 "user",
	"certificate", "key", "anchors", "subject",
};

/* Every command by its identifier, also those that this program has not. */
static const char *const names[] = {
#define COMMAND(id) #id,
#define JUDGING(id) #id,
#include "cmd/frame/commands.def"
#undef COMMAND
#undef JUDGING
};

/* Calls fn with each key that an option of this program has, until it says
 * true. */
typedef bool known_fn(void *arg, const char *key);

/* By the name that the option itself makes, so that no second list of keys has
 * to be kept. */
static bool each_of(const struct command *c, const struct option *o,
		    known_fn *fn, void *arg)
{
	struct buf key = BUF_INIT;
	bool stop = false;

	for (; o != NULL && o->name != NULL && !stop; o++) {
		if (!o->config)
			continue;
		buf_reset(&key);
		option_config_key(c, o, &key);
		buf_byte(&key, 0);
		stop = !key.failed && fn(arg, (const char *)key.data);
	}
	buf_clear(&key);
	return stop;
}

/* The keys of no option, then those common to all commands, then each
 * command's own, until fn has found what it seeks. */
static bool each_known(known_fn *fn, void *arg)
{
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (fn(arg, others[i]))
			return true;
	if (each_of(NULL, option_common(), fn, arg))
		return true;
	for (i = 0; i < command_count; i++)
		if (each_of(commands[i], commands[i]->options, fn, arg))
			return true;
	return false;
}

static bool is_same(void *arg, const char *key)
{
	return strcmp(arg, key) == 0;
}

/* "ca_crl" begins "ca.crl.wait", and "verify_id" "verify-id.days". */
static bool begins(const char *name, const char *key)
{
	for (; *name != '\0'; name++, key++)
		if (*name != *key &&
		    !(*name == '_' && (*key == '.' || *key == '-')))
			return false;
	return *key == '.';
}

/* Is it of a command that this program has not? */
static bool is_elsewhere(const char *key)
{
	char name[KEY_MAX];
	const char *of[4];
	size_t i, j, used;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!begins(names[i], key) || strlen(names[i]) >= sizeof(name))
			continue;
		/* Its words, joined as commands have them. */
		(void)snprintf(name, sizeof(name), "%.*s",
			       (int)strlen(names[i]), key);
		of[0] = name;
		for (j = 1; j < sizeof(of) / sizeof(of[0]); j++) {
			char *dot = strchr(of[j - 1], '.');

			if (dot == NULL)
				break;
			*dot = '\0';
			of[j] = dot + 1;
		}
		if (command_find(of, j, &used) == NULL || used < j)
			return true;
	}
	return false;
}

/* "cas.NAME.url", "cas.NAME.subject.0" (cmd/enroll/cas.h). */
static bool is_of_ca(const char *key)
{
	const char *own;

	if (strncmp(key, CAS_KEY, strlen(CAS_KEY)) != 0)
		return false;
	own = strchr(key + strlen(CAS_KEY), '.');
	for (size_t i = 0; own != NULL && i < sizeof(of_ca) / sizeof(of_ca[0]);
	     i++) {
		size_t len = strlen(of_ca[i]);

		if (strncmp(own + 1, of_ca[i], len) == 0 &&
		    (own[1 + len] == '\0' ||
		     (own[1 + len] == '.' && strcmp(of_ca[i], "subject") == 0)))
			return true;
	}
	return false;
}

struct nearest {
	const char *wanted;
	unsigned best;
	char key[KEY_MAX + 1];
};

/* Never true, for all keys are to be seen.  What is longer than the room for
 * it is not offered. */
static bool compare(void *arg, const char *key)
{
	struct nearest *n = arg;
	unsigned d = option_distance(n->wanted, key);

	if (d < n->best && strlen(key) <= KEY_MAX) {
		n->best = d;
		(void)snprintf(n->key, sizeof(n->key), "%s", key);
	}
	return false;
}

struct warned {
	struct session *session;
	size_t count;
};

/* What another program of the family knows is not warned about, nor more than
 * a screen of it.  What stands below parties.PARTY is compared without that,
 * and offered with it. */
static void look(void *arg, const char *file, const char *key,
		 const char *value)
{
	struct warned *w = arg;
	struct nearest n = { .key = "" };
	const char *own = key, *dot;
	size_t near;

	(void)value;
	if (is_of_ca(key))
		return;
	if (strncmp(key, "parties.", 8) == 0) {
		dot = strchr(key + 8, '.');
		own = dot == NULL ? key : dot + 1;
	}
	if (each_known(is_same, (void *)(uintptr_t)own) || is_elsewhere(own) ||
	    ++w->count > WARNINGS)
		return;
	/* One in four letters, and one. */
	near = 1 + strlen(own) / 4;
	n.wanted = own;
	n.best = 1 + (unsigned)(near < NEAR ? near : NEAR);
	(void)each_known(compare, &n);
	if (n.key[0] == '\0')
		session_warn(w->session, "'%s': no option has the key '%s'",
			     file, key);
	else
		session_warn(w->session,
			     "'%s': no option has the key '%s'; did you mean "
			     "%.*s%s?",
			     file, key, (int)(own - key), key, n.key);
}

void config_warn_unknown(struct session *s)
{
	struct warned w = { .session = s };

	config_each(s->config, look, &w);
	if (w.count > WARNINGS)
		session_warn(s, "and %zu further keys that no option has",
			     w.count - WARNINGS);
}
