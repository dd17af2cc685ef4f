/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/installed.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/process.h"

/* Of all helpers the one that every build has. */
#define ANY_HELPER "deed-parse"

bool installed_here(char out[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", out, PATH_MAX - 1);
	char *slash;

	if (len <= 0 || out[0] != '/')
		return false;
	out[len] = '\0';
	slash = strrchr(out, '/');
	*slash = '\0';
	return true;
}

/* How long the path of the folder is that holds both; 0 for the root. */
static size_t shared_length(const char *a, const char *b)
{
	size_t i, shared = 0;

	for (i = 0; a[i] == b[i] && a[i] != '\0'; i++)
		if (a[i] == '/')
			shared = i;
	if ((a[i] == '\0' || a[i] == '/') && (b[i] == '\0' || b[i] == '/'))
		shared = i;
	return shared;
}

/* How many folders the rest of a path goes down. */
static int depth_of(const char *rest)
{
	int depth = 0;

	for (; *rest != '\0'; rest++)
		if (*rest != '/' && (rest[1] == '/' || rest[1] == '\0'))
			depth++;
	return depth;
}

void installed_path(const char *from, const char *to, char out[PATH_MAX])
{
	size_t shared = shared_length(from, to), len;
	int up = depth_of(from + shared);
	char *slash;

	if (!installed_here(out)) {
		(void)snprintf(out, PATH_MAX, "%s", to);
		return;
	}
	for (; up > 0; up--) {
		slash = strrchr(out, '/');
		if (slash == NULL)
			break; /* above the root is the root */
		*slash = '\0';
	}
	len = strlen(out);
	if (strlen(to + shared) < PATH_MAX - len)
		(void)snprintf(out + len, PATH_MAX - len, "%s", to + shared);
	else
		(void)snprintf(out, PATH_MAX, "%s", to);
}

static bool is_open_to_all(const char *folder)
{
	struct stat st;

	return stat(folder[0] == '\0' ? "/" : folder, &st) == 0 &&
	       (st.st_mode & S_IWOTH) != 0;
}

/*
 * Whether everybody can write to the folder, or to one on the way to it from
 * what it shares with here.  Above that everybody could as well put another
 * program in our place.
 */
static bool anybody_could_fill(const char *here, const char *folder)
{
	size_t i = shared_length(here, folder);
	char part[PATH_MAX];

	for (;; i++) {
		if (folder[i] != '/' && folder[i] != '\0')
			continue;
		(void)snprintf(part, sizeof(part), "%.*s", (int)i, folder);
		if (is_open_to_all(part))
			return true;
		if (folder[i] == '\0')
			return false;
	}
}

void installed_helpers(void)
{
	char here[PATH_MAX], folder[PATH_MAX], helper[PATH_MAX + 16];

	if (!installed_here(here)) {
		process_set_helpers(PKGLIBEXECDIR);
		return;
	}
	(void)snprintf(helper, sizeof(helper), "%s/" ANY_HELPER, here);
	if (access(helper, X_OK) == 0)
		(void)snprintf(folder, sizeof(folder), "%s", here);
	else
		installed_path(BINDIR, PKGLIBEXECDIR, folder);
	if (anybody_could_fill(here, folder))
		process_refuse_helpers(folder);
	else
		process_set_helpers(folder);
}
