/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/s3.h"

#include <stdio.h>

/* A request about the object that is examined, its answer thrown away but for
 * what is looked at. */
struct examined {
	struct s3 *s;
	char key[STORE_KEY_MAX + 1];
	struct place_traits *out;
};

#define OTHER "It was not there before."

/* Has it the bytes that were put under a condition that does not hold? */
static enum deed_status replaced(struct examined *x, bool *yes,
				 struct deed_error *err)
{
	struct store_answer a = STORE_ANSWER_INIT;
	const struct store_request r = {
		.method = STORE_GET,
		.key = x->key,
		.max = PLACE_OBJECT_MAX,
	};
	enum deed_status status = s3_ask(x->s, PLACE_GET, &r, &a, err);

	*yes = status == DEED_OK &&
	       slice_equal(buf_get(&a.body),
			   slice_of(OTHER, sizeof(OTHER) - 1));
	store_answer_clear(&a);
	return status;
}

/* A store that does not know the header says 200 and replaces the object: only
 * reading it back tells. */
static enum deed_status try_condition(struct examined *x,
				      struct deed_error *err)
{
	struct store_answer a = STORE_ANSWER_INIT;
	struct deed_error why = DEED_ERROR_INIT;
	const struct store_request r = {
		.method = STORE_PUT,
		.key = x->key,
		.body = slice_of(OTHER, sizeof(OTHER) - 1),
		.if_absent = true,
	};
	enum deed_status status = s3_ask(x->s, PLACE_PUT, &r, &a, &why);
	bool yes;

	store_answer_clear(&a);
	x->out->condition = PLACE_CONDITION_HELD;
	if (status == DEED_EXISTS)
		return DEED_OK;
	if (status == DEED_UNSUPPORTED) {
		x->out->condition = PLACE_CONDITION_UNSUPPORTED;
		return DEED_OK;
	}
	if (status != DEED_OK) {
		if (err != NULL)
			*err = why;
		return status;
	}
	status = replaced(x, &yes, err);
	if (yes)
		x->out->condition = PLACE_CONDITION_IGNORED;
	return status;
}

/* A store that does not know of versions, or does not tell us, says so. */
static enum deed_status try_versioning(struct examined *x,
				       struct deed_error *err)
{
	struct store_answer a = STORE_ANSWER_INIT;
	struct deed_error why = DEED_ERROR_INIT;
	const struct store_request r = {
		.method = STORE_VERSIONING,
		.key = "",
	};
	enum deed_status status = s3_ask(x->s, PLACE_LIST, &r, &a, &why);

	x->out->versions_known = status == DEED_OK;
	x->out->versions = status == DEED_OK && a.versioning == STORE_VERSIONED;
	store_answer_clear(&a);
	if (status == DEED_OK || status == DEED_DENIED ||
	    status == DEED_UNSUPPORTED || status == DEED_NOT_FOUND)
		return DEED_OK;
	if (err != NULL)
		*err = why;
	return status;
}

/* That there is none is as good.  Where versions are kept the answer says
 * whether a marker was left. */
static enum deed_status try_delete(struct examined *x, const char *version,
				   bool *marker, struct deed_error *err)
{
	struct store_answer a = STORE_ANSWER_INIT;
	const struct store_request r = {
		.method = STORE_DELETE,
		.key = x->key,
		.version = version,
	};
	enum deed_status status = s3_ask(x->s, PLACE_REMOVE, &r, &a, err);

	if (marker != NULL)
		*marker = status == DEED_OK && a.marker;
	store_answer_clear(&a);
	return status == DEED_NOT_FOUND ? DEED_OK : status;
}

/* All that was put under this key, which nobody else has: nothing of it is to
 * stay in a bucket that keeps versions. */
static enum deed_status remove_versions(struct examined *x,
					struct deed_error *err)
{
	struct store_answer a = STORE_ANSWER_INIT;
	const struct store_request r = {
		.method = STORE_VERSIONS,
		.key = x->key,
	};
	enum deed_status status = s3_ask(x->s, PLACE_LIST, &r, &a, err);

	for (size_t i = 0; status == DEED_OK && i < a.item_count; i++) {
		if (strcmp(a.item[i].key, x->key) != 0 ||
		    a.item[i].version == NULL)
			continue;
		if (a.item[i].marker)
			x->out->marker = true;
		status = try_delete(x, a.item[i].version, NULL, err);
	}
	store_answer_clear(&a);
	return status;
}

/* First of all: with clocks too far apart all that follows would be refused
 * for that alone. */
static enum deed_status look_at_clock(struct examined *x,
				      struct deed_error *err)
{
	struct store_answer a = STORE_ANSWER_INIT;
	const struct store_request r = {
		.method = STORE_HEAD,
		.key = x->key,
	};
	enum deed_status status = s3_ask(x->s, PLACE_HEAD, &r, &a, err);

	x->out->clock_known = status == DEED_OK && a.date != 0;
	x->out->clock = s3_clock(x->s, &a);
	store_answer_clear(&a);
	if (status == DEED_OK &&
	    (x->out->clock > S3_CLOCK_MAX || x->out->clock < -S3_CLOCK_MAX))
		status = s3_clock_off(x->s, x->out->clock, err);
	return status;
}

enum deed_status s3_examine(struct place *p, const char *folder,
			    const char *name, struct place_traits *out,
			    struct deed_error *err)
{
	struct examined x = { .s = p->state, .out = out };
	enum deed_status status;

	s3_key(x.s, folder, name, x.key);
	status = look_at_clock(&x, err);
	if (status == DEED_OK)
		status = try_condition(&x, err);
	if (status == DEED_OK)
		status = try_versioning(&x, err);
	if (status == DEED_OK)
		status = try_delete(&x, NULL, &out->marker, err);
	if (status == DEED_OK && out->versions)
		status = remove_versions(&x, err);
	return status;
}

/* As of any object that it is absent is believed of a place that is there. */
enum deed_status s3_head_beneath(struct place *p, const char *beneath,
				 const char *folder, const char *name,
				 struct deed_error *err)
{
	struct s3 *s = p->state;
	char key[STORE_KEY_MAX + 1];
	const struct store_request r = { .method = STORE_HEAD, .key = key };
	struct store_answer a = STORE_ANSWER_INIT;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	int len = snprintf(key, sizeof(key), "%s%s%s%s/%s", s->prefix, beneath,
			   beneath[0] == '\0' ? "" : "/", folder, name);

	if (len < 0 || (size_t)len >= sizeof(key))
		return deed_error_set(err, DEED_LIMIT,
				      "a key in '%s' would be too long",
				      s->d.where);
	status = s3_ask(s, PLACE_HEAD, &r, &a, &why);
	store_answer_clear(&a);
	if (status == DEED_NOT_FOUND && s3_seen(s, &why) != DEED_OK)
		status = why.status;
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}
