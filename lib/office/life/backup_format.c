/* SPDX-License-Identifier: Apache-2.0 */
#include "office/life/backup_format.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "codec/json.h"

void backup_piece_name(size_t number, char out[BACKUP_NAME])
{
	(void)snprintf(out, BACKUP_NAME, "%04zu.cms", number % 10000000);
}

void backup_index_clear(struct backup_index *index)
{
	free(index->checkpoint);
	free(index->piece);
	*index = (struct backup_index)BACKUP_INDEX_INIT;
}

enum deed_status backup_index_add(struct backup_index *index,
				  const struct backup_piece *piece,
				  struct deed_error *err)
{
	struct backup_piece *more;

	if (index->pieces == BACKUP_PIECES)
		return deed_error_set(err, DEED_LIMIT,
				      "a backup has over %d pieces",
				      BACKUP_PIECES);
	more = reallocarray(index->piece, index->pieces + 1, sizeof(*more));
	if (more == NULL)
		return deed_error_memory(err);
	index->piece = more;
	more[index->pieces++] = *piece;
	return DEED_OK;
}

enum deed_status backup_index_json(const struct backup_index *index,
				   json_t **out, struct deed_error *err)
{
	json_t *list = json_array();
	char time[CLOCK_TEXT];
	size_t i;

	for (i = 0; i < index->pieces; i++)
		json_array_append_new(
			list,
			json_pack("{s:o,s:I}", "sha256",
				  json_sha256(index->piece[i].sha256), "size",
				  (json_int_t)index->piece[i].size));
	clock_format(index->time, time);
	*out = json_pack("{s:s,s:s,s:o,s:I,s:I,s:s,s:o}", "type", BACKUP_TYPE,
			 "time", time, "to", json_sha256(index->to), "files",
			 (json_int_t)index->files, "size",
			 (json_int_t)index->size, "checkpoint",
			 index->checkpoint, "pieces", list);
	return *out == NULL || json_array_size(list) != index->pieces
		       ? deed_error_memory(err)
		       : DEED_OK;
}

/* Without a piece it is no backup.  The sizes are bounded here, as memory for
 * a piece is taken by what the index says. */
static bool read_pieces(const json_t *list, struct backup_index *index,
			enum deed_status *status, struct deed_error *err)
{
	struct backup_piece p;
	int64_t size;
	size_t i;

	for (i = 0; i < json_array_size(list) && *status == DEED_OK; i++) {
		const json_t *one = json_array_get(list, i);

		if (!json_get_sha256(one, "sha256", p.sha256) ||
		    !json_get_integer(one, "size", &size) || size < 1 ||
		    size > (int64_t)BACKUP_PIECE_MAX)
			return false;
		p.size = (uint64_t)size;
		*status = backup_index_add(index, &p, err);
	}
	return i > 0;
}

enum deed_status backup_index_read(const json_t *json,
				   struct backup_index *index,
				   struct deed_error *err)
{
	const char *time = json_get_string(json, "time");
	const char *note = json_get_string(json, "checkpoint");
	enum deed_status status = DEED_OK;
	int64_t files, size;
	bool good;

	*index = (struct backup_index)BACKUP_INDEX_INIT;
	good = time != NULL && note != NULL &&
	       clock_parse(time, &index->time, NULL) == DEED_OK &&
	       json_get_sha256(json, "to", index->to) &&
	       json_get_integer(json, "files", &files) && files >= 0 &&
	       json_get_integer(json, "size", &size) && size >= 0 &&
	       read_pieces(json_object_get(json, "pieces"), index, &status,
			   err);
	if (!good)
		status = deed_error_set(err, DEED_MALFORMED,
					"it is no index of a backup");
	if (status == DEED_OK) {
		index->files = (uint64_t)files;
		index->size = (uint64_t)size;
		index->checkpoint = strdup(note);
		if (index->checkpoint == NULL)
			status = deed_error_memory(err);
	}
	if (status != DEED_OK)
		backup_index_clear(index);
	return status;
}
