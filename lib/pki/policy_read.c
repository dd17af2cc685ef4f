/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/policy_read.h"

#include "codec/utf8.h"

/* SEQUENCE SIZE (1..MAX). */
static bool open_list(struct slice value, struct der_reader *r)
{
	return der_open(value, DER_SEQUENCE, r) && !der_at_end(r);
}

bool policy_open(struct slice value, struct der_reader *r)
{
	return open_list(value, r);
}

bool policy_next(struct der_reader *r, struct slice *policy,
		 struct slice *qualifiers)
{
	struct der_reader s;
	bool present;

	return der_enter(r, DER_SEQUENCE, &s) && der_get_oid(&s, policy) &&
	       der_get_optional(&s, DER_SEQUENCE, &present, qualifiers) &&
	       der_at_end(&s) && !(present && qualifiers->len == 0);
}

/* UserNotice: both members may be absent. */
static bool read_notice(struct der_reader *r, struct buf *raw)
{
	struct der_reader notice;

	if (!der_enter(r, DER_SEQUENCE, &notice))
		return false;
	if (der_peek(&notice, DER_SEQUENCE) && !der_skip(&notice))
		return false;
	return der_at_end(&notice) ||
	       (der_get_text(&notice, raw) && der_at_end(&notice));
}

bool policy_qualifier_next(struct der_reader *r, enum oid *kind,
			   struct buf *text)
{
	struct buf raw = BUF_INIT;
	struct der_reader s;
	bool good;

	if (!der_enter(r, DER_SEQUENCE, &s) || !der_get_known_oid(&s, kind))
		return false;
	if (*kind == OID_PQ_CPS)
		good = der_get_text(&s, &raw);
	else if (*kind == OID_PQ_NOTICE)
		good = read_notice(&s, &raw);
	else
		good = der_skip(&s);
	utf8_clean(buf_get(&raw), text);
	buf_clear(&raw);
	return good && der_at_end(&s);
}

bool policy_mapping_open(struct slice value, struct der_reader *r)
{
	return open_list(value, r);
}

bool policy_mapping_next(struct der_reader *r, struct slice *issuer,
			 struct slice *subject)
{
	struct der_reader s;

	return der_enter(r, DER_SEQUENCE, &s) && der_get_oid(&s, issuer) &&
	       der_get_oid(&s, subject) && der_at_end(&s);
}

/* SkipCerts: more than there are levels is all the same. */
static bool read_skip(struct slice content, uint32_t *out)
{
	uint64_t value;

	*out = POLICY_NO_SKIP;
	if (content.data == NULL)
		return true;
	/* Content octets of an INTEGER, minimal and not negative. */
	if (content.len == 0 || (content.data[0] & 0x80) != 0 ||
	    (content.len > 1 && content.data[0] == 0 &&
	     (content.data[1] & 0x80) == 0))
		return false;
	for (value = 0; content.len > 0; content.data++, content.len--) {
		value = value << 8 | content.data[0];
		if (value >= POLICY_NO_SKIP)
			value = POLICY_NO_SKIP - 1;
	}
	*out = (uint32_t)value;
	return true;
}

bool policy_constraints_read(struct slice value, uint32_t *require_explicit,
			     uint32_t *inhibit_mapping)
{
	struct slice require, inhibit;
	bool has_require, has_inhibit;
	struct der_reader r;

	return open_list(value, &r) &&
	       der_get_optional(&r, DER_CONTEXT(0), &has_require, &require) &&
	       der_get_optional(&r, DER_CONTEXT(1), &has_inhibit, &inhibit) &&
	       der_at_end(&r) && read_skip(require, require_explicit) &&
	       read_skip(inhibit, inhibit_mapping);
}

bool policy_inhibit_any_read(struct slice value, uint32_t *skip)
{
	struct slice content;
	struct der_reader r;

	der_init(&r, value);
	return der_get(&r, DER_INTEGER, &content) && der_at_end(&r) &&
	       read_skip(content, skip);
}
