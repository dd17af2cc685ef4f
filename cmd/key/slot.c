/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "cmd/key/key.h"
#include "cmd/frame/output.h"

/*
 * Passphrases and slots.  PARTY is a party of the home, or the path of a key
 * file (with a slash in it), such as a root key that is kept elsewhere.
 */
struct slot_args {
	int role; /* of key_roles_words */
	const char *passphrase;
	const char *new_passphrase;
};

/* All is first, so that it is what is meant where nothing is said. */
static const char *const roles[] = { "all",	 "signature", "deposit",
				     "register", "issuing",   "root",
				     NULL };

#define ROLE_OPTION                                                           \
	{                                                                     \
		OPTION_CHOICE(struct slot_args, role),                        \
			.name = "role", .argument = "ROLE", .words = roles,   \
			.initial = "all",                                     \
			.help = "which of its keys; all that the passphrase " \
				"opens"                                       \
	}
#define PASSPHRASE_OPTION                                        \
	{                                                        \
		OPTION_PASSPHRASE(struct slot_args, passphrase), \
			.name = "passphrase", .config = true,    \
			.help = "opens the key"                  \
	}
#define NEW_PASSPHRASE_OPTION                                        \
	{                                                            \
		OPTION_PASSPHRASE(struct slot_args, new_passphrase), \
			.name = "new-passphrase",                    \
			.help = "opens it from now on"               \
	}

static const struct option changing[] = {
	ROLE_OPTION, PASSPHRASE_OPTION, NEW_PASSPHRASE_OPTION, { 0 }
};
static const struct option removing[] = { ROLE_OPTION,
					  PASSPHRASE_OPTION,
					  { 0 } };

struct slot_change {
	const char *label; /* NULL: change the passphrase */
	struct secret *old;
	struct secret *added; /* NULL: remove */
};

/* A key file outside of any home, such as the root's: the same changes without
 * a keystore, and without its lock. */
static enum deed_status change_file(const char *path,
				    const struct slot_change *w,
				    struct deed_error *err)
{
	struct slice old = secret_slice(w->old);

	if (w->added == NULL)
		return keyfile_slot_remove(path, old, w->label, err);
	if (w->label == NULL)
		return keyfile_passphrase(path, old, secret_slice(w->added),
					  KEYFILE_KDF_MS, err);
	return keyfile_slot_add(path, old, w->label, secret_slice(w->added),
				KEYFILE_KDF_MS, err);
}

/* All generations of the role that the old passphrase opens, so that earlier
 * keys do not keep a passphrase that was given up. */
static enum deed_status change_role(struct keystore *ks, const char *party,
				    enum keystore_role role,
				    const struct slot_change *w,
				    struct deed_error *err)
{
	struct slice old = secret_slice(w->old);

	if (w->added == NULL)
		return keystore_slot_remove(ks, party, role, old, w->label,
					    err);
	if (w->label == NULL)
		return keystore_passphrase(ks, party, role, old,
					   secret_slice(w->added),
					   KEYFILE_KDF_MS, err);
	return keystore_slot_add(ks, party, role, old, w->label,
				 secret_slice(w->added), KEYFILE_KDF_MS, err);
}

/* Is a key of this role there, and may "all" skip it? */
static bool has_role(const struct keystore *ks, const char *party,
		     enum keystore_role role)
{
	struct buf spki = BUF_INIT;
	bool there = keystore_public(ks, party, role, &spki, NULL) == DEED_OK;

	buf_clear(&spki);
	return there;
}

/* The slot is there, or is gone: by a run that was cut short, or because the
 * key is younger than the slot. */
static bool is_so_already(const struct slot_change *w, enum deed_status status)
{
	return w->label != NULL &&
	       status == (w->added == NULL ? DEED_NOT_FOUND : DEED_EXISTS);
}

/* What the passphrase does not open stays as it is, and is said to; that of
 * the root is another by intent. */
static void warn_unchanged(struct session *s, const char *party,
			   const struct slot_change *w,
			   const enum deed_status of[KEYSTORE_ROLE_COUNT])
{
	int i;

	for (i = 0; i < KEYSTORE_ROLE_COUNT; i++) {
		const char *role = keystore_role_name((enum keystore_role)i);

		if (of[i] == DEED_WRONG_PASSPHRASE && i != KEYSTORE_ROOT)
			session_warn(s,
				     "the %s key of '%s' has another "
				     "passphrase and stays as it is",
				     role, party);
		else if (is_so_already(w, of[i]))
			session_warn(s,
				     "the %s key of '%s' has %s slot '%s' and "
				     "stays as it is",
				     role, party, w->added == NULL ? "no" : "a",
				     w->label);
	}
}

/*
 * Every role that the passphrase opens.  A run that was cut short is finished
 * by the same command again.
 */
static enum deed_status change_all(struct session *s, struct keystore *ks,
				   const char *party,
				   const struct slot_change *w, json_t *changed,
				   struct deed_error *err)
{
	enum deed_status of[KEYSTORE_ROLE_COUNT] = { DEED_OK };
	enum deed_status status = DEED_NO_KEY;
	struct deed_error why;
	bool stays;
	int i;

	deed_error_set(err, DEED_NO_KEY, "'%s' has no key", party);
	for (i = 0; i < KEYSTORE_ROLE_COUNT; i++) {
		enum keystore_role role = (enum keystore_role)i;

		if (!has_role(ks, party, role))
			continue;
		why = (struct deed_error)DEED_ERROR_INIT;
		of[i] = change_role(ks, party, role, w, &why);
		if (of[i] == DEED_OK) {
			json_array_append_new(
				changed, json_string(keystore_role_name(role)));
			status = DEED_OK;
			continue;
		}
		/* On a token: there is no passphrase of ours. */
		if (of[i] == DEED_NO_KEY)
			continue;
		stays = of[i] == DEED_WRONG_PASSPHRASE ||
			is_so_already(w, of[i]);
		if (err != NULL && (!stays || status == DEED_NO_KEY))
			*err = why;
		if (!stays)
			return of[i];
		if (status == DEED_NO_KEY)
			status = of[i];
	}
	if (status != DEED_OK)
		return status;
	if (err != NULL)
		*err = (struct deed_error)DEED_ERROR_INIT;
	warn_unchanged(s, party, w, of);
	return DEED_OK;
}

/* A slot that is removed needs only a passphrase that opens the key: any may
 * remove another. */
static enum deed_status get_passphrases(struct session *s,
					const struct slot_args *a,
					const char *party, bool removing_slot,
					struct slot_change *w,
					struct deed_error *err)
{
	enum deed_status status;

	status = key_passphrase(s, party, "--passphrase", a->passphrase, false,
				&w->old, err);
	if (status == DEED_OK && !removing_slot)
		status =
			key_passphrase(s, party, "--new-passphrase",
				       a->new_passphrase, true, &w->added, err);
	return status;
}

/* With -n: does the passphrase open anything? */
static enum deed_status try_only(const struct keystore *ks, const char *party,
				 const struct slot_args *a,
				 const struct slot_change *w,
				 struct deed_error *err)
{
	enum keystore_role role = a->role > 0
					  ? (enum keystore_role)(a->role - 1)
					  : KEYSTORE_SIGNATURE;
	struct secret *pkcs8;
	enum deed_status status;

	status = keystore_unlock(ks, party, role, secret_slice(w->old), &pkcs8,
				 err);
	/* A signature key on a token has no passphrase of ours. */
	if (status == DEED_NO_KEY && a->role == 0)
		status = keystore_unlock(ks, party, KEYSTORE_DEPOSIT,
					 secret_slice(w->old), &pkcs8, err);
	secret_free(pkcs8);
	return status;
}

/* The same of a key file. */
static enum deed_status try_file(const char *path, const struct slot_change *w,
				 struct deed_error *err)
{
	struct secret *pkcs8 = NULL;
	struct keyfile *file;
	enum deed_status status = keyfile_load(path, &file, err);

	if (status == DEED_OK)
		status = keyfile_unlock(file, NULL, secret_slice(w->old),
					&pkcs8, err);
	secret_free(pkcs8);
	keyfile_free(file);
	return status;
}

/* One role that is named must open; of all, what the passphrase does not open
 * stays and is told. */
static enum deed_status
change_party(struct session *s, const struct slot_args *a, const char *party,
	     const struct slot_change *w, struct key_place *place,
	     struct deed_error *err)
{
	json_t *changed = json_array();
	enum deed_status status;

	if (s->dry_run) {
		status = try_only(place->ks, party, a, w, err);
	} else if (a->role == 0) {
		status = change_all(s, place->ks, party, w, changed, err);
	} else {
		status = change_role(place->ks, party,
				     (enum keystore_role)(a->role - 1), w, err);
		if (status == DEED_OK)
			json_array_append_new(changed,
					      json_string(roles[a->role]));
	}
	output_set(s, "party", json_string(party));
	output_set(s, "changed", changed);
	return status;
}

static void tell(struct session *s, const char *party, const char *label,
		 bool removing_slot)
{
	const char *is = s->dry_run ? "would be" : "is";

	if (label == NULL)
		session_say(s, "the passphrase of '%s' %s changed", party, is);
	else
		session_say(s, "slot '%s' of '%s' %s %s", label, party, is,
			    removing_slot ? "removed" : "added");
}

/* Questions come before the lock: nobody waits while somebody types.  A path
 * has a slash, a party's name never. */
static enum deed_status run_any(struct session *s, const struct slot_args *a,
				const char *label, bool removing_slot,
				struct deed_error *err)
{
	const char *party = s->operand[0];
	bool file = strchr(party, '/') != NULL;
	struct slot_change w = { .label = label };
	struct key_place place = { .home = NULL };
	enum deed_status status = DEED_OK;

	if (label != NULL)
		status = keyfile_check_label(label, err);
	if (status == DEED_OK && !file) {
		status = key_place_open(s, &place, err);
		if (status == DEED_OK)
			status = key_check_party(&place, party, err);
	}
	if (status == DEED_OK)
		status = get_passphrases(s, a, file ? "root" : party,
					 removing_slot, &w, err);
	if (status == DEED_OK && !file)
		status = key_place_lock(s, &place, err);
	if (status == DEED_OK && !file)
		status = change_party(s, a, party, &w, &place, err);
	else if (status == DEED_OK)
		status = s->dry_run ? try_file(party, &w, err)
				    : change_file(party, &w, err);
	if (status == DEED_OK)
		tell(s, party, label, removing_slot);
	secret_free(w.old);
	secret_free(w.added);
	key_place_close(&place);
	return status;
}

static enum deed_status run_passphrase(struct session *s, const void *args,
				       struct deed_error *err)
{
	return run_any(s, args, NULL, false, err);
}

static enum deed_status run_add(struct session *s, const void *args,
				struct deed_error *err)
{
	return run_any(s, args, s->operand[1], false, err);
}

static enum deed_status run_remove(struct session *s, const void *args,
				   struct deed_error *err)
{
	return run_any(s, args, s->operand[1], true, err);
}

const struct command command_key_passphrase = {
	.name = "key passphrase",
	.operands = "PARTY",
	.summary = "change the passphrase of a party's keys",
	.options = changing,
	.args_size = sizeof(struct slot_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_PARTY,
	.run = run_passphrase,
};

const struct command command_key_slot_add = {
	.name = "key slot add",
	.operands = "PARTY LABEL",
	.summary = "add a second passphrase to a party's keys",
	.options = changing,
	.args_size = sizeof(struct slot_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 2,
	.max_operands = 2,
	.complete = COMPLETE_PARTY,
	.run = run_add,
};

const struct command command_key_slot_remove = {
	.name = "key slot remove",
	.operands = "PARTY LABEL",
	.summary = "remove a passphrase from a party's keys",
	.options = removing,
	.args_size = sizeof(struct slot_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 2,
	.max_operands = 2,
	.complete = COMPLETE_PARTY,
	.run = run_remove,
};
