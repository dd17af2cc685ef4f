/* SPDX-License-Identifier: Apache-2.0 */
#include "asic/names.h"

#include <string.h>

#include "asic/zip_read.h"
#include "codec/utf8.h"

#define META "META-INF/"

/* A part between slashes that is ".", ".." or empty. */
static bool part_is_bad(const char *part, size_t len)
{
	return len == 0 || (len == 1 && part[0] == '.') ||
	       (len == 2 && part[0] == '.' && part[1] == '.');
}

bool asic_name_is_good(const char *name)
{
	size_t len = strlen(name);
	const char *p, *part = name;

	if (len == 0 || len > ZIP_NAME || !utf8_valid(slice_of(name, len)))
		return false;
	for (p = name; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c < 0x20 || c == 0x7f || c == '\\')
			return false;
		if (c != '/')
			continue;
		if (part_is_bad(part, (size_t)(p - part)))
			return false;
		part = p + 1;
	}
	/* Nothing behind the last slash: a folder. */
	return *part == '\0' ? part > name
			     : !part_is_bad(part, (size_t)(p - part));
}

static bool ends_with(const char *name, const char *ending)
{
	size_t len = strlen(name), end = strlen(ending);

	return len >= end && strcmp(name + len - end, ending) == 0;
}

/* Evidence records and their manifests (EN 319 162-1 4.4.3.2 c). */
static bool has_record(const char *name)
{
	return strstr(name, "ASiCEvidenceRecordManifest") != NULL ||
	       (strstr(name, "evidencerecord") != NULL &&
		(ends_with(name, ".xml") || ends_with(name, ".ers")));
}

enum asic_role asic_role(const char *name)
{
	if (strcmp(name, ASIC_MIMETYPE) == 0)
		return ASIC_ROLE_MIMETYPE;
	if (ends_with(name, "/"))
		return ASIC_ROLE_FOLDER;
	if (strncmp(name, META, strlen(META)) != 0)
		return ASIC_ROLE_OBJECT;
	name += strlen(META);
	if (strstr(name, "ASiCArchiveManifest") != NULL)
		return ASIC_ROLE_ARCHIVE;
	if (strstr(name, "ASiCManifest") != NULL && ends_with(name, ".xml"))
		return ASIC_ROLE_MANIFEST;
	if (strstr(name, "signature") != NULL && ends_with(name, ".p7s"))
		return ASIC_ROLE_CADES;
	if (strstr(name, "timestamp") != NULL && ends_with(name, ".tst"))
		return ASIC_ROLE_TIMESTAMP;
	if (strstr(name, "signatures") != NULL && ends_with(name, ".xml"))
		return ASIC_ROLE_XADES;
	/* What else has a place there; anything that has none could have
	 * been added by anyone, and must be signed as a file elsewhere. */
	if (has_record(name) || ends_with(name, ".tst") ||
	    strcmp(name, "manifest.xml") == 0 ||
	    strcmp(name, "container.xml") == 0 ||
	    strcmp(name, "metadata.xml") == 0)
		return ASIC_ROLE_OTHER;
	return ASIC_ROLE_OBJECT;
}

bool asic_name_is_object(const char *name)
{
	return asic_name_is_good(name) && strncmp(name, META, strlen(META)) &&
	       asic_role(name) == ASIC_ROLE_OBJECT;
}
