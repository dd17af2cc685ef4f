/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/heads.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/file.h"
#include "cms/signed.h"
#include "codec/json.h"
#include "crypto/digest.h"
#include "office/party/heads_issuers.h"
#include "office/party/heads_trust.h"
#include "office/party/party.h"
#include "pki/crl.h"

#define STATUS_MAX 262144

/* What is no JSON, or names nothing, leaves the party without: nobody believes
 * it either. */
static void read_names(struct slice content, struct heads_party *out)
{
	json_t *json = NULL;
	int64_t index;

	if (json_load_bounded(content, &json, NULL) != DEED_OK)
		return;
	out->has_attestation =
		json_get_sha256(json, "evidence", out->attestation);
	(void)json_get_sha256(json, "certificate", out->certificate);
	if (json_get_integer(json, "index", &index))
		out->index = index;
	json_decref(json);
}

/*
 * Of a status statement's bytes, which nobody has judged.  What is no
 * statement has the hash of its bytes and names nothing.
 */
static void heads_of_status(struct slice der, struct heads_party *out)
{
	static const uint8_t none[32];
	struct cms_signed *sd = NULL;

	memset(out, 0, sizeof(*out));
	out->there = true;
	out->index = -1;
	if (cms_signed_parse(der, &sd, NULL) == DEED_OK && sd->has_content) {
		sha256(sd->content, out->status);
		read_names(sd->content, out);
	} else {
		sha256(der, out->status);
	}
	if (memcmp(out->attestation, none, sizeof(none)) == 0)
		out->has_attestation = false;
	cms_signed_free(sd);
}

/* Nothing is verified here: the heads tell of which bytes the newest are, and
 * a reader judges them. */
static enum deed_status read_status(const char *path, struct heads_party *out,
				    struct deed_error *err)
{
	struct buf der = BUF_INIT;
	enum deed_status status = file_read(path, STATUS_MAX, &der, err);

	if (status == DEED_OK)
		heads_of_status(buf_get(&der), out);
	buf_clear(&der);
	return status;
}

enum deed_status heads_of_party(const struct home *h, const char *party,
				struct heads_party *out, struct deed_error *err)
{
	char *path = NULL;
	enum deed_status status = home_status_path(h, party, &path, err);

	memset(out, 0, sizeof(*out));
	if (status == DEED_OK && file_exists(path))
		status = read_status(path, out, err);
	free(path);
	return status;
}

/* The folders whose files are of interest, resolved as targets are. */
struct folders {
	char *status, *parties, *ca;
	char *trust; /* or NULL */
};

static void folders_clear(struct folders *f)
{
	free(f->status);
	free(f->parties);
	free(f->ca);
	free(f->trust);
}

/* Resolved once: targets of a change are resolved too, and are compared as
 * text. */
static enum deed_status folders_find(const struct home *h, struct folders *f,
				     struct deed_error *err)
{
	f->status = realpath(h->status, NULL);
	f->parties = realpath(h->parties, NULL);
	f->ca = realpath(h->ca, NULL);
	if (f->status == NULL || f->parties == NULL || f->ca == NULL)
		return deed_error_errno(err, errno, "cannot find '%s'",
					h->root);
	return heads_trust_folder(h, &f->trust, err);
}

/* The file's name where it lies in the folder and ends so: its length
 * without the suffix; else 0. */
static size_t stem(const char *path, const char *folder, const char *suffix,
		   const char **name)
{
	size_t dir = strlen(folder), len = strlen(path), end = strlen(suffix);

	if (len <= dir + 1 + end || strncmp(path, folder, dir) != 0 ||
	    path[dir] != '/' || strcmp(path + len - end, suffix) != 0)
		return 0;
	*name = path + dir + 1;
	return strchr(*name, '/') == NULL ? len - dir - 1 - end : 0;
}

/* The object of a party, made where there is none. */
static json_t *member(json_t *parties, const char *party)
{
	json_t *object = json_object_get(parties, party);

	if (object == NULL &&
	    json_object_set_new(parties, party, json_object()) == 0)
		object = json_object_get(parties, party);
	return object;
}

/* A party without a status keeps what it had: a signpost that is written anew
 * takes none away.  With one, all three are replaced together. */
static enum deed_status set_party(json_t *parties, const char *party,
				  const struct heads_party *p,
				  struct deed_error *err)
{
	json_t *object = member(parties, party);
	int failed = object == NULL;

	if (!failed && p->there) {
		(void)json_object_clear(object);
		failed |= json_object_set_new(object, "status",
					      json_sha256(p->status));
		failed |= json_object_set_new(object, "certificate",
					      json_sha256(p->certificate));
		if (p->has_attestation)
			failed |= json_object_set_new(
				object, "attestation",
				json_sha256(p->attestation));
	}
	return failed ? deed_error_memory(err) : DEED_OK;
}

/* The bytes are hashed as they are, as whoever fetches the list gets them. */
static enum deed_status set_list(json_t *lists, const char *name,
				 const char *path, struct deed_error *err)
{
	uint8_t hash[SHA256_SIZE];
	struct buf der = BUF_INIT;
	enum deed_status status = file_read(path, CRL_MAX, &der, err);

	if (status == DEED_OK) {
		sha256(buf_get(&der), hash);
		if (json_object_set_new(lists, name, json_sha256(hash)) != 0)
			status = deed_error_memory(err);
	}
	buf_clear(&der);
	return status;
}

/* All of the register.  It is done where there is no file of heads to go on
 * from, and by the recovery. */
static enum deed_status build_parties(const struct home *h, json_t *parties,
				      struct deed_error *err)
{
	char **names = NULL;
	size_t count = 0;
	enum deed_status status = party_names(h, &names, &count, err);

	for (size_t i = 0; status == DEED_OK && i < count; i++) {
		struct heads_party p;

		status = heads_of_party(h, names[i], &p, err);
		if (status == DEED_OK)
			status = set_party(parties, names[i], &p, err);
	}
	party_names_free(names, count);
	return status;
}

/* A scandir filter; what begins with a full stop is a temporary. */
static int is_list(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 4 &&
	       strcmp(e->d_name + len - 4, ".crl") == 0;
}

/* Every list of the folder, so that those of earlier CAs are noticed when they
 * are taken away.  All names are freed, also after a failure. */
static enum deed_status build_lists(const struct home *h, json_t *lists,
				    struct deed_error *err)
{
	struct dirent **entries = NULL;
	int n = scandir(h->ca, &entries, is_list, alphasort);
	enum deed_status status = DEED_OK;

	if (n < 0)
		return deed_error_errno(err, errno, "cannot read '%s'", h->ca);
	for (int i = 0; i < n; i++) {
		char *path = path_join(h->ca, entries[i]->d_name);

		if (path == NULL)
			status = deed_error_memory(err);
		if (status == DEED_OK)
			status = set_list(lists, entries[i]->d_name, path, err);
		free(path);
		free(entries[i]);
	}
	free(entries);
	return status;
}

/* A target without a path is one that goes: a party that was renamed.  A
 * signpost makes the party known, a status gives it its heads. */
static enum deed_status apply_party(json_t *parties, const char *party,
				    bool status,
				    const struct event_change *change,
				    struct deed_error *err)
{
	struct heads_party p = { .there = false };
	enum deed_status s = DEED_OK;

	if (change->path == NULL) {
		(void)json_object_del(parties, party);
		return DEED_OK;
	}
	if (status)
		s = read_status(change->path, &p, err);
	return s == DEED_OK ? set_party(parties, party, &p, err) : s;
}

/* Which of the heads a file of the transaction changes is known by its folder
 * and name. */
static enum deed_status apply(const struct folders *f, json_t *parties,
			      json_t *lists, const struct event_change *change,
			      struct deed_error *err)
{
	char name[HOME_PARTY_MAX + 8];
	const char *at = NULL;
	size_t len;
	bool list = false, status;

	len = stem(change->target, f->status, ".cms", &at);
	status = len > 0;
	if (len == 0)
		len = stem(change->target, f->parties, ".json", &at);
	if (len == 0) {
		len = stem(change->target, f->ca, ".crl", &at);
		list = len > 0;
	}
	if (len == 0 || len > HOME_PARTY_MAX)
		return DEED_OK;
	if (list)
		len += 4;
	memcpy(name, at, len);
	name[len] = '\0';
	if (list && change->path == NULL) {
		(void)json_object_del(lists, name);
		return DEED_OK;
	}
	if (list)
		return set_list(lists, name, change->path, err);
	return apply_party(parties, name, status, change, err);
}

static enum deed_status build(const struct home *h, json_t *parties,
			      json_t *lists, struct deed_error *err)
{
	enum deed_status status = build_parties(h, parties, err);

	return status == DEED_OK ? build_lists(h, lists, err) : status;
}

/* What the file had, or the home has.  What an earlier version left out is
 * put in as it is now. */
static enum deed_status begin(const struct home *h, struct slice before,
			      json_t **heads, struct deed_error *err)
{
	enum deed_status status;

	if (before.data != NULL) {
		status = json_load_canonical(before, heads, err);
		return status == DEED_OK ? heads_issuers_begin(h, *heads, err)
					 : status;
	}
	*heads = json_pack("{s:s,s:{},s:{}}", "type", HEADS_TYPE, "parties",
			   "lists");
	if (*heads == NULL)
		return deed_error_memory(err);
	status = build(h, json_object_get(*heads, "parties"),
		       json_object_get(*heads, "lists"), err);
	if (status == DEED_OK)
		status = heads_issuers_build(h, *heads, err);
	return status == DEED_OK ? heads_trust_build(h, *heads, err) : status;
}

/* Does any of the changes bear on it? */
static bool concerns(const struct folders *f, const struct event_change *c)
{
	const char *name;

	return stem(c->target, f->status, ".cms", &name) > 0 ||
	       stem(c->target, f->parties, ".json", &name) > 0 ||
	       stem(c->target, f->ca, ".crl", &name) > 0 ||
	       heads_issuers_concern(f->ca, c->target) ||
	       heads_trust_concerns(f->trust, c->target);
}

/* Where no change bears on the heads they stay as they were, byte by byte, and
 * are not parsed. */
enum deed_status heads_next(void *arg, struct slice before,
			    const struct event_change *change, size_t count,
			    struct buf *out, struct deed_error *err)
{
	const struct home *h = arg;
	struct folders f = { .trust = NULL };
	json_t *heads = NULL;
	size_t first = 0;
	enum deed_status status = folders_find(h, &f, err);

	while (status == DEED_OK && first < count &&
	       !concerns(&f, &change[first]))
		first++;
	if (status == DEED_OK && first == count && before.data != NULL) {
		buf_slice(out, before);
		folders_clear(&f);
		return buf_status(out, err);
	}
	if (status == DEED_OK)
		status = begin(h, before, &heads, err);
	for (size_t i = first; status == DEED_OK && i < count; i++) {
		status =
			apply(&f, json_object_get(heads, "parties"),
			      json_object_get(heads, "lists"), &change[i], err);
		if (status == DEED_OK)
			status = heads_issuers_apply(heads, f.ca, &change[i],
						     err);
		if (status == DEED_OK)
			status = heads_trust_apply(heads, f.trust, &change[i],
						   err);
	}
	if (status == DEED_OK)
		status = json_canonical(heads, out, err);
	json_decref(heads);
	folders_clear(&f);
	return status;
}

enum deed_status heads_older(void *arg, struct buf *out, struct deed_error *err)
{
	json_t *heads = NULL;
	enum deed_status status = begin(arg, SLICE_NONE, &heads, err);

	if (status == DEED_OK)
		status = heads_issuers_forget(arg, heads, err);
	if (status == DEED_OK)
		status = json_canonical(heads, out, err);
	json_decref(heads);
	return status;
}
