/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_TS119612_READING_H
#define DEED_TRUST_TS119612_READING_H

#include "trust/ts119612_grammar.h"
#include "trust/ts119612_read.h"

/*
 * The state of ts119612_read, and the functions that build services in it.
 * What is being built stands at the end of its parent's array, which does not
 * grow meanwhile, so that these pointers hold.
 */
struct ts_reading {
	struct ts119612_content *out;
	struct deed_error why; /* what is wrong with the list */
	enum ts_element path[XML_MAX_DEPTH + 1];
	unsigned depth;
	struct buf text; /* of the innermost element whose text is wanted */

	uint64_t version; /* 0: not seen */
	bool has_sequence, has_issued, has_next_update;
	/* of the name that is being read */
	bool name_is_english, has_english;

	struct trust_operator *provider;
	struct trust_service *service;
	struct trust_status *status; /* of which since is not known yet */
	bool has_since;
	bool critical, extension_known;
	struct trust_qualification *qualification;
	struct trust_criteria *criteria[TRUST_LIST_DEPTH];
	unsigned criteria_depth;
	struct trust_key_usage *key_usage;
	unsigned key_usage_bit; /* one bit */
	struct trust_policy_set *policy_set;
	struct ts119612_pointer *pointer;
};

/* Room for one more in an array that doubles at each power of two: the new
 * element, zeroed, and *count grown; or NULL, which ts_no_room explains. */
void *ts_grow(void *array, size_t *count, size_t size, size_t max);
enum deed_status ts_no_room(size_t count, size_t max,
			    struct deed_error *err) DEED_MUST_USE;

/* The text, trimmed, into a string that must not be there yet; or, of an
 * array of strings, one more. */
enum deed_status ts_take_text(struct ts_reading *r, char **to, const char *what,
			      struct deed_error *err) DEED_MUST_USE;
enum deed_status ts_take_item(struct ts_reading *r, char ***to, size_t *count,
			      struct deed_error *err) DEED_MUST_USE;
enum deed_status ts_take_time(struct ts_reading *r, int64_t *to,
			      struct deed_error *err) DEED_MUST_USE;
struct slice ts_text(const struct ts_reading *r);

/* A certificate in base64; *out NULL where it is none. */
enum deed_status ts_take_certificate(struct ts_reading *r, struct cert **out,
				     struct deed_error *err) DEED_MUST_USE;

/* An element from TS_OPERATOR on begins or ends. */
enum deed_status ts_service_start(struct ts_reading *r, enum ts_element element,
				  const struct xml_element *e,
				  struct deed_error *err) DEED_MUST_USE;
enum deed_status ts_service_end(struct ts_reading *r, enum ts_element element,
				struct deed_error *err) DEED_MUST_USE;

/* Of these, TS_QUALIFICATION and what stands in it. */
enum deed_status ts_criteria_start(struct ts_reading *r,
				   enum ts_element element,
				   const struct xml_element *e,
				   struct deed_error *err) DEED_MUST_USE;
enum deed_status ts_criteria_end(struct ts_reading *r, enum ts_element element,
				 struct deed_error *err) DEED_MUST_USE;

/* This status qualifies nothing: something of that name is not known. */
enum deed_status ts_unsupported(struct ts_reading *r, struct slice name,
				struct deed_error *err) DEED_MUST_USE;

#endif
