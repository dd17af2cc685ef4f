/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "base/clock.h"
#include "cmd/frame/duration.h"
#include "cmd/frame/output.h"
#include "cmd/frame/remedy.h"
#include "office/life/upkeep.h"

struct status_args {
	const char *within;
	bool all;
	bool one_line;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct status_args, within), .name = "within",
	  .argument = "SPAN", .config = true, .initial = "14d",
	  .help = "what ends within this is soon: a number and h, d or w" },
	{ OPTION_FLAG(struct status_args, all), .name = "all",
	  .help = "list what is good, too" },
	{ OPTION_FLAG(struct status_args, one_line), .name = "short",
	  .help = "print one line, for a monitor" },
	{ 0 }
};

/* How many are amiss and soon, and the worst and the next of all. */
struct summary {
	size_t count[UPKEEP_AMISS + 1];
	const struct upkeep_item *worst; /* NULL where all is good */
	const struct upkeep_item *next;	 /* to end; NULL if nothing is */
};

/* Of several that are equally bad the first, in the order in which they were
 * looked at.  What is amiss already does not count as the next to end: its end
 * may be long past. */
static struct summary summarise(const struct upkeep *u)
{
	struct summary sum = { .worst = NULL };
	const struct upkeep_item *item;

	for (size_t i = 0; i < u->count; i++) {
		item = &u->item[i];
		sum.count[item->state]++;
		if (item->state != UPKEEP_GOOD &&
		    (sum.worst == NULL || item->state > sum.worst->state))
			sum.worst = item;
		if (item->has_end && item->state != UPKEEP_AMISS &&
		    (sum.next == NULL || item->end < sum.next->end))
			sum.next = item;
	}
	return sum;
}

/* "party wang: its certificate ends at ...; deed enroll renew wang". */
static void put_item(const struct session *s, const struct upkeep_item *item,
		     struct buf *out)
{
	buf_str(out, item->kind);
	if (item->about != NULL)
		buf_printf(out, " %s", item->about);
	buf_printf(out, ": %s", item->message);
	if (item->remedy != NULL) {
		buf_str(out, "; ");
		remedy_text(s, item->remedy, out);
	}
	buf_byte(out, 0);
}

/* The remedy is in the same line, so that what a monitor or a mail shows can
 * be acted on. */
static void print_item(struct session *s, const char *before,
		       const struct upkeep_item *item, const char *after)
{
	struct buf line = BUF_INIT;

	put_item(s, item, &line);
	if (!line.failed)
		output_line(s, "%s%s%s", before, (const char *)line.data,
			    after);
	buf_clear(&line);
}

/* The worst first, whatever they are about.  What is good is summed up by what
 * ends next, for an empty answer would not tell whether anything was looked
 * at. */
static void print_items(struct session *s, const struct upkeep *u,
			const struct summary *sum, bool all)
{
	char before[16], until[CLOCK_TEXT];

	for (int state = UPKEEP_AMISS; state >= UPKEEP_GOOD; state--) {
		if (state == UPKEEP_GOOD && !all)
			break;
		(void)snprintf(before, sizeof(before), "%-6s ",
			       upkeep_state_name((enum upkeep_state)state));
		for (size_t i = 0; i < u->count; i++)
			if ((int)u->item[i].state == state)
				print_item(s, before, &u->item[i], "");
	}
	if (sum->worst != NULL) {
		output_line(s, "%zu amiss, %zu soon", sum->count[UPKEEP_AMISS],
			    sum->count[UPKEEP_SOON]);
	} else if (sum->next != NULL) {
		clock_format(sum->next->end, until);
		output_line(s, "all is well; %s%s%s is the next to end, at %s",
			    sum->next->kind,
			    sum->next->about == NULL ? "" : " ",
			    sum->next->about == NULL ? "" : sum->next->about,
			    until);
	} else {
		output_line(s, "all is well");
	}
}

/* As monitors know it: a word, the worst, and figures behind a bar. */
static void print_short(struct session *s, const struct summary *sum)
{
	char figures[96], days[32] = "";

	/* No figure where nothing ends: of 0 days a monitor would warn. */
	if (sum->next != NULL)
		(void)snprintf(days, sizeof(days), " days=%lld",
			       (long long)(sum->next->end - s->now) /
				       (24 * 60 * 60));
	(void)snprintf(figures, sizeof(figures), " | amiss=%zu soon=%zu%s",
		       sum->count[UPKEEP_AMISS], sum->count[UPKEEP_SOON], days);
	if (sum->worst == NULL)
		output_line(s, "OK - all is well%s", figures);
	else
		print_item(s,
			   sum->worst->state == UPKEEP_AMISS ? "CRITICAL - "
							     : "WARNING - ",
			   sum->worst, figures);
}

/* The remedy is given as a text like the one printed, for a program that only
 * passes it on. */
static json_t *item_json(const struct session *s,
			 const struct upkeep_item *item)
{
	struct buf remedy = BUF_INIT;
	json_t *object;

	object = json_pack("{s:s, s:s, s:o}", "kind", item->kind, "state",
			   upkeep_state_name(item->state), "message",
			   output_text(item->message));
	if (object == NULL)
		return NULL;
	if (item->about != NULL)
		json_object_set_new(object, "about", output_text(item->about));
	if (item->has_end)
		json_object_set_new(object, "end", output_time(item->end));
	if (item->remedy != NULL) {
		remedy_text(s, item->remedy, &remedy);
		json_object_set_new(
			object, "remedy",
			json_stringn((const char *)remedy.data, remedy.len));
	}
	buf_clear(&remedy);
	return object;
}

/* In JSON all items are there, with or without --all: the reader filters as it
 * likes. */
static void report(struct session *s, const struct upkeep *u,
		   const struct status_args *a, int64_t within)
{
	const struct summary sum = summarise(u);
	json_t *list = json_array();

	if (a->one_line)
		print_short(s, &sum);
	else
		print_items(s, u, &sum, a->all);
	for (size_t i = 0; i < u->count; i++)
		json_array_append_new(list, item_json(s, &u->item[i]));
	output_set(s, "at", output_time(s->now));
	output_set(s, "within", json_integer((json_int_t)within));
	output_set(s, "state", json_string(upkeep_state_name(upkeep_worst(u))));
	if (sum.next != NULL)
		output_set(s, "next_end", output_time(sum.next->end));
	output_set(s, "items", list);
}

/* What is amiss and what is only soon have different exit codes, so that a
 * script can tell a failure from a reminder. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct status_args *a = args;
	struct upkeep u = UPKEEP_INIT;
	struct home *home = NULL;
	enum deed_status status;
	int64_t within = 0;

	status = duration_parse(a->within, &within, err);
	if (status != DEED_OK) {
		deed_error_prefix(err, "--within");
		return status;
	}
	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = upkeep_check(home, s->now, within, &u, err);
	if (status == DEED_OK) {
		report(s, &u, a, within);
		if (upkeep_worst(&u) == UPKEEP_AMISS)
			status = DEED_NO;
		else if (upkeep_worst(&u) == UPKEEP_SOON)
			status = DEED_INDETERMINATE;
	}
	upkeep_clear(&u);
	home_close(home);
	return status;
}

const struct command command_status = {
	.name = "status",
	.operands = "",
	.summary = "what ends soon or is amiss, and the command that mends it",
	.options = options,
	.args_size = sizeof(struct status_args),
	.flags = COMMAND_HOME | COMMAND_AT,
	.run = run,
};
