/* SPDX-License-Identifier: Apache-2.0 */
#include "office/life/restore.h"

#include <stdlib.h>

#include "office/life/restore_priv.h"
#include "office/life/restore_tree.h"

enum deed_status restore_check(const char *home, struct deed_error *err)
{
	return restore_tree_check(home, err);
}

void restore_clear(struct restore *r)
{
	free(r->lost);
	free(r->risk);
	audit_report_clear(&r->report);
	r->lost = NULL;
	r->risk = NULL;
	r->lost_count = r->risks = 0;
}

/* In this order: is it a home, is the index its own word, is its log sound and
 * the one that was kept, and only then what may have been revoked.  The
 * folders that a backup passes over, being empty, are made. */
static enum deed_status check_home(const char *path,
				   const struct backup_reader *b,
				   struct restore *r, struct deed_error *err)
{
	struct home *h = NULL;
	enum deed_status status = home_open(path, &h, err);

	if (status == DEED_NOT_FOUND)
		status = deed_error_set(err, DEED_MALFORMED,
					"what '%s' holds is no home", b->name);
	if (status == DEED_OK)
		status = home_make_folders(h, err);
	if (status == DEED_OK)
		status = restore_check_index(h, b, err);
	if (status == DEED_OK)
		status = restore_check_log(h, b, r, err);
	if (status == DEED_OK)
		status = restore_check_revoked(h, r, err);
	home_close(h);
	return status;
}

/* Everything is checked under the temporary name: a home that does not agree
 * with what was kept never gets its place. */
static enum deed_status unpack(struct backup_reader *b, struct restore *r,
			       struct deed_error *err)
{
	struct restore_tree tree = { .fd = -1 };
	enum deed_status status;

	status = restore_tree_open(&tree, r->home, err);
	if (status == DEED_OK)
		status = restore_tree_fill(&tree, b, r->progress,
					   r->progress_arg, &r->files, err);
	if (status == DEED_OK)
		status = check_home(tree.path, b, r, err);
	if (status == DEED_OK)
		status = restore_tree_commit(&tree, err);
	restore_tree_close(&tree);
	return status;
}

/* What the index alone can tell is compared before anything is unpacked, which
 * takes long for a large home. */
enum deed_status restore_home(struct restore *r, struct deed_error *err)
{
	struct backup_reader b;
	enum deed_status status = restore_tree_check(r->home, err);

	if (status != DEED_OK)
		return status;
	status = backup_reader_open(&b, r->file, r->key, err);
	r->time = b.index.time;
	r->pieces = b.index.pieces;
	if (status == DEED_OK)
		status = restore_peek_log(&b, r, err);
	if (status == DEED_OK && r->dry_run)
		status = restore_tree_fill(NULL, &b, r->progress,
					   r->progress_arg, &r->files, err);
	else if (status == DEED_OK)
		status = unpack(&b, r, err);
	backup_reader_close(&b);
	return status;
}
