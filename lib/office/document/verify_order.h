/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_VERIFY_ORDER_H
#define DEED_OFFICE_VERIFY_ORDER_H

#include "judge/verdict.h"

/*
 * Were these fields of a PDF signed in this order?  names is "A,B,C"; each
 * must hold a signature or seal that is TOTAL-PASSED, made in a later revision
 * than that of the name before.
 */
bool verify_order_met(const char *names, const struct verdict_document *doc);

/* At least one name, and none empty or twice. */
bool verify_order_valid(const char *names);

#endif
