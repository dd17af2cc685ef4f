/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/digest.h"
#include "event/event_priv.h"

/* What there is by a name.  A failure to read says nothing of the content. */
enum content {
	CONTENT_SAME,	/* a regular file of these bytes */
	CONTENT_OTHER,	/* anything else */
	CONTENT_NONE,	/* nothing */
	CONTENT_DENIED, /* what this user may not read */
	CONTENT_UNREAD,
};

static enum content content_failed(const char *path, int errnum,
				   struct deed_error *err)
{
	(void)deed_error_errno(err, errnum, "cannot read '%s'", path);
	if (errnum == ENOENT || errnum == ENOTDIR)
		return CONTENT_NONE;
	if (errnum == ELOOP || errnum == ENXIO)
		return CONTENT_OTHER;
	return errnum == EACCES ? CONTENT_DENIED : CONTENT_UNREAD;
}

static enum content content_of(const char *path, const uint8_t hash[32],
			       struct deed_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum deed_status status;
	uint8_t seen[32];
	struct stat st;

	if (fd < 0)
		return content_failed(path, errno, err);
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		(void)close(fd);
		return CONTENT_OTHER;
	}
	status = digest_fd(DIGEST_SHA256, fd, path, seen, err);
	(void)close(fd);
	if (status != DEED_OK)
		return CONTENT_UNREAD;
	return memcmp(seen, hash, sizeof(seen)) == 0 ? CONTENT_SAME
						     : CONTENT_OTHER;
}

/* What content_of could not read is open until the next run. */
static enum deed_status leave_open(struct event_out *o,
				   const struct deed_error *why)
{
	o->open = true;
	o->why = *why;
	return why->status;
}

/* The temporary is gone: was it renamed, by whomever? */
static enum deed_status rename_gone(struct event_out *o)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum content content = content_of(o->target, o->sha256, &why);

	if (content == CONTENT_SAME)
		return DEED_OK;
	if (content == CONTENT_DENIED || content == CONTENT_UNREAD)
		return leave_open(o, &why);
	return deed_error_set(&o->why, DEED_NOT_FOUND,
			      "the output '%s' is gone", o->target);
}

/* Something has the name: is it the output, linked and not yet unlinked?  What
 * may not be read is another's. */
static enum deed_status rename_taken(struct event_out *o)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum content content = content_of(o->target, o->sha256, &why);

	if (content == CONTENT_SAME)
		return file_remove(o->temporary, &o->why);
	return content == CONTENT_UNREAD ? leave_open(o, &why) : DEED_EXISTS;
}

/* A target that has the content is done, whoever did it. */
enum deed_status event_rename_out(struct event_out *o)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum content content = CONTENT_SAME;
	enum deed_status status;

	/* Our own was hashed when it was handed over. */
	if (o->file == NULL)
		content = content_of(o->temporary, o->sha256, &why);
	if (content == CONTENT_NONE)
		return rename_gone(o);
	if (content == CONTENT_OTHER)
		return deed_error_set(&o->why, DEED_DAMAGED,
				      "what was to become '%s' has changed",
				      o->target);
	if (content != CONTENT_SAME)
		return leave_open(o, &why);
	status =
		file_rename_unsynced(o->temporary, o->target, o->mode, &o->why);
	if (status == DEED_EXISTS)
		return rename_taken(o);
	return status == DEED_OK || file_exists(o->temporary) ? status
							      : rename_gone(o);
}
