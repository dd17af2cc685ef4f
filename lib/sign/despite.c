/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/despite.h"

#include <string.h>

/* The words are written to the log with spaces between them, and nothing is
 * escaped there. */
static bool is_word(struct slice id)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t i;

	for (i = 0; i < id.len; i++) {
		if (memchr(letters, id.data[i], sizeof(letters) - 1) == NULL)
			return false;
	}
	return id.len > 0 && id.len <= DESPITE_ID;
}

/* The next word of a text, which moves on; false at its end. */
static bool next_word(const char **text, struct slice *out)
{
	size_t len;

	*text += strspn(*text, " ");
	len = strcspn(*text, " ");
	*out = slice_of(*text, len);
	*text += len;
	return len > 0;
}

bool despite_words_valid(const char *words)
{
	struct slice word;
	size_t count = 0;

	while (next_word(&words, &word)) {
		if (!is_word(word))
			return false;
		count++;
	}
	return count > 0;
}

/* Whole words: an id may be the beginning of another. */
static bool has_word(const char *words, const char *id)
{
	struct slice word;

	while (words != NULL && next_word(&words, &word)) {
		if (slice_equal_str(word, id))
			return true;
	}
	return false;
}

/* Named in the list, or among the words of the text. */
static bool is_named(const struct despite *d, const char *id)
{
	size_t i;

	for (i = 0; i < d->count; i++) {
		if (!strcmp(d->list[i], id))
			return true;
	}
	return has_word(d->words, id);
}

/* Each word once.  False where there is no more room: what was passed must be
 * told in full, or nothing is signed. */
static bool tell(char text[DESPITE_TEXT], const char *id)
{
	size_t used = strlen(text), len = strlen(id);

	if (has_word(text, id))
		return true;
	if (used + (used > 0) + len + 1 > DESPITE_TEXT)
		return false;
	if (used > 0)
		text[used++] = ' ';
	memcpy(text + used, id, len + 1);
	return true;
}

/* Named and told, or told as what is in the way. */
static enum deed_status pass(const struct despite *d, const char *id,
			     struct despite_told *told, bool *passed,
			     struct deed_error *err)
{
	*passed = is_named(d, id);
	if (!*passed)
		(void)tell(told->refused, id);
	else if (!tell(told->passed, id))
		return deed_error_set(err, DEED_LIMIT,
				      "more speaks against signing than the "
				      "log can tell");
	return DEED_OK;
}

struct found {
	const struct verdict_signature *signature;
	const struct verdict_reason *reason; /* NULL: nobody knows */
};

/* The first reason that nobody has passed is the one that is told. */
static enum deed_status look_at_signature(const struct despite *d,
					  const struct verdict_signature *s,
					  struct despite_told *told,
					  struct found *first,
					  struct deed_error *err)
{
	const struct found none = { s, NULL };
	enum deed_status status = DEED_OK;
	bool passed = false, any = false;
	size_t i;

	for (i = 0; status == DEED_OK && i < s->reason_count; i++) {
		if (!s->reasons[i].fails)
			continue;
		any = true;
		status = pass(d, s->reasons[i].id, told, &passed, err);
		if (status == DEED_OK && !passed && first->signature == NULL)
			*first = (struct found){ s, &s->reasons[i] };
	}
	if (!any && first->signature == NULL)
		*first = none;
	return status;
}

enum deed_status despite_failed(const struct despite *d,
				const struct verdict_document *verdict,
				const char *name, struct despite_told *told,
				struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct found first = { NULL, NULL };
	const char *field;
	size_t i;

	for (i = 0; status == DEED_OK && i < verdict->signature_count; i++) {
		if (verdict->signatures[i].indication == TOTAL_FAILED)
			status = look_at_signature(d, &verdict->signatures[i],
						   told, &first, err);
	}
	if (status != DEED_OK || first.signature == NULL)
		return status;
	field = first.signature->field == NULL ? "" : first.signature->field;
	if (first.reason == NULL)
		return deed_error_set(
			err, DEED_ALREADY_FAILED,
			"'%s' carries a failed signature, '%s': %s", name,
			field, sub_indication_text(first.signature->sub));
	return deed_error_set(err, DEED_ALREADY_FAILED,
			      "'%s' carries a failed signature, '%s': %s (%s)",
			      name, field, first.reason->message,
			      first.reason->id);
}

enum deed_status despite_shadow(const struct despite *d,
				const struct pdf_shadow *shadow, bool strict,
				const char *name, struct despite_told *told,
				struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	const char *other = NULL;
	bool passed = true;
	size_t i;

	for (i = 0; status == DEED_OK && passed && i < shadow->count; i++) {
		if (!strcmp(shadow->list[i].id, DESPITE_PREPARED))
			status = pass(d, DESPITE_PREPARED, told, &passed, err);
		else if (other == NULL)
			other = shadow->list[i].text;
		if (!passed)
			return deed_error_set(
				err, DEED_REFUSED,
				"'%s' is prepared to show something else "
				"after it is signed: %s (%s)",
				name, shadow->list[i].text, DESPITE_PREPARED);
	}
	if (status != DEED_OK || !strict || other == NULL)
		return status;
	return deed_error_set(err, DEED_REFUSED,
			      "'%s' may show something else after it is "
			      "signed: %s",
			      name, other);
}
