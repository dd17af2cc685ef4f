/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "asic/zip_wire.h"
#include "sign/pades_draft.h"
#include "sign/pades_elsewhere.h"
#include "sign/pades_field.h"

/* The size of the document that the answers are about. */
#define SIZE 30000

static void read_survey(struct slice in)
{
	struct buf again = BUF_INIT;
	struct pdf_survey s;
	size_t i;

	if (pdf_survey_read(in, &s, NULL) == DEED_OK) {
		for (i = 0; i < s.signature_count; i++)
			assert(s.signatures[i].revision < s.revisions);
		pdf_survey_write(&s, &again);
		assert(slice_equal(buf_get(&again), in));
	}
	pdf_survey_clear(&s);
	buf_clear(&again);
}

static void read_directory(struct slice in)
{
	int fd = memfd_create("zip", MFD_CLOEXEC);
	struct zip_fault fault;
	struct zip *z;
	size_t i;

	if (fd < 0 || ftruncate(fd, SIZE) != 0)
		abort();
	if (zip_directory_read(in, fd, "fuzz", &z, &fault, NULL) == DEED_OK)
		assert((z == NULL) == fault.found);
	for (i = 0; z != NULL && i < zip_count(z); i++)
		assert(zip_at(z, i)->data + zip_at(z, i)->packed <= SIZE);
	zip_close(z);
	(void)close(fd);
}

static void read_draft(struct slice in, bool store)
{
	struct buf again = BUF_INIT;
	struct pades_draft d;

	if (pades_draft_read(in, SIZE, store, &d, NULL) == DEED_OK) {
		assert(store || (d.second <= d.tail.len &&
				 d.byte_range[1] == SIZE + d.first));
		pades_draft_write(&d, &again);
	}
	pades_draft_clear(&d);
	buf_clear(&again);
}

static void read_order(struct slice in)
{
	struct buf again = BUF_INIT;
	struct pades_order_read o;

	if (pades_order_read(in, &o, NULL) == DEED_OK) {
		assert(o.order.slot <= PADES_SLOT_MAX);
		pades_order_write(&o.order, &again);
	}
	pades_order_clear(&o);
	buf_clear(&again);
}

static void read_fields(struct slice in)
{
	struct buf again = BUF_INIT;
	struct pades_fields f;

	if (pades_fields_read(in, &f, NULL) == DEED_OK) {
		pades_fields_write(&f, &again);
		assert(slice_equal(buf_get(&again), in));
	}
	pades_fields_clear(&f);
	buf_clear(&again);
}

static void read_spec(struct slice in)
{
	struct pades_field_spec spec;
	size_t i;

	if (pades_field_spec_read(in, &spec, NULL) == DEED_OK) {
		assert(spec.name != NULL);
		for (i = 0; i < spec.lock_count; i++)
			assert(spec.locks[i] != NULL);
	}
	pades_field_spec_clear(&spec);
}

static void read_place(struct slice in)
{
	struct pades_open place;

	if (pades_open_read(in, &place, NULL) == DEED_OK)
		assert(place.field != NULL);
	free(place.field);
}

/* What deed-parse and deed say to each other, neither believing the other:
 * the first byte tells which message. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in;

	if (size == 0)
		return 0;
	in = slice_of(data + 1, size - 1);
	switch (data[0]) {
	case 's':
		read_survey(in);
		break;
	case 'z':
		read_directory(in);
		break;
	case 'd':
	case 'v':
		read_draft(in, data[0] == 'v');
		break;
	case 'o':
		read_order(in);
		break;
	case 'f':
		read_fields(in);
		break;
	case 'n':
		read_spec(in);
		break;
	case 'p':
		read_place(in);
		break;
	default:
		break;
	}
	return 0;
}
