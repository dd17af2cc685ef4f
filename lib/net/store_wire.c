/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_wire.h"

#include <stdlib.h>

#include "base/frame.h"
#include "base/wire.h"

#define METHODS (STORE_VERSIONING + 1)
#define SHA256_LEN 32
#define ERROR_MAX 2048

static enum deed_status malformed(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "a message about a store is malformed");
}

/* NULL is no bytes, "" is one. */
static void put_text(struct buf *out, const char *text)
{
	if (text == NULL)
		wire_put_bytes(out, SLICE_NONE);
	else
		wire_put_bytes(out, slice_of(text, strlen(text) + 1));
}

/* The only NUL is the last byte: the text is used where it lies, and none is
 * cut short. */
static bool get_text(struct slice *in, size_t max, const char **out)
{
	struct slice bytes;

	*out = NULL;
	if (!wire_get_bytes(in, max + 1, &bytes))
		return false;
	if (bytes.len == 0)
		return true;
	*out = (const char *)bytes.data;
	return memchr(bytes.data, 0, bytes.len) == bytes.data + bytes.len - 1;
}

static bool need_text(struct slice *in, size_t max, const char **out)
{
	return get_text(in, max, out) && *out != NULL;
}

/* Into an array of size octets. */
static bool get_array(struct slice *in, size_t size, char *out)
{
	const char *text;

	if (!need_text(in, size - 1, &text))
		return false;
	memcpy(out, text, strlen(text) + 1);
	return true;
}

void store_wire_put_client(const struct store_wire_client *c, struct buf *out)
{
	wire_put_u32(out, c->connect_ms);
	wire_put_u32(out, c->deadline_ms);
	wire_put_u8(out, c->tell);
}

enum deed_status store_wire_get_client(struct slice body,
				       struct store_wire_client *out,
				       struct deed_error *err)
{
	if (!wire_get_u32(&body, &out->connect_ms) ||
	    !wire_get_u32(&body, &out->deadline_ms) ||
	    !wire_get_bool(&body, &out->tell) || body.len != 0)
		return malformed(err);
	return DEED_OK;
}

void store_wire_put_target(uint32_t store, const struct store_target *t,
			   struct buf *out)
{
	size_t i;

	wire_put_u32(out, store);
	wire_put_u8(out, (unsigned)t->endpoint_count);
	for (i = 0; i < t->endpoint_count; i++)
		put_text(out, t->endpoint[i]);
	put_text(out, t->bucket);
	put_text(out, t->region);
	put_text(out, t->access_key);
	put_text(out, t->ca);
	put_text(out, t->proxy);
	wire_put_u32(out, t->transfers);
	wire_put_u8(out, t->insecure);
}

enum deed_status store_wire_get_target(struct slice body, uint32_t *store,
				       struct store_target *out,
				       struct deed_error *err)
{
	unsigned count;
	size_t i;

	*out = (struct store_target){ .endpoint_count = 0 };
	if (!wire_get_u32(&body, store) || !wire_get_u8(&body, &count) ||
	    count == 0 || count > STORE_ENDPOINTS)
		return malformed(err);
	for (i = 0; i < count; i++)
		if (!need_text(&body, STORE_URL_MAX, &out->endpoint[i]))
			return malformed(err);
	out->endpoint_count = count;
	if (!need_text(&body, STORE_NAME_MAX, &out->bucket) ||
	    !need_text(&body, STORE_NAME_MAX, &out->region) ||
	    !need_text(&body, STORE_NAME_MAX, &out->access_key) ||
	    !get_text(&body, STORE_PATH_MAX, &out->ca) ||
	    !get_text(&body, STORE_URL_MAX, &out->proxy) ||
	    !wire_get_u32(&body, &out->transfers) ||
	    !wire_get_bool(&body, &out->insecure) || body.len != 0 ||
	    out->transfers == 0 || out->transfers > STORE_TRANSFERS_MAX)
		return malformed(err);
	return DEED_OK;
}

void store_wire_put_order(const struct store_order *o, struct buf *out)
{
	const struct store_request *r = &o->request;

	wire_put_u32(out, o->store);
	wire_put_u64(out, o->call);
	wire_put_u8(out, r->method);
	put_text(out, r->key);
	wire_put_u32(out, (uint32_t)r->body.len);
	wire_put_bytes(out, r->sha256 == NULL
				    ? SLICE_NONE
				    : slice_of(r->sha256, SHA256_LEN));
	wire_put_u8(out, r->if_absent);
	wire_put_u64(out, r->from);
	wire_put_u64(out, r->length);
	wire_put_u64(out, r->max);
	put_text(out, r->after);
	put_text(out, r->after_version);
	wire_put_u32(out, r->limit);
	put_text(out, r->version);
	wire_put_u8(out, r->unhashed);
}

/* What a request of its method must have. */
static bool is_whole(const struct store_request *r)
{
	bool object = r->method <= STORE_DELETE;

	return r->key != NULL && (!object || r->key[0] != '\0') &&
	       (r->method == STORE_PUT) == (r->sha256 != NULL) &&
	       (r->method == STORE_PUT || r->body.len == 0) &&
	       r->body.len <= STORE_OBJECT_MAX && r->limit <= STORE_PAGE &&
	       r->max <= STORE_OBJECT_MAX && r->length <= STORE_OBJECT_MAX &&
	       r->from <= INT64_MAX - STORE_OBJECT_MAX;
}

enum deed_status store_wire_get_order(struct slice body,
				      struct store_order *out,
				      struct deed_error *err)
{
	struct store_request *r = &out->request;
	uint32_t len, limit;
	struct slice sha256;
	unsigned method;
	uint64_t max;

	*out = (struct store_order){ .store = 0 };
	if (!wire_get_u32(&body, &out->store) ||
	    !wire_get_u64(&body, &out->call) ||
	    !wire_get_enum(&body, METHODS, &method) ||
	    !get_text(&body, STORE_KEY_MAX, &r->key) ||
	    !wire_get_u32(&body, &len) ||
	    !wire_get_bytes(&body, SHA256_LEN, &sha256) ||
	    !wire_get_bool(&body, &r->if_absent) ||
	    !wire_get_u64(&body, &r->from) ||
	    !wire_get_u64(&body, &r->length) || !wire_get_u64(&body, &max) ||
	    !get_text(&body, STORE_KEY_MAX, &r->after) ||
	    !get_text(&body, STORE_VERSION_MAX, &r->after_version) ||
	    !wire_get_u32(&body, &limit) ||
	    !get_text(&body, STORE_VERSION_MAX, &r->version) ||
	    !wire_get_bool(&body, &r->unhashed) || body.len != 0 ||
	    (sha256.len != 0 && sha256.len != SHA256_LEN))
		return malformed(err);
	r->method = (enum store_method)method;
	r->body.len = len;
	r->sha256 = sha256.len != 0 ? sha256.data : NULL;
	r->max = (size_t)max;
	r->limit = limit;
	return is_whole(r) ? DEED_OK : malformed(err);
}

void store_wire_put_answer(const struct store_wire_answer *a,
			   const struct store_answer *answer, struct buf *out)
{
	struct buf why = BUF_INIT;

	wire_put_u64(out, a->call);
	wire_put_u8(out, a->follows);
	if (a->status != DEED_OK)
		frame_put_error(&why, &a->why);
	out->failed |= why.failed;
	if (why.len > FRAME_HEADER)
		wire_put_bytes(out, slice_of(why.data + FRAME_HEADER,
					     why.len - FRAME_HEADER));
	else
		wire_put_bytes(out, SLICE_NONE);
	buf_clear(&why);
	wire_put_u32(out, answer->status);
	put_text(out, answer->code);
	put_text(out, answer->etag);
	put_text(out, answer->version);
	wire_put_u8(out, answer->marker);
	wire_put_u8(out, (uint8_t)answer->versioning);
	wire_put_u64(out, (uint64_t)answer->date);
	wire_put_u64(out, (uint64_t)answer->modified);
	wire_put_u64(out, answer->size);
	wire_put_u8(out, answer->more);
	wire_put_u32(out, answer->tries);
	wire_put_u64(out, answer->sent);
	wire_put_u64(out, answer->got);
}

enum deed_status store_wire_get_answer(struct slice body,
				       struct store_wire_answer *a,
				       struct store_answer *answer,
				       struct deed_error *err)
{
	unsigned follows, tries, status, versioning;
	struct slice why;
	uint64_t date, modified;

	a->why = (struct deed_error)DEED_ERROR_INIT;
	if (!wire_get_u64(&body, &a->call) ||
	    !wire_get_enum(&body, STORE_FOLLOWS_COUNT, &follows) ||
	    !wire_get_bytes(&body, ERROR_MAX, &why) ||
	    !wire_get_u32(&body, &status) ||
	    !get_array(&body, sizeof(answer->code), answer->code) ||
	    !get_array(&body, sizeof(answer->etag), answer->etag) ||
	    !get_array(&body, sizeof(answer->version), answer->version) ||
	    !wire_get_bool(&body, &answer->marker) ||
	    !wire_get_enum(&body, STORE_VERSIONINGS, &versioning) ||
	    !wire_get_u64(&body, &date) || !wire_get_u64(&body, &modified) ||
	    !wire_get_u64(&body, &answer->size) ||
	    !wire_get_bool(&body, &answer->more) ||
	    !wire_get_u32(&body, &tries) ||
	    !wire_get_u64(&body, &answer->sent) ||
	    !wire_get_u64(&body, &answer->got) || body.len != 0)
		return malformed(err);
	a->follows = (enum store_follows)follows;
	a->status = why.len == 0 ? DEED_OK : frame_take_error(why, &a->why);
	answer->status = status;
	answer->versioning = (enum store_versioning)versioning;
	answer->date = (int64_t)date;
	answer->modified = (int64_t)modified;
	answer->tries = tries;
	return DEED_OK;
}

void store_wire_put_item(const struct store_item *item, struct buf *out)
{
	wire_put_u64(out, item->size);
	wire_put_u8(out, item->latest);
	wire_put_u8(out, item->marker);
	put_text(out, item->key);
	put_text(out, item->version);
}

static bool get_item(struct slice *in, struct store_item *out)
{
	return wire_get_u64(in, &out->size) &&
	       wire_get_bool(in, &out->latest) &&
	       wire_get_bool(in, &out->marker) &&
	       need_text(in, STORE_KEY_MAX, &out->key) &&
	       get_text(in, STORE_VERSION_MAX, &out->version);
}

enum deed_status store_wire_get_items(struct buf *text, size_t max,
				      struct store_answer *answer,
				      struct deed_error *err)
{
	struct slice in = buf_get(text);
	struct store_item item;
	size_t count = 0;

	while (in.len > 0) {
		if (count == max || !get_item(&in, &item))
			return malformed(err);
		count++;
	}
	answer->item = calloc(count + 1, sizeof(*answer->item));
	if (answer->item == NULL)
		return deed_error_memory(err);
	in = buf_get(text);
	for (answer->item_count = 0; answer->item_count < count;
	     answer->item_count++)
		(void)get_item(&in, &answer->item[answer->item_count]);
	answer->text = *text;
	*text = (struct buf)BUF_INIT;
	return DEED_OK;
}
