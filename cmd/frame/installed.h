/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_INSTALLED_H
#define DEED_CMD_FRAME_INSTALLED_H

#include <limits.h>
#include <stdbool.h>

/*
 * Where the rest of deed lies.  A prefix may have been moved since configure
 * saw it, or lie below a DESTDIR: what belongs to the program is looked for
 * from where the running executable is, symbolic links resolved.  Neither the
 * environment nor the working directory has a say.
 */

/* The folder of the running executable; false where /proc does not tell. */
bool installed_here(char out[PATH_MAX]);

/*
 * The folder `to`, as one sees it from here if this executable was to be in
 * the folder `from`; both are configure's.  `to` itself where nobody knows
 * where here is.
 */
void installed_path(const char *from, const char *to, char out[PATH_MAX]);

/*
 * Tell base/process where the helpers lie: beside this executable, as in a
 * build tree and for deed-office, or where they lie from the folder of
 * programs.  Folders that everybody can write to are refused, for anybody
 * could have put a helper there.
 */
void installed_helpers(void);

#endif
