/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_audit.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "archive/manifests.h"
#include "office/party/home_events.h"

/* A deposit of the log; item is zero where no place has its manifest. */
struct logged {
	uint64_t index;
	uint8_t cms[SHA256_SIZE];
	bool is_void, found;
	struct catalogue_item item;
};

struct audit {
	struct logged *deposit; /* by index, later by the hash of its CMS */
	size_t count, cap;
	struct deposit_audit *out;
};

static int by_cms(const void *a, const void *b)
{
	const struct logged *x = a, *y = b;

	return memcmp(x->cms, y->cms, SHA256_SIZE);
}

static int by_index(const void *a, const void *b)
{
	const struct logged *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

static int by_id(const void *a, const void *b)
{
	const struct catalogue_item *x = a, *y = b;

	return strcmp(x->id, y->id);
}

/* As catalogue_list has them. */
static int by_time(const void *a, const void *b)
{
	const struct catalogue_item *x = a, *y = b;

	if (x->deposited != y->deposited)
		return x->deposited < y->deposited ? -1 : 1;
	return by_id(a, b);
}

static bool grow(struct audit *d)
{
	struct logged *more;
	size_t cap = d->cap == 0 ? 64 : 2 * d->cap;

	if (d->count < d->cap)
		return true;
	more = reallocarray(d->deposit, cap, sizeof(*more));
	if (more == NULL)
		return false;
	d->deposit = more;
	d->cap = cap;
	return true;
}

/* An audit_entry_fn.  Entries come by index, so a void one is found. */
static enum deed_status see_entry(void *arg, uint64_t index,
				  const struct entry *e, const json_t *openings,
				  struct deed_error *err)
{
	struct audit *d = arg;
	struct logged key = { .index = 0 }, *found;

	(void)openings;
	if (!strcmp(e->event, "void") &&
	    entry_get_number(e, "entry", &key.index)) {
		found = d->count == 0 ? NULL
				      : bsearch(&key, d->deposit, d->count,
						sizeof(key), by_index);
		if (found != NULL)
			found->is_void = true;
		return DEED_OK;
	}
	key.index = index;
	if (strcmp(e->event, "deposit") != 0 ||
	    !entry_get_hash(e, "manifest", key.cms))
		return DEED_OK;
	if (!grow(d))
		return deed_error_memory(err);
	d->deposit[d->count++] = key;
	return DEED_OK;
}

/* A manifests_fn. */
static enum deed_status see_manifest(void *arg, const struct manifest *m,
				     const uint8_t id[SHA256_SIZE],
				     const uint8_t cms[SHA256_SIZE],
				     struct deed_error *err)
{
	struct audit *d = arg;
	struct logged key, *found = NULL;

	(void)err;
	memcpy(key.cms, cms, SHA256_SIZE);
	if (d->count > 0)
		found = bsearch(&key, d->deposit, d->count, sizeof(key),
				by_cms);
	if (found != NULL && !found->found) {
		catalogue_item_of(m, id, &found->item);
		found->found = true;
	}
	return DEED_OK;
}

static enum deed_status tell(struct audit *d, enum deed_status status,
			     struct deed_error *err, const char *fmt, ...)
	DEED_PRINTF(4, 5);
static enum deed_status tell(struct audit *d, enum deed_status status,
			     struct deed_error *err, const char *fmt, ...)
{
	char text[300];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return audit_report_add(&d->out->report, status, "catalogue", text,
				err);
}

/* One deposit of the log against the rows, which are sorted; rows is how many
 * there are, and known says which of them the log knows. */
static enum deed_status compare(struct audit *d, const struct logged *l,
				size_t rows, bool *known,
				struct deed_error *err)
{
	struct deposit_audit *out = d->out;
	const struct catalogue_item *row = NULL;

	if (!l->found)
		return tell(d, DEED_DAMAGED, err,
			    "log entry %" PRIu64
			    ": no place has the manifest of its deposit",
			    l->index);
	if (rows > 0)
		row = bsearch(&l->item, out->item, rows, sizeof(*row), by_id);
	if (row == NULL) {
		out->item[out->count++] = l->item;
		return tell(d, DEED_INCONSISTENT, err,
			    "the catalogue lacks deposit '%s' of log entry "
			    "%" PRIu64,
			    l->item.id, l->index);
	}
	known[row - out->item] = true;
	if (catalogue_item_same(row, &l->item))
		return DEED_OK;
	return tell(d, DEED_INCONSISTENT, err,
		    "the catalogue's row of deposit '%s' is not what its "
		    "manifest says",
		    l->item.id);
}

static enum deed_status compare_all(struct audit *d, struct deed_error *err)
{
	struct deposit_audit *out = d->out;
	const size_t rows = out->count;
	struct catalogue_item *more;
	enum deed_status status = DEED_OK;
	bool *known = calloc(rows + 1, sizeof(*known));

	more = reallocarray(out->item, rows + d->count + 1, sizeof(*more));
	if (more != NULL)
		out->item = more;
	if (known == NULL || more == NULL)
		status = deed_error_memory(err);
	if (status == DEED_OK && rows > 0)
		qsort(out->item, rows, sizeof(*more), by_id);
	for (size_t i = 0; status == DEED_OK && i < d->count; i++)
		if (!d->deposit[i].is_void)
			status = compare(d, &d->deposit[i], rows, known, err);
	for (size_t i = 0; status == DEED_OK && i < rows; i++)
		if (!known[i])
			status = tell(d, DEED_OK, err,
				      "the catalogue has deposit '%s', of "
				      "which the log knows nothing",
				      out->item[i].id);
	if (status == DEED_OK && out->count > 0)
		qsort(out->item, out->count, sizeof(*more), by_time);
	free(known);
	return status;
}

/* Where is looked, and what for. */
struct looking {
	const struct home *home;
	const struct event_home *log;
	struct deposit_audit *out;
};

/* An event_look_fn. */
static enum deed_status look(void *arg, const struct event_heads *last,
			     bool *differs, struct deed_error *err)
{
	const struct looking *l = arg;
	struct deposit_audit *out = l->out;
	struct audit d = { .out = out };
	struct archive *a = NULL;
	enum deed_status status;

	(void)last;
	deposit_audit_clear(out);
	status = audit_walk(l->log, 0, UINT64_MAX, NULL, see_entry, &d, err);
	if (d.count > 0)
		qsort(d.deposit, d.count, sizeof(*d.deposit), by_cms);
	if (status == DEED_OK)
		status = archive_open(l->home->archive, &a, err);
	if (status == DEED_OK)
		status = catalogue_list(a, NULL, &out->item, &out->count, err);
	if (status == DEED_OK)
		status = manifests_walk(a, see_manifest, &d, err);
	if (d.count > 0)
		qsort(d.deposit, d.count, sizeof(*d.deposit), by_index);
	if (status == DEED_OK)
		status = compare_all(&d, err);
	archive_close(a);
	free(d.deposit);
	*differs = out->report.findings > 0;
	return status;
}

enum deed_status deposit_audit(const struct home *h, unsigned wait_seconds,
			       int64_t now, struct deposit_audit *out,
			       struct deed_error *err)
{
	struct event_home *log = NULL;
	struct looking l = { .home = h, .out = out };
	enum deed_status status;

	*out = (struct deposit_audit){ .report = AUDIT_REPORT_INIT };
	status = home_events_open(h, wait_seconds, &log, err);
	l.log = log;
	if (status == DEED_OK)
		status = event_look(log, look, &l, now, err);
	home_events_close(log);
	return status;
}

void deposit_audit_clear(struct deposit_audit *d)
{
	audit_report_clear(&d->report);
	free(d->item);
	d->item = NULL;
	d->count = 0;
}
