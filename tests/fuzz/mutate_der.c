/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/mutate.h"

/* Elements of DER by offset, so that one can be changed and the lengths of
 * those around it made right again. */
#define ELEMENTS 4096
#define DEPTH 40

struct element {
	size_t at, head, len; /* len: of the content */
	size_t parent;	      /* index, or its own for the outermost */
};

struct tree {
	struct slice in;
	struct element list[ELEMENTS];
	size_t count;
};

static bool header(struct slice in, size_t at, size_t end, struct element *e)
{
	size_t n, i;

	if (end - at < 2 || (in.data[at] & 0x1f) == 0x1f)
		return false;
	e->at = at;
	e->head = 2;
	e->len = in.data[at + 1];
	if (e->len >= 0x80) {
		n = e->len & 0x7f;
		if (n == 0 || n > 4 || end - at < 2 + n)
			return false;
		e->len = 0;
		for (i = 0; i < n; i++)
			e->len = e->len << 8 | in.data[at + 2 + i];
		e->head += n;
	}
	return e->len <= end - at - e->head;
}

static bool walk(struct tree *t, size_t at, size_t end, size_t parent,
		 unsigned depth)
{
	size_t self;

	while (at < end) {
		if (t->count == ELEMENTS || depth > DEPTH)
			return true;
		self = t->count;
		if (!header(t->in, at, end, &t->list[self]))
			return false;
		t->list[self].parent = depth == 0 ? self : parent;
		t->count++;
		at = t->list[self].at + t->list[self].head;
		if ((t->in.data[t->list[self].at] & 0x20) != 0 &&
		    !walk(t, at, at + t->list[self].len, self, depth + 1))
			return false;
		at += t->list[self].len;
		if (depth == 0)
			return true;
	}
	return true;
}

static void put_header(struct buf *out, uint8_t tag, size_t len)
{
	int n = len < 0x80 ? 0 : len < 0x100 ? 1 : len < 0x10000 ? 2 : 3;

	buf_byte(out, tag);
	if (n == 0) {
		buf_byte(out, (uint8_t)len);
		return;
	}
	buf_byte(out, (uint8_t)(0x80 | n));
	while (n-- > 0)
		buf_byte(out, (uint8_t)(len >> (8 * n)));
}

/* The element with another content in the place of bytes [from, to). */
static void rebuild(const struct tree *t, size_t i, size_t from, size_t to,
		    struct buf *new)
{
	struct buf content = BUF_INIT;
	const struct element *e;

	for (;; i = e->parent) {
		e = &t->list[i];
		buf_reset(&content);
		buf_append(&content, t->in.data + e->at + e->head,
			   from - e->at - e->head);
		buf_slice(&content, buf_get(new));
		buf_append(&content, t->in.data + to,
			   e->at + e->head + e->len - to);
		buf_reset(new);
		put_header(new, t->in.data[e->at], content.len);
		buf_slice(new, buf_get(&content));
		from = e->at;
		to = e->at + e->head + e->len;
		if (e->parent == i)
			break;
	}
	buf_clear(&content);
}

/* Another element to stand beside or instead: from anywhere. */
static void any_element(const struct tree *t, struct dice *d, struct buf *out)
{
	const struct element *e = &t->list[dice_below(d, t->count)];

	buf_append(out, t->in.data + e->at, e->head + e->len);
}

bool mutate_der(struct slice in, struct dice *d, struct buf *out)
{
	static struct tree t;
	const struct element *e;
	size_t i, from, to, at;

	t.in = in;
	t.count = 0;
	if (!walk(&t, 0, in.len, 0, 0) || t.count < 2)
		return false;
	i = 1 + dice_below(d, t.count - 1);
	e = &t.list[i];
	from = e->at;
	to = e->at + e->head + e->len;
	switch (dice_below(d, 6)) {
	case 0: /* gone */
		break;
	case 1: /* twice */
		buf_append(out, in.data + from, to - from);
		buf_append(out, in.data + from, to - from);
		break;
	case 2: /* another before it */
		any_element(&t, d, out);
		buf_append(out, in.data + from, to - from);
		break;
	case 3: /* another instead */
		any_element(&t, d, out);
		break;
	case 4: /* another tag */
		buf_append(out, in.data + from, to - from);
		out->data[0] ^= (uint8_t)(1u << dice_below(d, 8));
		break;
	default: /* another content */
		buf_append(out, in.data + from, to - from);
		if (e->len == 0)
			break;
		at = e->head + dice_below(d, e->len);
		out->data[at] ^= (uint8_t)(1u << dice_below(d, 8));
	}
	rebuild(&t, e->parent, from, to, out);
	/* What follows the outermost element stays. */
	at = t.list[0].head + t.list[0].len;
	buf_append(out, in.data + at, in.len - at);
	return true;
}
