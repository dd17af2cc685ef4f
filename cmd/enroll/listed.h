/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_ENROLL_LISTED_H
#define DEED_CMD_ENROLL_LISTED_H

#include "cmd/frame/session.h"
#include "office/party/outside_lists.h"

/* What the home's trust lists say of the CA of a certificate from elsewhere,
 * as a line and as the field "listed"; nothing where none names it. */
void listed_show(struct session *s, const struct outside_listed *listed);

/* Warn of the lists that do not count; lists may be NULL. */
void listed_warn(struct session *s, const struct outside_lists *lists);

#endif
