/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/place.h"

/* Transfers that are begun and finished at once. */

enum deed_status place_put(struct place *p, const char *folder,
			   const char *name, struct slice bytes,
			   struct deed_error *err)
{
	struct place_ticket *t;
	enum deed_status status =
		place_put_begin(p, folder, name, bytes, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}

enum deed_status place_get(struct place *p, const char *folder,
			   const char *name, size_t max, struct buf *out,
			   struct deed_error *err)
{
	struct place_ticket *t;
	enum deed_status status =
		place_get_begin(p, folder, name, 0, max, out, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}

enum deed_status place_head(struct place *p, const char *folder,
			    const char *name, uint64_t *size,
			    struct deed_error *err)
{
	struct place_ticket *t;
	enum deed_status status =
		place_head_begin(p, folder, name, size, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}

enum deed_status place_remove(struct place *p, const char *folder,
			      const char *name, struct deed_error *err)
{
	struct place_ticket *t;
	enum deed_status status = place_remove_begin(p, folder, name, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}
