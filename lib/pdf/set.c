/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/core.h"

enum deed_status pdf_set_init(struct pdf_set *s, const struct pdf_document *doc,
			      struct deed_error *err)
{
	const struct pdf_core *core = doc->core;

	s->limit = core->entry_count == 0
			   ? 1
			   : core->entries[core->entry_count - 1].num + 1;
	s->bits = calloc(s->limit / 8 + 1, 1);
	return s->bits == NULL ? deed_error_memory(err) : DEED_OK;
}

void pdf_set_clear(struct pdf_set *s)
{
	free(s->bits);
	s->bits = NULL;
}

bool pdf_set_has(const struct pdf_set *s, uint32_t num)
{
	return num < s->limit && (s->bits[num / 8] & 1u << num % 8) != 0;
}

bool pdf_set_add(struct pdf_set *s, uint32_t num)
{
	if (num >= s->limit)
		return true;
	if (pdf_set_has(s, num))
		return false;
	s->bits[num / 8] |= (uint8_t)(1u << num % 8);
	return true;
}
