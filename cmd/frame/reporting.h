/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_REPORTING_H
#define DEED_CMD_FRAME_REPORTING_H

#include "cmd/frame/output.h"

/*
 * --report FORMAT=FILE, any number of them in one run: the object of --json
 * in other formats, each in a file of its own, written when all is judged.
 * "github" alone prints on standard error, where a runner takes it from.
 *
 *	reporting_check(s, &list, err)		before judging
 *	...
 *	reporting_write(s, &list, status, err)	after
 */

/* Are they understood, and may they be written?  Also has the batch keep the
 * objects of its items.  DEED_USAGE, DEED_EXISTS. */
enum deed_status reporting_check(struct session *s,
				 const struct option_list *list,
				 struct deed_error *err) DEED_MUST_USE;

/* Does one of them show pictures of pages? */
bool reporting_shows(const struct option_list *list);

/* Write them; answer is the run's so far, and is what is returned where they
 * are written, or where it is DEED_NO. */
enum deed_status reporting_write(struct session *s,
				 const struct option_list *list,
				 enum deed_status answer,
				 struct deed_error *err) DEED_MUST_USE;

#endif
