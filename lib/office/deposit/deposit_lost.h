/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_LOST_H
#define DEED_OFFICE_DEPOSIT_LOST_H

#include "archive/catalogue.h"
#include "office/home.h"

/*
 * The deposits that only this party's keys open, by what their manifests
 * say: whoever loses the keys loses them.  One whose manifest cannot be read
 * is not among them.  *out is freed with free().
 */
enum deed_status deposit_only_of(const struct home *h, const char *party,
				 int64_t now, struct catalogue_item **out,
				 size_t *count,
				 struct deed_error *err) DEED_MUST_USE;

#endif
