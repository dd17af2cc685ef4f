/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/constraints.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "codec/hex.h"
#include "codec/oid.h"
#include "codec/yaml.h"

/* A policy file while it is read; the first fault is kept. */
struct reading {
	const char *name;
	struct constraints *out;
	struct deed_error *err;
	enum deed_status status;
};

static void DEED_PRINTF(3, 4)
	fault(struct reading *r, const struct yaml_node *node, const char *fmt,
	      ...)
{
	char what[200];
	va_list args;

	if (r->status != DEED_OK)
		return;
	va_start(args, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	r->status = deed_error_set(r->err, DEED_CONFIG, "'%s' line %u: %s",
				   r->name, yaml_line(node), what);
}

/* A date, or the words for none. */
static void read_until(struct reading *r, const struct yaml_node *node,
		       int64_t *out)
{
	const char *text = yaml_string(node);

	if (text != NULL && strcmp(text, "open") == 0)
		*out = CONSTRAINTS_OPEN;
	else if (text != NULL && strcmp(text, "never") == 0)
		*out = CONSTRAINTS_NEVER;
	else if (text == NULL || clock_parse(text, out, NULL) != DEED_OK)
		fault(r, node, "expected a date, open or never");
}

/* "90s", "10m", "12h", "7d". */
static bool duration(const char *text, int64_t *out)
{
	static const char units[] = "smhd";
	static const int64_t seconds[] = { 1, 60, 3600, 86400 };
	const char *unit;
	int64_t n = 0;
	size_t i;

	for (i = 0; text[i] >= '0' && text[i] <= '9'; i++) {
		n = n * 10 + (text[i] - '0');
		if (n > 1000000)
			return false;
	}
	if (i == 0 || text[i] == '\0' || text[i + 1] != '\0')
		return false;
	unit = strchr(units, text[i]);
	if (unit == NULL)
		return false;
	*out = n * seconds[unit - units];
	return true;
}

/* The word none is not the same as a line that is left out, which keeps what
 * is built in. */
static void read_duration(struct reading *r, const struct yaml_node *node,
			  bool *has, int64_t *out)
{
	const char *text = yaml_string(node);

	*has = text != NULL && strcmp(text, "none") != 0;
	if (text == NULL || (*has && !duration(text, out)))
		fault(r, node, "expected none, or a time such as 12h or 7d");
}

static bool is_mapping(struct reading *r, const struct yaml_node *node)
{
	if (yaml_kind(node) == YAML_MAPPING)
		return true;
	fault(r, node, "expected a mapping");
	return false;
}

/* A name that is not known is a fault, not passed over: a misspelt digest
 * would keep the built-in date and nobody would notice. */
static void read_digests(struct reading *r, const struct yaml_node *node)
{
	const char *key;
	enum digest_alg alg;
	size_t i;

	if (!is_mapping(r, node))
		return;
	for (i = 0; i < yaml_count(node); i++) {
		key = yaml_key_at(node, i);
		alg = digest_from_name(key);
		if (alg == DIGEST_NONE)
			fault(r, yaml_at(node, i), "unknown digest '%.32s'",
			      key);
		else
			read_until(r, yaml_at(node, i), &r->out->digest[alg]);
	}
}

/* Schemes stand apart from digests and keys: the earliest of the three ends an
 * algorithm (constraints_until). */
static void read_schemes(struct reading *r, const struct yaml_node *node)
{
	struct constraints *c = r->out;
	const struct {
		const char *name;
		int64_t *where;
	} schemes[] = {
		{ "rsa", &c->pkcs1 },	{ "rsa-pss", &c->pss },
		{ "ecdsa", &c->ecdsa }, { "ed25519", &c->ed25519 },
		{ "ed448", &c->ed448 }, { "sm2", &c->sm2 },
	};
	size_t i, k, n = sizeof(schemes) / sizeof(schemes[0]);

	if (!is_mapping(r, node))
		return;
	for (i = 0; i < yaml_count(node); i++) {
		for (k = 0; k < n; k++) {
			if (strcmp(yaml_key_at(node, i), schemes[k].name) == 0)
				break;
		}
		if (k == n)
			fault(r, yaml_at(node, i), "unknown scheme '%.32s'",
			      yaml_key_at(node, i));
		else
			read_until(r, yaml_at(node, i), schemes[k].where);
	}
}

/* The number is stopped well below overflow: what is longer leaves a digit
 * behind and is refused as no number. */
static bool bits_of(const char *text, unsigned *out)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; text[i] >= '0' && text[i] <= '9' && n < 100000; i++)
		n = n * 10 + (unsigned)(text[i] - '0');
	*out = n;
	return i > 0 && text[i] == '\0' && n > 0;
}

/* A list of sizes replaces the one built in: what it leaves out is refused. */
static void read_sizes(struct reading *r, const struct yaml_node *node,
		       struct constraints_size *list, size_t *count)
{
	const struct yaml_node *one;
	unsigned bits;
	size_t i;

	if (!is_mapping(r, node))
		return;
	*count = 0;
	for (i = 0; i < yaml_count(node) && r->status == DEED_OK; i++) {
		one = yaml_at(node, i);
		if (!bits_of(yaml_key_at(node, i), &bits))
			fault(r, one, "expected a number of bits");
		else if (*count == CONSTRAINTS_SIZES)
			fault(r, one, "more than %d sizes", CONSTRAINTS_SIZES);
		else if (*count > 0 && list[*count - 1].bits >= bits)
			fault(r, one, "sizes must grow");
		else {
			list[*count].bits = bits;
			read_until(r, one, &list[(*count)++].until);
		}
	}
}

/* Curves are told by their size alone: the policies that are published (ETSI
 * TS 119 312, SOG-IS) give sizes, whatever the curve. */
static void read_keys(struct reading *r, const struct yaml_node *node)
{
	struct constraints *c = r->out;
	const char *key;
	size_t i;

	if (!is_mapping(r, node))
		return;
	for (i = 0; i < yaml_count(node); i++) {
		key = yaml_key_at(node, i);
		if (strcmp(key, "rsa") == 0)
			read_sizes(r, yaml_at(node, i), c->rsa, &c->rsa_count);
		else if (strcmp(key, "ec") == 0)
			read_sizes(r, yaml_at(node, i), c->ec, &c->ec_count);
		else
			fault(r, yaml_at(node, i),
			      "unknown kind of key '%.32s'", key);
	}
}

/* Only a policy may say that somebody looks at what annotations cover, and
 * that it is therefore a note and no doubt. */
static void read_covered(struct reading *r, const struct yaml_node *node)
{
	const char *text = yaml_string(node);

	if (text != NULL && strcmp(text, "doubt") == 0)
		r->out->covered = COVERED_DOUBT;
	else if (text != NULL && strcmp(text, "note") == 0)
		r->out->covered = COVERED_NOTE;
	else
		fault(r, node, "expected doubt or note");
}

/* With as-asked the pages are painted where the caller wants it; required
 * makes it part of the policy. */
static void read_look(struct reading *r, const struct yaml_node *node)
{
	const char *text = yaml_string(node);

	if (text != NULL && strcmp(text, "required") == 0)
		r->out->look = true;
	else if (text != NULL && strcmp(text, "as-asked") == 0)
		r->out->look = false;
	else
		fault(r, node, "expected required or as-asked");
}

/* The words are in the order of the enumeration, so that the place in the
 * table is the value. */
static void read_freshness(struct reading *r, const struct yaml_node *node)
{
	static const char *const names[] = {
		[FRESHNESS_NEXT_UPDATE] = "next-update",
		[FRESHNESS_AFTER_SIGNATURE] = "after-signature",
		[FRESHNESS_ANY] = "any",
	};
	const char *text = yaml_string(node);
	size_t i, n = sizeof(names) / sizeof(names[0]);

	for (i = 0; i < n && text != NULL; i++) {
		if (strcmp(text, names[i]) == 0) {
			r->out->freshness = (enum constraints_freshness)i;
			return;
		}
	}
	fault(r, node, "expected next-update, after-signature or any");
}

/* What it leaves out stays as it is built in: a policy that gives an age alone
 * keeps the rule of next-update. */
static void read_revocation(struct reading *r, const struct yaml_node *node)
{
	const char *key;
	size_t i;

	if (!is_mapping(r, node))
		return;
	for (i = 0; i < yaml_count(node); i++) {
		key = yaml_key_at(node, i);
		if (strcmp(key, "freshness") == 0)
			read_freshness(r, yaml_at(node, i));
		else if (strcmp(key, "age") == 0)
			read_duration(r, yaml_at(node, i), &r->out->has_age,
				      &r->out->age);
		else
			fault(r, yaml_at(node, i), "unknown word '%.32s'", key);
	}
}

/* A word that is not known is a fault: a limit that was misspelt would
 * otherwise not apply, and nobody would see it. */
static void read_timestamps(struct reading *r, const struct yaml_node *node)
{
	size_t i;

	if (!is_mapping(r, node))
		return;
	for (i = 0; i < yaml_count(node); i++) {
		if (strcmp(yaml_key_at(node, i), "delay") == 0)
			read_duration(r, yaml_at(node, i), &r->out->has_delay,
				      &r->out->delay);
		else
			fault(r, yaml_at(node, i), "unknown word '%.32s'",
			      yaml_key_at(node, i));
	}
}

/* "1.2.3", or "1.2.3 sha256:hex". */
static void read_policy(struct reading *r, const struct yaml_node *node)
{
	struct constraints_policy *p = &r->out->policies[r->out->policy_count];
	const char *text = yaml_string(node), *hash;
	struct buf oid = BUF_INIT;
	char dotted[256];

	*p = (struct constraints_policy){ 0 };
	hash = text == NULL ? NULL : strstr(text, " sha256:");
	if (text == NULL || strlen(text) >= sizeof(dotted)) {
		fault(r, node, "expected an object identifier");
		return;
	}
	(void)snprintf(
		dotted, sizeof(dotted), "%.*s",
		(int)(hash == NULL ? strlen(text) : (size_t)(hash - text)),
		text);
	if (!oid_encode(dotted, &oid) || oid.len > sizeof(p->oid))
		fault(r, node, "'%.64s' is no object identifier", dotted);
	else if (hash != NULL &&
		 !hex_read(slice_str(hash + 8), p->sha256, SHA256_SIZE))
		fault(r, node, "expected 64 hexadecimal digits after sha256:");
	if (r->status == DEED_OK) {
		memcpy(p->oid, oid.data, oid.len);
		p->oid_len = oid.len;
		p->has_sha256 = hash != NULL;
		r->out->policy_count++;
	}
	buf_clear(&oid);
}

/* "emailProtection", or "1.2.3". */
static void read_purpose(struct reading *r, const struct yaml_node *node)
{
	static const enum oid named[] = {
		OID_KP_SERVER,
		OID_KP_CLIENT,
		OID_KP_CODE,
		OID_KP_EMAIL,
		OID_KP_TIMESTAMPING,
		OID_KP_OCSP,
		OID_KP_DOCUMENT_SIGNING,
		OID_KP_MS_DOCUMENT,
		OID_KP_MS_DOCUMENT_OLD,
		OID_KP_MS_SMARTCARD,
		OID_KP_ADOBE_AUTHENTIC,
		OID_KP_TSL_SIGNING,
		OID_KP_ANY,
	};
	struct constraints_purpose *p =
		&r->out->purposes[r->out->purpose_count];
	const char *text = yaml_string(node);
	struct buf oid = BUF_INIT;
	size_t i;

	*p = (struct constraints_purpose){ 0 };
	for (i = 0; text != NULL && i < sizeof(named) / sizeof(named[0]); i++) {
		if (strcmp(text, oid_text(named[i])) == 0)
			buf_slice(&oid, oid_slice(named[i]));
	}
	if (text == NULL || (oid.len == 0 && !oid_encode(text, &oid)) ||
	    oid.failed || oid.len > sizeof(p->oid)) {
		fault(r, node,
		      "'%.64s' is no key purpose: expected a name "
		      "such as emailProtection, or an object identifier",
		      text == NULL ? "" : text);
	} else {
		memcpy(p->oid, oid.data, oid.len);
		p->oid_len = oid.len;
		r->out->purpose_count++;
	}
	buf_clear(&oid);
}

/* A list replaces the one built in. */
static void read_purposes(struct reading *r, const struct yaml_node *node)
{
	const char *text = yaml_string(node);
	size_t i;

	r->out->purpose_count = 0;
	r->out->any_purpose = text != NULL && strcmp(text, "any") == 0;
	if (r->out->any_purpose || (text != NULL && strcmp(text, "none") == 0))
		return;
	if (yaml_kind(node) != YAML_SEQUENCE || text != NULL)
		fault(r, node, "expected any, none or a list");
	else if (yaml_count(node) > CONSTRAINTS_PURPOSES)
		fault(r, node, "more than %d key purposes",
		      CONSTRAINTS_PURPOSES);
	for (i = 0; r->status == DEED_OK && i < yaml_count(node); i++)
		read_purpose(r, yaml_at(node, i));
}

/* The list is held against its bound before any of it is read, as read_policy
 * writes into an array of fixed size.  With none no signature policy is
 * accepted. */
static void read_policies(struct reading *r, const struct yaml_node *node)
{
	const char *text = yaml_string(node);
	size_t i;

	r->out->any_policy = text != NULL && strcmp(text, "any") == 0;
	if (r->out->any_policy || (text != NULL && strcmp(text, "none") == 0))
		return;
	if (yaml_kind(node) != YAML_SEQUENCE || text != NULL)
		fault(r, node, "expected any, none or a list");
	else if (yaml_count(node) > CONSTRAINTS_POLICIES)
		fault(r, node, "more than %d signature policies",
		      CONSTRAINTS_POLICIES);
	for (i = 0; r->status == DEED_OK && i < yaml_count(node); i++)
		read_policy(r, yaml_at(node, i));
}

/* It stands in reports, a word among others. */
static void read_name(struct reading *r, const struct yaml_node *node)
{
	const char *text = yaml_string(node);
	size_t i;

	if (text == NULL || text[0] == '\0' ||
	    strlen(text) >= sizeof(r->out->name)) {
		fault(r, node, "expected a name of at most %d characters",
		      CONSTRAINTS_NAME - 1);
		return;
	}
	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] <= ' ' || text[i] > '~') {
			fault(r, node, "expected a name in ASCII, no spaces");
			return;
		}
	}
	(void)snprintf(r->out->name, sizeof(r->out->name), "%s", text);
}

/* A policy that does not say its name is refused, as reports give the name and
 * the digest of what they were judged by. */
static void read_all(struct reading *r, const struct yaml_node *root)
{
	static const struct {
		const char *key;
		void (*read)(struct reading *r, const struct yaml_node *node);
	} parts[] = {
		{ "name", read_name },
		{ "digests", read_digests },
		{ "schemes", read_schemes },
		{ "keys", read_keys },
		{ "revocation", read_revocation },
		{ "timestamps", read_timestamps },
		{ "covered", read_covered },
		{ "key-purposes", read_purposes },
		{ "look", read_look },
		{ "signature-policies", read_policies },
	};
	size_t i, k, n = sizeof(parts) / sizeof(parts[0]);

	if (!is_mapping(r, root))
		return;
	if (yaml_get(root, "name") == NULL)
		fault(r, root, "the policy has no name");
	for (i = 0; i < yaml_count(root) && r->status == DEED_OK; i++) {
		for (k = 0; k < n; k++) {
			if (strcmp(yaml_key_at(root, i), parts[k].key) == 0)
				break;
		}
		if (k == n)
			fault(r, yaml_at(root, i), "unknown word '%.32s'",
			      yaml_key_at(root, i));
		else
			parts[k].read(r, yaml_at(root, i));
	}
}

enum deed_status constraints_read(struct slice text, const char *name,
				  struct constraints *out,
				  struct deed_error *err)
{
	struct reading r = { .name = name, .out = out, .err = err };
	struct yaml_node *root;

	/* What the file does not say is as it is built in. */
	*out = *constraints_default();
	out->policy_count = 0;
	r.status = yaml_load(text, name, &root, err);
	if (r.status != DEED_OK)
		return r.status;
	read_all(&r, root);
	yaml_tree_free(root);
	sha256(text, out->sha256);
	return r.status;
}
