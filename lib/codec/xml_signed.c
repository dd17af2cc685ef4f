/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/xml_signed.h"

#include "base/frame.h"
#include "codec/unpack_job.h"

/* NULL for what does not belong to the answer, and for a certificate too many:
 * then the helper is not believed any more.  Each of the others must come
 * once, which the caller checks by its being empty. */
static struct buf *member(struct xml_signed *s, uint32_t type)
{
	switch (type) {
	case XML_SIGNED_DOCUMENT:
		return &s->document;
	case XML_SIGNED_INFO:
		return &s->signed_info;
	case XML_SIGNED_PROPERTIES:
		return &s->properties;
	case XML_SIGNED_PROPERTIES_1_0:
		return &s->properties_1_0;
	case XML_SIGNED_VALUE:
		return &s->value;
	case XML_SIGNED_CERTIFICATE:
		return s->certificate_count < XML_SIGNED_CERTIFICATES
			       ? &s->certificates[s->certificate_count++]
			       : NULL;
	default:
		return NULL;
	}
}

enum deed_status xml_signed_take(int fd, struct xml_signed *out,
				 struct deed_error *err)
{
	struct buf frame = BUF_INIT, *to;
	enum deed_status status = DEED_OK;
	uint32_t type = XML_SIGNED_DOCUMENT;

	while (status == DEED_OK && type != XML_SIGNED_DONE) {
		status = frame_read(fd, &type, &frame, UNPACK_BODY_MAX, err);
		if (status != DEED_OK || type == XML_SIGNED_DONE)
			continue;
		to = member(out, type);
		if (to == NULL || to->len > 0)
			status = deed_error_set(err, DEED_SYSTEM,
						"'deed-unpack' speaks another "
						"language");
		else {
			/* A swap of buffers spares a copy of the document. */
			struct buf empty = *to;

			*to = frame;
			frame = empty;
		}
	}
	buf_clear(&frame);
	return status;
}

void xml_signed_clear(struct xml_signed *s)
{
	size_t i;

	buf_clear(&s->document);
	buf_clear(&s->signed_info);
	buf_clear(&s->properties);
	buf_clear(&s->properties_1_0);
	buf_clear(&s->value);
	for (i = 0; i < s->certificate_count; i++)
		buf_clear(&s->certificates[i]);
	s->certificate_count = 0;
}
