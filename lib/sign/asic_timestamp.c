/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/asic_timestamp.h"

#include "asic/names.h"

/* 4.3.3.1: in the root of the container. */
static enum deed_status add_object(const struct asic_file *file,
				   struct zip_writer *zip,
				   uint8_t out[SHA256_SIZE],
				   struct deed_error *err)
{
	if (!asic_name_is_object(file->name) || strchr(file->name, '/') != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "'%s' cannot be the name of the file in "
				      "a container",
				      file->name);
	return asic_add_object(file, zip, out, err);
}

enum deed_status asic_timestamp(const struct asic_file *file,
				const struct augment_params *params,
				const struct zip_sink *sink,
				struct deed_error *err)
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
		status = params->ask(params->ask_arg, DIGEST_SHA256,
				     slice_of(hash, sizeof(hash)), &token, err);
	if (status == DEED_OK)
		status = zip_add(zip, ASIC_TIMESTAMP, buf_get(&token), err);
	if (status == DEED_OK)
		status = zip_finish(zip, err);
	zip_writer_free(zip);
	buf_clear(&token);
	return status;
}
