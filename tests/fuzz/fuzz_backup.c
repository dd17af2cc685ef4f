/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "codec/json.h"
#include "fuzz/fuzz.h"
#include "office/life/backup_format.h"

static void must(bool good)
{
	if (!good)
		abort();
}

/* What was read is within the limits, and is written and read as it is. */
static void check(const struct backup_index *index)
{
	struct backup_index again;
	json_t *json = NULL;

	must(index->pieces > 0 && index->pieces <= BACKUP_PIECES);
	for (size_t i = 0; i < index->pieces; i++)
		must(index->piece[i].size > 0 &&
		     index->piece[i].size <= BACKUP_PIECE_MAX);
	must(backup_index_json(index, &json, NULL) == DEED_OK);
	must(backup_index_read(json, &again, NULL) == DEED_OK);
	must(again.time == index->time && again.files == index->files &&
	     again.size == index->size && again.pieces == index->pieces &&
	     !strcmp(again.checkpoint, index->checkpoint) &&
	     !memcmp(again.to, index->to, sizeof(again.to)) &&
	     !memcmp(again.piece, index->piece,
		     index->pieces * sizeof(*index->piece)));
	json_decref(json);
	backup_index_clear(&again);
}

/* The index of a backup, as the statement holds it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct backup_index index;
	json_t *json = NULL;

	if (json_load_canonical(slice_of(data, size), &json, NULL) == DEED_OK &&
	    backup_index_read(json, &index, NULL) == DEED_OK) {
		check(&index);
		backup_index_clear(&index);
	}
	json_decref(json);
	return 0;
}
