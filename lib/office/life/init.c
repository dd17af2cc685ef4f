/* SPDX-License-Identifier: Apache-2.0 */
#include "office/life/init.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/archive.h"
#include "base/file.h"
#include "codec/json.h"
#include "crypto/random.h"
#include "keystore/keystore.h"
#include "office/life/backup.h"
#include "office/party/home_events.h"
#include "office/life/init_priv.h"

/* What cannot be opened counts as not empty, and so is left alone. */
static bool is_empty_directory(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	bool empty = dir != NULL;

	while (empty && (e = readdir(dir)) != NULL)
		empty = strcmp(e->d_name, ".") == 0 ||
			strcmp(e->d_name, "..") == 0;
	if (dir != NULL)
		(void)closedir(dir);
	return empty;
}

/* The office is a party like others, of the one kind that no enrolment may
 * have. */
static enum deed_status check_form(const struct init_form *form,
				   struct enroll_checked *checked,
				   struct deed_error *err)
{
	const struct enroll_form notary = {
		.party = HOME_OFFICE,
		.kind = KIND_NOTARY,
		.name = form->name,
		.phone = form->phone,
		.email = form->email,
		.id = form->id,
	};

	return enroll_check(&notary, checked, err);
}

enum deed_status init_check(const struct init_form *form,
			    struct deed_error *err)
{
	struct enroll_checked checked;
	struct cert *backup = NULL;
	enum deed_status status = check_form(form, &checked, err);

	if (status != DEED_OK)
		return status;
	if (file_exists(form->home) && !is_empty_directory(form->home)) {
		deed_error_set(err, DEED_EXISTS, "'%s' exists", form->home);
		deed_error_remedy(err, "home", NULL);
		return DEED_EXISTS;
	}
	if (form->root_out != NULL && file_exists(form->root_out))
		return deed_error_set(err, DEED_EXISTS, "'%s' exists",
				      form->root_out);
	if (form->backup_to == NULL)
		return DEED_OK;
	/* Before passphrases are asked for. */
	status = backup_certificate(NULL, form->backup_to, form->now, &backup,
				    err);
	cert_free(backup);
	return status;
}

/* An nftw callback, children first.  What cannot be removed stays, under a
 * name that nobody takes for a home. */
static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	(void)remove(path);
	return 0;
}

/* A directory beside the home, so that the last step is one rename. */
static enum deed_status make_temporary(const char *home, char **out,
				       struct deed_error *err)
{
	char *dir = path_dir(home);
	struct buf name = BUF_INIT;
	uint32_t number;
	enum deed_status status;

	*out = NULL;
	status = dir == NULL ? deed_error_memory(err)
			     : file_mkdirs(dir, 0700, err);
	if (status == DEED_OK)
		status = random_bytes(&number, sizeof(number), err);
	if (status == DEED_OK) {
		buf_printf(&name, "%s/.%s.deed-%08x", dir, path_base(home),
			   (unsigned)number);
		*out = buf_take(&name, NULL);
		if (*out == NULL)
			status = deed_error_memory(err);
		else if (mkdir(*out, 0700) != 0)
			status = deed_error_errno(err, errno,
						  "cannot make '%s'", *out);
	}
	free(dir);
	return status;
}

/* The marker has what a user needs to tell homes apart: the office's name, and
 * the origin of its log. */
static enum deed_status write_marker(const struct home *h,
				     const struct init_form *form,
				     struct deed_error *err)
{
	json_t *object = json_pack("{s:s,s:s,s:s}", "schema", HOME_SCHEMA,
				   "office", form->name, "log", form->origin);
	struct buf text = BUF_INIT;
	enum deed_status status;

	if (object == NULL)
		return deed_error_memory(err);
	status = json_canonical(object, &text, err);
	if (status == DEED_OK)
		status = file_write(h->marker, 0600, buf_get(&text),
				    OUTFILE_NEW, err);
	json_decref(object);
	buf_clear(&text);
	return status;
}

/* "deed/", the office's number as far as a log's name can hold it, and what
 * tells two homes of one office apart. */
static enum deed_status make_origin(struct init_form *form,
				    const struct enroll_checked *checked,
				    struct deed_error *err)
{
	struct buf name = BUF_INIT;
	uint32_t number;
	enum deed_status status;

	status = random_bytes(&number, sizeof(number), err);
	if (status != DEED_OK)
		return status;
	buf_str(&name, "deed/");
	for (const char *p = checked->id.value; *p != '\0'; p++) {
		bool fits = (*p >= '0' && *p <= '9') ||
			    (*p >= 'A' && *p <= 'Z') ||
			    (*p >= 'a' && *p <= 'z');

		buf_byte(&name, fits ? (uint8_t)*p : '-');
	}
	buf_printf(&name, "/%08x", (unsigned)number);
	form->origin = buf_take(&name, NULL);
	return form->origin == NULL ? deed_error_memory(err) : DEED_OK;
}

/* The log is created before its first entry, which init_make_notary writes. */
static enum deed_status make_subsystems(const struct home *h,
					const struct init_form *form,
					struct deed_error *err)
{
	struct event_home *log = NULL;
	enum deed_status status;

	status = home_events_open(h, 0, &log, err);
	if (status == DEED_OK)
		status = event_create(log, form->origin, err);
	if (status == DEED_OK)
		status = archive_create(h->archive, err);
	home_events_close(log);
	return status;
}

/* The certificate that backups are for is kept with what they copy. */
static enum deed_status keep_backup_to(const struct home *h,
				       const struct init_form *form,
				       struct deed_error *err)
{
	struct cert *c = NULL;
	struct buf pem = BUF_INIT;
	char *path = NULL;
	enum deed_status status;

	if (form->backup_to == NULL)
		return DEED_OK;
	status = backup_certificate(h, form->backup_to, form->now, &c, err);
	if (status == DEED_OK)
		status = backup_certificate_path(h, &path, err);
	if (status == DEED_OK) {
		cert_pem(c, &pem);
		status = buf_status(&pem, err);
	}
	if (status == DEED_OK)
		status =
			file_write(path, 0600, buf_get(&pem), OUTFILE_NEW, err);
	cert_free(c);
	free(path);
	buf_clear(&pem);
	return status;
}

/* The marker comes before the office's own enrolment, which is a transaction
 * of the log as any other. */
static enum deed_status make_all(const struct home *h, struct init_form *form,
				 struct deed_error *err)
{
	struct init_work w = { .home = h, .form = form };
	enum deed_status status;

	status = check_form(form, &w.checked, err);
	if (status == DEED_OK)
		status = make_origin(form, &w.checked, err);
	if (status == DEED_OK)
		status = home_make_folders(h, err);
	if (status == DEED_OK)
		status = keystore_create(h->keystore, err);
	if (status == DEED_OK)
		status = init_make_keys(&w, err);
	form->root_made = w.root_made;
	if (status == DEED_OK)
		status = init_make_authority(&w, err);
	if (status == DEED_OK)
		status = make_subsystems(h, form, err);
	if (status == DEED_OK)
		status = keep_backup_to(h, form, err);
	if (status == DEED_OK)
		status = write_marker(h, form, err);
	if (status == DEED_OK)
		status = init_make_notary(&w, err);
	if (status == DEED_OK)
		memcpy(form->root, cert_sha256(w.root), sizeof(form->root));
	init_work_clear(&w);
	return status;
}

enum deed_status init_home(struct init_form *form, struct deed_error *err)
{
	struct home *h = NULL;
	char *temporary = NULL;
	enum deed_status status;

	status = init_check(form, err);
	if (status != DEED_OK)
		return status;
	status = make_temporary(form->home, &temporary, err);
	if (status == DEED_OK)
		status = home_paths(temporary, &h, err);
	if (status == DEED_OK) {
		h->timestamps = form->timestamps;
		h->crl_url = form->crl_url;
		h->issuer_url = form->issuer_url;
		status = make_all(h, form, err);
	}
	if (status == DEED_OK && rename(temporary, form->home) != 0)
		status = deed_error_errno(err, errno, "cannot make '%s'",
					  form->home);
	if (status == DEED_OK)
		status = file_sync_parent(form->home, err);
	else if (temporary != NULL) {
		(void)nftw(temporary, remove_one, 16,
			   FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
		/* Another run may have made the file meanwhile. */
		if (form->root_made &&
		    file_remove(form->root_out, NULL) != DEED_OK)
			deed_error_hint(err, "rm '%s'", form->root_out);
	}
	home_close(h);
	free(temporary);
	return status;
}
