/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/name_constraints.h"

#include "codec/utf8.h"
#include "pki/name_match.h"

/* GeneralName (RFC 5280 4.2.1.6) by the number of its tag. */
enum form {
	OTHER_NAME = 0,
	MAIL = 1,
	DNS = 2,
	DIRECTORY = 4,
	URI = 6,
	ADDRESS = 7,
	FORM_MAX = 8,
};

struct name {
	unsigned form;
	struct slice content;
	struct slice type; /* of otherName; else SLICE_NONE */
};

#define TAG_FORM 0x1f
#define PERMITTED DER_CONTEXT_CONS(0)
#define EXCLUDED DER_CONTEXT_CONS(1)

static bool is_constructed(unsigned form)
{
	return form == OTHER_NAME || (form >= 3 && form <= 5);
}

/* Takes one GeneralName.  A directoryName's content is the Name itself. */
static bool next_name(struct der_reader *r, struct name *out)
{
	struct slice content;
	struct der_reader inner;
	uint8_t tag;

	if (!der_get_any(r, &tag, &content, NULL))
		return false;
	out->form = tag & TAG_FORM;
	out->content = content;
	out->type = SLICE_NONE;
	if ((tag & 0xc0) != 0x80 || out->form > FORM_MAX ||
	    ((tag & 0x20) != 0) != is_constructed(out->form))
		return false;
	der_init(&inner, content);
	if (out->form == DIRECTORY)
		return x509_name_valid(content);
	if (out->form == OTHER_NAME)
		return der_get_oid(&inner, &out->type);
	return true;
}

/* GeneralSubtree: 4.2.1.10 wants minimum 0, which DER leaves out, and no
 * maximum. */
static bool next_subtree(struct der_reader *r, struct name *base)
{
	struct der_reader s;

	return der_enter(r, DER_SEQUENCE, &s) && next_name(&s, base) &&
	       der_at_end(&s);
}

/* Forms that are not processed pass: a constraint on them matters only where a
 * certificate below has such a name, and is then told as NAME_FORM. */
static bool is_base(const struct name *base)
{
	switch (base->form) {
	case MAIL:
		return name_base_mail(base->content);
	case DNS:
		return name_base_dns(base->content);
	case URI:
		return name_base_uri(base->content);
	case ADDRESS:
		return name_base_ip(base->content);
	default:
		return true;
	}
}

/* GeneralSubtrees has at least one.  All are read here, so that hold may take
 * the first that it cannot read for the end. */
static bool are_subtrees(struct slice content)
{
	struct der_reader r;
	struct name base;

	der_init(&r, content);
	if (der_at_end(&r))
		return false;
	while (!der_at_end(&r)) {
		if (!next_subtree(&r, &base) || !is_base(&base))
			return false;
	}
	return true;
}

bool name_constraints_add(struct name_constraints *nc, struct slice value)
{
	struct slice permitted, excluded;
	bool has_permitted, has_excluded;
	struct der_reader r;

	if (nc->count == NAME_CONSTRAINTS_SETS ||
	    !der_open(value, DER_SEQUENCE, &r) ||
	    !der_get_optional(&r, PERMITTED, &has_permitted, &permitted) ||
	    !der_get_optional(&r, EXCLUDED, &has_excluded, &excluded) ||
	    !der_at_end(&r) || (!has_permitted && !has_excluded) ||
	    (has_permitted && !are_subtrees(permitted)) ||
	    (has_excluded && !are_subtrees(excluded)))
		return false;
	nc->sets[nc->count++] = value;
	return true;
}

/* Is a constraint on base one on names such as this? */
static bool same_form(const struct name *name, const struct name *base)
{
	return name->form == base->form &&
	       (name->form != OTHER_NAME ||
		slice_equal(name->type, base->type));
}

/* Only dNSName needs the side: a wildcard that lies in an excluded subtree in
 * part is excluded, and is not permitted by such a part.  The default is
 * iPAddress, as hold let nothing else pass. */
static enum name_match match(const struct name *name, const struct name *base,
			     bool excluded)
{
	switch (name->form) {
	case MAIL:
		return name_match_mail(name->content, base->content);
	case DNS:
		return name_match_dns(name->content, base->content, excluded);
	case DIRECTORY:
		return x509_name_within(name->content, base->content)
			       ? NAME_WITHIN
			       : NAME_OUTSIDE;
	case URI:
		return name_match_uri(name->content, base->content);
	default:
		return name_match_ip(name->content, base->content);
	}
}

/* The forms that match compares.  Of another form under constraint nothing can
 * be said, so a certificate that has such a name is rejected. */
static bool is_processed(const struct name *name)
{
	switch (name->form) {
	case MAIL:
	case DNS:
	case DIRECTORY:
	case URI:
	case ADDRESS:
		return true;
	default:
		return false;
	}
}

/* Hold one name to the subtrees of one side of one extension. */
static enum pki_rule hold(struct name_constraints *nc, struct slice subtrees,
			  const struct name *name, bool excluded)
{
	bool constrained = false, within = false;
	enum name_match m;
	struct der_reader r;
	struct name base;

	der_init(&r, subtrees);
	while (!within && next_subtree(&r, &base)) {
		if (++nc->passed > NAME_CONSTRAINTS_PASSED)
			return PKI_RULE_LIMIT;
		if (!same_form(name, &base))
			continue;
		if (!is_processed(name))
			return PKI_RULE_NAME_FORM;
		nc->work += 1 + (unsigned)(name->content.len / 32);
		if (nc->work > NAME_CONSTRAINTS_WORK)
			return PKI_RULE_LIMIT;
		constrained = true;
		m = match(name, &base, excluded);
		if (m == NAME_BROKEN)
			return excluded ? PKI_RULE_EXCLUDED
					: PKI_RULE_PERMITTED;
		within = m == NAME_WITHIN;
	}
	if (excluded)
		return within ? PKI_RULE_EXCLUDED : PKI_RULE_NONE;
	return constrained && !within ? PKI_RULE_PERMITTED : PKI_RULE_NONE;
}

/* Every set of the path holds, so that permitted subtrees are intersected and
 * excluded ones united (RFC 5280 6.1.4 (g)). */
static enum pki_rule hold_to_all(struct name_constraints *nc,
				 const struct name *name)
{
	enum pki_rule rule = PKI_RULE_NONE;
	struct slice permitted, excluded;
	struct der_reader r;
	bool present;
	unsigned i;

	for (i = 0; i < nc->count && rule == PKI_RULE_NONE; i++) {
		if (!der_open(nc->sets[i], DER_SEQUENCE, &r) ||
		    !der_get_optional(&r, PERMITTED, &present, &permitted) ||
		    !der_get_optional(&r, EXCLUDED, &present, &excluded))
			return PKI_RULE_EXTENSION;
		rule = hold(nc, permitted, name, false);
		if (rule == PKI_RULE_NONE)
			rule = hold(nc, excluded, name, true);
	}
	return rule;
}

/* For people: the form and what it says. */
static void describe(const struct name *name, struct buf *out)
{
	static const char *const forms[] = {
		"otherName",   "rfc822Name",	"dNSName",
		"x400Address", "directoryName", "ediPartyName",
		"URI",	       "iPAddress",	"registeredID",
	};
	size_t i;

	if (out == NULL)
		return;
	buf_printf(out, "%s ", forms[name->form]);
	buf_byte(out, '\'');
	if (name->form == DIRECTORY)
		x509_name_text(name->content, out);
	else if (name->form == OTHER_NAME)
		oid_dotted(name->type, out);
	else if (name->form == ADDRESS && name->content.len == 4)
		buf_printf(out, "%u.%u.%u.%u", name->content.data[0],
			   name->content.data[1], name->content.data[2],
			   name->content.data[3]);
	else if (name->form == ADDRESS)
		for (i = 0; i < name->content.len && i < 16; i++)
			buf_printf(out, "%s%02x",
				   i > 0 && i % 2 == 0 ? ":" : "",
				   name->content.data[i]);
	else if (name->form == MAIL || name->form == DNS || name->form == URI)
		utf8_clean(name->content, out);
	buf_byte(out, '\'');
}

/* The first name at fault ends the check, so what gets one name at most. */
static enum pki_rule hold_name(struct name_constraints *nc,
			       const struct name *name, struct buf *what)
{
	enum pki_rule rule = hold_to_all(nc, name);

	if (rule != PKI_RULE_NONE)
		describe(name, what);
	return rule;
}

/* SmtpUTF8Mailbox (RFC 9598 3): a mailbox whose local part may be UTF-8, so
 * constraints on rfc822Name are constraints on it. */
static enum pki_rule hold_utf8_mailbox(struct name_constraints *nc,
				       const struct name *name,
				       struct buf *what)
{
	struct name mail = { .form = MAIL };
	struct der_reader r, value;

	if (oid_find(name->type) != OID_ON_SMTP_UTF8_MAILBOX)
		return PKI_RULE_NONE;
	der_init(&r, name->content);
	if (!der_skip(&r) || !der_enter(&r, DER_CONTEXT_CONS(0), &value) ||
	    !der_get(&value, DER_UTF8_STRING, &mail.content) ||
	    !der_at_end(&value) || !der_at_end(&r))
		return PKI_RULE_EXTENSION;
	return hold_name(nc, &mail, what);
}

/* An otherName is held to constraints on its own type and, where it is a
 * mailbox in UTF-8, to those on rfc822Name too. */
static enum pki_rule hold_alternatives(struct name_constraints *nc,
				       struct slice value, struct buf *what)
{
	enum pki_rule rule = PKI_RULE_NONE;
	struct der_reader r;
	struct name name;

	if (!der_open(value, DER_SEQUENCE, &r))
		return PKI_RULE_EXTENSION;
	while (rule == PKI_RULE_NONE && !der_at_end(&r)) {
		if (!next_name(&r, &name))
			return PKI_RULE_EXTENSION;
		rule = hold_name(nc, &name, what);
		if (rule == PKI_RULE_NONE && name.form == OTHER_NAME)
			rule = hold_utf8_mailbox(nc, &name, what);
	}
	return rule;
}

/* Every emailAddress of the subject is a mailbox, whether or not there are
 * alternative names: 4.2.1.10 demands it where there are none. */
static enum pki_rule hold_addresses(struct name_constraints *nc,
				    struct slice subject, struct buf *what)
{
	struct der_reader r, rdn, pair;
	struct name name = { .form = MAIL };
	enum pki_rule rule;
	enum oid type;
	uint8_t tag;

	if (!der_open(subject, DER_SEQUENCE, &r))
		return PKI_RULE_EXTENSION;
	while (der_enter(&r, DER_SET, &rdn)) {
		while (der_enter(&rdn, DER_SEQUENCE, &pair)) {
			if (!der_get_known_oid(&pair, &type) ||
			    type != OID_EMAIL ||
			    !der_get_any(&pair, &tag, &name.content, NULL))
				continue;
			rule = hold_name(nc, &name, what);
			if (rule != PKI_RULE_NONE)
				return rule;
		}
	}
	return PKI_RULE_NONE;
}

enum pki_rule name_constraints_check(struct name_constraints *nc,
				     const struct cert *c, struct buf *what)
{
	const struct cert_extension *e =
		cert_extension(c, OID_SUBJECT_ALT_NAME);
	struct name subject = { .form = DIRECTORY,
				.content = cert_fields(c)->subject };
	enum pki_rule rule = PKI_RULE_NONE;
	struct der_reader r;

	if (nc->count == 0)
		return PKI_RULE_NONE;
	if (der_open(subject.content, DER_SEQUENCE, &r) && !der_at_end(&r))
		rule = hold_name(nc, &subject, what);
	if (rule == PKI_RULE_NONE)
		rule = hold_addresses(nc, subject.content, what);
	if (rule == PKI_RULE_NONE && e != NULL)
		rule = hold_alternatives(nc, e->value, what);
	return rule;
}
