/* SPDX-License-Identifier: Apache-2.0 */
#include "office/life/backup.h"

#include <stdlib.h>

#include "archive/catalogue_hold.h"
#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "event/hold.h"
#include "keystore/keystore.h"
#include "office/life/backup_format.h"
#include "office/life/backup_seen.h"
#include "office/life/backup_tree.h"
#include "office/life/backup_write.h"
#include "office/party/home_events.h"
#include "sign/statement.h"

#define CATALOGUE "archive/catalogue.db"

struct job {
	const struct home *home;
	struct backup *in;
	struct cert *to;
	uint8_t ski[KEY_ID_SIZE]; /* where the certificate has none */
	struct envelope_to recipient;
	struct signing_key *key; /* the service's */
	struct cert_list chain;
	struct backup_writer w;
	struct backup_index index;
	struct backup_list seen; /* in the first round */
	size_t at;		 /* of seen, in the second */
	struct buf gone;
};

/* ---- the two rounds ---- */

/* *st is what the file was when it was opened, which may be another than the
 * walk saw. */
static enum deed_status copy(struct job *j, const char *path, struct stat *st,
			     struct deed_error *err)
{
	char *full = path_join(j->home->root, path);
	enum deed_status status;

	if (full == NULL)
		return deed_error_memory(err);
	status = backup_write_file(&j->w, full, path, st, err);
	free(full);
	return status;
}

/* A backup_file_fn: the first round. */
static enum deed_status first(void *arg, const char *path,
			      const struct stat *st, struct deed_error *err)
{
	struct job *j = arg;
	struct stat read = *st;
	enum deed_status status = copy(j, path, &read, err);

	if (status == DEED_OK)
		return backup_list_add(&j->seen, path, &read, err);
	return status == DEED_NOT_FOUND ? DEED_OK : status;
}

static void is_gone(struct job *j, const char *path)
{
	buf_str(&j->gone, path);
	buf_byte(&j->gone, '\n');
}

/* A backup_file_fn: the second round, in the order of the first. */
static enum deed_status second(void *arg, const char *path,
			       const struct stat *st, struct deed_error *err)
{
	struct job *j = arg;
	struct stat read = *st;
	enum deed_status status;
	int order = 1;

	while (j->at < j->seen.count) {
		order = backup_order(j->seen.item[j->at].path, path);
		if (order >= 0)
			break;
		is_gone(j, j->seen.item[j->at++].path);
	}
	if (j->at < j->seen.count && order == 0 &&
	    backup_same(&j->seen.item[j->at++], st))
		return DEED_OK;
	status = copy(j, path, &read, err);
	/* No lock is for what is cached to judge by: it may go at any time. */
	if (status == DEED_NOT_FOUND) {
		is_gone(j, path);
		status = DEED_OK;
	}
	return status;
}

/* The catalogue, while no writer of SQLite changes it. */
static enum deed_status copy_catalogue(struct job *j, struct deed_error *err)
{
	struct catalogue_hold *hold = NULL;
	struct deed_error why = DEED_ERROR_INIT;
	struct stat st;
	enum deed_status status;

	status = catalogue_hold(j->home->archive, &hold, &why);
	if (status == DEED_DAMAGED) {
		log_say(LOG_WARNING,
			"%s; it is left out, and made anew from the places",
			why.message);
		return DEED_OK;
	}
	if (status == DEED_OK)
		status = copy(j, CATALOGUE, &st, &why);
	catalogue_release(hold);
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

/* Under the locks.  What the walk has passed is gone, and so is what is left
 * of the first round at its end.  The catalogue comes last, for it has a lock
 * of its own. */
static enum deed_status held(struct job *j, struct event_hold *hold,
			     struct deed_error *err)
{
	struct slice note = event_held_note(hold);
	enum deed_status status;

	j->in->checkpoint = *event_held_checkpoint(hold);
	j->index.checkpoint = strndup((const char *)note.data, note.len);
	if (j->index.checkpoint == NULL)
		return deed_error_memory(err);
	status = backup_walk(j->home->root, second, j, err);
	while (status == DEED_OK && j->at < j->seen.count)
		is_gone(j, j->seen.item[j->at++].path);
	if (status == DEED_OK)
		status = buf_status(&j->gone, err);
	return status == DEED_OK ? copy_catalogue(j, err) : status;
}

/* The .lock of a folder, as the commands that write there take it. */
static enum deed_status take(const char *folder, unsigned wait,
			     struct lock **out, struct deed_error *err)
{
	char *path = path_join(folder, ".lock");
	enum deed_status status;

	*out = NULL;
	if (path == NULL)
		return deed_error_memory(err);
	status = lock_acquire(path, wait, out, err);
	free(path);
	return status;
}

/* The locks in the order in which commands that take several take them. */
static enum deed_status second_round(struct job *j, struct deed_error *err)
{
	struct lock *parties = NULL, *keys = NULL;
	struct event_home *log = NULL;
	struct event_hold *hold = NULL;
	enum deed_status status;

	status = home_events_open(j->home, j->in->wait, &log, err);
	if (status == DEED_OK)
		status = take(j->home->parties, j->in->wait, &parties, err);
	if (status == DEED_OK)
		status = take(j->home->keystore, j->in->wait, &keys, err);
	if (status == DEED_OK)
		status = event_hold(log, j->in->now, &hold, err);
	if (status == DEED_OK)
		status = held(j, hold, err);
	event_release(hold);
	lock_release(keys);
	lock_release(parties);
	home_events_close(log);
	return status;
}

/* The configuration is no part of the home and under no lock; a file that is
 * not there has nothing to be kept. */
static enum deed_status copy_extras(struct job *j, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct stat st;
	size_t i;

	for (i = 0; i < j->in->extras && status == DEED_OK; i++) {
		char *name = path_join(BACKUP_CONFIG, j->in->extra[i].name);

		if (name == NULL)
			return deed_error_memory(err);
		if (file_exists(j->in->extra[i].path))
			status = backup_write_file(&j->w, j->in->extra[i].path,
						   name, &st, err);
		free(name);
	}
	return status;
}

/* The list of what is gone is the last file: whoever restores has everything
 * else before it.  A dry run makes the first round alone, which takes no lock.
 */
static enum deed_status write_home(struct job *j, struct deed_error *err)
{
	enum deed_status status = backup_walk(j->home->root, first, j, err);

	if (status == DEED_OK && !j->in->dry_run)
		status = second_round(j, err);
	if (status == DEED_OK)
		status = copy_extras(j, err);
	if (status == DEED_OK && j->gone.len > 0)
		status = backup_write_bytes(&j->w, BACKUP_GONE,
					    buf_get(&j->gone), err);
	return status == DEED_OK ? backup_write_end(&j->w, err) : status;
}

/* ---- what stands around it ---- */

static const char readme[] =
	"This is a backup of an office's home that the program deed made.\n"
	"The pieces NNNN.cms are a tar, cut and encrypted for one certificate\n"
	"(CMS AuthEnvelopedData, AES-256-GCM).  \"deed restore\" brings the\n"
	"home back and checks it.  Without deed, with the certificate in\n"
	"backup.pem and its private key in backup.key, in an empty folder:\n"
	"\n"
	"  umask 077\n"
	"  tar -xf BACKUP\n"
	"  openssl cms -verify -binary -inform DER -in index.cms -noverify\n"
	"  mkdir home\n"
	"  for piece in [0-9]*.cms; do\n"
	"    openssl cms -decrypt -binary -inform DER -in $piece \\\n"
	"      -recip backup.pem -inkey backup.key || break\n"
	"  done | tar -xpf - -C home\n"
	"\n"
	"The second command shows the index, with the SHA-256 of each piece.\n"
	"Where there is a file home/backup.gone, the files that it lists are "
	"no\n"
	"part of the home.  Before anything is written to such a home its log\n"
	"is to be compared with a checkpoint that somebody kept:\n"
	"\n"
	"  deed audit verify --against CHECKPOINT\n";

/* The unattended key, so that a nightly backup needs no passphrase.  The
 * passphrases of the other keys are not in the backup. */
static enum deed_status open_service(struct job *j, struct deed_error *err)
{
	struct keystore *ks = NULL;
	struct buf text = BUF_INIT;
	char *path = NULL;
	enum deed_status status;

	status = keystore_open(j->home->keystore, &ks, err);
	if (status == DEED_OK)
		status = keystore_manifest_key(ks, &j->key, err);
	if (status == DEED_OK)
		status = keystore_manifest_chain_path(ks, &path, err);
	if (status == DEED_OK)
		status = file_read(path, CERT_MAX_SIZE, &text, err);
	if (status == DEED_OK)
		status = cert_list_load(&j->chain, buf_get(&text), path, err);
	free(path);
	buf_clear(&text);
	keystore_close(ks);
	return status;
}

/* Who can open it is a certificate outside of the home, or else the backup
 * would be lost with the home. */
static enum deed_status open_recipient(struct job *j, struct deed_error *err)
{
	const struct cert_fields *f;
	struct slice ski;
	char *path = NULL;
	enum deed_status status = DEED_OK;

	if (j->in->to != NULL) {
		j->to = cert_ref(j->in->to);
	} else {
		status = backup_certificate_path(j->home, &path, err);
		if (status == DEED_OK && !file_exists(path)) {
			status = deed_error_set(err, DEED_USAGE,
						"nobody is named who can open "
						"the backup");
			deed_error_remedy(err, "backup-to", NULL);
		}
		if (status == DEED_OK)
			status = backup_certificate(j->home, path, j->in->now,
						    &j->to, err);
		free(path);
	}
	if (status != DEED_OK)
		return status;
	f = cert_fields(j->to);
	ski = f->subject_key_id;
	if (ski.len == 0 && spki_key_id(f->spki, j->ski))
		ski = slice_of(j->ski, KEY_ID_SIZE);
	memcpy(j->in->recipient, cert_sha256(j->to), SHA256_SIZE);
	memcpy(j->index.to, cert_sha256(j->to), SHA256_SIZE);
	return envelope_to_spki(ski, f->spki, &j->recipient, err);
}

/* Last, as it names the pieces; a backup that is cut off has none, and is seen
 * to be no backup. */
static enum deed_status write_index(struct job *j, struct deed_error *err)
{
	struct buf der = BUF_INIT;
	json_t *json = NULL;
	enum deed_status status = backup_index_json(&j->index, &json, err);

	if (status == DEED_OK)
		status = statement_sign(
			json, j->key,
			(const struct cert *const *)j->chain.items,
			j->chain.count, j->in->now, &der, err);
	if (status == DEED_OK)
		status = backup_write_member(&j->w, BACKUP_INDEX, buf_get(&der),
					     err);
	json_decref(json);
	buf_clear(&der);
	return status;
}

/* In the home it would be a part of the next backup, and lost with it. */
static enum deed_status check_place(const struct job *j, struct deed_error *err)
{
	char *dir = path_dir(j->in->output);
	char *real = dir == NULL ? NULL : realpath(dir, NULL);
	char *root = realpath(j->home->root, NULL);
	enum deed_status status = DEED_OK;
	size_t len = root == NULL ? 0 : strlen(root);

	/* What does not exist is told when the file is made. */
	if (real != NULL && root != NULL && !strncmp(real, root, len) &&
	    (real[len] == '\0' || real[len] == '/'))
		status = deed_error_set(err, DEED_REFUSED,
					"'%s' is in the home: choose a place "
					"that is not lost with it",
					j->in->output);
	free(root);
	free(real);
	free(dir);
	return status;
}

/* One stream, encrypted as it is written: the disk never holds the home in the
 * clear, nor twice. */
static enum deed_status write_all(struct job *j, struct deed_error *err)
{
	struct backup *in = j->in;
	struct outfile *out = NULL;
	enum deed_status status = DEED_OK;

	if (!in->dry_run)
		status = outfile_open(&out, in->output, 0600, err);
	j->w = (struct backup_writer){
		.to = &j->recipient,
		.index = &j->index,
		.out = out,
		.now = in->now,
		.progress = in->progress,
		.progress_arg = in->progress_arg,
	};
	if (status == DEED_OK)
		status = backup_writer_open(&j->w, err);
	if (status == DEED_OK)
		status = backup_write_member(&j->w, BACKUP_README,
					     slice_str(readme), err);
	if (status == DEED_OK)
		status = write_home(j, err);
	if (status == DEED_OK && !in->dry_run)
		status = write_index(j, err);
	if (status == DEED_OK)
		status = backup_write_close(&j->w, err);
	if (status == DEED_OK && out != NULL)
		status = outfile_commit(
			out, in->replace ? OUTFILE_REPLACE : OUTFILE_NEW, err);
	backup_writer_close(&j->w);
	outfile_free(out);
	return status;
}

/* An output that exists is told before the copying, which takes long;
 * OUTFILE_NEW refuses one that comes meanwhile. */
enum deed_status backup_home(const struct home *h, struct backup *b,
			     struct deed_error *err)
{
	struct job j = {
		.home = h,
		.in = b,
		.chain = CERT_LIST_INIT,
		.index = { .time = b->now },
		.seen = BACKUP_LIST_INIT,
		.gone = BUF_INIT,
	};
	enum deed_status status;

	status = check_place(&j, err);
	if (status == DEED_OK && !b->replace && file_exists(b->output)) {
		status = deed_error_set(err, DEED_EXISTS, "'%s' exists",
					b->output);
		deed_error_remedy(err, "overwrite", NULL);
	}
	if (status == DEED_OK)
		status = open_recipient(&j, err);
	if (status == DEED_OK)
		status = open_service(&j, err);
	if (status == DEED_OK)
		status = write_all(&j, err);
	b->files = j.index.files;
	b->size = j.index.size;
	b->pieces = j.index.pieces;
	cert_free(j.to);
	signing_key_free(j.key);
	cert_list_clear(&j.chain);
	backup_index_clear(&j.index);
	backup_list_clear(&j.seen);
	buf_clear(&j.gone);
	return status;
}
