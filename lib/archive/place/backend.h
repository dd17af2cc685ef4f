/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACE_BACKEND_H
#define DEED_ARCHIVE_PLACE_BACKEND_H

#include "archive/place/place.h"

/* What a back end provides; names have been checked before. */
struct place_backend {
	enum deed_status (*make)(const char *where, struct deed_error *err);
	enum deed_status (*put)(const char *where, const char *folder,
				const char *name, struct slice bytes,
				struct deed_error *err);
	enum deed_status (*sync)(const char *where, struct deed_error *err);
	enum deed_status (*get)(const char *where, const char *folder,
				const char *name, size_t max, struct buf *out,
				struct deed_error *err);
	bool (*has)(const char *where, const char *folder, const char *name);
	enum deed_status (*remove)(const char *where, const char *folder,
				   const char *name, struct deed_error *err);
	enum deed_status (*remove_folder)(const char *where, const char *folder,
					  struct deed_error *err);
	enum deed_status (*list)(const char *where, const char *folder,
				 place_fn *fn, void *arg,
				 struct deed_error *err);
};

extern const struct place_backend place_directory;

#endif
