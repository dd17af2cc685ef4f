/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_DER_H
#define DEED_CODEC_DER_H

#include "base/buf.h"
#include "codec/oid.h"

/*
 * DER (X.690) by cursor.  A reader is two pointers into bytes that somebody
 * else owns; what it hands out are slices of the same bytes, so nothing is
 * copied and nothing is freed.  Reading is strict: minimal lengths, minimal
 * integers, TRUE as FF, no indefinite length, tag numbers up to 30 (a
 * single tag byte).  BER goes through codec/ber.h first.
 *
 * Every reading function returns false where the next element is not what
 * was asked for, and then leaves the reader and the outputs as they were.
 * There is no recursion here and no limit but the input's length; whoever
 * descends counts depth.  A reader belongs to one thread; copying the struct
 * is a bookmark.
 */
struct der_reader {
	const uint8_t *p;
	const uint8_t *end;
};

#define DER_BOOLEAN 0x01
#define DER_INTEGER 0x02
#define DER_BIT_STRING 0x03
#define DER_OCTET_STRING 0x04
#define DER_NULL 0x05
#define DER_OID 0x06
#define DER_ENUMERATED 0x0a
#define DER_UTF8_STRING 0x0c
#define DER_NUMERIC_STRING 0x12
#define DER_PRINTABLE_STRING 0x13
#define DER_T61_STRING 0x14
#define DER_IA5_STRING 0x16
#define DER_UTC_TIME 0x17
#define DER_GENERALIZED_TIME 0x18
#define DER_VISIBLE_STRING 0x1a
#define DER_UNIVERSAL_STRING 0x1c
#define DER_BMP_STRING 0x1e
#define DER_SEQUENCE 0x30
#define DER_SET 0x31
/* Context-specific [n], primitive and constructed; n up to 30. */
#define DER_CONTEXT(n) (0x80 | (n))
#define DER_CONTEXT_CONS(n) (0xa0 | (n))

void der_init(struct der_reader *r, struct slice in);
bool der_at_end(const struct der_reader *r);

/* What is left, as a slice. */
struct slice der_rest(const struct der_reader *r);

/* Is the next element's tag this one?  False at the end. */
bool der_peek(const struct der_reader *r, uint8_t tag);

/*
 * The next element whatever its tag.  content is what the length covers,
 * whole the element with tag and length; each output may be NULL.
 */
bool der_get_any(struct der_reader *r, uint8_t *tag, struct slice *content,
		 struct slice *whole);
bool der_skip(struct der_reader *r);

/* The next element, which must have this tag: its content, or all of it. */
bool der_get(struct der_reader *r, uint8_t tag, struct slice *content);
bool der_get_element(struct der_reader *r, uint8_t tag, struct slice *whole);

/* Step into the next element and over it: inner reads its content. */
bool der_enter(struct der_reader *r, uint8_t tag, struct der_reader *inner);

/*
 * If the next element has this tag, take it and set present; else present is
 * false and content SLICE_NONE.  False only where the element is broken.
 */
bool der_get_optional(struct der_reader *r, uint8_t tag, bool *present,
		      struct slice *content);

/* in is exactly one element of this tag: read its content. */
bool der_open(struct slice in, uint8_t tag, struct der_reader *inner);

/* INTEGER: 0 to 2^64-1. */
bool der_get_uint64(struct der_reader *r, uint64_t *out);

/* INTEGER of any size: its content octets, two's complement, minimal. */
bool der_get_integer(struct der_reader *r, struct slice *out);

/* INTEGER that is not negative, without the leading zero octet; zero is one
 * octet 00. */
bool der_get_unsigned(struct der_reader *r, struct slice *out);

/* BOOLEAN; FF or 00 only. */
bool der_get_bool(struct der_reader *r, bool *out);

/* BOOLEAN DEFAULT FALSE: absent is false; an encoded FALSE is refused. */
bool der_get_default_false(struct der_reader *r, bool *out);

bool der_get_null(struct der_reader *r);

/* BIT STRING; unused bits are zero (0 to 7 of them).  unused may be NULL:
 * then only whole octets are accepted. */
bool der_get_bits(struct der_reader *r, struct slice *out, unsigned *unused);

/* OBJECT IDENTIFIER: its content octets, checked to be well-formed. */
bool der_get_oid(struct der_reader *r, struct slice *out);

/* The same as the enum; OID_NONE for one that is not in oid.def. */
bool der_get_known_oid(struct der_reader *r, enum oid *out);

/*
 * UTCTime or GeneralizedTime as RFC 5280 4.1.2.5 wants them: seconds
 * present, Z, no fraction.  UTCTime years 50 to 99 are 1950 to 1999.
 */
bool der_get_time(struct der_reader *r, int64_t *out);

/* GeneralizedTime that may carry a fraction (RFC 3161 2.4.2), dropped. */
bool der_get_generalized(struct der_reader *r, int64_t *out);

/*
 * Any string type, appended to out as UTF-8 (T61String read as Latin-1).
 * Control characters stay: see utf8_clean.  False where the bytes are not
 * valid for the type.
 */
bool der_get_text(struct der_reader *r, struct buf *out);

/* Content of a string element of this tag as UTF-8; as der_get_text. */
bool der_text(uint8_t tag, struct slice content, struct buf *out);

/*
 * Is in wholly strict DER, at most max_depth (and 64) levels deep, with
 * SET OF in any order?  *used (may be NULL) is the length of the first
 * element; bytes after it do not count.  Linear time.
 */
bool der_valid(struct slice in, unsigned max_depth, size_t *used);

/*
 * Writing.  A writer appends to the caller's buffer, which may already hold
 * bytes.  der_begin opens a constructed (or wrapping) element, der_end puts
 * its length in.  Failures (no memory, more than DER_WRITER_DEPTH levels)
 * are remembered; der_writer_status tells at the end.
 *
 *	der_writer_init(&w, &out);
 *	der_begin(&w, DER_SEQUENCE);
 *	der_put_uint64(&w, 1);
 *	der_end(&w);
 *	status = der_writer_status(&w, err);
 */
#define DER_WRITER_DEPTH 32

struct der_writer {
	struct buf *out;
	size_t open[DER_WRITER_DEPTH]; /* offset of the content */
	unsigned depth;
	bool failed;
};

void der_writer_init(struct der_writer *w, struct buf *out);
enum deed_status der_writer_status(const struct der_writer *w,
				   struct deed_error *err) DEED_MUST_USE;

void der_begin(struct der_writer *w, uint8_t tag);
void der_end(struct der_writer *w);

/* As der_end, after sorting the elements inside as DER wants a SET OF
 * (X.690 11.6). */
void der_end_set_of(struct der_writer *w);

void der_put(struct der_writer *w, uint8_t tag, struct slice content);
void der_put_raw(struct der_writer *w, struct slice encoded);
void der_put_uint64(struct der_writer *w, uint64_t value);

/* INTEGER from an unsigned big-endian number of any length. */
void der_put_unsigned(struct der_writer *w, struct slice bytes);

/* INTEGER whose content octets are given as they are. */
void der_put_integer(struct der_writer *w, struct slice content);
void der_put_bool(struct der_writer *w, bool value);
void der_put_null(struct der_writer *w);
void der_put_octets(struct der_writer *w, struct slice bytes);

/* BIT STRING of whole octets. */
void der_put_bits(struct der_writer *w, struct slice bytes);

/* BIT STRING of named bits (X.680 22.7): bit n of bits is named bit n;
 * trailing zero bits are left out. */
void der_put_named_bits(struct der_writer *w, uint32_t bits);

void der_put_oid(struct der_writer *w, enum oid oid);
void der_put_utf8(struct der_writer *w, const char *text);

/* UTCTime to 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5). */
void der_put_time(struct der_writer *w, int64_t t);

/* GeneralizedTime. */
void der_put_generalized(struct der_writer *w, int64_t t);

/* SEQUENCE { oid } or SEQUENCE { oid, NULL }: an AlgorithmIdentifier. */
void der_put_algorithm(struct der_writer *w, enum oid oid, bool null_params);

#endif
