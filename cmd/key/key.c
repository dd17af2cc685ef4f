/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/key/key.h"

#include <stdlib.h>

#include "base/file.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "codec/json.h"
#include "key/token.h"

#define CHAIN_MAX (1024 * 1024)

const char *const key_role_words[] = { "signature", "deposit", "register",
				       "issuing",   "root",    NULL };

enum deed_status key_place_open(struct session *s, struct key_place *out,
				struct deed_error *err)
{
	enum deed_status status;

	*out = (struct key_place){ .home = NULL };
	status = session_open_home(s, &out->home, err);
	if (status == DEED_OK)
		status = keystore_open(out->home->keystore, &out->ks, err);
	if (status != DEED_OK)
		key_place_close(out);
	return status;
}

enum deed_status key_place_lock(struct session *s, struct key_place *p,
				struct deed_error *err)
{
	enum deed_status status;
	char *path;

	if (s->dry_run)
		return DEED_OK;
	path = path_join(p->home->keystore, ".lock");
	if (path == NULL)
		return deed_error_memory(err);
	status = lock_acquire(path, (unsigned)s->wait, &p->lock, err);
	free(path);
	return status;
}

void key_place_close(struct key_place *p)
{
	lock_release(p->lock);
	keystore_close(p->ks);
	home_close(p->home);
	*p = (struct key_place){ .home = NULL };
}

enum deed_status key_check_party(const struct key_place *p, const char *party,
				 struct deed_error *err)
{
	struct keystore_list l;
	enum deed_status status;

	status = keystore_list(p->ks, party, &l, err);
	if (status == DEED_OK && l.count == 0) {
		status = deed_error_set(err, DEED_NOT_FOUND,
					"there is no party '%s' with keys",
					party);
		deed_error_hint(err, "deed key list");
	}
	keystore_list_clear(&l);
	return status;
}

enum deed_status key_passphrase(struct session *s, const char *party,
				const char *option, const char *source,
				bool create, struct secret **out,
				struct deed_error *err)
{
	bool office = !strcmp(party, HOME_OFFICE);
	/* "root" stands for a key file, wherever it is. */
	bool root = !strcmp(party, "root");
	struct passphrase_request request = {
		.source = source,
		.option = option,
		.key = office ? "operator" : party,
		.owner = office ? "the operator" : party,
		.create = create,
		.least = office || root ? PASSPHRASE_LEAST : 0,
		.opens = office ? passphrase_opens_office
			 : root ? NULL
				: passphrase_opens_party,
	};

	return passphrase_get(s, &request, out, err);
}

enum deed_status key_chain(const struct keystore_entry *e,
			   struct cert_list *out, struct deed_error *err)
{
	struct buf file = BUF_INIT;
	enum deed_status status = DEED_OK;

	if (file_exists(e->chain_path)) {
		status = file_read(e->chain_path, CHAIN_MAX, &file, err);
		if (status == DEED_OK)
			status = cert_list_load(out, buf_get(&file),
						e->chain_path, err);
	}
	buf_clear(&file);
	return status;
}

static json_t *slot_json(const struct keyfile_slot *slot)
{
	return json_pack("{s:s,s:s,s:i,s:i,s:i}", "label", slot->label, "kdf",
			 "argon2id", "memory_kib", (int)slot->params.memory,
			 "passes", (int)slot->params.passes, "lanes",
			 (int)slot->params.lanes);
}

/* A file that cannot be read is told as a problem of this key: the list of the
 * others is still of use. */
static void put_slots(json_t *object, const char *path)
{
	json_t *slots = json_array();
	struct deed_error why = DEED_ERROR_INIT;
	struct keyfile *kf;
	size_t i;

	if (keyfile_load(path, &kf, &why) == DEED_OK) {
		for (i = 0; i < keyfile_slot_count(kf); i++)
			json_array_append_new(slots,
					      slot_json(keyfile_slot(kf, i)));
	} else {
		json_object_set_new(object, "problem",
				    output_text(why.message));
	}
	keyfile_free(kf);
	json_object_set_new(object, "slots", slots);
}

/* What names the key on its token; where the PIN is stays out of it. */
static void put_token(json_t *object, const char *path)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct buf file = BUF_INIT;

	if (file_read(path, TOKEN_URI_MAX + 1, &file, &why) == DEED_OK) {
		buf_byte(&file, 0);
		if (!file.failed) {
			file.data[strcspn((char *)file.data, "?\n")] = '\0';
			json_object_set_new(object, "token",
					    output_text((char *)file.data));
		}
	} else {
		json_object_set_new(object, "problem",
				    output_text(why.message));
	}
	buf_clear(&file);
}

/* Algorithm and fingerprint, from the public half. */
static void put_public(json_t *object, struct slice spki)
{
	uint8_t hash[SHA256_SIZE];
	struct pubkey *pk;

	sha256(spki, hash);
	json_object_set_new(object, "key", json_sha256(hash));
	if (pubkey_from_spki(spki, &pk, NULL) == DEED_OK)
		json_object_set_new(object, "algorithm",
				    json_string(pubkey_text(pk)));
	pubkey_free(pk);
}

/* Names are out of a certificate and go into JSON only; whoever prints them
 * cleans them. */
static void put_certificate(json_t *object, const struct cert *c)
{
	const struct cert_fields *f = cert_fields(c);
	struct buf subject = BUF_INIT, issuer = BUF_INIT;

	x509_name_text(f->subject, &subject);
	x509_name_text(f->issuer, &issuer);
	json_object_set_new(
		object, "certificate",
		json_pack("{s:o,s:o,s:o,s:o,s:o}", "sha256",
			  json_sha256(cert_sha256(c)), "subject",
			  json_stringn((const char *)subject.data, subject.len),
			  "issuer",
			  json_stringn((const char *)issuer.data, issuer.len),
			  "not_before", output_time(f->not_before), "not_after",
			  output_time(f->not_after)));
	buf_clear(&subject);
	buf_clear(&issuer);
}

json_t *key_json(const struct keystore_entry *e)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct deed_error why = DEED_ERROR_INIT;
	struct buf spki = BUF_INIT;
	json_t *object;

	object = json_pack("{s:s,s:s,s:i,s:b}", "party", e->owner, "role",
			   keystore_role_name(e->role), "generation",
			   (int)e->generation, "newest", e->newest);
	if (object == NULL)
		return NULL;
	if (key_chain(e, &chain, &why) != DEED_OK)
		json_object_set_new(object, "problem",
				    output_text(why.message));
	if (e->has_key || e->on_token) {
		if (e->on_token)
			put_token(object, e->key_path);
		else
			put_slots(object, e->key_path);
		if (keystore_read_public(e->public_path, &spki, &why) ==
		    DEED_OK)
			put_public(object, buf_get(&spki));
		else
			json_object_set_new(object, "problem",
					    output_text(why.message));
	} else if (chain.count > 0) {
		put_public(object, cert_fields(chain.items[0])->spki);
	}
	if (chain.count > 0)
		put_certificate(object, chain.items[0]);
	cert_list_clear(&chain);
	buf_clear(&spki);
	return object;
}

const char *key_text(const json_t *key, const char *member)
{
	const char *text = json_get_string(key, member);

	return text != NULL ? text : "-";
}

/* What the certificate binds the key to was taken over before (pkcs8_bind);
 * here the private key is bound, and the certificate does not say so. */
enum deed_status key_check_certificate(struct slice spki, const struct cert *c,
				       struct deed_error *err)
{
	if (slice_equal(spki, cert_fields(c)->spki))
		return DEED_OK;
	if (spki_same_key(spki, cert_fields(c)->spki))
		return deed_error_set(err, DEED_REFUSED,
				      "the private key in the file is bound to "
				      "RSA-PSS, and its certificate is not");
	return deed_error_set(err, DEED_REFUSED,
			      "the certificates in the file are of other keys "
			      "than the private key");
}

enum deed_status key_read_file(const char *path, struct secret **out,
			       struct deed_error *err)
{
	struct buf file = BUF_INIT;
	enum deed_status status;

	*out = NULL;
	/* Reserved whole, so that growing leaves no copies behind. */
	if (buf_reserve(&file, SECRET_MAX + 1) == NULL)
		return deed_error_memory(err);
	status = file_read(path, SECRET_MAX, &file, err);
	if (status == DEED_OK && file.len == 0)
		status = deed_error_set(err, DEED_MALFORMED, "'%s' is empty",
					path);
	if (status == DEED_OK)
		status = secret_copy(file.data, file.len, out, err);
	secret_wipe(file.data, file.cap);
	buf_clear(&file);
	return status;
}
