/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/lock.h"

/* A name in the list stands for the field and all below it. */
static bool covers(const char *listed, const char *name)
{
	size_t len = strlen(listed);

	return strncmp(listed, name, len) == 0 &&
	       (name[len] == '\0' || name[len] == '.');
}

/* A name that cannot be read covers nothing; the others of the list still
 * count. */
static bool is_listed(struct pdf_document *doc, const struct pdf_object *fields,
		      const char *name)
{
	struct pdf_arena arena = PDF_ARENA_INIT;
	const struct pdf_object *item;
	bool found = false;
	const char *text;
	size_t i;

	for (i = 0; !found && i < pdf_array_count(fields); i++) {
		if (pdf_resolve(doc, pdf_array_get(fields, i), &item, NULL) !=
		    DEED_OK)
			continue;
		text = pdf_text(&arena, pdf_get_string(item));
		found = text != NULL && covers(text, name);
	}
	pdf_arena_clear(&arena);
	return found;
}

/* By object number: the changes know no names.  NULL says that the number is
 * no field that is known now. */
static const char *name_of(const struct pdf_field *fields, size_t count,
			   uint32_t num)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (fields[i].ref.num == num)
			return fields[i].name;
	}
	return NULL;
}

/* Filled fields are told by number, so that a name is looked up only for
 * those, PDF_CHANGE_FILLED at most. */
bool pdf_lock_broken(struct pdf_document *doc, const struct pdf_signature *sig,
		     const struct pdf_changes *changes, const char **name)
{
	const struct pdf_field *fields;
	const char *filled = "";
	size_t count, i;
	bool listed;

	if (name != NULL)
		*name = "";
	if (sig->lock == PDF_LOCK_NONE || changes->filled_count == 0)
		return false;
	/* What cannot be told counts as locked. */
	if (changes->filled_count > PDF_CHANGE_FILLED ||
	    pdf_fields(doc, &fields, &count, NULL) != DEED_OK)
		return true;
	for (i = 0; i < changes->filled_count; i++) {
		filled = name_of(fields, count, changes->filled[i]);
		if (filled == NULL)
			return true;
		listed = sig->lock == PDF_LOCK_ALL ||
			 is_listed(doc, sig->lock_fields, filled);
		if (listed == (sig->lock != PDF_LOCK_EXCLUDE)) {
			if (name != NULL)
				*name = filled;
			return true;
		}
	}
	return false;
}
