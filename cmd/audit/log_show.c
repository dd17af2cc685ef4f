/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/audit/log_show.h"

#include <inttypes.h>

#include "base/clock.h"
#include "cmd/frame/output.h"
#include "codec/json.h"
#include "office/party/party.h"

#define CSV_HEAD "index,time,event,match,party,name,file,document,other\r\n"

void log_show_init(struct log_show *show, struct session *s, struct home *home,
		   bool csv, bool open)
{
	*show = (struct log_show){ s, home, csv, open, json_object() };
}

void log_show_begin(struct log_show *show)
{
	if (show->csv)
		output_bytes(show->s, slice_str(CSV_HEAD));
}

void log_show_clear(struct log_show *show)
{
	json_decref(show->names);
	show->names = NULL;
}

/* The name that the house certified for a handle, or NULL. */
static const char *name_of(struct log_show *show, const char *party)
{
	const json_t *known = json_object_get(show->names, party);
	struct party_info info;
	json_t *name = NULL;

	if (known == NULL) {
		if (home_check_party(party, NULL) == DEED_OK &&
		    party_load(show->home, party, show->s->now, &info, NULL) ==
			    DEED_OK) {
			name = info.name == NULL ? NULL
						 : output_text(info.name);
			party_info_clear(&info);
		}
		json_object_set_new(show->names, party,
				    name != NULL ? name : json_null());
		known = json_object_get(show->names, party);
	}
	return json_string_value(known);
}

static bool is_label(const json_t *opening, const char *label)
{
	const char *is = json_get_string(opening, "label");

	return is != NULL && strcmp(is, label) == 0;
}

/* The handle in an opening that is about a party, or NULL. */
static const char *party_of(const json_t *opening)
{
	return is_label(opening, "party") || is_label(opening, "new-party")
		       ? json_get_string(opening, "value")
		       : NULL;
}

/* "input", "output (first 17000 bytes)" */
static void put_match(const struct audit_match *m, struct buf *out)
{
	static const char *const words[] = {
		[AUDIT_INPUT] = "input",
		[AUDIT_OUTPUT] = "output",
		[AUDIT_DOCUMENT] = "document",
	};

	buf_str(out, words[m->role]);
	if (m->bytes > 0)
		buf_printf(out, " (first %" PRIu64 " bytes)", m->bytes);
}

/* One entry may have the file as what went in and as what came out. */
static void put_matches(const struct audit_found *f, struct buf *out)
{
	size_t i;

	for (i = 0; i < f->matches; i++) {
		buf_str(out, i == 0 ? "" : ", ");
		put_match(&f->match[i], out);
	}
}

/* ---- text ---- */

/* "     7  2026-11-23T12:00:00Z  sign        party=wang" */
static void put_line(struct log_show *show, const struct audit_found *f,
		     struct buf *line)
{
	const struct entry *e = f->entry;
	const char *party, *name;
	char time[CLOCK_TEXT];
	json_t *opening;
	size_t i;

	clock_format(e->time, time);
	buf_printf(line, "%6" PRIu64 "  %s  %-10s", f->index, time, e->event);
	for (i = 0; i < e->numbers; i++)
		buf_printf(line, " %s=%" PRIu64, e->number[i].label,
			   e->number[i].value);
	if (f->matches > 0) {
		buf_str(line, " match=");
		put_matches(f, line);
	}
	json_array_foreach(show->open ? f->openings : NULL, i, opening)
	{
		buf_byte(line, ' ');
		audit_opening_text(opening, line);
		party = party_of(opening);
		name = party == NULL ? NULL : name_of(show, party);
		if (name != NULL)
			buf_printf(line, " (%s)", name);
	}
	buf_byte(line, 0);
}

/* ---- CSV ---- */

/* Would a spreadsheet compute it?  Those of full width, too (U+FF1D, FF0B,
 * FF0D, FF20). */
static bool is_formula(const char *text)
{
	static const char *const begins[] = { "=",
					      "+",
					      "-",
					      "@",
					      "\t",
					      "\r",
					      "\xef\xbc\x9d",
					      "\xef\xbc\x8b",
					      "\xef\xbc\x8d",
					      "\xef\xbc\xa0" };
	size_t i;

	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (strncmp(text, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* RFC 4180, 2. */
static void put_cell(struct buf *cell, bool last, struct buf *out)
{
	struct buf clean = BUF_INIT;
	const char *at;

	buf_byte(cell, 0);
	if (!cell->failed)
		output_clean((const char *)cell->data, &clean);
	buf_byte(&clean, 0);
	if (cell->failed || clean.failed) {
		out->failed = true;
	} else if (is_formula((const char *)clean.data) ||
		   strpbrk((const char *)clean.data, ",\"\r\n") != NULL) {
		buf_str(out,
			is_formula((const char *)clean.data) ? "\"'" : "\"");
		for (at = (const char *)clean.data; *at != '\0'; at++) {
			buf_str(out, *at == '"' ? "\"" : "");
			buf_byte(out, (uint8_t)*at);
		}
		buf_byte(out, '"');
	} else {
		buf_str(out, (const char *)clean.data);
	}
	buf_str(out, last ? "\r\n" : ",");
	buf_clear(&clean);
	buf_reset(cell);
}

/* The values of all openings with this label. */
static void put_values(const struct audit_found *f, const char *label,
		       struct buf *cell)
{
	struct buf text = BUF_INIT;
	json_t *opening;
	size_t i;

	json_array_foreach(f->openings, i, opening)
	{
		if (!is_label(opening, label))
			continue;
		buf_str(cell, cell->len > 0 ? "; " : "");
		buf_reset(&text);
		audit_opening_text(opening, &text);
		buf_append(cell, text.data + strlen(label) + 1,
			   text.len - strlen(label) - 1);
	}
	buf_clear(&text);
}

/* In the order of the handles in the column before, but a party without a
 * certified name has no place kept: the columns are for reading. */
static void put_names(struct log_show *show, const struct audit_found *f,
		      struct buf *cell)
{
	const char *party, *name;
	json_t *opening;
	size_t i;

	json_array_foreach(f->openings, i, opening)
	{
		party = party_of(opening);
		name = party == NULL ? NULL : name_of(show, party);
		if (name != NULL)
			buf_printf(cell, "%s%s", cell->len > 0 ? "; " : "",
				   name);
	}
}

/* What has no column of its own. */
static void put_others(const struct log_show *show, const struct audit_found *f,
		       struct buf *cell)
{
	const struct entry *e = f->entry;
	json_t *opening;
	size_t i;

	for (i = 0; i < e->numbers; i++)
		buf_printf(cell, "%s%s=%" PRIu64, cell->len > 0 ? "; " : "",
			   e->number[i].label, e->number[i].value);
	json_array_foreach(show->open ? f->openings : NULL, i, opening)
	{
		if (is_label(opening, "party") || is_label(opening, "file") ||
		    is_label(opening, "document"))
			continue;
		buf_str(cell, cell->len > 0 ? "; " : "");
		audit_opening_text(opening, cell);
	}
}

/* The columns are the same with and without --open, so that tables of several
 * runs can be put together.  Only cells that hold foreign text need quoting.
 */
static void put_record(struct log_show *show, const struct audit_found *f,
		       struct buf *out)
{
	struct buf cell = BUF_INIT;
	char time[CLOCK_TEXT];

	clock_format(f->entry->time, time);
	buf_printf(out, "%" PRIu64 ",%s,%s,", f->index, time, f->entry->event);
	put_matches(f, &cell);
	put_cell(&cell, false, out);
	if (show->open)
		put_values(f, "party", &cell);
	put_cell(&cell, false, out);
	if (show->open)
		put_names(show, f, &cell);
	put_cell(&cell, false, out);
	if (show->open)
		put_values(f, "file", &cell);
	put_cell(&cell, false, out);
	if (show->open)
		put_values(f, "document", &cell);
	put_cell(&cell, false, out);
	put_others(show, f, &cell);
	put_cell(&cell, true, out);
	buf_clear(&cell);
}

/* ---- JSON ---- */

/* The names stand beside the openings and not in them: openings are what the
 * log committed to, names are what the house knows of a handle today. */
static json_t *item(struct log_show *show, const struct audit_found *f)
{
	json_t *json = audit_entry_json(f->index, f->entry,
					show->open ? f->openings : NULL);
	json_t *list, *names, *opening;
	const char *party;
	size_t i;

	if (json == NULL || (f->matches == 0 && !show->open))
		return json;
	list = json_array();
	for (i = 0; i < f->matches; i++) {
		const struct audit_match whole = { f->match[i].role, 0 };
		struct buf word = BUF_INIT;
		json_t *match;

		put_match(&whole, &word);
		match = json_pack("{s:s%}", "role", (const char *)word.data,
				  word.len);
		buf_clear(&word);
		if (match != NULL && f->match[i].bytes > 0)
			json_object_set_new(
				match, "bytes",
				json_integer((json_int_t)f->match[i].bytes));
		json_array_append_new(list, match);
	}
	if (f->matches > 0)
		json_object_set(json, "matches", list);
	json_decref(list);
	names = json_object();
	json_array_foreach(show->open ? f->openings : NULL, i, opening)
	{
		party = party_of(opening);
		if (party != NULL && name_of(show, party) != NULL)
			json_object_set_new(names, party,
					    json_string(name_of(show, party)));
	}
	if (show->open)
		json_object_set(json, "names", names);
	json_decref(names);
	return json;
}

enum deed_status log_show_entry(struct log_show *show,
				const struct audit_found *f,
				struct deed_error *err)
{
	struct buf text = BUF_INIT;

	if (show->s->json)
		output_item(show->s, "entries", item(show, f));
	else if (show->csv)
		put_record(show, f, &text);
	else
		put_line(show, f, &text);
	if (text.failed) {
		buf_clear(&text);
		return deed_error_memory(err);
	}
	if (show->csv)
		output_bytes(show->s, buf_get(&text));
	else if (!show->s->json)
		output_line(show->s, "%s", (const char *)text.data);
	buf_clear(&text);
	/* Who reads no further is not to have all of them made. */
	return output_pipe_broken() ? DEED_IO : DEED_OK;
}
