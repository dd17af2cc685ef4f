/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/inputs.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

struct state {
	uint64_t read;
	int fd;
};

struct inputs {
	const struct archive_input *input;
	struct state *state;
	size_t count;
	pthread_mutex_t mutex; /* over the states */
};

enum deed_status inputs_new(const struct archive_input *input, size_t count,
			    struct inputs **out, struct deed_error *err)
{
	struct inputs *in = calloc(1, sizeof(*in));
	size_t i;

	*out = NULL;
	if (in == NULL)
		return deed_error_memory(err);
	(void)pthread_mutex_init(&in->mutex, NULL);
	in->input = input;
	in->state = calloc(count + 1, sizeof(*in->state));
	if (in->state == NULL) {
		inputs_free(in);
		return deed_error_memory(err);
	}
	in->count = count;
	for (i = 0; i < count; i++)
		in->state[i].fd = -1;
	*out = in;
	return DEED_OK;
}

void inputs_free(struct inputs *in)
{
	size_t i;

	if (in == NULL)
		return;
	for (i = 0; i < in->count; i++)
		if (in->state[i].fd >= 0)
			(void)close(in->state[i].fd);
	(void)pthread_mutex_destroy(&in->mutex);
	free(in->state);
	free(in);
}

/* By inode, length and time of the last writing: who writes to a file while it
 * is deposited changes one of them, unless he means not to. */
static bool is_same(const struct stat *now, const struct archive_found *found)
{
	return now->st_dev == found->device && now->st_ino == found->inode &&
	       (uint64_t)now->st_size == found->size &&
	       now->st_mtim.tv_sec == found->mtime.tv_sec &&
	       now->st_mtim.tv_nsec == found->mtime.tv_nsec;
}

/* The file is another than the one that was found, or was written meanwhile:
 * its bytes would be a mixture that nobody has ever seen or signed. */
static enum deed_status changed(const struct archive_input *input,
				struct deed_error *err)
{
	return deed_error_set(err, DEED_IO, "'%s' changed while it was read",
			      input->found->path);
}

/* Compared with what was found when the deposit was planned, before the first
 * byte is read: what is under the path now may be another file. */
static enum deed_status open_input(const struct archive_input *input,
				   struct state *s, struct deed_error *err)
{
	enum deed_status status;
	struct stat now;

	status = file_open_regular_stat(input->found->path, &s->fd, &now, err);
	if (status == DEED_OK && !is_same(&now, input->found))
		status = changed(input, err);
	return status;
}

enum deed_status inputs_take(struct inputs *in, size_t i, int *fd,
			     struct deed_error *err)
{
	const struct archive_input *input = &in->input[i];
	struct state *s = &in->state[i];
	enum deed_status status = DEED_OK;

	if (input->found == NULL) {
		*fd = input->fd;
		return DEED_OK;
	}
	(void)pthread_mutex_lock(&in->mutex);
	if (s->fd < 0)
		status = open_input(input, s, err);
	*fd = s->fd;
	(void)pthread_mutex_unlock(&in->mutex);
	return status;
}

enum deed_status inputs_give(struct inputs *in, size_t i, uint64_t len,
			     struct deed_error *err)
{
	const struct archive_input *input = &in->input[i];
	struct state *s = &in->state[i];
	enum deed_status status = DEED_OK;
	struct stat now;

	if (input->found == NULL)
		return DEED_OK;
	(void)pthread_mutex_lock(&in->mutex);
	s->read += len;
	if (s->read == input->size) {
		if (fstat(s->fd, &now) != 0 || !is_same(&now, input->found))
			status = changed(input, err);
		(void)close(s->fd);
		s->fd = -1;
	}
	(void)pthread_mutex_unlock(&in->mutex);
	return status;
}
