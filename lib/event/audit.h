/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_EVENT_AUDIT_H
#define DEED_EVENT_AUDIT_H

#include <jansson.h>

#include "tlog/entry.h"
#include "tlog/note.h"
#include "event/event.h"

struct deposit_key;

/*
 * What the log says, and whether it can be believed: the use cases of
 * "deed audit".  Nothing here needs a lock but audit_recover, and nothing a
 * secret but what opens commitments.
 *
 * An opening is {"label":word, "salt":hex, "value":text} (or "value64" for
 * what is not text).  Every opening that is handed out was compared with a
 * commitment of its entry.
 */

/* Who reads the drop box: the register's key, or a party's, newest first.
 * Borrowed. */
struct audit_reader {
	const struct deposit_key *const *key;
	size_t count;
};

/* Sees one entry; openings is an array, or NULL where no reader is given. */
typedef enum deed_status audit_entry_fn(void *arg, uint64_t index,
					const struct entry *e,
					const json_t *openings,
					struct deed_error *err);

/*
 * Walk entries from to to - 1, or to the end of the log.  What is not an
 * entry of deed is DEED_INCONSISTENT.  reader may be NULL.
 */
enum deed_status audit_walk(const struct event_home *home, uint64_t from,
			    uint64_t to, const struct audit_reader *reader,
			    audit_entry_fn *fn, void *arg,
			    struct deed_error *err) DEED_MUST_USE;

/* One entry, and its bytes (bytes may be NULL).  DEED_NOT_FOUND. */
enum deed_status audit_entry(const struct event_home *home, uint64_t index,
			     struct entry *e, struct buf *bytes,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * The openings of an entry that this reader can open, each label and value
 * once.  *out is the caller's.  A record that is gone or not for this reader
 * is passed over.
 */
enum deed_status audit_openings(const struct event_home *home, uint64_t index,
				const struct entry *e,
				const struct audit_reader *reader, json_t **out,
				struct deed_error *err) DEED_MUST_USE;

/* One thing that audit_verify or audit_against found. */
struct audit_finding {
	enum deed_status status; /* DEED_OK: only to be told */
	char id[ENTRY_WORD_MAX + 1];
	char message[512];
};

struct audit_report {
	struct checkpoint checkpoint;
	uint64_t entries, voids, erasures, records;
	uint64_t timestamps; /* checkpoints with a time-stamp that holds */
	int64_t stamped;     /* what the newest of them says; timestamps > 0 */
	struct audit_finding *finding;
	size_t findings;
};

#define AUDIT_REPORT_INIT     \
	{                     \
		.findings = 0 \
	}

void audit_report_clear(struct audit_report *r);

/* One more finding.  Fails for want of memory only. */
enum deed_status audit_report_add(struct audit_report *r,
				  enum deed_status status, const char *id,
				  const char *message,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * The same of what a function answered: a verdict is a finding, anything else
 * remains an error.  What it said of the log or of a file that was kept is a
 * verdict when its exit code is 1.  about, where not "", comes before.
 */
enum deed_status audit_report_judge(struct audit_report *r,
				    enum deed_status status, const char *id,
				    const char *about,
				    const struct deed_error *why,
				    struct deed_error *err) DEED_MUST_USE;

/* The first status in it that is not DEED_OK. */
enum deed_status audit_report_status(const struct audit_report *r);

/*
 * Recompute the tree from the bundles; compare tiles, checkpoint, the second
 * copy; read every entry; compare the drop box with the records that the
 * entries name.  DEED_OK whatever was found: that is in the report.
 *
 * Whoever holds the log's key can write another log that passes.  Only a
 * checkpoint that was kept elsewhere tells: audit_against.
 */
enum deed_status audit_verify(const struct event_home *home,
			      struct audit_report *r,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * Compare the log with what somebody kept: a checkpoint, a tlog-proof, a
 * consistency proof, or a statement or JSON document with a member
 * "checkpoint" (a manifest, a receipt).  name is for messages.  Findings are
 * added to the report.  DEED_MALFORMED where bytes is none of these.
 */
enum deed_status audit_against(const struct event_home *home,
			       struct slice bytes, const char *name,
			       struct audit_report *r,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Append the signed checkpoint that bytes carry, as audit_against reads them.
 * Nothing is judged.  DEED_MALFORMED where they carry none.
 */
enum deed_status audit_find_checkpoint(struct slice bytes, struct buf *out,
				       struct deed_error *err) DEED_MUST_USE;

/*
 * Judge a tlog-proof with nothing but the log's public key: the checkpoint's
 * signature, the inclusion of the entry that the proof carries, and every
 * opening.  *entry and *openings (an array, perhaps empty) are the caller's.
 * DEED_BAD_SIGNATURE, DEED_NO_SIGNATURE, DEED_INCONSISTENT, DEED_MALFORMED.
 */
enum deed_status audit_check_proof(struct slice bytes,
				   const struct note_verifier *v,
				   uint64_t *index, struct checkpoint *c,
				   struct entry *entry, json_t **openings,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * Append a tlog-proof of an entry under the present checkpoint.  Its extra
 * line holds {"type":"deed.proof/1", "entry":text, "openings":[...]}; of the
 * openings only those whose label is listed.  A label that the reader cannot
 * open is DEED_NO_KEY.
 */
enum deed_status audit_prove(const struct event_home *home, uint64_t index,
			     const char *const *labels, size_t label_count,
			     const struct audit_reader *reader, struct buf *out,
			     struct deed_error *err) DEED_MUST_USE;

/* The log's verifier key. */
enum deed_status audit_key(const struct event_home *home,
			   struct note_verifier *v,
			   struct deed_error *err) DEED_MUST_USE;

/* What audit_recover did. */
enum audit_recovery {
	AUDIT_SOUND,	/* there was nothing to recover */
	AUDIT_FINISHED, /* an interrupted change was finished or undone */
	AUDIT_RESTORED, /* the checkpoint was restored from its copy */
	AUDIT_COPIED,	/* the second copy was gone, and is there again */
	AUDIT_GAP,	/* entries are missing or others: it is in the log */
	AUDIT_TAKEN,	/* the home was not what the last entry says (heads),
			 * and is taken as it is: it is in the log */
};

struct audit_recovered {
	enum audit_recovery what;
	uint64_t index;	   /* of the entry that records it */
	uint64_t found;	   /* AUDIT_GAP: entries in the log as found */
	uint64_t expected; /* AUDIT_GAP: entries by the second copy */
};

/*
 * Bring a log and its second copy into agreement again, and record in the log
 * what was missing ("recover").  Entries that are lost stay lost.  The log
 * itself must be sound: DEED_INCONSISTENT and DEED_DAMAGED name the file that
 * must come back from a backup.  With dry_run nothing is written.
 */
enum deed_status audit_recover(const struct event_home *home, int64_t time,
			       bool dry_run, struct audit_recovered *out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
