/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/archive.h"
#include "archive/catalogue.h"
#include "archive/places.h"

enum deed_status archive_create(const char *dir, struct deed_error *err)
{
	enum deed_status status = places_create(dir, err);

	return status == DEED_OK ? catalogue_create(dir, err) : status;
}
