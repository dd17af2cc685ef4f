/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/get_seek.h"

#include <string.h>

#include "cmd/frame/progress.h"
#include "office/deposit/deposit_seek.h"
#include "office/document/materials.h"

const char *get_seek_operand(const char *operand)
{
	bool folder = strlen(operand) > 3 && operand[2] == '/' &&
		      !strncmp(operand, operand + 3, 2);

	return folder ? operand + 3 : operand;
}

static void on_progress(void *arg, uint64_t manifests)
{
	(void)arg;
	progress_set(manifests);
}

/* Without a home nothing says whose manifests are believed, and a place could
 * offer one of its own making: --trust is asked for. */
static enum deed_status read_trust(struct session *s, struct get_seek *g,
				   struct deed_error *err)
{
	const struct materials materials = {
		.trust = g->trust->item,
		.trust_count = g->trust->count,
		.home = session_home(s),
	};
	enum deed_status status = pki_source_new(NULL, &g->anchors, err);

	if (status == DEED_OK)
		status = materials_load(&materials, g->anchors, err);
	return status;
}

enum deed_status get_seek(struct session *s, struct get_seek *g, const char *id,
			  struct archive **a, struct stored **d,
			  struct deed_error *err)
{
	struct deposit_seek where = { .progress = on_progress };
	enum deed_status status = read_trust(s, g, err);

	if (status == DEED_OK)
		status = archive_open_list(g->places, s->places, a, err);
	if (status != DEED_OK)
		return status;
	where.archive = *a;
	where.trust = g->anchors;
	progress_start(s, "manifests", 0);
	status = deposit_seek(&where, id, d, err);
	progress_end();
	return status;
}

void get_seek_clear(struct get_seek *g)
{
	pki_source_free(g->anchors);
	g->anchors = NULL;
}
