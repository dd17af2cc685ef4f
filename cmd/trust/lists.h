/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_TRUST_LISTS_H
#define DEED_CMD_TRUST_LISTS_H

#include "cmd/frame/option.h"
#include "cmd/frame/session.h"
#include "trust/held_list.h"
#include "trust/list_source.h"

/* What the commands for trust lists have in common. */

extern const char *const lists_kinds[]; /* enum trust_list_kind less one */

/* All certificates of these files. */
enum deed_status lists_certificates(const struct option_list *files,
				    struct cert_list *out,
				    struct deed_error *err) DEED_MUST_USE;

/* A statement from a file or an http or https URL. */
enum deed_status lists_fetch(struct session *s, const char *from,
			     struct buf *out,
			     struct deed_error *err) DEED_MUST_USE;

/* The list as fields of an object; NULL without memory. */
json_t *lists_json(const struct trust_list *l);
json_t *lists_held_json(const struct held_list *h);

/* "cn-esl 7 of CN (48 operators, 48 services), until TIME" */
void lists_text(const struct trust_list *l, struct buf *out);

#endif
