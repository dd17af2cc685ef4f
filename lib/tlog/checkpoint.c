/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "tlog/note.h"
#include "tlog/text.h"
#include "codec/base64.h"

void checkpoint_format(const struct checkpoint *c, struct buf *out)
{
	buf_printf(out, "%s\n%" PRIu64 "\n", c->origin, c->size);
	base64_encode(slice_of(c->root, sizeof(c->root)), out);
	buf_byte(out, '\n');
}

enum deed_status checkpoint_parse(struct slice text, struct checkpoint *c,
				  struct deed_error *err)
{
	struct slice origin, size, root, extension;

	memset(c, 0, sizeof(*c));
	if (!text_line(&text, &origin) || !text_line(&text, &size) ||
	    !text_line(&text, &root) || origin.len == 0)
		goto malformed;
	if (origin.len > NOTE_NAME_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "the checkpoint's origin is too long");
	memcpy(c->origin, origin.data, origin.len);
	c->origin[origin.len] = 0;
	if (!text_number(size, &c->size) || !text_hash(root, c->root))
		goto malformed;
	while (text.len > 0)
		if (!text_line(&text, &extension) || extension.len == 0)
			goto malformed;
	return DEED_OK;
malformed:
	memset(c, 0, sizeof(*c));
	return deed_error_set(err, DEED_MALFORMED, "no checkpoint");
}

enum deed_status checkpoint_open(struct slice bytes,
				 const struct note_verifier *v,
				 struct checkpoint *c, struct deed_error *err)
{
	struct note n;
	enum deed_status status;

	memset(c, 0, sizeof(*c));
	status = note_parse(bytes, &n, err);
	if (status == DEED_OK)
		status = note_verify(&n, v, NULL, err);
	if (status == DEED_OK)
		status = checkpoint_parse(n.text, c, err);
	if (status == DEED_OK && strcmp(c->origin, v->name) != 0)
		status = deed_error_set(err, DEED_INCONSISTENT,
					"the checkpoint is of '%s', not of "
					"'%s'",
					c->origin, v->name);
	return status;
}
