/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_priv.h"

#include <stdlib.h>

/*
 * TAP 14: a point for a document.  What follows a point in YAML tells of
 * each signature that did not pass.
 */

/* A description: '#' begins a directive, '\' escapes it, lines end. */
static void put_description(const char *text, struct buf *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '#' || *text == '\\')
			buf_byte(out, '\\');
		buf_byte(out,
			 *text == '\n' || *text == '\r' ? ' ' : (uint8_t)*text);
	}
}

/* A scalar in double quotes is JSON's. */
static void put_scalar(const char *text, struct buf *out)
{
	json_t *value = json_string(text);
	char *quoted = json_dumps(value, JSON_ENCODE_ANY);

	if (quoted == NULL)
		out->failed = true;
	else
		buf_str(out, quoted);
	free(quoted);
	json_decref(value);
}

/* The id is one of a few words of our own and needs no quotes; the message may
 * hold anything. */
static void put_fault(void *arg, const char *id, const char *message)
{
	struct buf *out = arg;

	buf_printf(out, "    - id: %s\n      message: ", id);
	put_scalar(message, out);
	buf_byte(out, '\n');
}

static void put_signature(const json_t *signature, struct buf *out)
{
	struct buf name = BUF_INIT, why = BUF_INIT;

	report_signature_label(signature, &name);
	report_signature_why(signature, &why);
	buf_byte(&name, 0);
	buf_byte(&why, 0);
	if (name.failed || why.failed) {
		out->failed = true;
	} else {
		buf_printf(out, "    - id: %s\n      signature: ",
			   report_member(signature, "indication"));
		put_scalar((const char *)name.data, out);
		buf_str(out, "\n      message: ");
		put_scalar((const char *)why.data, out);
		buf_byte(out, '\n');
	}
	buf_clear(&name);
	buf_clear(&why);
}

/* A block of YAML follows only what is not ok: a point that passed has no
 * problems to tell. */
static void put_document(const json_t *verify, const json_t *document,
			 size_t number, struct buf *out)
{
	const json_t *list = json_object_get(document, "signatures"), *one;
	bool passed = report_passed(document);
	struct buf headline = BUF_INIT;
	size_t i;

	buf_printf(out, "%s %zu - ", passed ? "ok" : "not ok", number);
	put_description(report_member(document, "file"), out);
	buf_str(out, ": ");
	report_document_headline(document, &headline);
	buf_byte(&headline, 0);
	if (headline.failed)
		out->failed = true;
	else
		put_description((const char *)headline.data, out);
	buf_clear(&headline);
	buf_byte(out, '\n');
	if (passed)
		return;
	buf_str(out, "  ---\n  problems:\n");
	report_faults(verify, document, put_fault, out);
	json_array_foreach(list, i, one)
	{
		if (!report_signature_passed(one))
			put_signature(one, out);
	}
	buf_str(out, "  ...\n");
}

void report_tap(const json_t *verify, struct buf *out)
{
	const json_t *list = json_object_get(verify, "documents"), *one;
	size_t i;

	buf_printf(out, "TAP version 14\n1..%zu\n", json_array_size(list));
	json_array_foreach(list, i, one) put_document(verify, one, i + 1, out);
}
