/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_audit.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "archive/hidden.h"
#include "archive/manifests.h"
#include "base/array.h"
#include "codec/hex.h"
#include "office/deposit/deposit_log.h"
#include "office/party/authority.h"
#include "office/party/home_events.h"

/* So many of a kind are told one by one: a catalogue that lost its log's end
 * may have a million. */
#define TOLD 64

/* A deposit of the log, in 24 bytes: a log may have millions. */
struct logged {
	uint64_t index;
	uint64_t cms; /* the beginning of the hash of its manifest */
	bool is_void, is_row;
	bool is_first; /* its first generation */
};

/* So many that no place lists are asked for by name. */
#define UNLISTED 1000

/* One that the catalogue lacks; or whose manifest no place has. */
struct lacking {
	uint64_t index;
	uint8_t cms[SHA256_SIZE];
	char id[CATALOGUE_ID + 1]; /* empty before a manifest was found */
	bool is_void, is_row;
	bool is_there;			      /* though no place lists it */
	char folder[2 * ARCHIVE_DEPOSIT + 1]; /* where a place shows it; or
					       * empty */
};

struct audit {
	const struct home *home;
	const struct event_home *log;
	struct archive *a;
	struct catalogue *c;
	struct audit_report *out;
	struct logged *deposit; /* by index, later by cms */
	size_t count, cap;
	struct lacking *lacking; /* by index, later by cms */
	size_t lacking_count, lacking_cap;
	uint64_t size;	/* of the log, as it was looked at */
	size_t unknown; /* rows of which the log knows nothing */
	bool mend;
};

/* What was learnt goes, and what the caller gave stays: event_look may look
 * again. */
static void clear(struct audit *d)
{
	catalogue_close(d->c);
	archive_close(d->a);
	free(d->deposit);
	free(d->lacking);
	*d = (struct audit){ .home = d->home, .log = d->log, .out = d->out };
}

static int by_index(const void *a, const void *b)
{
	const struct logged *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

static int by_cms(const void *a, const void *b)
{
	const struct logged *x = a, *y = b;

	return x->cms < y->cms ? -1 : x->cms > y->cms;
}

static int lacking_by_index(const void *a, const void *b)
{
	const struct lacking *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

static int lacking_by_cms(const void *a, const void *b)
{
	const struct lacking *x = a, *y = b;

	return memcmp(x->cms, y->cms, SHA256_SIZE);
}

/* Eight bytes of a hash tell millions of manifests apart, and a log may have
 * so many. */
static uint64_t beginning(const uint8_t cms[SHA256_SIZE])
{
	uint64_t n;

	memcpy(&n, cms, sizeof(n));
	return n;
}

/* A message is cut rather than allocated; those here are of an id, a number
 * and a sentence. */
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
	return audit_report_add(d->out, status, "catalogue", text, err);
}

/* Entries come by index, so a void one is found. */
static void see_void(struct audit *d, uint64_t index)
{
	struct logged key = { .index = index }, *one = NULL;
	struct lacking other = { .index = index }, *lack = NULL;

	if (d->count > 0)
		one = bsearch(&key, d->deposit, d->count, sizeof(key),
			      by_index);
	if (one != NULL)
		one->is_void = true;
	if (d->lacking_count > 0)
		lack = bsearch(&other, d->lacking, d->lacking_count,
			       sizeof(other), lacking_by_index);
	if (lack != NULL)
		lack->is_void = true;
}

/* The catalogue is asked by the hash of the manifest, for the log names
 * deposits by nothing else. */
static enum deed_status see_deposit(struct audit *d, uint64_t index,
				    const uint8_t cms[SHA256_SIZE],
				    bool is_first, struct deed_error *err)
{
	struct logged one = { .index = index,
			      .cms = beginning(cms),
			      .is_first = is_first };
	struct lacking lack = { .index = index };
	struct catalogue_item row;
	enum deed_status status =
		catalogue_find_manifest(d->c, cms, &row, NULL, err);

	if (status != DEED_OK && status != DEED_NOT_FOUND)
		return status;
	one.is_row = status == DEED_OK;
	if (!array_room(&d->deposit, &d->cap, d->count + 1) ||
	    !array_room(&d->lacking, &d->lacking_cap, d->lacking_count + 1))
		return deed_error_memory(err);
	d->deposit[d->count++] = one;
	if (one.is_row)
		return DEED_OK;
	memcpy(lack.cms, cms, SHA256_SIZE);
	d->lacking[d->lacking_count++] = lack;
	return DEED_OK;
}

/* An audit_entry_fn. */
static enum deed_status see_entry(void *arg, uint64_t index,
				  const struct entry *e, const json_t *openings,
				  struct deed_error *err)
{
	struct audit *d = arg;
	uint8_t cms[SHA256_SIZE];
	uint64_t voided;

	(void)openings;
	if (!strcmp(e->event, "void") && entry_get_number(e, "entry", &voided))
		see_void(d, voided);
	if (!deposit_names_manifest(e, cms))
		return DEED_OK;
	return see_deposit(d, index, cms, !strcmp(e->event, "deposit"), err);
}

/* A hidden_fn: of what the log names no place has it. */
static enum deed_status see_hidden(void *arg, const uint8_t cms[SHA256_SIZE],
				   struct deed_error *err)
{
	struct audit *d = arg;
	struct logged key = { .cms = beginning(cms) }, *one = NULL;
	struct lacking lack = { .is_row = true };

	if (d->count > 0)
		one = bsearch(&key, d->deposit, d->count, sizeof(key), by_cms);
	if (one == NULL || !one->is_row)
		return DEED_OK;
	if (!array_room(&d->lacking, &d->lacking_cap, d->lacking_count + 1))
		return deed_error_memory(err);
	lack.index = one->index;
	lack.is_void = one->is_void;
	memcpy(lack.cms, cms, SHA256_SIZE);
	d->lacking[d->lacking_count++] = lack;
	return DEED_OK;
}

/* Once all entries are known. */
static enum deed_status look_for_names(struct audit *d, struct deed_error *err)
{
	if (d->count > 0)
		qsort(d->deposit, d->count, sizeof(*d->deposit), by_cms);
	return hidden_manifests(d->a, d->c, see_hidden, d, err);
}

/* The list has to be sorted by hash at this point: look_at_places does it
 * before the places are walked. */
static struct lacking *find_lacking(const struct audit *d,
				    const uint8_t cms[SHA256_SIZE])
{
	struct lacking key;

	memcpy(key.cms, cms, SHA256_SIZE);
	return bsearch(&key, d->lacking, d->lacking_count, sizeof(key),
		       lacking_by_cms);
}

/* A manifests_known_fn: what is not looked for, or was found. */
static bool is_known(void *arg, const char *folder,
		     const uint8_t cms[SHA256_SIZE])
{
	struct lacking *l = find_lacking(arg, cms);

	if (l != NULL)
		snprintf(l->folder, sizeof(l->folder), "%s", folder);
	return l == NULL || l->is_void || l->id[0] != '\0';
}

/* A manifest was found at a place.  Whether the catalogue has a row for its
 * deposit decides between "lacks" and "is not what its manifest says". */
static void is_there(const struct audit *d, const uint8_t cms[SHA256_SIZE],
		     const uint8_t id[SHA256_SIZE])
{
	struct lacking *l = find_lacking(d, cms);
	struct catalogue_item row;

	if (l == NULL)
		return;
	hex_text(slice_of(id, SHA256_SIZE), l->id);
	/* It may be of another generation. */
	l->is_row =
		l->is_row || catalogue_find(d->c, l->id, &row, NULL) == DEED_OK;
}

/* A manifests_fn. */
static enum deed_status see_manifest(void *arg,
				     const struct manifests_item *item,
				     struct deed_error *err)
{
	const struct catalogue_new row = { .m = item->m,
					   .id = item->id,
					   .cms = item->cms,
					   .past = item->past,
					   .past_count = item->past_count };
	struct audit *d = arg;

	is_there(d, item->cms, item->id);
	for (size_t i = 0; i < item->past_count; i++)
		is_there(d, item->past[i].cms, item->id);
	return d->mend ? catalogue_add_all(d->a, &row, 1, err) : DEED_OK;
}

/* The one in force or any that it follows: an entry of the log stays true when
 * the deposit has moved since. */
static bool has_manifest(const struct stored *d, const uint8_t cms[SHA256_SIZE])
{
	if (!memcmp(d->cms_sha256, cms, SHA256_SIZE))
		return true;
	for (size_t i = 0; i < d->past_count; i++)
		if (!memcmp(d->past[i].cms, cms, SHA256_SIZE))
			return true;
	return false;
}

/* Which of several is in force, and how it was signed, places alone may not
 * tell: the log does. */
static enum deed_status ask_log(struct audit *d, struct lacking *l,
				const struct pki_params *trust,
				struct deed_error *err)
{
	enum deed_status status;
	struct stored_log log;
	struct stored *stored;

	deposit_log(d->home, l->cms, 0, &log);
	status = stored_load_logged(d->a, l->folder, NULL, trust, &log, &stored,
				    NULL);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	status = DEED_OK;
	if (stored != NULL && has_manifest(stored, l->cms)) {
		is_there(d, l->cms, stored->id);
		if (d->mend)
			status = catalogue_add_stored(d->a, stored, err);
	}
	stored_free(stored);
	return status;
}

/* Nor is it listed: the catalogue knows its name. */
static enum deed_status ask_unlisted(struct audit *d, struct lacking *l,
				     const struct pki_params *trust,
				     struct deed_error *err)
{
	enum deed_status status;
	struct catalogue_item row;
	struct stored_log log;
	struct stored *stored;

	if (!l->is_row ||
	    catalogue_find_manifest(d->c, l->cms, &row, NULL, NULL) !=
		    DEED_OK ||
	    memcmp(row.cms, l->cms, SHA256_SIZE) != 0)
		return DEED_OK;
	deposit_log(d->home, row.cms, row.generation, &log);
	status = stored_load_logged(d->a, row.folder, row.id, trust, &log,
				    &stored, NULL);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	l->is_there = stored != NULL && has_manifest(stored, l->cms);
	stored_free(stored);
	return DEED_OK;
}

/* What no listing shows may be there all the same, but each such question
 * costs a request at every place: so many are asked, and the rest told. */
static enum deed_status ask_about_all(struct audit *d, struct deed_error *err)
{
	struct pki_params trust = { .time = 0 };
	struct pki_source *source = NULL;
	enum deed_status status = DEED_OK;
	size_t unlisted = 0;

	for (size_t i = 0; i < d->lacking_count && status == DEED_OK; i++) {
		struct lacking *l = &d->lacking[i];

		if (l->is_void || l->id[0] != '\0' ||
		    (l->folder[0] == '\0' && unlisted++ >= UNLISTED))
			continue;
		if (source == NULL)
			status = authority_source(d->home, &source, err);
		trust.source = source;
		if (status == DEED_OK)
			status = l->folder[0] == '\0'
					 ? ask_unlisted(d, l, &trust, err)
					 : ask_log(d, l, &trust, err);
	}
	pki_source_free(source);
	return status;
}

/* Nothing is read where the catalogue has a row for each entry, which is the
 * rule.  The whole walk serves all that lack; only those it cannot settle are
 * asked about one by one. */
static enum deed_status look_at_places(struct audit *d, struct deed_error *err)
{
	size_t n = d->lacking_count;
	enum deed_status status;

	if (n == 0)
		return DEED_OK;
	qsort(d->lacking, n, sizeof(*d->lacking), lacking_by_cms);
	status = manifests_walk(d->a, is_known, see_manifest, d, NULL, err);
	return status == DEED_OK ? ask_about_all(d, err) : status;
}

/* What no place can show is damage.  What a place shows and the catalogue does
 * not say is an inconsistency, which reindex removes. */
static enum deed_status tell_lacking(struct audit *d, const struct lacking *l,
				     struct deed_error *err)
{
	if (l->id[0] == '\0' && l->folder[0] != '\0')
		return tell(d, DEED_DAMAGED, err,
			    "log entry %" PRIu64
			    ": the manifest of its deposit is damaged at every "
			    "place, or not the one in force",
			    l->index);
	if (l->id[0] == '\0')
		return tell(d, DEED_DAMAGED, err,
			    "log entry %" PRIu64
			    ": no place has the manifest of its deposit",
			    l->index);
	if (!l->is_row)
		return tell(d, DEED_INCONSISTENT, err,
			    "the catalogue lacks deposit '%s' of log entry "
			    "%" PRIu64,
			    l->id, l->index);
	return tell(d, DEED_INCONSISTENT, err,
		    "the catalogue's row of deposit '%s' is not what its "
		    "manifest says",
		    l->id);
}

static bool is_lacking(const struct lacking *l)
{
	return !l->is_void && !l->is_there;
}

/* In the order of the log, TOLD of them one by one.  Where no place answers
 * nothing is said of any: that would be a false alarm about every deposit. */
static enum deed_status tell_all_lacking(struct audit *d,
					 struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t n = d->lacking_count, told = 0, all = 0;
	bool damaged = false;

	if (n == 0)
		return DEED_OK;
	if (!archive_reach(d->a))
		return tell(d, DEED_OK, err,
			    "no place answers: whether the deposits of the log "
			    "are there cannot be told");
	qsort(d->lacking, n, sizeof(*d->lacking), lacking_by_index);
	for (size_t i = 0; i < n && told < TOLD && status == DEED_OK; i++)
		if (is_lacking(&d->lacking[i])) {
			status = tell_lacking(d, &d->lacking[i], err);
			told++;
		}
	/* That one of them is nowhere must not hide among the others: what lies
	 * at places may be of it (deposit_sweep). */
	for (size_t i = 0; i < n; i++)
		if (is_lacking(&d->lacking[i]) && ++all > told)
			damaged |= d->lacking[i].id[0] == '\0';
	if (status == DEED_OK && all > told)
		status =
			tell(d, damaged ? DEED_DAMAGED : DEED_INCONSISTENT, err,
			     "and so it is with %zu more deposits of the log",
			     all - told);
	return status;
}

/* A catalogue_fn: one that the log does not know. */
static enum deed_status see_row(void *arg, const struct catalogue_item *item,
				struct deed_error *err)
{
	struct audit *d = arg;
	struct logged key = { .cms = beginning(item->cms) };

	if (d->count > 0 &&
	    bsearch(&key, d->deposit, d->count, sizeof(key), by_cms) != NULL)
		return DEED_OK;
	if (d->unknown++ >= TOLD)
		return DEED_OK;
	return tell(d, DEED_OK, err,
		    "the catalogue has deposit '%s', of which the log knows "
		    "nothing",
		    item->id);
}

/* Those that are in both are counted first: mostly that is all of them. */
static enum deed_status tell_unknown(struct audit *d, struct deed_error *err)
{
	const struct catalogue_query all = { .limit = 0 };
	uint64_t rows, known = 0;
	enum deed_status status = catalogue_count(d->c, &rows, err);
	size_t n = 0;

	for (size_t i = 0; i < d->count; i++)
		if (!d->deposit[i].is_void) {
			known += d->deposit[i].is_row && d->deposit[i].is_first;
			d->deposit[n++] = d->deposit[i];
		}
	d->count = n;
	if (status != DEED_OK || rows == known)
		return status;
	status = catalogue_list(d->c, &all, see_row, d, err);
	if (status == DEED_OK && d->unknown > TOLD)
		status = tell(d, DEED_OK, err,
			      "and %zu more of which the log knows nothing",
			      d->unknown - TOLD);
	return status;
}

/* An event_look_fn. */
static enum deed_status look(void *arg, const struct event_heads *last,
			     bool *differs, struct deed_error *err)
{
	struct audit *d = arg;
	enum deed_status status;

	clear(d);
	audit_report_clear(d->out);
	d->size = last->size;
	status = archive_open(d->home->archive, d->home->places, &d->a, err);

	if (status == DEED_OK)
		status = catalogue_open(d->a, &d->c, err);
	if (status == DEED_OK)
		status = audit_walk(d->log, 0, UINT64_MAX, NULL, see_entry, d,
				    err);
	if (status == DEED_OK)
		status = look_for_names(d, err);
	if (status == DEED_OK)
		status = look_at_places(d, err);
	/* What was read before it was made anew need not be there now. */
	if (status == DEED_OK && catalogue_remade(d->c) != NULL)
		status = tell(d, DEED_DAMAGED, err, "%s; it was made anew",
			      catalogue_remade(d->c));
	if (status == DEED_OK)
		status = tell_all_lacking(d, err);
	if (status == DEED_OK)
		status = tell_unknown(d, err);
	*differs = d->out->findings > 0;
	return status;
}

/* Once nothing moves any more: enter what the catalogue lacks. */
static enum deed_status enter(struct audit *d, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	d->mend = true;
	for (size_t i = 0; i < d->lacking_count; i++)
		d->lacking[i].id[0] = '\0';
	status = look_at_places(d, err);
	if (status == DEED_OK)
		(void)!catalogue_follow(d->c, d->size, NULL);
	return status;
}

/* The findings go to the caller only when the look is done: event_look may
 * call look several times, each of which begins with an empty report. */
static enum deed_status add_all(struct audit_report *to,
				const struct audit_report *from,
				struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	for (size_t i = 0; i < from->findings && status == DEED_OK; i++)
		status = audit_report_add(to, from->finding[i].status,
					  from->finding[i].id,
					  from->finding[i].message, err);
	return status;
}

/* Only when the look is settled is anything entered: not on the word of a log
 * that others were changing. */
enum deed_status deposit_audit(const struct home *h, unsigned wait_seconds,
			       int64_t now, bool mend, struct audit_report *out,
			       struct deed_error *err)
{
	struct audit_report found = AUDIT_REPORT_INIT;
	struct audit d = { .home = h, .out = &found };
	struct event_home *log = NULL;
	enum deed_status status = home_events_open(h, wait_seconds, &log, err);

	d.log = log;
	if (status == DEED_OK)
		status = event_look(log, look, &d, now, err);
	if (status == DEED_OK && mend)
		status = enter(&d, err);
	if (status == DEED_OK)
		status = add_all(out, &found, err);
	clear(&d);
	audit_report_clear(&found);
	home_events_close(log);
	return status;
}

enum deed_status deposit_reindex(const struct home *h, unsigned wait_seconds,
				 int64_t now, bool dry_run,
				 struct catalogue_changes *changes,
				 struct audit_report *out,
				 struct deed_error *err)
{
	struct archive *a = NULL;
	enum deed_status status = archive_open(h->archive, h->places, &a, err);

	if (status == DEED_OK)
		status = catalogue_reindex(a, wait_seconds, dry_run, changes,
					   err);
	archive_close(a);
	/* What is broken would be made anew by looking at it. */
	if (status == DEED_OK &&
	    !(dry_run && (changes->fresh || changes->changed > 0)))
		status =
			deposit_audit(h, wait_seconds, now, !dry_run, out, err);
	return status;
}
