/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/core.h"

/* The two top bits are the same for all of these. */
static int by_offset(const void *a, const void *b, void *arg)
{
	const struct pdf_xref_entry *entries = arg;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	uint64_t p = entries[i].value, q = entries[k].value;

	if (p != q)
		return p > q ? 1 : -1;
	return (i > k) - (i < k);
}

/* No two sections stand at one place, but for an /XRefStm that several name:
 * their order does not matter. */
static int by_section(const void *a, const void *b, void *arg)
{
	const struct pdf_section *sections = arg;
	uint64_t p = sections[*(const uint16_t *)a].at;
	uint64_t q = sections[*(const uint16_t *)b].at;

	return (p > q) - (p < q);
}

/* Sections number fewer than 65536 (PDF_MAX_SECTIONS), so that two bytes each
 * are enough. */
static enum deed_status order_sections(struct pdf_core *core,
				       struct deed_error *err)
{
	size_t i;

	core->section_order =
		malloc(core->section_count * sizeof(*core->section_order));
	if (core->section_order == NULL)
		return deed_error_memory(err);
	for (i = 0; i < core->section_count; i++)
		core->section_order[i] = (uint16_t)i;
	qsort_r(core->section_order, core->section_count,
		sizeof(*core->section_order), by_section, core->sections);
	return DEED_OK;
}

/* Made once, when first asked for, and freed with the document: it takes four
 * bytes for each entry. */
enum deed_status pdf_places_make(struct pdf_core *core, struct deed_error *err)
{
	uint32_t *list, count = 0, i;

	if (core->places != NULL)
		return DEED_OK;
	if (core->section_order == NULL && order_sections(core, err) != DEED_OK)
		return DEED_NO_MEMORY;
	list = malloc((core->entry_count + 1) * sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	for (i = 0; i < core->entry_count; i++) {
		if (pdf_entry_where(&core->entries[i]) == PDF_IN_FILE)
			list[count++] = i;
	}
	if (count > 1)
		qsort_r(list, count, sizeof(*list), by_offset, core->entries);
	core->places = list;
	core->place_count = count;
	return DEED_OK;
}

uint64_t pdf_places_offset(const struct pdf_core *core, size_t i)
{
	return pdf_entry_offset(&core->entries[core->places[i]]);
}

size_t pdf_places_upto(const struct pdf_core *core, uint64_t at)
{
	size_t low = 0, high = core->place_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (pdf_places_offset(core, middle) <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct pdf_section *pdf_section_upto(const struct pdf_core *core,
					   uint64_t at)
{
	size_t low = 0, high = core->section_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (core->sections[core->section_order[middle]].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : &core->sections[core->section_order[low - 1]];
}

size_t pdf_revision_at(const struct pdf_core *core, uint64_t at)
{
	size_t i;

	for (i = 0; i + 1 < core->revision_count; i++) {
		if (core->revisions[i].end > at)
			break;
	}
	return i;
}
