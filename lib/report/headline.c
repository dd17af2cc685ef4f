/* SPDX-License-Identifier: Apache-2.0 */
#include "report/headline.h"

#include "codec/utf8.h"
#include "report/json_build.h"

static const struct {
	const char *id, *words;
} outcomes[REPORT_OUTCOMES] = {
	[REPORT_PASSED] = { "passed", "passed" },
	[REPORT_FAILED] = { "failed", "failed" },
	[REPORT_UNMET] = { "unmet", "without what is required" },
	[REPORT_INDETERMINATE] = { "indeterminate", "indeterminate" },
	[REPORT_UNSIGNED] = { "unsigned", "without a signature" },
	[REPORT_UNREADABLE] = { "unreadable", "unreadable" },
};

enum report_outcome report_outcome(const char *indication, const json_t *unmet)
{
	if (indication == NULL || indication[0] == '\0')
		return REPORT_UNREADABLE;
	if (strcmp(indication, "TOTAL-FAILED") == 0)
		return REPORT_FAILED;
	if (json_array_size(unmet) > 0)
		return REPORT_UNMET;
	if (strcmp(indication, "TOTAL-PASSED") == 0)
		return REPORT_PASSED;
	return strcmp(indication, "NO-SIGNATURE") == 0 ? REPORT_UNSIGNED
						       : REPORT_INDETERMINATE;
}

void report_headline(const char *indication, const json_t *unmet,
		     struct buf *out)
{
	const json_t *one;
	const char *text;
	size_t i;

	if (indication == NULL || indication[0] == '\0')
		indication = "UNREADABLE";
	/* A document that passed has not passed what was asked. */
	if (json_array_size(unmet) == 0 ||
	    strcmp(indication, "TOTAL-PASSED") != 0)
		buf_str(out, indication);
	json_array_foreach(unmet, i, one)
	{
		text = json_string_value(one);
		if (i > 0)
			buf_str(out, ", ");
		else if (strcmp(indication, "TOTAL-PASSED") != 0)
			buf_str(out, ", REQUIREMENT NOT MET: ");
		else
			buf_str(out, "REQUIREMENT NOT MET: ");
		utf8_clean(slice_str(text == NULL ? "" : text), out);
	}
}

void report_count_text(const struct report_count *count, struct buf *out)
{
	int i;

	buf_printf(out, "%zu passed", count->of[REPORT_PASSED]);
	for (i = REPORT_PASSED + 1; i < REPORT_OUTCOMES; i++) {
		if (count->of[i] > 0)
			buf_printf(out, ", %zu %s", count->of[i],
				   outcomes[i].words);
	}
}

json_t *report_count_json(const struct report_count *count)
{
	json_t *o = json_object();
	int i;

	for (i = 0; i < REPORT_OUTCOMES; i++)
		json_build_set(&o, outcomes[i].id,
			       json_integer((json_int_t)count->of[i]));
	return o;
}
