/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/yaml_list.h"

#include <stdlib.h>

#include "base/clock.h"
#include "codec/pem.h"
#include "codec/yaml.h"
#include "crypto/digest.h"

struct reading {
	const char *name;
	struct trust_list *list;
	struct deed_error *err;
};

typedef enum deed_status take_fn(struct reading *r,
				 const struct yaml_node *node, void *at);

/* A member of a mapping, and what takes it to its place in a struct. */
struct member {
	const char *name; /* NULL ends the table */
	bool required;
	take_fn *take;
	size_t offset;
};

static enum deed_status fault(const struct reading *r,
			      const struct yaml_node *node, const char *what)
{
	return deed_error_set(r->err, DEED_MALFORMED, "'%s' line %u: %s",
			      r->name, yaml_line(node), what);
}

static const struct member *find(const struct member *table, const char *name)
{
	for (; table->name != NULL; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

/* A member that is not known is a fault with its line: lists are written by
 * hand. */
static enum deed_status take_mapping(struct reading *r,
				     const struct yaml_node *node,
				     const struct member *table, void *s)
{
	char what[160];

	if (yaml_kind(node) != YAML_MAPPING)
		return fault(r, node, "expected members");
	for (const struct member *m = table; m->name != NULL; m++)
		if (m->required && yaml_get(node, m->name) == NULL) {
			(void)snprintf(what, sizeof(what), "'%s' is missing",
				       m->name);
			return fault(r, node, what);
		}
	for (size_t i = 0; i < yaml_count(node); i++) {
		const struct member *m = find(table, yaml_key_at(node, i));
		enum deed_status status;

		if (m == NULL) {
			(void)snprintf(what, sizeof(what),
				       "'%.80s' is not known here",
				       yaml_key_at(node, i));
			return fault(r, yaml_at(node, i), what);
		}
		status = m->take(r, yaml_at(node, i), (char *)s + m->offset);
		if (status != DEED_OK)
			return status;
	}
	return DEED_OK;
}

/*
 * A sequence of mappings into an array of structs at *items, whose count is
 * raised before each is read, so that what is there is freed in any case.
 */
static enum deed_status take_sequence(struct reading *r,
				      const struct yaml_node *node, size_t max,
				      size_t size, const struct member *table,
				      void (*prepare)(void *item), void *items,
				      size_t *count)
{
	size_t many = yaml_count(node);
	enum deed_status status = DEED_OK;
	char *array;

	if (yaml_kind(node) != YAML_SEQUENCE || many == 0)
		return fault(r, node, "expected a list of some");
	if (many > max)
		return fault(r, node, "more than a list may have");
	array = calloc(many, size);
	if (array == NULL)
		return deed_error_memory(r->err);
	*(void **)items = array;
	for (size_t i = 0; status == DEED_OK && i < many; i++) {
		*count = i + 1;
		if (prepare != NULL)
			prepare(array + i * size);
		status = take_mapping(r, yaml_at(node, i), table,
				      array + i * size);
	}
	return status;
}

/* Owned by the struct at once, so that trust_list_free frees it. */
static enum deed_status take_text(struct reading *r,
				  const struct yaml_node *node, void *at)
{
	const char *text = yaml_string(node);

	if (text == NULL || text[0] == '\0' || strlen(text) > TRUST_LIST_TEXT)
		return fault(r, node, "expected a text");
	*(char **)at = strdup(text);
	return *(char **)at == NULL ? deed_error_memory(r->err) : DEED_OK;
}

/* That it lies within what a list may say, trust_list_check sees. */
static enum deed_status take_time(struct reading *r,
				  const struct yaml_node *node, void *at)
{
	const char *text = yaml_string(node);

	if (text == NULL || clock_parse(text, at, NULL) != DEED_OK)
		return fault(r, node,
			     "expected a time such as 2026-11-01 or "
			     "2026-11-01T08:00:00+08:00");
	return DEED_OK;
}

/* Below 2^53, which every reader of JSON holds exactly. */
static enum deed_status take_number(struct reading *r,
				    const struct yaml_node *node, void *at)
{
	int64_t number;

	if (!yaml_integer(node, &number) || number < 0 ||
	    number >= INT64_C(1) << 53)
		return fault(r, node, "expected a number");
	*(uint64_t *)at = (uint64_t)number;
	return DEED_OK;
}

/* At least one word, so that 0 is left to mean that nothing was said
 * (take_service).  Web sites are not for a list written by hand. */
static enum deed_status take_may(struct reading *r,
				 const struct yaml_node *node, void *at)
{
	static const char *const words[] = { "signature", "seal", "time-stamp",
					     "identity" };
	static const unsigned bits[] = { TRUST_USE_SIGNATURE, TRUST_USE_SEAL,
					 TRUST_USE_TIMESTAMP,
					 TRUST_USE_IDENTITY };
	unsigned uses = 0;

	for (size_t i = 0; i < yaml_count(node); i++) {
		const char *text = yaml_string(yaml_at(node, i));
		size_t k = 0;

		while (k < 4 && (text == NULL || strcmp(text, words[k]) != 0))
			k++;
		if (k == 4)
			return fault(r, yaml_at(node, i),
				     "expected signature, seal, time-stamp or "
				     "identity");
		uses |= bits[k];
	}
	if (yaml_kind(node) != YAML_SEQUENCE || uses == 0)
		return fault(r, node,
			     "expected a list of signature, seal, time-stamp, "
			     "identity");
	*(unsigned *)at = uses;
	return DEED_OK;
}

/* Qualified is what the Union's lists alone can make somebody; who writes it
 * here is told so. */
static enum deed_status take_status(struct reading *r,
				    const struct yaml_node *node, void *at)
{
	const char *text = yaml_string(node);

	if (text != NULL && strcmp(text, "qualified") == 0)
		return fault(r, node,
			     "a list written by hand cannot make a service "
			     "qualified; expected licensed, suspended or "
			     "ended");
	if (text == NULL || (strcmp(text, YAML_LIST_LICENSED) != 0 &&
			     strcmp(text, YAML_LIST_SUSPENDED) != 0 &&
			     strcmp(text, YAML_LIST_ENDED) != 0))
		return fault(r, node, "expected licensed, suspended or ended");
	return take_text(r, node, at);
}

#define IN(s, n, m, f) \
	.name = (n), .take = (f), .offset = offsetof(struct trust_##s, m)

static const struct member status_members[] = {
	{ IN(status, "since", since, take_time), .required = true },
	{ IN(status, "status", status, take_status), .required = true },
	{ IN(status, "may", uses, take_may) },
	{ 0 }
};

/* What the service as a whole says, before it is spread. */
struct trust_yaml_service {
	struct trust_service *service;
	unsigned uses;
};

static enum deed_status
take_service_name(struct reading *r, const struct yaml_node *node, void *at)
{
	struct trust_yaml_service *y = at;

	return take_text(r, node, &y->service->name);
}

/* In any order: trust_list_check sorts it. */
static enum deed_status take_history(struct reading *r,
				     const struct yaml_node *node, void *at)
{
	struct trust_service *s = ((struct trust_yaml_service *)at)->service;

	return take_sequence(r, node, TRUST_LIST_STATUSES,
			     sizeof(struct trust_status), status_members, NULL,
			     &s->statuses, &s->status_count);
}

/* cert_list_load gave one at least, so that calloc is not asked for none. */
static enum deed_status add_certificates(struct reading *r,
					 const struct yaml_node *node,
					 const struct cert_list *certs,
					 struct trust_service *s)
{
	enum deed_status status = DEED_OK;

	if (certs->count > TRUST_LIST_ITEMS)
		return fault(r, node,
			     "more certificates than a service may "
			     "have");
	s->identities = calloc(certs->count, sizeof(*s->identities));
	if (s->identities == NULL)
		return deed_error_memory(r->err);
	for (size_t i = 0; status == DEED_OK && i < certs->count; i++) {
		status = trust_list_add_certificate(
			r->list, certs->items[i],
			&s->identities[s->identity_count], r->err);
		s->identity_count++;
	}
	return status;
}

static enum deed_status
take_certificates(struct reading *r, const struct yaml_node *node, void *at)
{
	struct trust_service *s = ((struct trust_yaml_service *)at)->service;
	const char *text = yaml_string(node);
	struct cert_list certs = CERT_LIST_INIT;
	enum deed_status status;

	if (text == NULL || !pem_looks_like(slice_str(text)))
		return fault(r, node,
			     "expected certificates in PEM, after "
			     "'certificates: |'");
	status = cert_list_load(&certs, slice_str(text), r->name, r->err);
	if (status != DEED_OK)
		deed_error_prefix(r->err, "line %u", yaml_line(node));
	if (status == DEED_OK)
		status = add_certificates(r, node, &certs, s);
	cert_list_clear(&certs);
	return status;
}

static const struct member service_members[] = {
	{ IN(yaml_service, "name", service, take_service_name),
	  .required = true },
	{ IN(yaml_service, "may", uses, take_may), .required = true },
	{ IN(yaml_service, "history", service, take_history),
	  .required = true },
	{ IN(yaml_service, "certificates", service, take_certificates),
	  .required = true },
	{ 0 }
};

/* Members may stand in any order, so this comes when all are read. */
static enum deed_status take_service(struct reading *r,
				     const struct yaml_node *node,
				     struct trust_service *s)
{
	struct trust_yaml_service y = { .service = s };
	enum deed_status status = take_mapping(r, node, service_members, &y);

	/* What a status does not say for itself the service says for it. */
	for (size_t i = 0; status == DEED_OK && i < s->status_count; i++)
		if (s->statuses[i].uses == 0)
			s->statuses[i].uses = y.uses;
	return status;
}

/* As take_sequence, for services that need more than a table. */
static enum deed_status take_services(struct reading *r,
				      const struct yaml_node *node, void *at)
{
	struct trust_operator *o = (struct trust_operator *)at;
	size_t many = yaml_count(node);
	enum deed_status status = DEED_OK;

	if (yaml_kind(node) != YAML_SEQUENCE || many == 0 ||
	    many > TRUST_LIST_SERVICES)
		return fault(r, node, "expected a list of services");
	o->services = calloc(many, sizeof(*o->services));
	if (o->services == NULL)
		return deed_error_memory(r->err);
	for (size_t i = 0; status == DEED_OK && i < many; i++) {
		o->service_count = i + 1;
		status = take_service(r, yaml_at(node, i), &o->services[i]);
	}
	return status;
}

static const struct member operator_members[] = {
	{ IN(operator, "name", name, take_text), .required = true },
	{ IN(operator, "registration", trade_name, take_text) },
	{ IN(operator, "licence", licence, take_text), .required = true },
	{ IN(operator, "licence-from", licence_from, take_time),
	  .required = true },
	{ IN(operator, "licence-until", licence_until, take_time) },
	{ IN(operator, "licence-by", licence_by, take_text) },
	{ IN(operator, "representative", representative, take_text) },
	{ IN(operator, "address", address, take_text) },
	{ .name = "services", .take = take_services, .required = true },
	{ 0 }
};

/* Before it is read, as an optional time that is not there leaves its place as
 * it is. */
static void prepare_operator(void *item)
{
	struct trust_operator *o = item;

	o->licence_from = TRUST_NO_TIME;
	o->licence_until = TRUST_NO_TIME;
}

/* at is the list itself, as its row in the table has no offset. */
static enum deed_status take_operators(struct reading *r,
				       const struct yaml_node *node, void *at)
{
	struct trust_list *l = at;

	return take_sequence(r, node, TRUST_LIST_OPERATORS,
			     sizeof(struct trust_operator), operator_members,
			     prepare_operator, &l->operators,
			     &l->operator_count);
}

static const struct member list_members[] = {
	{ IN(list, "scheme", scheme, take_text), .required = true },
	{ IN(list, "compiled-by", scheme_operator, take_text),
	  .required = true },
	{ IN(list, "territory", territory, take_text), .required = true },
	{ IN(list, "sequence", sequence, take_number), .required = true },
	{ IN(list, "issued", issued, take_time), .required = true },
	{ IN(list, "next-update", next_update, take_time), .required = true },
	{ .name = "operators", .take = take_operators, .required = true },
	{ 0 }
};

/* Nobody works outside his licence: it is a range like any other. */
static enum deed_status check_licences(const struct reading *r)
{
	for (size_t i = 0; i < r->list->operator_count; i++) {
		const struct trust_operator *o = &r->list->operators[i];

		if (o->licence_until != TRUST_NO_TIME &&
		    o->licence_until < o->licence_from)
			return deed_error_set(r->err, DEED_MALFORMED,
					      "'%s': the licence '%.100s' ends "
					      "before it begins",
					      r->name, o->licence);
	}
	return DEED_OK;
}

enum deed_status yaml_list_read(struct slice text, const char *name,
				struct trust_list **out, struct deed_error *err)
{
	struct trust_list *l = trust_list_new();
	struct reading r = { name, l, err };
	struct yaml_node *root = NULL;
	enum deed_status status;

	*out = NULL;
	if (l == NULL)
		return deed_error_memory(err);
	status = yaml_load_within(text, name, YAML_LIST_MAX, YAML_LIST_NODES,
				  &root, err);
	if (status == DEED_CONFIG) {
		/* It is input here, and no configuration. */
		status = DEED_MALFORMED;
		if (err != NULL)
			err->status = status;
	}
	l->kind = TRUST_LIST_YAML;
	sha256(text, l->source);
	if (status == DEED_OK)
		status = take_mapping(&r, root, list_members, l);
	if (status == DEED_OK)
		status = check_licences(&r);
	if (status == DEED_OK)
		status = trust_list_check(l, err);
	yaml_tree_free(root);
	if (status == DEED_OK) {
		*out = l;
		l = NULL;
	}
	trust_list_free(l);
	return status;
}
