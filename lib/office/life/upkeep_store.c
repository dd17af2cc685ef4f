/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "archive/catalogue.h"
#include "archive/answering.h"
#include "archive/place/place.h"
#include "base/file.h"
#include "event/event.h"
#include "key/token.h"
#include "keystore/keystore.h"
#include "office/party/home_events.h"
#include "office/life/upkeep_priv.h"

/* Devices whose space was told already. */
struct devices {
	dev_t seen[ARCHIVE_PLACES_MAX + 1];
	size_t count;
};

/* Beyond the array a device may be told twice, and none is passed over. */
static bool is_new(struct devices *d, dev_t device)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->seen[i] == device)
			return false;
	if (d->count < sizeof(d->seen) / sizeof(d->seen[0]))
		d->seen[d->count++] = device;
	return true;
}

/* Where path is no folder that can be asked, nothing is told of it. */
static enum deed_status check_space(struct upkeep_run *r, const char *path,
				    struct devices *devices)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum upkeep_state state = UPKEEP_GOOD;
	struct statvfs fs;
	struct stat st;
	uint64_t left;

	if (stat(path, &st) != 0 || statvfs(path, &fs) != 0 ||
	    !is_new(devices, st.st_dev))
		return DEED_OK;
	left = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (left < UPKEEP_SPACE_AMISS)
		state = UPKEEP_AMISS;
	else if (left < UPKEEP_SPACE_SOON)
		state = UPKEEP_SOON;
	(void)deed_error_set(&why, DEED_NO_SPACE, "%" PRIu64 " MiB are free",
			     left >> 20);
	/* File systems that count no files have none. */
	if (fs.f_files > 0 && fs.f_favail == 0) {
		state = UPKEEP_AMISS;
		(void)deed_error_set(&why, DEED_NO_SPACE,
				     "no further file can be made");
	}
	if ((fs.f_flag & ST_RDONLY) != 0) {
		state = UPKEEP_AMISS;
		(void)deed_error_set(&why, DEED_IO, "it is read-only");
	}
	if (state != UPKEEP_GOOD)
		deed_error_hint(&why, "df -h '%s'", path);
	return upkeep_add(r, "space", path, state, &why);
}

/* An answer is told too, so that a report names each place. */
static enum deed_status say_place(struct upkeep_run *r, const struct place *p,
				  enum deed_status there,
				  struct deed_error *why)
{
	if (there == DEED_OK) {
		(void)deed_error_set(why, DEED_NO, "'%s' answers",
				     place_location(p));
		return upkeep_add(r, "place", place_name(p), UPKEEP_GOOD, why);
	}
	why->hint[0][0] = '\0';
	deed_error_remedy(why, REMEDY_SHARD_CHECK, NULL);
	return upkeep_add(r, "place", place_name(p), UPKEEP_AMISS, why);
}

/* All are asked at once (answering_probe), as each that is away costs its
 * timeout. */
static enum deed_status check_places(struct upkeep_run *r,
				     const struct archive *a)
{
	struct deed_error *why = calloc(a->count + 1, sizeof(*why));
	enum deed_status there[ARCHIVE_PLACES_MAX], s = DEED_OK;

	if (why == NULL)
		return deed_error_memory(r->err);
	answering_probe(a, there, why);
	for (size_t i = 0; s == DEED_OK && i < a->count; i++)
		s = say_place(r, a->place[i], there[i], &why[i]);
	free(why);
	return s;
}

/* A catalogue_fn; so many are enough to know that it is not one or two. */
#define DEPOSITS_TOLD 1000

/* The limit of the query bounds it. */
static enum deed_status count_one(void *arg, const struct catalogue_item *item,
				  struct deed_error *err)
{
	size_t *count = arg;

	(void)item;
	(void)err;
	++*count;
	return DEED_OK;
}

/* Those that the last check or repair saw in this state. */
static enum deed_status check_state(struct upkeep_run *r, struct catalogue *c,
				    enum catalogue_state state,
				    const char *word)
{
	const struct catalogue_query query = { .has_state = true,
					       .state = state,
					       .limit = DEPOSITS_TOLD };
	struct deed_error why = DEED_ERROR_INIT;
	size_t count = 0;

	if (catalogue_list(c, &query, count_one, &count, NULL) != DEED_OK ||
	    count == 0)
		return DEED_OK;
	(void)deed_error_set(&why, DEED_DAMAGED, "%zu%s %s %s", count,
			     count == DEPOSITS_TOLD ? " or more" : "",
			     count == 1 ? "deposit is" : "deposits are", word);
	deed_error_remedy(&why, REMEDY_SHARD_REPAIR, NULL);
	return upkeep_add(r, "deposit", NULL, UPKEEP_AMISS, &why);
}

/* A catalogue that is missing or broken is no matter here: it is made anew. */
static enum deed_status check_deposits(struct upkeep_run *r, struct archive *a)
{
	struct catalogue *c = NULL;
	enum deed_status s = DEED_OK;

	if (catalogue_open_as_is(a, &c, NULL) != DEED_OK)
		return DEED_OK;
	s = check_state(r, c, CATALOGUE_DEGRADED, "degraded");
	if (s == DEED_OK)
		s = check_state(r, c, CATALOGUE_UNREADABLE, "unreadable");
	catalogue_close(c);
	return s;
}

/* Space is asked of folders of this machine alone, and once a device. */
static enum deed_status check_archive(struct upkeep_run *r,
				      struct devices *devices)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct archive *a = NULL;
	enum deed_status s;

	s = archive_open(r->home->archive, r->home->places, &a, &why);
	if (s != DEED_OK)
		return upkeep_add(r, "place", NULL, UPKEEP_AMISS, &why);
	s = check_places(r, a);
	for (size_t i = 0; s == DEED_OK && i < a->count; i++)
		if (place_is_local(a->place[i]))
			s = check_space(r, place_location(a->place[i]),
					devices);
	if (s == DEED_OK)
		s = check_deposits(r, a);
	archive_close(a);
	return s;
}

/* Nobody is asked for a PIN here: token_check looks at the token alone.  That
 * it locks at the next wrong PIN is worth a word before somebody tries. */
static enum deed_status check_token(struct upkeep_run *r,
				    const struct keystore_entry *e)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum upkeep_state state = UPKEEP_GOOD;
	struct buf uri = BUF_INIT;
	bool last = false;
	enum deed_status s;

	s = file_read(e->key_path, TOKEN_URI_MAX + 1, &uri, &why);
	if (s == DEED_OK) {
		buf_byte(&uri, 0);
		s = buf_status(&uri, &why);
	}
	if (s == DEED_OK) {
		uri.data[strcspn((const char *)uri.data, "\n")] = '\0';
		s = token_check((const char *)uri.data, &last, &why);
	}
	if (s != DEED_OK) {
		state = UPKEEP_AMISS;
	} else if (last) {
		state = UPKEEP_SOON;
		(void)deed_error_set(&why, DEED_NO_KEY,
				     "its token locks if the PIN is wrong "
				     "once more");
	} else {
		(void)deed_error_set(&why, DEED_OK, "its token is here");
	}
	if (state != UPKEEP_GOOD && why.hint[0][0] == '\0')
		deed_error_hint(&why, "deed key show %s", e->owner);
	buf_clear(&uri);
	return upkeep_add(r, "token", e->owner, state, &why);
}

/* Only the newest key of each role is in use, so only its token is wanted. */
static enum deed_status check_tokens(struct upkeep_run *r)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct keystore_list list = { NULL, 0 };
	struct keystore *ks = NULL;
	enum deed_status s;

	s = keystore_open(r->home->keystore, &ks, &why);
	if (s == DEED_OK)
		s = keystore_list(ks, NULL, &list, &why);
	if (s != DEED_OK)
		s = upkeep_add(r, "token", NULL, UPKEEP_AMISS, &why);
	for (size_t i = 0; s == DEED_OK && i < list.count; i++)
		if (list.items[i].newest && list.items[i].on_token)
			s = check_token(r, &list.items[i]);
	keystore_list_clear(&list);
	keystore_close(ks);
	return s;
}

/* The second copy of the checkpoint tells whether the log was cut; a change
 * that is pending is told, and left to recover, since nothing is written here.
 */
static enum deed_status check_log(struct upkeep_run *r)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum upkeep_state state = UPKEEP_GOOD;
	struct event_home *log = NULL;
	bool pending = false;
	enum deed_status s;

	s = home_events_open(r->home, 0, &log, &why);
	if (s == DEED_OK)
		s = event_check(log, &pending, &why);
	home_events_close(log);
	if (s != DEED_OK) {
		state = UPKEEP_AMISS;
		why.hint[0][0] = '\0';
		deed_error_remedy(&why, REMEDY_RECOVER, NULL);
	} else if (pending) {
		state = UPKEEP_AMISS;
		(void)deed_error_set(&why, DEED_INCONSISTENT,
				     "a change was interrupted and is not "
				     "finished");
		deed_error_remedy(&why, REMEDY_RECOVER, NULL);
	} else {
		(void)deed_error_set(&why, DEED_OK,
				     "it agrees with its second copy");
	}
	return upkeep_add(r, "log", NULL, state, &why);
}

enum deed_status upkeep_stores(struct upkeep_run *r)
{
	struct devices devices = { .count = 0 };
	enum deed_status s = check_tokens(r);

	if (s == DEED_OK)
		s = check_log(r);
	if (s == DEED_OK)
		s = check_space(r, r->home->root, &devices);
	if (s == DEED_OK)
		s = check_archive(r, &devices);
	return s;
}
