/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "judge/judge_asic_private.h"

/*
 * A container whose structure is at fault: which signatures it shows is told
 * by the names that stand in its central directory, at the end.
 */
#define TAIL (2 * 65536) /* behind it there may be a comment */
#define META "META-INF/"

/* The next name that begins with META-INF/ at *at or behind, as far as it is
 * text and no XML; *at moves behind where it begins. */
static bool next_name(struct slice tail, size_t *at, char name[256])
{
	const uint8_t *found = NULL;
	size_t n = 0, left;

	if (*at < tail.len)
		found = memmem(tail.data + *at, tail.len - *at, META,
			       strlen(META));
	if (found == NULL)
		return false;
	*at = (size_t)(found - tail.data) + strlen(META);
	left = tail.len - (size_t)(found - tail.data);
	while (n < left && n < 255 && found[n] >= 0x20 && found[n] != '"' &&
	       found[n] != '<') {
		name[n] = (char)found[n];
		n++;
	}
	name[n] = '\0';
	return true;
}

/* What follows a name may look like more of it, so that it is not held
 * against what the whole would be. */
static bool is_xades(const char *name)
{
	const char *at = strstr(name, "signatures");

	return at != NULL && strstr(at, ".xml") != NULL;
}

/* The beginnings of names are enough, as the end of a name cannot be told from
 * the bytes behind it. */
static bool is_signature(const char *name)
{
	static const char *const begin[] = { META "signature",
					     META "ASiCManifest",
					     META "timestamp" };
	size_t i;

	for (i = 0; i < sizeof(begin) / sizeof(begin[0]); i++) {
		if (strncmp(name, begin[i], strlen(begin[i])) == 0)
			return true;
	}
	return false;
}

enum deed_status asic_refuse_xades(const char *name, struct deed_error *err)
{
	return deed_error_set(err, DEED_UNSUPPORTED,
			      "'%s' is signed with XAdES, which deed does not "
			      "read",
			      name);
}

enum deed_status asic_judge_broken(struct asic_judge *j, int fd,
				   const struct zip_fault *fault,
				   struct deed_error *err)
{
	bool signature = false, xades = false;
	uint8_t tail[TAIL];
	char name[256];
	struct stat st;
	size_t at = 0;
	ssize_t got;

	if (fstat(fd, &st) != 0)
		return deed_error_errno(err, errno, "cannot read '%s'",
					j->name);
	got = pread(fd, tail, sizeof(tail),
		    st.st_size > TAIL ? st.st_size - TAIL : 0);
	if (got < 0)
		return deed_error_errno(err, errno, "cannot read '%s'",
					j->name);
	while (next_name(slice_of(tail, (size_t)got), &at, name)) {
		signature = signature || is_signature(name);
		xades = xades || is_xades(name);
	}
	if (xades)
		return asic_refuse_xades(j->name, err);
	if (!signature)
		return deed_error_set(err, DEED_MALFORMED,
				      "'%s' is no ZIP that can be read in one "
				      "way only: %s",
				      j->name, fault->message);
	j->doc->format = FORMAT_ASIC_E;
	return asic_judge_fault(j, NULL, fault->id, fault->message, err);
}
