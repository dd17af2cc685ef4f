/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/asic_stamp.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asic/names.h"

#define WINDOW 65536

static enum deed_status copy(const struct asic_file *file,
			     struct zip_writer *zip, struct digest *digest,
			     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	uint8_t window[WINDOW];
	ssize_t got = 1;

	while (status == DEED_OK && got > 0) {
		got = read(file->fd, window, sizeof(window));
		if (got < 0 && errno == EINTR) {
			got = 1;
			continue;
		}
		if (got < 0)
			return deed_error_errno(err, errno, "cannot read '%s'",
						file->path);
		digest_update(digest, window, (size_t)got);
		status = zip_content(zip, slice_of(window, (size_t)got), err);
	}
	return status;
}

/* 4.3.3.1: in the root of the container. */
static enum deed_status add_object(const struct asic_file *file,
				   struct zip_writer *zip,
				   uint8_t out[SHA256_SIZE],
				   struct deed_error *err)
{
	struct digest *digest = NULL;
	enum deed_status status;
	struct stat st;

	if (!asic_name_is_object(file->name) || strchr(file->name, '/') != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "'%s' cannot be the name of the file in "
				      "a container",
				      file->name);
	if (fstat(file->fd, &st) != 0)
		return deed_error_errno(err, errno, "cannot read '%s'",
					file->path);
	status = digest_new(DIGEST_SHA256, &digest, err);
	if (status == DEED_OK)
		status = zip_begin(
			zip, file->name,
			S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0, err);
	if (status == DEED_OK)
		status = copy(file, zip, digest, err);
	if (status == DEED_OK)
		status = zip_end(zip, err);
	if (status == DEED_OK)
		digest_final(digest, out);
	digest_free(digest);
	return status;
}

enum deed_status asic_stamp(const struct asic_file *file,
			    const struct augment_params *params,
			    const struct zip_sink *sink, struct deed_error *err)
{
	struct zip_writer *zip = NULL;
	struct buf token = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;

	status = zip_writer_new(&zip, sink, params->now, err);
	if (status == DEED_OK)
		status = zip_add(zip, ASIC_MIMETYPE,
				 slice_str(ASIC_S_MEDIA_TYPE), err);
	if (status == DEED_OK)
		status = add_object(file, zip, hash, err);
	if (status == DEED_OK)
		status = params->stamp(params->stamp_arg, DIGEST_SHA256,
				       slice_of(hash, sizeof(hash)), &token,
				       err);
	if (status == DEED_OK)
		status = zip_add(zip, ASIC_TIMESTAMP, buf_get(&token), err);
	if (status == DEED_OK)
		status = zip_finish(zip, err);
	zip_writer_free(zip);
	buf_clear(&token);
	return status;
}
