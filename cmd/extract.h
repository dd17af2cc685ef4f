/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_EXTRACT_H
#define DEED_CMD_EXTRACT_H

#include "cmd/frame/batch.h"
#include "judge/judge.h"

/*
 * verify --extract FILE: what the signatures of one CMS were judged over, as
 * it was judged, goes to FILE, but only where every signature is intact.
 * Where it is not, or nothing is there, the verdict says so; a verdict that
 * would be a pass is then DEED_NOT_FOUND.
 */

/* Before anything is judged.  DEED_USAGE, DEED_EXISTS. */
enum deed_status extract_check(const struct session *s, const char *path,
			       struct deed_error *err) DEED_MUST_USE;

/* After the verdict: a line of item's text and its "extracted". */
enum deed_status extract_write(const char *path, struct batch_item *item,
			       const struct verdict_document *doc,
			       const struct judge_content *content,
			       struct deed_error *err) DEED_MUST_USE;

#endif
