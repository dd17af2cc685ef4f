/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/clock.h"
#include "cmd/frame/command.h"
#include "cmd/frame/output.h"
#include "cmd/shard/shard.h"
#include "codec/hex.h"

/* What a place shows, where that is not the generation in force. */
static void show_place(struct session *s, struct archive *a,
		       const struct stored *d, unsigned part)
{
	const char *name = d->m->place[part - 1];
	uint64_t shows;

	if (!stored_lags(a, d, part, &shows))
		output_line(s, "place       %s", name);
	else if (shows == 0)
		output_line(s, "place       %s (without the manifest)", name);
	else
		output_line(s, "place       %s (lags: generation %" PRIu64 ")",
			    name, shows);
}

/* Of the generation in force; a place that shows another one is told with it.
 * What a pack holds is forgotten with it, since it has one key. */
static void show_text(struct session *s, struct archive *a,
		      const struct stored *d)
{
	const struct manifest *m = d->m;
	char time[CLOCK_TEXT], hex[2 * SHA256_SIZE + 1];
	char folder[MANIFEST_PATH + 1];
	unsigned i;
	size_t j;

	shard_id_text(d->id, hex);
	output_line(s, "id          %s", hex);
	clock_format(m->deposited, time);
	output_line(s, "deposited   %s", time);
	output_line(s, "size        %" PRIu64 " bytes in %zu chunks",
		    manifest_size(m), m->chunk_count);
	if (m->documents > 0)
		output_line(s, "documents   %" PRIu32 ", forgotten together",
			    m->documents);
	output_line(s, "needed      %u of %u places", m->k, m->n);
	manifest_path(m, folder);
	output_line(s, "folder      %s", folder);
	output_line(s, "generation  %" PRIu64, m->generation);
	for (i = 1; i <= m->n; i++)
		show_place(s, a, d, i);
	for (j = 0; j < m->recipient_count; j++) {
		hex_text(slice_of(m->recipient[j].certificate, SHA256_SIZE),
			 hex);
		output_line(s, "recipient   sha256:%s", hex);
	}
}

/* {"name", "generation"} of each place that lags; 0: it has none. */
static json_t *lagging_json(struct archive *a, const struct stored *d)
{
	json_t *list = json_array();
	uint64_t shows;

	for (unsigned i = 1; i <= d->m->n; i++)
		if (stored_lags(a, d, i, &shows))
			json_array_append_new(list,
					      json_pack("{s:s, s:I}", "name",
							d->m->place[i - 1],
							"generation",
							(json_int_t)shows));
	return list;
}

static json_t *earlier_json(const struct stored *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->past_count; i++)
		json_array_append_new(list, output_sha256(d->past[i].cms));
	return list;
}

/* The doubts are in JSON here and as warnings on the terminal; they do not
 * change the exit code, for the manifest was found. */
static void show_json(struct session *s, struct archive *a,
		      const struct stored *d)
{
	const struct manifest *m = d->m;
	json_t *places = json_array();
	char id[DEPOSIT_ID + 1], folder[MANIFEST_PATH + 1];
	unsigned i;

	shard_id_text(d->id, id);
	for (i = 0; i < m->n; i++)
		json_array_append_new(places, json_string(m->place[i]));
	output_set(s, "id", json_string(id));
	manifest_path(m, folder);
	output_set(s, "folder", json_string(folder));
	output_set(s, "deposited", output_time(m->deposited));
	output_set(s, "generation", json_integer((json_int_t)m->generation));
	output_set(s, "size", json_integer((json_int_t)manifest_size(m)));
	output_set(s, "chunks", json_integer((json_int_t)m->chunk_count));
	if (m->documents > 0)
		output_set(s, "documents",
			   json_integer((json_int_t)m->documents));
	output_set(s, "needed", json_integer((json_int_t)m->k));
	output_set(s, "placement", places);
	output_set(s, "recipients", shard_recipients_json(m));
	output_set(s, "manifest", output_sha256(d->cms_sha256));
	output_set(s, "earlier", earlier_json(d));
	output_set(s, "lagging", lagging_json(a, d));
	output_set(s, "doubts", shard_doubts(s, a, d, NULL));
	if (m->checkpoint != NULL)
		output_set(s, "checkpoint", output_text(m->checkpoint));
}

/* By the id or its beginning, from whichever place has the manifest; no key is
 * needed and none is asked for. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	struct archive *a = NULL;
	struct stored *d = NULL;
	struct home *home = NULL;
	enum deed_status status;

	(void)args;
	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = deposit_find(home, s->operand[0], &a, &d, err);
	if (status == DEED_OK) {
		show_text(s, a, d);
		show_json(s, a, d);
	}
	stored_free(d);
	archive_close(a);
	home_close(home);
	return status;
}

const struct command command_shard_show = {
	.name = "shard show",
	.operands = "ID",
	.summary = "show the manifest of a deposit",
	.flags = COMMAND_HOME,
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
