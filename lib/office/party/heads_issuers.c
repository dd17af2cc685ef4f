/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/heads_issuers.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "codec/json.h"
#include "crypto/digest.h"
#include "key/cert.h"
#include "pki/crl.h"

#define MEMBER "issuers"
#define PREFIX "issuing-"
#define CERTIFICATE ".cer"
#define LIST ".crl"
#define STEM_MAX 32 /* with its NUL */

/* "issuing-N" of "issuing-N.cer", as ca_issuers_path makes it. */
static bool stem_of(const char *name, const char *suffix, char stem[STEM_MAX])
{
	size_t len = strlen(name), end = strlen(suffix);
	const char *digits;

	if (strncmp(name, PREFIX, strlen(PREFIX)) != 0 || len <= end ||
	    len - end >= STEM_MAX || strcmp(name + len - end, suffix) != 0)
		return false;
	(void)snprintf(stem, STEM_MAX, "%.*s", (int)(len - end), name);
	digits = stem + strlen(PREFIX);
	return digits[0] != '\0' &&
	       digits[strspn(digits, "0123456789")] == '\0';
}

/* NULL where the target is none. */
static const char *name_of(const char *folder, const char *target)
{
	size_t dir = strlen(folder);
	char stem[STEM_MAX];

	if (strncmp(target, folder, dir) != 0 || target[dir] != '/' ||
	    !stem_of(target + dir + 1, CERTIFICATE, stem))
		return NULL;
	return target + dir + 1;
}

bool heads_issuers_concern(const char *folder, const char *target)
{
	return name_of(folder, target) != NULL;
}

static enum deed_status hash_file(const char *path, uint8_t hash[SHA256_SIZE],
				  struct deed_error *err)
{
	struct buf der = BUF_INIT;
	enum deed_status status = file_read(path, CERT_MAX_SIZE, &der, err);

	if (status == DEED_OK)
		sha256(buf_get(&der), hash);
	buf_clear(&der);
	return status;
}

static enum deed_status tell(struct audit_report *r, const char *name,
			     const char *what, struct deed_error *err)
{
	char text[200];

	(void)snprintf(text, sizeof(text),
		       "the certificate '%s' of an earlier issuing CA %s", name,
		       what);
	return audit_report_add(r, DEED_INCONSISTENT, "heads", text, err);
}

static enum deed_status set(json_t *issuers, const char *name, const char *path,
			    struct deed_error *err)
{
	uint8_t hash[SHA256_SIZE];
	enum deed_status status = hash_file(path, hash, err);

	if (status == DEED_OK &&
	    json_object_set_new(issuers, name, json_sha256(hash)) != 0)
		status = deed_error_memory(err);
	return status;
}

enum deed_status heads_issuers_apply(json_t *heads, const char *folder,
				     const struct event_change *change,
				     struct deed_error *err)
{
	const char *name = name_of(folder, change->target);
	json_t *issuers = json_object_get(heads, MEMBER);

	if (name == NULL || issuers == NULL)
		return DEED_OK;
	if (change->path != NULL)
		return set(issuers, name, change->path, err);
	(void)json_object_del(issuers, name);
	return DEED_OK;
}

/* A scandir filter. */
static int is_certificate(const struct dirent *e)
{
	char stem[STEM_MAX];

	return stem_of(e->d_name, CERTIFICATE, stem);
}

/* Of an earlier CA's certificate that is there. */
typedef enum deed_status file_fn(void *arg, const char *name, const char *path,
				 struct deed_error *err);

/* All names are freed, also after a failure. */
static enum deed_status each_file(const struct home *h, file_fn *fn, void *arg,
				  struct deed_error *err)
{
	struct dirent **entries = NULL;
	enum deed_status status = DEED_OK;
	int n = scandir(h->ca, &entries, is_certificate, alphasort);

	if (n < 0)
		return deed_error_errno(err, errno, "cannot read '%s'", h->ca);
	for (int i = 0; i < n; i++) {
		char *path = path_join(h->ca, entries[i]->d_name);

		if (status == DEED_OK)
			status = path == NULL ? deed_error_memory(err)
					      : fn(arg, entries[i]->d_name,
						   path, err);
		free(path);
		free(entries[i]);
	}
	free(entries);
	return status;
}

/* A file_fn; arg is the member. */
static enum deed_status set_file(void *arg, const char *name, const char *path,
				 struct deed_error *err)
{
	return set(arg, name, path, err);
}

enum deed_status heads_issuers_build(const struct home *h, json_t *heads,
				     struct deed_error *err)
{
	json_t *issuers = json_object();

	if (json_object_set_new(heads, MEMBER, issuers) != 0)
		return deed_error_memory(err);
	return each_file(h, set_file, issuers, err);
}

/* Did it sign its list?  A list that is not there or cannot be read is told by
 * others. */
static enum deed_status check_signer(const char *cert_path,
				     const char *list_path, bool *is,
				     struct deed_error *err)
{
	struct cert *cert = NULL;
	struct crl *list = NULL;
	struct buf der = BUF_INIT;
	enum deed_status status = DEED_OK;

	*is = true;
	if (file_read(list_path, CRL_MAX, &der, NULL) == DEED_OK &&
	    crl_parse(buf_get(&der), &list, NULL) == DEED_OK) {
		buf_reset(&der);
		status = file_read(cert_path, CERT_MAX_SIZE, &der, err);
		*is = status == DEED_OK &&
		      cert_parse(buf_get(&der), &cert, NULL) == DEED_OK &&
		      crl_signed_by(list, cert);
	}
	cert_free(cert);
	crl_free(list);
	buf_clear(&der);
	return status;
}

/* What can be told of it where nothing says which it was: NULL where all is
 * well. */
static enum deed_status judge_by_list(const struct home *h, const char *name,
				      const char *list, const char **fault,
				      struct deed_error *err)
{
	char *path = path_join(h->ca, name);
	char *list_path = path_join(h->ca, list);
	enum deed_status status = DEED_OK;
	bool is = true;

	*fault = NULL;
	if (path == NULL || list_path == NULL)
		status = deed_error_memory(err);
	else if (!file_exists(path))
		*fault = "is missing";
	else
		status = check_signer(path, list_path, &is, err);
	if (!is)
		*fault = "is not of the key that signed its list";
	free(list_path);
	free(path);
	return status;
}

/* Told as findings where r is given; *lacks where one is not there, or another
 * is in its place. */
static enum deed_status find_lacking(const struct home *h, const json_t *heads,
				     struct audit_report *r, bool *lacks,
				     struct deed_error *err)
{
	json_t *lists = json_object_get(heads, "lists"), *one;
	char stem[STEM_MAX], name[STEM_MAX + sizeof(CERTIFICATE)];
	enum deed_status status = DEED_OK;
	const char *key, *fault;

	*lacks = false;
	json_object_foreach(lists, key, one)
	{
		if (status != DEED_OK || !stem_of(key, LIST, stem))
			continue;
		(void)snprintf(name, sizeof(name), "%s" CERTIFICATE, stem);
		status = judge_by_list(h, name, key, &fault, err);
		if (status != DEED_OK || fault == NULL)
			continue;
		*lacks = true;
		if (r != NULL)
			status = tell(r, name, fault, err);
	}
	return status;
}

enum deed_status heads_issuers_begin(const struct home *h, json_t *heads,
				     struct deed_error *err)
{
	bool lacks;
	enum deed_status status;

	if (json_object_get(heads, MEMBER) != NULL)
		return DEED_OK;
	status = find_lacking(h, heads, NULL, &lacks, err);
	return status == DEED_OK && !lacks ? heads_issuers_build(h, heads, err)
					   : status;
}

enum deed_status heads_issuers_forget(const struct home *h, json_t *heads,
				      struct deed_error *err)
{
	bool lacks;
	enum deed_status status = find_lacking(h, heads, NULL, &lacks, err);

	if (status == DEED_OK && !lacks)
		(void)json_object_del(heads, MEMBER);
	return status;
}

static enum deed_status compare_one(const struct home *h, const char *name,
				    const json_t *issuers,
				    struct audit_report *r,
				    struct deed_error *err)
{
	uint8_t said[SHA256_SIZE], is[SHA256_SIZE];
	char *path = path_join(h->ca, name);
	enum deed_status status = DEED_OK;

	if (path == NULL)
		return deed_error_memory(err);
	if (!file_exists(path)) {
		status = tell(r, name, "is missing", err);
	} else {
		status = hash_file(path, is, err);
		if (status == DEED_OK &&
		    (!json_get_sha256(issuers, name, said) ||
		     memcmp(said, is, sizeof(is)) != 0))
			status = tell(r, name, "is not as the log says", err);
	}
	free(path);
	return status;
}

struct unknown {
	const json_t *issuers;
	struct audit_report *report;
};

/* A file_fn: one that came from nowhere, or was put back after a recovery
 * without it. */
static enum deed_status tell_unknown(void *arg, const char *name,
				     const char *path, struct deed_error *err)
{
	const struct unknown *u = arg;

	(void)path;
	return json_object_get(u->issuers, name) != NULL
		       ? DEED_OK
		       : tell(u->report, name,
			      "is there, of which the log knows nothing", err);
}

enum deed_status heads_issuers_compare(const struct home *h,
				       const json_t *heads,
				       struct audit_report *r,
				       struct deed_error *err)
{
	json_t *issuers = json_object_get(heads, MEMBER), *one;
	struct unknown unknown = { .issuers = issuers, .report = r };
	char stem[STEM_MAX];
	enum deed_status status = DEED_OK;
	const char *name;
	bool lacks;

	if (issuers == NULL)
		return find_lacking(h, heads, r, &lacks, err);
	json_object_foreach(issuers, name, one)
	{
		if (status == DEED_OK && stem_of(name, CERTIFICATE, stem))
			status = compare_one(h, name, issuers, r, err);
	}
	return status == DEED_OK ? each_file(h, tell_unknown, &unknown, err)
				 : status;
}
