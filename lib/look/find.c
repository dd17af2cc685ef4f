/* SPDX-License-Identifier: Apache-2.0 */
#include "look/find.h"

#include <stdlib.h>

#include "base/wire.h"
#include "codec/utf8.h"
#include "look/wire.h"

/* No page is larger than 100 m (pdf/geometry.h), and what hangs over its edge
 * no larger than that. */
#define FAR_MM 200000.0

/* ---- the order ---- */

void look_find_order_write(const struct secret *password,
			   const struct look_wanted *wanted, struct buf *out)
{
	/* At once, as a buffer that grows would leave the password. */
	if (password != NULL)
		(void)buf_reserve(out, secret_len(password) +
					       strlen(wanted->text) + 16);
	wire_put_u8(out, password != NULL);
	wire_put_bytes(out,
		       password == NULL ? SLICE_NONE : secret_slice(password));
	wire_put_bytes(out, slice_str(wanted->text));
	wire_put_u8(out, wanted->regex);
	wire_put_u32(out, (uint32_t)wanted->page);
}

enum deed_status look_find_order_read(struct slice in,
				      struct look_find_order *out,
				      struct deed_error *err)
{
	struct slice password, text;
	uint32_t page;
	bool given;

	*out = (struct look_find_order){ NULL };
	if (!wire_get_bool(&in, &given) ||
	    !wire_get_bytes(&in, SECRET_MAX, &password) ||
	    !wire_get_bytes(&in, LOOK_TEXT, &text) || text.len == 0 ||
	    !utf8_valid(text) || memchr(text.data, 0, text.len) != NULL ||
	    !wire_get_bool(&in, &out->wanted.regex) ||
	    !wire_get_u32(&in, &page) || in.len > 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "an order to find is malformed");
	out->wanted.page = (int32_t)page;
	out->text = strndup((const char *)text.data, text.len);
	if (out->text == NULL)
		return deed_error_memory(err);
	out->wanted.text = out->text;
	if (!given || password.len == 0)
		return DEED_OK;
	return secret_copy(password.data, password.len, &out->password, err);
}

void look_find_order_clear(struct look_find_order *o)
{
	secret_free(o->password);
	free(o->text);
	*o = (struct look_find_order){ NULL };
}

/* ---- the answer ---- */

void look_found_write(const struct look_found *found, struct buf *out)
{
	size_t i;

	wire_put_u32(out, (uint32_t)found->count);
	for (i = 0; i < found->count; i++) {
		const struct look_hit *h = &found->list[i];

		wire_put_u32(out, h->page);
		wire_put_double(out, h->x);
		wire_put_double(out, h->y);
		wire_put_double(out, h->width);
		wire_put_double(out, h->height);
		wire_put_double(out, h->end_x);
		wire_put_double(out, h->end_y);
	}
	wire_put_u32(out, found->total);
	wire_put_u32(out, found->pages);
	wire_put_u32(out, found->blank);
	wire_put_u32(out, found->first_blank);
}

static bool get_mm(struct slice *in, double *out)
{
	return wire_get_double(in, out) && *out >= -FAR_MM && *out <= FAR_MM;
}

/* Everything is held against its bounds, as the helper that answers has read a
 * hostile document and may say anything.  A NaN passes no comparison. */
static bool get_hit(struct slice *in, struct look_hit *h)
{
	return wire_get_u32(in, &h->page) && h->page > 0 &&
	       h->page <= LOOK_PAGES && get_mm(in, &h->x) &&
	       get_mm(in, &h->y) && get_mm(in, &h->width) && h->width >= 0 &&
	       get_mm(in, &h->height) && h->height >= 0 &&
	       get_mm(in, &h->end_x) && get_mm(in, &h->end_y);
}

enum deed_status look_found_read(struct slice in, struct look_found *out,
				 struct deed_error *err)
{
	uint32_t count;
	bool fine;

	memset(out, 0, sizeof(*out));
	fine = wire_get_u32(&in, &count) && count <= LOOK_FOUND;
	while (fine && out->count < count)
		fine = get_hit(&in, &out->list[out->count++]);
	if (fine && wire_get_u32(&in, &out->total) && out->total >= count &&
	    wire_get_u32(&in, &out->pages) && wire_get_u32(&in, &out->blank) &&
	    out->blank <= out->pages && wire_get_u32(&in, &out->first_blank) &&
	    in.len == 0)
		return DEED_OK;
	memset(out, 0, sizeof(*out));
	return deed_error_set(err, DEED_MALFORMED,
			      "what was found is malformed");
}

/* ---- asking ---- */

enum deed_status look_find(struct look *l, int fd,
			   const struct secret *password,
			   const struct look_wanted *wanted,
			   struct look_found *out, struct deed_error *err)
{
	struct buf body = BUF_INIT, answer = BUF_INIT;
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	if (strlen(wanted->text) > LOOK_TEXT)
		return deed_error_set(err, DEED_USAGE,
				      "a text to be found has more than %d "
				      "bytes",
				      LOOK_TEXT);
	look_find_order_write(password, wanted, &body);
	status = look_call(l, LOOK_FIND, fd, &body, &answer, err);
	if (status == DEED_OK &&
	    look_found_read(buf_get(&answer), out, NULL) != DEED_OK)
		status = deed_error_set(err, DEED_INDETERMINATE,
					"'deed-look' answered nonsense");
	buf_clear(&answer);
	return status;
}
