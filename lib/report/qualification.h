/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_REPORT_QUALIFICATION_H
#define DEED_REPORT_QUALIFICATION_H

#include <jansson.h>

#include "base/buf.h"
#include "judge/verdict.h"
#include "trust/list_statement.h"

/*
 * What trust lists say of a signer, and by which lists was judged
 * (deed-json(5), "deed.verify/1").  Objects are new references, NULL without
 * memory; text from lists is cleaned.
 */
json_t *report_qualification_json(const struct verdict_qualification *q);
json_t *report_trust_list_json(const struct list_statement *s);

/* One line, without a newline. */
void report_trust_list_text(const struct list_statement *s, struct buf *out);

#endif
