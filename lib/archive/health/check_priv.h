/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_CHECK_PRIV_H
#define DEED_ARCHIVE_HEALTH_CHECK_PRIV_H

#include "archive/health/survey.h"

/* The states in the report, after a survey. */
void check_conclude(struct survey *s);

#endif
