/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "asic/names.h"
#include "asic/zip_read.h"

static enum deed_status count(void *arg, struct slice bytes,
			      struct deed_error *err)
{
	(void)err;
	*(uint64_t *)arg += bytes.len;
	return DEED_OK;
}

/* A container without fault has good names, and gives what it says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("zip", MFD_CLOEXEC);
	struct zip_fault fault;
	struct zip *z = NULL;
	size_t i;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size ||
	    zip_open(fd, "fuzz", &z, &fault, NULL) != DEED_OK)
		abort();
	assert((z == NULL) == fault.found);
	for (i = 0; z != NULL && i < zip_count(z); i++) {
		const struct zip_entry *e = zip_at(z, i);
		struct zip_fault broken = { 0 };
		uint64_t got = 0;

		assert(asic_name_is_good(e->name));
		if (zip_read(z, e, count, &got, &broken, NULL) != DEED_OK)
			abort();
		assert(broken.found || got == e->size);
		assert(got <= e->size);
	}
	zip_close(z);
	(void)close(fd);
	return 0;
}
