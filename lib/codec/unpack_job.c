/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/unpack_job.h"

#include "base/frame.h"

enum deed_status unpack_job_start(enum unpack_job job, struct slice body,
				  struct process **out, struct deed_error *err)
{
	enum deed_status status;

	*out = NULL;
	status = process_start_helper("deed-unpack", out, err);
	if (status == DEED_OK)
		status = frame_write(process_input(*out), (uint32_t)job, body,
				     err);
	if (status != DEED_OK) {
		process_free(*out);
		*out = NULL;
	}
	return status;
}
