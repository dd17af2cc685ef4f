/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/box.h"

#include "base/secret.h"
#include "codec/der.h"
#include "codec/tar_write.h"
#include "crypto/shamir.h"

#define HEAD 512

/* Name and size are all that the header says: with time 0 and nobody's name
 * the same content always makes the same bytes. */
static enum deed_status add(const char *name, struct slice bytes,
			    struct buf *out, struct deed_error *err)
{
	struct tar_entry e = { .size = bytes.len };
	enum deed_status status;

	memcpy(e.name, name, strlen(name) + 1);
	status = tar_header(&e, out, err);
	buf_slice(out, bytes);
	buf_fill(out, 0, tar_padding(bytes.len));
	return status;
}

enum deed_status box_write(const struct box *b, struct buf *out,
			   struct deed_error *err)
{
	enum deed_status status;

	status = add("segment", b->segment, out, err);
	if (status == DEED_OK)
		status = add("share.txt", b->share, out, err);
	if (status == DEED_OK)
		status = add("keys.cms", b->keys, out, err);
	tar_end(out);
	return status == DEED_OK ? buf_status(out, err) : status;
}

/* The content of a member of which the header lies at *at; false if the
 * bytes end before. */
static bool cut(struct slice bytes, size_t *at, size_t len, struct slice *out)
{
	if (bytes.len < *at + HEAD || bytes.len - *at - HEAD < len)
		return false;
	*out = slice_of(bytes.data + *at + HEAD, len);
	*at += HEAD + len + tar_padding(len);
	return *at <= bytes.len;
}

/* The sizes come from the manifest and from the form of a share; of the keys
 * DER says its own. box_open writes it all again, so that nothing here has to
 * be strict. */
static bool cut_all(struct slice bytes, size_t segment, struct box *out)
{
	struct der_reader r;
	size_t at = 0;

	if (!cut(bytes, &at, segment, &out->segment) ||
	    !cut(bytes, &at, SHAMIR_SHARE_SIZE, &out->share) ||
	    bytes.len < at + HEAD)
		return false;
	der_init(&r, slice_of(bytes.data + at + HEAD, bytes.len - at - HEAD));
	return der_get_element(&r, DER_SEQUENCE, &out->keys);
}

enum deed_status box_open(struct slice bytes, size_t segment, struct box *out,
			  struct deed_error *err)
{
	struct buf again = BUF_INIT;
	enum deed_status status = DEED_OK;
	bool same = cut_all(bytes, segment, out);

	if (same)
		status = box_write(out, &again, err);
	same = same && slice_equal(buf_get(&again), bytes);
	if (again.data != NULL)
		secret_wipe(again.data, again.cap);
	buf_clear(&again);
	if (status != DEED_OK || same)
		return status;
	return deed_error_set(err, DEED_DAMAGED,
			      "the box does not have the form of one");
}
