/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/enroll/listed.h"

#include "cmd/frame/output.h"

static json_t *text_or_null(const char *text)
{
	return text == NULL ? json_null() : output_text(text);
}

void listed_show(struct session *s, const struct outside_listed *listed)
{
	const char *by = listed->by != NULL ? listed->by : "not told";
	const char *licence = listed->licence;

	if (!listed->named)
		return;
	output_line(s, "trust list '%s': %s by %s: %s%s%s", listed->held,
		    listed->is, listed->scheme, by,
		    licence != NULL ? ", licence " : "",
		    licence != NULL ? licence : "");
	output_set(s, "listed",
		   json_pack("{s:o,s:o,s:s,s:o,s:o,s:o}", "name",
			     output_text(listed->held), "list",
			     output_sha256(listed->list), "is", listed->is,
			     "scheme", output_text(listed->scheme), "by",
			     text_or_null(listed->by), "licence",
			     text_or_null(listed->licence)));
}

void listed_warn(struct session *s, const struct outside_lists *lists)
{
	const char *const *problems = NULL;
	size_t count =
		lists == NULL ? 0 : outside_lists_problems(lists, &problems);

	for (size_t i = 0; i < count; i++)
		session_warn(s, "%s", problems[i]);
}
