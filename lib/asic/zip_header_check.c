/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "asic/cp437.h"
#include "asic/names.h"
#include "asic/zip_private.h"
#include "codec/utf8.h"

/* Content that deed does not unpack. */
#define PACKED_OTHERWISE                                           \
	(ZIP_FLAG_ENCRYPTED | ZIP_FLAG_PATCHED | ZIP_FLAG_STRONG | \
	 ZIP_FLAG_MASKED)
#define KNOWN (ZIP_FLAG_LEVEL | ZIP_FLAG_DESCRIPTOR | ZIP_FLAG_UTF8)

/* ---- names ---- */

bool zip_header_ascii(const struct zip_header *h)
{
	size_t i;

	for (i = 0; i < h->raw.len; i++) {
		if (h->raw.data[i] >= 0x80)
			return false;
	}
	return true;
}

/* Names without NUL only come here, so that nothing is cut off. */
static enum deed_status copy_text(struct slice text, char **out,
				  struct deed_error *err)
{
	*out = strndup(text.len == 0 ? "" : (const char *)text.data, text.len);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

/*
 * Without bit 11 a name is in code page 437 (appendix D), but many programs
 * write UTF-8 all the same.  What is UTF-8 is hardly ever anything else, so
 * it is taken for that, and the other reading is kept; a Unicode Path field
 * decides.
 */
static enum deed_status read_unflagged(struct zip_header *h,
				       struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status;
	char *name;

	cp437_decode(h->raw, &b);
	status = buf_status(&b, err);
	if (status == DEED_OK)
		status = copy_text(buf_get(&b), &h->name, err);
	buf_clear(&b);
	if (status != DEED_OK || !utf8_valid(h->raw))
		return status;
	status = copy_text(h->raw, &h->other, err);
	if (status == DEED_OK &&
	    !(h->has_path && slice_equal_str(h->path, h->name))) {
		name = h->name;
		h->name = h->other;
		h->other = name;
	}
	return status;
}

enum deed_status zip_header_name(struct zip_header *h, struct deed_error *err)
{
	enum deed_status status;

	if (h->raw.len == 0 || memchr(h->raw.data, 0, h->raw.len) != NULL)
		return DEED_OK;
	if ((h->flags & ZIP_FLAG_UTF8) != 0 || zip_header_ascii(h))
		status = copy_text(h->raw, &h->name, err);
	else
		status = read_unflagged(h, err);
	/* Names that could leave the folder they are unpacked in, or that two
	 * readers could take for different files. */
	if (status == DEED_OK && !asic_name_is_good(h->name))
		zip_header_clear(h);
	return status;
}

/* ---- what it is ---- */

/* By its mode (POSIX sys/stat.h), where it has one. */
static bool is_special(uint32_t mode, bool folder)
{
	uint32_t type = mode & ZIP_UNIX_TYPE;

	return type != 0 && type != ZIP_UNIX_FILE &&
	       !(folder && type == ZIP_UNIX_FOLDER);
}

/* Attributes are read as Unix and as DOS have them, whatever program the
 * header says made it: unpackers go by either. */
void zip_header_check(const struct zip_header *h, struct zip_fault *fault)
{
	bool folder = h->name[strlen(h->name) - 1] == '/';
	uint32_t dos = h->attributes & (ZIP_DOS_LABEL | ZIP_DOS_FOLDER |
					ZIP_DOS_DEVICE | ZIP_DOS_REPARSE);

	if ((h->flags & PACKED_OTHERWISE) != 0 ||
	    (h->method != ZIP_STORED && h->method != ZIP_DEFLATED))
		zip_faulty(fault, "zip-method",
			   "'%s' is encrypted or packed by method %u", h->name,
			   h->method);
	else if ((h->flags & ~KNOWN) != 0)
		zip_faulty(fault, "zip-flags",
			   "'%s' has flags that have no meaning (0x%04x)",
			   h->name, h->flags & ~KNOWN);
	else if (is_special(h->attributes >> 16, folder) ||
		 is_special(h->mode, folder) || h->linked ||
		 (folder ? dos & ~ZIP_DOS_FOLDER : dos) != 0)
		zip_faulty(fault, "zip-attributes",
			   "'%s' is marked as a link, a device or a folder, "
			   "and would be something else once it is unpacked",
			   h->name);
	else if (folder && h->size > 0)
		zip_faulty(fault, "zip-attributes",
			   "'%s' is a folder and has content", h->name);
}
