/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/random.h"

#include <errno.h>
#include <sys/random.h>

enum deed_status random_bytes(void *out, size_t len, struct deed_error *err)
{
	uint8_t *p = out;
	ssize_t got;

	while (len > 0) {
		got = getrandom(p, len, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return deed_error_errno(err, errno, "no random bytes");
		p += got;
		len -= (size_t)got;
	}
	return DEED_OK;
}

enum deed_status random_secret(size_t len, struct secret **out,
			       struct deed_error *err)
{
	enum deed_status status = secret_new(len, out, err);

	if (status != DEED_OK)
		return status;
	status = random_bytes(secret_data(*out), len, err);
	if (status == DEED_OK)
		return DEED_OK;
	secret_free(*out);
	*out = NULL;
	return status;
}
