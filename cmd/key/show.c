/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "cmd/key/key.h"
#include "cmd/frame/output.h"

struct show_args {
	int role;
	bool pem;
	bool chain;
};

static const struct option options[] = {
	KEY_ROLE_OPTION(struct show_args),
	{ OPTION_FLAG(struct show_args, pem), .name = "pem",
	  .help = "print the certificate in PEM" },
	{ OPTION_FLAG(struct show_args, chain), .name = "chain", .needs = "pem",
	  .help = "with --pem, also those that travel with it" },
	{ 0 }
};

/* Without --chain the leaf alone: the others travel with signatures and are no
 * key's own. */
static enum deed_status print_pem(struct session *s,
				  const struct keystore_entry *e, bool chain,
				  struct deed_error *err)
{
	struct cert_list l = CERT_LIST_INIT;
	struct buf pem = BUF_INIT;
	enum deed_status status = key_chain(e, &l, err);
	size_t i;

	if (status == DEED_OK && l.count == 0) {
		status = deed_error_set(err, DEED_NOT_FOUND,
					"the %s key of '%s' has no certificate",
					keystore_role_name(e->role), e->owner);
		deed_error_hint(err, "deed verify-id %s", e->owner);
	}
	for (i = 0; status == DEED_OK && i < (chain ? l.count : 1); i++)
		cert_pem(l.items[i], &pem);
	if (status == DEED_OK)
		status = buf_status(&pem, err);
	if (status == DEED_OK && s->json)
		output_set(s, "pem",
			   json_stringn((const char *)pem.data, pem.len));
	else if (status == DEED_OK)
		output_bytes(s, buf_get(&pem));
	cert_list_clear(&l);
	buf_clear(&pem);
	return status;
}

/* None for a key on a token or elsewhere: nobody here protects it. */
static void print_slots(struct session *s, const json_t *key)
{
	const json_t *slot;
	size_t i;

	json_array_foreach(json_object_get(key, "slots"), i, slot) output_line(
		s,
		"slot: %s (argon2id, %lld KiB, %lld passes, "
		"%lld lanes)",
		key_text(slot, "label"),
		(long long)json_integer_value(
			json_object_get(slot, "memory_kib")),
		(long long)json_integer_value(json_object_get(slot, "passes")),
		(long long)json_integer_value(json_object_get(slot, "lanes")));
}

/* Made from the same object as the JSON, so that the two cannot say different
 * things. */
static void print_text(struct session *s, const struct keystore_entry *e)
{
	json_t *key = key_json(e);
	const json_t *cert = json_object_get(key, "certificate");

	output_line(s, "party: %s", e->owner);
	output_line(s, "role: %s", keystore_role_name(e->role));
	output_line(s, "generation: %u", e->generation);
	output_line(s, "algorithm: %s", key_text(key, "algorithm"));
	output_line(s, "key: %s", key_text(key, "key"));
	if (e->on_token)
		output_line(s, "token: %s", key_text(key, "token"));
	else
		output_line(s, "file: %s",
			    e->has_key ? e->key_path : "elsewhere");
	print_slots(s, key);
	if (cert != NULL) {
		output_line(s, "certificate: %s", key_text(cert, "sha256"));
		output_line(s, "subject: %s", key_text(cert, "subject"));
		output_line(s, "issuer: %s", key_text(cert, "issuer"));
		output_line(s, "from: %s", key_text(cert, "not_before"));
		output_line(s, "to: %s", key_text(cert, "not_after"));
	}
	if (json_object_get(key, "problem") != NULL)
		session_warn(s, "%s", key_text(key, "problem"));
	if (key != NULL)
		json_object_update(output_json(s), key);
	json_decref(key);
}

/* The newest alone signs; earlier ones are kept to open what was made for
 * them. */
static const struct keystore_entry *find(const struct keystore_list *l,
					 enum keystore_role role)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (l->items[i].role == role && l->items[i].newest)
			return &l->items[i];
	}
	return NULL;
}

/* A role that the party has not is an error, not an empty answer: it is most
 * often a mistyped one. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct show_args *a = args;
	enum keystore_role role = (enum keystore_role)a->role;
	struct keystore_list l = { NULL, 0 };
	const struct keystore_entry *e = NULL;
	struct key_place place;
	enum deed_status status;

	status = key_place_open(s, &place, err);
	if (status == DEED_OK)
		status = key_check_party(&place, s->operand[0], err);
	if (status == DEED_OK)
		status = keystore_list(place.ks, s->operand[0], &l, err);
	if (status == DEED_OK) {
		e = find(&l, role);
		if (e == NULL)
			status = deed_error_set(
				err, DEED_NOT_FOUND, "'%s' has no %s key",
				s->operand[0], keystore_role_name(role));
	}
	if (e != NULL && a->pem)
		status = print_pem(s, e, a->chain, err);
	else if (e != NULL)
		print_text(s, e);
	keystore_list_clear(&l);
	key_place_close(&place);
	return status;
}

const struct command command_key_show = {
	.name = "key show",
	.operands = "PARTY",
	.summary = "show a key and its certificate",
	.options = options,
	.args_size = sizeof(struct show_args),
	.flags = COMMAND_HOME,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_PARTY,
	.run = run,
};
