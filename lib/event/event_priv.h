/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_EVENT_EVENT_PRIV_H
#define DEED_EVENT_EVENT_PRIV_H

#include <jansson.h>

#include "tlog/entry.h"
#include "tlog/tlog.h"
#include "base/lock.h"
#include "event/event.h"

/*
 * What the files of event share: a transaction while it is built, the
 * pending file that says what it is about to do, and the log while it is
 * locked.
 */

#define EVENT_LOCK_NAME "lock" /* in the log's directory */
#define EVENT_VALUE_MAX 4096
#define EVENT_PARTIES_MAX 64
#define EVENT_ENTRIES_MAX 100000

struct event_opening {
	int entry;
	int party; /* or EVENT_ALL */
	char label[ENTRY_WORD_MAX + 1];
	uint8_t salt[32];
	struct buf value;
};

struct event_own_record {
	int entry, party;
	struct buf plain;
	uint8_t *hash; /* the caller's, or NULL */
};

struct event_party {
	struct buf spki, ski;
};

/* An output as the pending file has it. */
struct event_out {
	int entry;
	enum outfile_mode mode;
	bool publish;
	char *temporary, *target; /* absolute; target NULL for publish */
	char *what;		  /* for publish */
	uint8_t sha256[32];
	struct outfile *file; /* not in a transaction that was read */
	enum deed_status status;
	struct deed_error why; /* where status is none that is good */
	bool open; /* what lies there could not be read: the next run's */
};

/* So many salts are drawn at a time. */
#define EVENT_SALTS 32

struct event {
	const struct event_home *home;
	int64_t time;
	struct entry *entry;
	size_t entries;
	struct event_party *party;
	size_t parties;
	struct event_opening *opening;
	size_t openings;
	struct event_own_record *record;
	size_t records;
	struct event_out *out;
	size_t outs;
	uint8_t (*put)[DROPBOX_HASH]; /* drop-box records written */
	size_t puts;
	char **gone; /* targets that will be taken away */
	size_t gones;
	char *folder, *real; /* the last output's directory, and resolved */
	uint8_t salt[EVENT_SALTS][32];
	size_t salts;	/* of these that are unused, at the beginning */
	bool locked;	/* fn is running: no further entry */
	bool committed; /* the pending file stands: it has the temporaries */
};

/* The log, locked, recovered and in agreement with its second copy. */
struct event_lock {
	const struct event_home *home;
	struct lock *lock;
	struct note_signer signer;
	struct tlog *log;
	int64_t time;
};

/* Lock and open; with check, also compare with the second copy and bring it
 * up to date.  Unlock in any case. */
enum deed_status event_lock_log(const struct event_home *home, int64_t time,
				bool check, struct event_lock *l,
				struct deed_error *err) DEED_MUST_USE;
void event_unlock_log(struct event_lock *l);

/* Append what event_format made and bring the second copy up to date. */
enum deed_status event_append(struct event_lock *l, const struct buf *bytes,
			      size_t count,
			      struct deed_error *err) DEED_MUST_USE;

/* The same for one entry. */
enum deed_status event_append_one(struct event_lock *l, struct entry *e,
				  struct deed_error *err) DEED_MUST_USE;

/* The entries as they go into the log; out has count buffers. */
enum deed_status event_format(const struct entry *entries, size_t count,
			      struct buf *out,
			      struct deed_error *err) DEED_MUST_USE;

/* The checkpoint that the second copy has, verified. */
enum deed_status event_read_copy(const struct event_home *home,
				 const struct note_verifier *v,
				 struct checkpoint *out,
				 struct deed_error *err) DEED_MUST_USE;

enum deed_status event_store_copy(const struct event_lock *l,
				  struct deed_error *err) DEED_MUST_USE;

/* An entry of this type at this time by this program, nothing else in it. */
enum deed_status event_entry_init(struct entry *e, const char *type,
				  int64_t time,
				  struct deed_error *err) DEED_MUST_USE;

/* Give every entry of a transaction the heads that there will be, and add the
 * file that holds them to the outputs. */
enum deed_status event_heads_add(struct event *ev, struct event_lock *l,
				 struct deed_error *err) DEED_MUST_USE;

/* Those of the last entry, for one that changes nothing. */
enum deed_status event_heads_keep(struct event_lock *l, struct entry *e,
				  struct deed_error *err) DEED_MUST_USE;

/* Those of the home as it is, whatever the last entry says; *changed: is it
 * not what that says?  With write the file is written. */
enum deed_status event_heads_take(struct event_lock *l, bool write,
				  uint8_t sha256[32], bool *changed,
				  struct deed_error *err) DEED_MUST_USE;

/* The pending file: before the entries are logged, and after all is done. */
enum deed_status event_pending_write(const struct event *ev, uint64_t first,
				     const uint8_t leaf[32],
				     struct deed_error *err) DEED_MUST_USE;
enum deed_status event_pending_remove(const struct event_home *home,
				      struct deed_error *err) DEED_MUST_USE;
bool event_pending_exists(const struct event_home *home);

/* Give the outputs the names that the pending file says, durably. */
enum deed_status event_link(const struct event_out *out, size_t count,
			    struct deed_error *err) DEED_MUST_USE;

/* What is to be published is durable, that of a group together. */
enum deed_status event_publish_sync(struct event *ev,
				    struct deed_error *err) DEED_MUST_USE;

/* Publish what is to be, that of a group together; what cannot be has its
 * status and why. */
enum deed_status event_publish_outs(const struct event_home *home,
				    struct event_out *out, size_t count,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * Bring about every output of entries that are logged; what cannot be is
 * void, and out->status says why.  Also repeats what an interrupted run did.
 * What could not be read this time is neither: its status comes when all
 * else is done, and the pending file stays.
 */
enum deed_status event_bring_about(struct event_lock *l, struct event_out *out,
				   size_t count, uint64_t first,
				   struct deed_error *err) DEED_MUST_USE;

/* Give an output its name, or see that it has it; a failure is in out->why.
 * out->open: it cannot be told, and nothing was done. */
enum deed_status event_rename_out(struct event_out *out) DEED_MUST_USE;

/* Finish or undo what the pending file says, under the lock. */
enum deed_status event_finish_pending(struct event_lock *l,
				      struct deed_error *err) DEED_MUST_USE;

void event_out_clear(struct event_out *out);

/*
 * A member that holds bytes: as a string, or where they are not UTF-8 in
 * base64 under the member's name with "64" behind it.  put writes the key and
 * the value, canonically, without a comma.
 */
void event_json_put(struct buf *json, const char *key, struct slice bytes);
bool event_json_get(const json_t *object, const char *key, struct buf *out);

#endif
