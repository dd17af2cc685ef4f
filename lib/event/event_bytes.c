/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event.h"

enum deed_status event_output_bytes(struct event *ev, int entry,
				    const char *path, enum outfile_mode mode,
				    struct slice bytes, struct deed_error *err)
{
	struct outfile *file = NULL;
	enum deed_status s;

	s = outfile_open(&file, path, 0600, err);
	if (s == DEED_OK)
		s = outfile_write(file, bytes.data, bytes.len, err);
	if (s == DEED_OK)
		s = event_output(ev, entry, &file, mode, NULL, err);
	outfile_free(file);
	return s;
}
