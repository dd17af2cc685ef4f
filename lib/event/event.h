/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_EVENT_EVENT_H
#define DEED_EVENT_EVENT_H

#include "base/file.h"
#include "identity/dropbox.h"

/*
 * The one way in which a state change of the home is committed.  A
 * transaction has one or more entries of the log (a group: one for each
 * document) and any number of outputs; after a crash at any point either the
 * log has all its entries or none, no output is without its entry, and an
 * entry whose output could not be brought about is followed by one that says
 * so ("void").
 *
 *	event_begin(home, time, &ev, err)
 *	event_party(ev, &reader, &p, err)		for each party
 *	event_entry(ev, "sign", &e, err)		for each document
 *	  event_commit(ev, e, p, "party", name, err)
 *	  event_commit(ev, e, EVENT_ALL, "document", sha256, err)
 *	  event_hash(ev, e, "statement", sha256, err)
 *	  event_output(ev, e, &outfile, OUTFILE_NEW, NULL, err)
 *	event_finish(ev, fn, arg, &index, err)
 *	event_free(ev)					always
 *
 * event_finish does, in this order: lock; recovery; fn, which learns the
 * index and the checkpoint and may add to the transaction what it signs
 * under the lock; openings into the drop box; pending file; the outputs get
 * the temporary names that stand in it; bundles, tiles, checkpoint; second
 * copy of the checkpoint; renames; pending file removed;
 * unlock.  Each step is durable before the next.
 *
 * Nothing of a party (name, number, address, content of a document) goes
 * into an entry but through event_commit, which salts it; event_hash is for
 * what is public or encrypted.  The openings (salt and value) go into the
 * drop box: one record for each party and transaction, enveloped to the
 * register and that party; what belongs to no party goes to the register
 * alone.
 *
 * Strings and slices are copied unless said otherwise.  One transaction is
 * used by one thread; any number of processes may have one each.  Every
 * function answers DEED_NO_MEMORY or DEED_LIMIT where that is so.
 */

/*
 * Brings about outputs that are no files beside their temporaries: the
 * manifests of deposits, which are written to every place.  what[i] is the
 * text given to event_publish, bytes[i] what is published there; status[i] is
 * DEED_OK and receives how that came out, err the first failure.  It is called
 * under the lock, after the entries are logged, and again by the recovery of
 * any later command if it was interrupted, so it must do what is missing and
 * leave alone what is done.  A failure makes that entry void.
 */
typedef void event_publish_fn(void *arg, const char *const *what,
			      const struct slice *bytes,
			      enum deed_status *status, size_t count,
			      struct deed_error *err);

struct event_timestamps;

/* A file that a transaction puts in place of what is at target, or takes
 * away: then path is NULL. */
struct event_change {
	const char *target; /* its folder resolved */
	const char *path;   /* where its content is now; NULL: it goes */
};

/*
 * What the home holds that an older file could stand in for (statuses, lists)
 * is summed up in one file, of which every entry carries the SHA-256 as
 * "heads".  This function says what that file holds after the changes, of
 * which most have no bearing on it: before is what it held, or SLICE_NONE
 * where the home is to be read itself.  It appends to out, and of the same
 * state always the same bytes.  It is called under the lock.
 */
typedef enum deed_status event_heads_fn(void *arg, struct slice before,
					const struct event_change *change,
					size_t count, struct buf *out,
					struct deed_error *err);

/* The home as an earlier version of the program would have put it, appended to
 * out: a home whose last entry that one wrote is no other for it. */
typedef enum deed_status event_older_fn(void *arg, struct buf *out,
					struct deed_error *err);

/* Where things are and who reads the openings.  It is borrowed by a
 * transaction until event_free. */
struct event_home {
	const char *audit;    /* the log's directory */
	const char *identity; /* the drop box's directory */
	const char *copy;     /* file: second copy of the checkpoint */
	const char *log_key;  /* file: the log's signer key */
	const char *index;    /* acts are found by it (acts.h), or NULL */
	struct dropbox_reader register_reader; /* the register's public key */
	unsigned wait_seconds;	   /* for the lock; 10 unless --wait */
	event_publish_fn *publish; /* of deposits; NULL without an archive */
	void *publish_arg;
	/* Of checkpoints; NULL: none are made. */
	const struct event_timestamps *timestamps;
	event_heads_fn *heads;	     /* NULL: entries carry none */
	event_older_fn *heads_older; /* NULL: there is no earlier form */
	void *heads_arg;
	const char *heads_path; /* the file */
};

struct event;

#define EVENT_ALL (-1) /* for event_commit: every party of the transaction */

/*
 * Make the log's key, an empty log, its second copy and the drop box; for
 * init.  origin names the log (note_name_valid), for instance
 * "deed/office-7/4f1c09aa".  DEED_EXISTS where there is a log.
 */
enum deed_status event_create(const struct event_home *home, const char *origin,
			      struct deed_error *err) DEED_MUST_USE;

/* Begin a transaction; time is the present.  Nothing is locked or read. */
enum deed_status event_begin(const struct event_home *home, int64_t time,
			     struct event **out,
			     struct deed_error *err) DEED_MUST_USE;

/* A party that gets the openings; *party is its number here. */
enum deed_status event_party(struct event *ev,
			     const struct dropbox_reader *reader, int *party,
			     struct deed_error *err) DEED_MUST_USE;

/* One more entry; type is a word (entry_word_valid).  *entry is its number
 * here, and its index will be the first index plus that. */
enum deed_status event_entry(struct event *ev, const char *type, int *entry,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * A salted commitment in an entry.  Its opening goes to one party, or with
 * EVENT_ALL to every party that has an opening of its own in this entry (to
 * all if none has).  A value has at most 4096 bytes.
 */
enum deed_status event_commit(struct event *ev, int entry, int party,
			      const char *label, struct slice value,
			      struct deed_error *err) DEED_MUST_USE;

/* A hash in clear: of what is public, or encrypted, never of something that
 * could be guessed.  A label at most once an entry. */
enum deed_status event_hash(struct event *ev, int entry, const char *label,
			    const uint8_t sha256[32],
			    struct deed_error *err) DEED_MUST_USE;

/* A number in clear, below 2^53. */
enum deed_status event_number(struct event *ev, int entry, const char *label,
			      uint64_t value,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * A drop-box record of the caller's own (an enrolment), enveloped to the
 * register and one party.  The entry names it; it is written with the
 * openings.  Where the entry is to say which record is what, hash receives
 * its name once event_finish has succeeded; hash may be NULL.
 */
enum deed_status event_record(struct event *ev, int entry, int party,
			      struct slice plain, uint8_t *hash,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * The same under the lock, for a function of event_finish: it is written at
 * once, so that what is signed there may name it.
 */
enum deed_status event_record_now(struct event *ev, int entry, int party,
				  struct slice plain, uint8_t hash[32],
				  struct deed_error *err) DEED_MUST_USE;

/*
 * An output: a temporary that becomes its target when the entry is logged.
 * It is synced here.  sha256 is that of its content if the caller has it,
 * or NULL, and it is read once more.  On success *out is owned by the
 * transaction and set to NULL; on failure it stays the caller's.
 */
enum deed_status event_output(struct event *ev, int entry, struct outfile **out,
			      enum outfile_mode mode, const uint8_t *sha256,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * The same for bytes at hand: they are written to a temporary beside path,
 * mode 0600.  For what is signed under the lock.
 */
enum deed_status event_output_bytes(struct event *ev, int entry,
				    const char *path, enum outfile_mode mode,
				    struct slice bytes,
				    struct deed_error *err) DEED_MUST_USE;

/* A file that will be taken away when the entry is logged, by whoever calls
 * this; for the heads. */
enum deed_status event_gone(struct event *ev, const char *path,
			    struct deed_error *err) DEED_MUST_USE;

/*
 * An output through home->publish: bytes are kept in a temporary in the
 * log's directory until they are published.  what says where to, at most
 * 4096 bytes of UTF-8.
 */
enum deed_status event_publish(struct event *ev, int entry, const char *what,
			       struct slice bytes,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Called under the lock: first is the index that the transaction's first
 * entry will have, checkpoint the signed checkpoint of the log as it stands
 * before it.  It may call everything above that adds to the transaction, but
 * event_entry; a failure ends the transaction with nothing changed.  It does
 * not prompt and does not read input.
 */
typedef enum deed_status event_locked_fn(void *arg, struct event *ev,
					 uint64_t first,
					 struct slice checkpoint,
					 struct deed_error *err);

/*
 * Commit.  fn may be NULL.  *first is the index of the first entry.
 * DEED_LOCKED names who holds the lock; DEED_INCONSISTENT where the log does
 * not agree with its second copy ("deed audit recover").  DEED_EXISTS (or
 * what publish answered) where the entries are logged but an output could
 * not be brought about: its entry is void then, the other outputs are there,
 * and event_output_status tells them apart.
 */
enum deed_status event_finish(struct event *ev, event_locked_fn *fn, void *arg,
			      uint64_t *first,
			      struct deed_error *err) DEED_MUST_USE;

/* After event_finish: how the outputs of this entry came out, and in *why,
 * which may be NULL, what kept one from coming about. */
enum deed_status event_output_status(const struct event *ev, int entry);
enum deed_status event_output_why(const struct event *ev, int entry,
				  struct deed_error *why);

/*
 * The heads that the last entry carries, and how far the log goes; pending: a
 * change is under way, or was interrupted.  No lock is needed.
 */
struct event_heads {
	bool has; /* an older log carries none */
	uint8_t sha256[32];
	uint64_t size; /* of the log */
	bool pending;
};
enum deed_status event_heads_last(const struct event_home *home,
				  struct event_heads *out,
				  struct deed_error *err) DEED_MUST_USE;

/* Those of the home as it is now, put into out, with their hash.  like
 * is the hash that the home should have, or NULL: where an earlier version
 * would have put the home so, it is put so. */
enum deed_status event_heads_home(const struct event_home *home,
				  const uint8_t *like, struct buf *out,
				  uint8_t hash[32],
				  struct deed_error *err) DEED_MUST_USE;

/* Removes temporaries that were not committed.  NULL does nothing. */
void event_free(struct event *ev);

/*
 * Finish or undo what an interrupted transaction left, under the lock; every
 * command that writes to the home calls it when it starts.  Cheap when there
 * is nothing to do: it then takes no lock.  event_finish does it itself.
 */
enum deed_status event_recover(const struct event_home *home, int64_t time,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * To compare the home with its log, without a lock: what differs counts only
 * where no change was under way from before the look until after it.  fn
 * looks, from the start each time, and says whether anything differs; last is
 * how far the log went before.  It is called again for less than a second,
 * and after that event_recover finishes what was interrupted: else it would
 * look as if it were under way for ever, and hide what differs.  DEED_LOCKED:
 * others change the home all the time.
 */
typedef enum deed_status event_look_fn(void *arg,
				       const struct event_heads *last,
				       bool *differs, struct deed_error *err);
enum deed_status event_look(const struct event_home *home, event_look_fn *fn,
			    void *arg, int64_t time,
			    struct deed_error *err) DEED_MUST_USE;

/*
 * What whoever only looks can tell, without the lock and any secret: does the
 * log agree with its second copy (DEED_INCONSISTENT, DEED_DAMAGED and what
 * reading them answers), and did an interrupted transaction stay pending,
 * with nobody at work on it?
 */
enum deed_status event_check(const struct event_home *home, bool *pending,
			     struct deed_error *err) DEED_MUST_USE;

#endif
