/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_priv.h"

/*
 * Workflow commands of GitHub Actions, which its runner takes from what a
 * step prints and shows at the file: an error for what failed or could not be
 * judged, a warning for what cannot be told, a notice for what passed.
 */
struct annotation {
	struct buf *out;
	const json_t *document;
};

/* Percent, and the ends of lines; in a property also what ends it. */
static void put_escaped(const char *text, bool property, struct buf *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '%' || *text == '\r' || *text == '\n' ||
		    (property && (*text == ':' || *text == ',')))
			buf_printf(out, "%%%02X", (uint8_t)*text);
		else
			buf_byte(out, (uint8_t)*text);
	}
}

/* All three texts may come from the document: a line end that was not escaped
 * would let it write commands of its own. */
static void put_annotation(const struct annotation *a, const char *kind,
			   const char *title, const char *message)
{
	buf_printf(a->out, "::%s file=", kind);
	put_escaped(report_member(a->document, "file"), true, a->out);
	buf_str(a->out, ",title=");
	put_escaped(title, true, a->out);
	buf_str(a->out, "::");
	put_escaped(message, false, a->out);
	buf_byte(a->out, '\n');
}

static void put_fault(void *arg, const char *id, const char *message)
{
	put_annotation(arg, "error", id, message);
}

static void put_signature(const struct annotation *a, const json_t *signature)
{
	const char *indication = report_member(signature, "indication");
	struct buf name = BUF_INIT, why = BUF_INIT;

	report_signature_label(signature, &name);
	report_signature_why(signature, &why);
	buf_byte(&name, 0);
	buf_byte(&why, 0);
	if (name.failed || why.failed)
		a->out->failed = true;
	else
		put_annotation(a,
			       report_signature_passed(signature) ? "notice"
			       : strcmp(indication, "INDETERMINATE") == 0
				       ? "warning"
				       : "error",
			       (const char *)name.data, (const char *)why.data);
	buf_clear(&name);
	buf_clear(&why);
}

void report_github(const json_t *verify, struct buf *out)
{
	const json_t *list = json_object_get(verify, "documents"), *one, *sig;
	struct annotation a = { .out = out };
	size_t i, k;

	json_array_foreach(list, i, one)
	{
		a.document = one;
		report_faults(verify, one, put_fault, &a);
		json_array_foreach(json_object_get(one, "signatures"), k, sig)
			put_signature(&a, sig);
	}
}
