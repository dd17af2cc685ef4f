/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_find.h"

#include "event/audit.h"
#include "office/deposit/deposit_log.h"
#include "office/party/home_events.h"

/* Deposits of the log that the catalogue lacks, until a later entry says that
 * they are void; more need not be known. */
#define LACKING 16

/* How many entries are looked at before that is noted: a lookup of something
 * that is not there is no reason to write each time. */
#define WORTH_NOTING 64

struct following {
	struct catalogue *c;
	uint64_t at; /* entries that were seen */
	uint64_t index[LACKING];
	size_t count;
};

/* The order is kept, for the first is where the next look begins
 * (deposit_follow). */
static void forget(struct following *f, uint64_t index)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->index[i] == index) {
			memmove(&f->index[i], &f->index[i + 1],
				(f->count - i - 1) * sizeof(*f->index));
			f->count--;
			return;
		}
}

/* An audit_entry_fn. */
static enum deed_status see(void *arg, uint64_t index, const struct entry *e,
			    const json_t *openings, struct deed_error *err)
{
	struct following *f = arg;
	struct catalogue_item item;
	uint8_t cms[SHA256_SIZE];
	uint64_t voided;
	enum deed_status status = DEED_OK;

	(void)openings;
	f->at = index + 1;
	if (!strcmp(e->event, "void") && entry_get_number(e, "entry", &voided))
		forget(f, voided);
	if (!deposit_names_manifest(e, cms) || f->count == LACKING)
		return DEED_OK;
	status = catalogue_find_manifest(f->c, cms, &item, NULL, err);
	if (status != DEED_NOT_FOUND)
		return status;
	f->index[f->count++] = index;
	return DEED_OK;
}

enum deed_status deposit_follow(const struct home *h, struct catalogue *c,
				bool *lacks, struct deed_error *err)
{
	struct following f = { .c = c };
	struct event_home *log = NULL;
	uint64_t from = 0, to;
	enum deed_status status;

	*lacks = false;
	status = catalogue_followed(c, &from, err);
	f.at = from;
	if (status == DEED_OK)
		status = home_events_open(h, 0, &log, err);
	to = from > UINT64_MAX - DEPOSIT_FOLLOW ? from : from + DEPOSIT_FOLLOW;
	if (status == DEED_OK)
		status = audit_walk(log, from, to, NULL, see, &f, err);
	home_events_close(log);
	if (status != DEED_OK)
		return status;
	*lacks = f.count > 0;
	to = f.count > 0 ? f.index[0] : f.at;
	if (to >= from + WORTH_NOTING)
		(void)!catalogue_follow(c, to, NULL);
	return DEED_OK;
}
