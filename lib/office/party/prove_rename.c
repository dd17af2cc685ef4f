/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/prove_rename.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "office/keys.h"
#include "office/party/keys_keep.h"
#include "office/party/party.h"

/* Its files are removed after the transaction. */
static enum deed_status leave_old_name(const struct home *h, const char *party,
				       struct event *ev, struct deed_error *err)
{
	char *path = NULL;
	enum deed_status status;

	status = party_signpost_path(h, party, &path, err);
	if (status == DEED_OK)
		status = event_gone(ev, path, err);
	free(path);
	return status;
}

/* For a new handle the old signpost leaves the heads and the new one enters
 * them with the same entry, so that the log knows one party all the time. */
enum deed_status prove_rename_add(const struct home *h,
				  const struct prove_change *in,
				  uint64_t enrolment, struct event *ev,
				  struct deed_error *err)
{
	enum deed_status status = leave_old_name(h, in->party, ev, err);

	if (status == DEED_OK)
		status = party_signpost_put(h, in->new_party, enrolment,
					    OUTFILE_NEW, ev, err);
	/* The old handle's own is removed in the end. */
	if (status == DEED_OK)
		status = status_keep(h, in->party, ev, err);
	return status;
}

/* The status before the signpost: as long as the signpost is there,
 * prove_rename_is_half finds where to go on. */
static enum deed_status remove_old_names(const struct home *h,
					 const char *party,
					 struct deed_error *err)
{
	char *status = NULL, *signpost = NULL;
	enum deed_status s;

	s = home_status_path(h, party, &status, err);
	if (s == DEED_OK)
		s = party_signpost_path(h, party, &signpost, err);
	if (s == DEED_OK)
		s = file_remove(status, err);
	if (s == DEED_OK)
		s = file_remove(signpost, err);
	free(status);
	free(signpost);
	return s;
}

/* Takes the names. */
static enum deed_status move(char *from, char *to, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (from == NULL || to == NULL)
		status = deed_error_memory(err);
	else if (rename(from, to) == 0)
		status = file_sync_parent(to, err);
	else if (errno != ENOENT) /* else the run before came further */
		status = deed_error_errno(
			err, errno, "cannot rename '%s' to '%s'", from, to);
	free(from);
	free(to);
	return status;
}

/* Interrupted after the transaction: both handles are there, one enrolment. */
bool prove_rename_is_half(const struct home *h, const struct prove_change *in)
{
	uint64_t old, new;

	return in->new_party != NULL &&
	       party_signpost(h, in->party, &old, NULL) == DEED_OK &&
	       party_signpost(h, in->new_party, &new, NULL) == DEED_OK &&
	       old == new;
}

/* Each step does nothing where it was done before, so that the same command
 * goes on from wherever a run was killed. */
enum deed_status prove_rename_finish(const struct home *h,
				     const struct prove_change *in,
				     struct deed_error *err)
{
	const char *old = in->party, *new = in->new_party;
	enum deed_status status = DEED_OK;
	char *keys = path_join(h->keystore, old);

	if (keys == NULL)
		return deed_error_memory(err);
	/* Keys of the new handle, while ours are under the old one, are what
	 * an enrolment left that was interrupted. */
	if (file_exists(keys))
		status = keys_put_aside(h, new, err);
	free(keys);
	if (status == DEED_OK)
		status = move(path_join(h->keystore, old),
			      path_join(h->keystore, new), err);
	if (status == DEED_OK)
		status = move(path_join(h->statuses, old),
			      path_join(h->statuses, new), err);
	if (status == DEED_OK)
		status = remove_old_names(h, old, err);
	return status;
}
