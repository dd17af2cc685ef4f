/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "codec/ber.h"
#include "codec/der.h"
#include "fuzz/fuzz.h"

#define DEPTH 64

/* Every reader on what stands at r; none may move it where it says no. */
static void read_any_way(struct der_reader r)
{
	struct buf text = BUF_INIT;
	struct der_reader copy, inner;
	struct slice s;
	uint64_t number;
	int64_t time;
	unsigned unused;
	enum oid oid;
	bool flag;

	copy = r;
	if (!der_get_uint64(&copy, &number))
		assert(copy.p == r.p);
	copy = r;
	if (der_get_integer(&copy, &s))
		assert(s.len > 0);
	copy = r;
	(void)der_get_unsigned(&copy, &s);
	copy = r;
	(void)der_get_bool(&copy, &flag);
	copy = r;
	(void)der_get_default_false(&copy, &flag);
	copy = r;
	(void)der_get_null(&copy);
	copy = r;
	if (der_get_bits(&copy, &s, &unused))
		assert(unused < 8);
	copy = r;
	(void)der_get_oid(&copy, &s);
	copy = r;
	(void)der_get_known_oid(&copy, &oid);
	copy = r;
	(void)der_get_time(&copy, &time);
	copy = r;
	(void)der_get_generalized(&copy, &time);
	copy = r;
	(void)der_get_text(&copy, &text);
	copy = r;
	if (!der_enter(&copy, DER_SEQUENCE, &inner))
		assert(copy.p == r.p);
	buf_clear(&text);
}

static void walk(struct slice in, unsigned depth)
{
	struct slice content, whole;
	struct der_reader r;
	uint8_t tag;

	der_init(&r, in);
	while (!der_at_end(&r)) {
		read_any_way(r);
		if (!der_get_any(&r, &tag, &content, &whole))
			break;
		assert(whole.len > content.len);
		assert(content.data + content.len == whole.data + whole.len);
		if ((tag & 0x20) != 0 && depth < DEPTH)
			walk(content, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);
	struct buf out = BUF_INIT, again = BUF_INIT;
	size_t used, used_again;

	walk(in, 0);
	if (der_valid(in, DEPTH, &used))
		assert(used <= size);
	if (ber_to_der(in, &used, &out, NULL) == DEED_OK) {
		assert(used <= size);
		/* What was made is as it would be made again. */
		assert(ber_to_der(buf_get(&out), &used_again, &again, NULL) ==
		       DEED_OK);
		assert(used_again == out.len);
		assert(slice_equal(buf_get(&out), buf_get(&again)));
	}
	buf_clear(&out);
	buf_clear(&again);
	return 0;
}
