/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/digest.h"

enum deed_status digest_fd(enum digest_alg alg, int fd, const char *name,
			   uint8_t *out, struct deed_error *err)
{
	uint8_t *window = malloc(FILE_WINDOW);
	struct digest *digest = NULL;
	enum deed_status status;
	ssize_t got = 1;
	off_t at = 0;

	status = window == NULL ? deed_error_memory(err)
				: digest_new(alg, &digest, err);
	while (status == DEED_OK && got != 0) {
		got = pread(fd, window, FILE_WINDOW, at);
		if (got < 0 && errno != EINTR)
			status = deed_error_errno(err, errno,
						  "cannot read '%s'", name);
		if (got > 0) {
			digest_update(digest, window, (size_t)got);
			at += got;
		}
	}
	if (status == DEED_OK)
		digest_final(digest, out);
	digest_free(digest);
	free(window);
	return status;
}
