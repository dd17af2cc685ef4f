/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TLOG_NOTE_H
#define DEED_TLOG_NOTE_H

#include "base/buf.h"
#include "base/secret.h"

/*
 * Signed notes (c2sp.org/signed-note) and the checkpoints that they carry
 * (c2sp.org/tlog-checkpoint): a text, an empty line, and one line for each
 * signature, "— NAME BASE64(key id ‖ signature)".
 *
 * Keys are Ed25519.  A key of type NOTE_ED25519 signs the text; one of type
 * NOTE_COSIGNATURE is a witness's (c2sp.org/tlog-cosignature, version 1) and
 * signs the text and a time.  Their textual forms are
 *
 *	NAME+hex(key id)+BASE64(type ‖ public key)		verifier key
 *	PRIVATE+KEY+NAME+hex(key id)+BASE64(type ‖ seed)	signer key
 *
 * Limits: a note of NOTE_MAX bytes with NOTE_SIGNATURES_MAX signature lines,
 * a name of NOTE_NAME_MAX bytes without space, control character or plus.
 * Linear in the input.  No state; any number of threads.
 */
#define NOTE_MAX 65536
#define NOTE_SIGNATURES_MAX 64
#define NOTE_NAME_MAX 200
#define NOTE_HASH 32

enum note_type {
	NOTE_ED25519 = 1,
	NOTE_COSIGNATURE = 4,
};

/* A verifier key.  A plain value: copy it as you like. */
struct note_verifier {
	char name[NOTE_NAME_MAX + 1];
	enum note_type type;
	uint32_t id;
	uint8_t key[32];
};

/* A signer key, which owns its seed. */
struct note_signer {
	struct note_verifier verifier;
	struct secret *seed; /* 32 bytes */
};

/* Read a verifier key; white space around it is passed over.  A key id that
 * does not fit, another type or a bad name is DEED_MALFORMED. */
enum deed_status note_verifier_parse(struct slice text, struct note_verifier *v,
				     struct deed_error *err) DEED_MUST_USE;

/* Append its textual form. */
void note_verifier_format(const struct note_verifier *v, struct buf *out);

/* A fresh random key of this name.  Clear it with note_signer_clear. */
enum deed_status note_signer_new(const char *name, struct note_signer *s,
				 struct deed_error *err) DEED_MUST_USE;

/* Read a signer key in its textual form, with a newline or without. */
enum deed_status note_signer_parse(const struct secret *text,
				   struct note_signer *s,
				   struct deed_error *err) DEED_MUST_USE;

/* Its textual form with a newline, in a secret of its own. */
enum deed_status note_signer_format(const struct note_signer *s,
				    struct secret **out,
				    struct deed_error *err) DEED_MUST_USE;

/* Read it from a file, or make that file (mode 0600, never overwriting). */
enum deed_status note_signer_read(const char *path, struct note_signer *s,
				  struct deed_error *err) DEED_MUST_USE;
enum deed_status note_signer_write(const char *path,
				   const struct note_signer *s,
				   struct deed_error *err) DEED_MUST_USE;
void note_signer_clear(struct note_signer *s);

/* Append text (which ends in a newline), an empty line and one signature. */
enum deed_status note_sign(const struct note_signer *s, struct slice text,
			   struct buf *out,
			   struct deed_error *err) DEED_MUST_USE;

/* Append a cosignature line over the text of a note at this time. */
enum deed_status note_cosign(const struct note_signer *s, struct slice text,
			     int64_t time, struct buf *out,
			     struct deed_error *err) DEED_MUST_USE;

/* A note taken apart; everything borrows from the bytes that were read. */
struct note_signature {
	struct slice name;
	uint32_t id;
	struct slice line; /* the whole line with its newline */
	uint8_t bytes[72]; /* after the key id */
	size_t len;	   /* 0 where it is longer than that */
};

struct note {
	struct slice text; /* with the newline at its end */
	struct note_signature signature[NOTE_SIGNATURES_MAX];
	size_t count;
};

/* Take a note apart: DEED_MALFORMED, DEED_LIMIT. */
enum deed_status note_parse(struct slice bytes, struct note *n,
			    struct deed_error *err) DEED_MUST_USE;

/*
 * Does this key sign the note?  DEED_NO_SIGNATURE where no line is by it,
 * DEED_BAD_SIGNATURE where one is and does not hold.  *time, which may be
 * NULL, is a cosignature's time, otherwise 0.
 */
enum deed_status note_verify(const struct note *n,
			     const struct note_verifier *v, int64_t *time,
			     struct deed_error *err) DEED_MUST_USE;

/* The text of a checkpoint. */
struct checkpoint {
	char origin[NOTE_NAME_MAX + 1];
	uint64_t size;
	uint8_t root[NOTE_HASH];
};

/* Append its three lines. */
void checkpoint_format(const struct checkpoint *c, struct buf *out);

/* Read the text of a note as a checkpoint; extension lines are passed over.
 * A size of 2^53 or more is DEED_LIMIT. */
enum deed_status checkpoint_parse(struct slice text, struct checkpoint *c,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * A signed checkpoint from its bytes: the note is taken apart, its signature
 * by v verified, and its origin compared with the key's name.
 */
enum deed_status checkpoint_open(struct slice bytes,
				 const struct note_verifier *v,
				 struct checkpoint *c,
				 struct deed_error *err) DEED_MUST_USE;

#endif
