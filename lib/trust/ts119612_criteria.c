/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/ts119612_reading.h"

#include <stdlib.h>
#include <strings.h>

/* RFC 5280 4.2.1.3, in the order of its bits. */
static const char *const key_usages[] = {
	"digitalSignature", "nonRepudiation", "keyEncipherment",
	"dataEncipherment", "keyAgreement",   "keyCertSign",
	"crlSign",	    "encipherOnly",   "decipherOnly",
};

/* The array may move, so no pointer into it is kept from the one before. */
static enum deed_status begin_qualification(struct ts_reading *r,
					    struct deed_error *err)
{
	struct trust_status *s = r->status;
	struct trust_qualification *grown;

	grown = ts_grow(s->qualifications, &s->qualification_count,
			sizeof(*grown), TRUST_LIST_ITEMS);
	if (grown == NULL)
		return ts_no_room(s->qualification_count, TRUST_LIST_ITEMS,
				  err);
	s->qualifications = grown;
	r->qualification = &grown[s->qualification_count - 1];
	r->criteria[0] = NULL;
	r->criteria_depth = 0;
	r->qualification->criteria.assert = TRUST_ASSERT_ALL;
	return DEED_OK;
}

/* The URI stands in an attribute; it goes through r->text, as what is taken
 * does. */
static enum deed_status take_qualifier(struct ts_reading *r,
				       const struct xml_element *e,
				       struct deed_error *err)
{
	struct slice uri;

	if (!xml_attribute(e, "uri", &uri))
		return ts_unsupported(r, slice_str("Qualifier"), err);
	buf_reset(&r->text);
	buf_slice(&r->text, uri);
	return ts_take_item(r, &r->qualification->qualifiers,
			    &r->qualification->qualifier_count, err);
}

/* What is not known leaves "all" in place and makes the status qualify
 * nothing. */
static enum deed_status take_assert(struct ts_reading *r,
				    struct trust_criteria *c,
				    const struct xml_element *e,
				    struct deed_error *err)
{
	struct slice how = SLICE_NONE;

	(void)xml_attribute(e, "assert", &how);
	c->assert = TRUST_ASSERT_ALL;
	if (slice_equal_str(how, "atLeastOne"))
		c->assert = TRUST_ASSERT_AT_LEAST_ONE;
	else if (slice_equal_str(how, "none"))
		c->assert = TRUST_ASSERT_NONE;
	else if (!slice_equal_str(how, "all"))
		return ts_unsupported(r, slice_str("CriteriaList assert"), err);
	return DEED_OK;
}

/* The outermost is the qualification's own, and it has one.  What stands in
 * a second is read into the same: its status qualifies nothing. */
static enum deed_status begin_criteria(struct ts_reading *r,
				       const struct xml_element *e,
				       struct deed_error *err)
{
	struct trust_criteria *c, *in;
	enum deed_status status = DEED_OK;

	if (r->criteria_depth == TRUST_LIST_DEPTH)
		return deed_error_set(err, DEED_LIMIT,
				      "it has criteria more than %d deep",
				      TRUST_LIST_DEPTH);
	if (r->criteria_depth == 0) {
		c = &r->qualification->criteria;
		if (r->criteria[0] == c)
			status = ts_unsupported(
				r, slice_str("second CriteriaList"), err);
	} else {
		in = r->criteria[r->criteria_depth - 1];
		c = ts_grow(in->lists, &in->list_count, sizeof(*c),
			    TRUST_LIST_ITEMS);
		if (c == NULL)
			return ts_no_room(in->list_count, TRUST_LIST_ITEMS,
					  err);
		in->lists = c;
		c += in->list_count - 1;
	}
	r->criteria[r->criteria_depth++] = c;
	return status == DEED_OK ? take_assert(r, c, e, err) : status;
}

/* The grammar lets it stand in a CriteriaList only, so that c is not NULL. */
static enum deed_status begin_key_usage(struct ts_reading *r,
					struct trust_criteria *c,
					struct deed_error *err)
{
	struct trust_key_usage *grown;

	grown = ts_grow(c->key_usages, &c->key_usage_count, sizeof(*grown),
			TRUST_LIST_ITEMS);
	if (grown == NULL)
		return ts_no_room(c->key_usage_count, TRUST_LIST_ITEMS, err);
	c->key_usages = grown;
	r->key_usage = &grown[c->key_usage_count - 1];
	return DEED_OK;
}

/* As begin_key_usage. */
static enum deed_status begin_policy_set(struct ts_reading *r,
					 struct trust_criteria *c,
					 struct deed_error *err)
{
	struct trust_policy_set *grown;

	grown = ts_grow(c->policy_sets, &c->policy_set_count, sizeof(*grown),
			TRUST_LIST_ITEMS);
	if (grown == NULL)
		return ts_no_room(c->policy_set_count, TRUST_LIST_ITEMS, err);
	c->policy_sets = grown;
	r->policy_set = &grown[c->policy_set_count - 1];
	return DEED_OK;
}

/* A bit of another name is none, and what its element holds then changes no
 * mask. */
static enum deed_status begin_bit(struct ts_reading *r,
				  const struct xml_element *e,
				  struct deed_error *err)
{
	struct slice name = SLICE_NONE;
	size_t i;

	(void)xml_attribute(e, "name", &name);
	for (i = 0; i < sizeof(key_usages) / sizeof(key_usages[0]); i++)
		if (slice_equal_str(name, key_usages[i])) {
			r->key_usage_bit = 1u << i;
			return DEED_OK;
		}
	r->key_usage_bit = 0;
	return ts_unsupported(r, name.len > 0 ? name : slice_str("KeyUsageBit"),
			      err);
}

/* A truth value has two spellings in XML Schema. */
static enum deed_status end_bit(struct ts_reading *r, struct deed_error *err)
{
	struct slice text = ts_text(r);
	bool set = slice_equal_str(text, "true") || slice_equal_str(text, "1");
	struct trust_key_usage *k = r->key_usage;

	if (!set && !slice_equal_str(text, "false") &&
	    !slice_equal_str(text, "0"))
		return ts_unsupported(r, slice_str("KeyUsageBit"), err);
	/* Asked for twice, in two ways: no certificate is meant. */
	if ((k->mask & r->key_usage_bit) != 0 &&
	    ((k->value & r->key_usage_bit) != 0) != set)
		return ts_unsupported(r, slice_str("KeyUsageBit"), err);
	k->mask |= r->key_usage_bit;
	if (set)
		k->value |= r->key_usage_bit;
	return DEED_OK;
}

/* "1.2.3" or "urn:oid:1.2.3". */
static enum deed_status end_oid(struct ts_reading *r, struct deed_error *err)
{
	static const char urn[] = "urn:oid:";
	struct slice text = ts_text(r);
	bool digit = false;
	size_t i;

	if (text.len > sizeof(urn) - 1 &&
	    strncasecmp((const char *)text.data, urn, sizeof(urn) - 1) == 0) {
		text.data += sizeof(urn) - 1;
		text.len -= sizeof(urn) - 1;
	}
	for (i = 0; i < text.len; i++) {
		if (text.data[i] == '.'
			    ? !digit
			    : text.data[i] < '0' || text.data[i] > '9')
			break;
		digit = text.data[i] != '.';
	}
	if (i < text.len || !digit || text.len > 200)
		return ts_unsupported(r, slice_str("PolicyIdentifier"), err);
	memmove(r->text.data, text.data, text.len);
	r->text.len = text.len;
	return ts_take_item(r, &r->policy_set->oids, &r->policy_set->count,
			    err);
}

enum deed_status ts_criteria_start(struct ts_reading *r,
				   enum ts_element element,
				   const struct xml_element *e,
				   struct deed_error *err)
{
	struct trust_criteria *c = r->criteria_depth == 0
					   ? NULL
					   : r->criteria[r->criteria_depth - 1];

	switch (element) {
	case TS_QUALIFICATION:
		return begin_qualification(r, err);
	case TS_QUALIFIER:
		return take_qualifier(r, e, err);
	case TS_CRITERIA:
		return begin_criteria(r, e, err);
	case TS_KEY_USAGE:
		return begin_key_usage(r, c, err);
	case TS_KEY_USAGE_BIT:
		return begin_bit(r, e, err);
	case TS_POLICY_SET:
		return begin_policy_set(r, c, err);
	default:
		return DEED_OK;
	}
}

/* What asks for nothing would be everybody's. */
static enum deed_status end_criteria(struct ts_reading *r,
				     struct deed_error *err)
{
	const struct trust_criteria *c = r->criteria[--r->criteria_depth];

	if (c->key_usage_count + c->policy_set_count + c->list_count > 0)
		return DEED_OK;
	return ts_unsupported(r, slice_str("empty CriteriaList"), err);
}

enum deed_status ts_criteria_end(struct ts_reading *r, enum ts_element element,
				 struct deed_error *err)
{
	switch (element) {
	case TS_QUALIFICATION:
		/* Without criteria the qualifier would be everybody's. */
		if (r->criteria[0] != &r->qualification->criteria)
			return ts_unsupported(r, slice_str("no CriteriaList"),
					      err);
		r->criteria[0] = NULL;
		return DEED_OK;
	case TS_CRITERIA:
		return end_criteria(r, err);
	case TS_KEY_USAGE:
		return r->key_usage->mask != 0
			       ? DEED_OK
			       : ts_unsupported(r, slice_str("empty KeyUsage"),
						err);
	case TS_POLICY_SET:
		return r->policy_set->count > 0
			       ? DEED_OK
			       : ts_unsupported(r, slice_str("empty PolicySet"),
						err);
	case TS_KEY_USAGE_BIT:
		return end_bit(r, err);
	case TS_POLICY_OID:
		return end_oid(r, err);
	default:
		return DEED_OK;
	}
}
