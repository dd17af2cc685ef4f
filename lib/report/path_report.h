/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_REPORT_PATH_REPORT_H
#define DEED_REPORT_PATH_REPORT_H

#include <jansson.h>

#include "office/document/trust_path.h"

/*
 * Why a certificate is trusted or not: text for people, JSON for programs
 * (deed-json(5), "deed.trust.path/1").  Nothing is judged here; text from
 * certificates is cleaned.
 */

/* Lines, each with its newline. */
void report_path_text(const struct trust_path *t, struct buf *out);

/* The members of the object; a new reference, NULL without memory. */
json_t *report_path_json(const struct trust_path *t);

#endif
