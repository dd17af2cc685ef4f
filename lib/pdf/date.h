/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_DATE_H
#define DEED_PDF_DATE_H

#include "base/clock.h"
#include "base/slice.h"

/*
 * A date string (ISO 32000-2 7.9.4): D:YYYYMMDDHHmmSSOHH'mm, everything after
 * the year optional.  Without a zone it counts as UTC.  False if it is none.
 */
bool pdf_date_parse(struct slice text, int64_t *out);

#endif
