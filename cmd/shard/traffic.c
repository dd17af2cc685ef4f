/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/traffic.h"

#include <inttypes.h>

#include "cmd/frame/output.h"

static uint64_t requests(const struct place_traffic *t)
{
	return t->put + t->get + t->head + t->list + t->remove;
}

/* By kind, as stores set a price for each; kinds of which there were none are
 * left out. */
static void traffic_text(const struct place_traffic *t, struct buf *out)
{
	const struct {
		uint64_t count;
		const char *word;
	} kind[] = {
		{ t->put, "PUT" },	 { t->get, "GET" },
		{ t->head, "HEAD" },	 { t->list, "LIST" },
		{ t->remove, "DELETE" },
	};
	const char *before = " (";

	buf_printf(out, "%" PRIu64 " request%s", requests(t),
		   requests(t) == 1 ? "" : "s");
	for (size_t i = 0; i < sizeof(kind) / sizeof(*kind); i++) {
		if (kind[i].count == 0)
			continue;
		buf_printf(out, "%s%" PRIu64 " %s", before, kind[i].count,
			   kind[i].word);
		before = ", ";
	}
	buf_printf(out, "%s, %" PRIu64 " bytes sent, %" PRIu64 " received",
		   requests(t) > 0 ? ")" : "", t->sent, t->received);
}

/* "12 requests (3 PUT, 9 GET), 12 bytes sent, 40 received" */
static json_t *traffic_json(const struct place_traffic *t)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "requests",
			 (json_int_t)requests(t), "put", (json_int_t)t->put,
			 "get", (json_int_t)t->get, "head", (json_int_t)t->head,
			 "list", (json_int_t)t->list, "delete",
			 (json_int_t)t->remove, "sent", (json_int_t)t->sent,
			 "received", (json_int_t)t->received);
}

/* So much of it falls to some of the places. */
static uint64_t part_of(uint64_t value, size_t some, size_t all)
{
	return value / all * some + value % all * some / all;
}

/* As if all places were asked alike: an estimate knows no more.  Rest and
 * quotient apart, so that no product overflows. */
static void take_part(struct place_traffic *t, size_t some, size_t all)
{
	uint64_t *const value[] = { &t->put,	&t->get,  &t->head,    &t->list,
				    &t->remove, &t->sent, &t->received };

	for (size_t i = 0; i < sizeof(value) / sizeof(*value); i++)
		*value[i] = part_of(*value[i], some, all);
}

void traffic_estimate(struct session *s, const struct archive *a,
		      const struct place_traffic *all)
{
	struct place_traffic remote = *all;
	struct buf text = BUF_INIT;
	size_t far = 0;

	for (size_t i = 0; i < a->count; i++)
		far += !place_is_local(a->place[i]);
	output_set(s, "estimate", traffic_json(all));
	if (far == 0)
		return;
	take_part(&remote, far, a->count);
	traffic_text(&remote, &text);
	buf_byte(&text, 0);
	if (!text.failed)
		output_line(s, "estimate: %s", (const char *)text.data);
	buf_clear(&text);
}

void traffic_tell(struct session *s, bool result)
{
	const struct place_tally *tally =
		s->places == NULL ? NULL : s->places->tally;
	struct place_traffic all;
	struct buf text = BUF_INIT;

	if (tally == NULL)
		return;
	all = tally->local;
	place_traffic_add(&all, &tally->remote);
	output_set(s, "traffic", traffic_json(&all));
	traffic_text(&tally->remote, &text);
	buf_byte(&text, 0);
	if (requests(&tally->remote) > 0 && !text.failed && result)
		output_line(s, "%s", (const char *)text.data);
	else if (requests(&tally->remote) > 0 && !text.failed)
		session_say(s, "%s", (const char *)text.data);
	buf_clear(&text);
}
