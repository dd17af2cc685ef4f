/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_PARTY_PARTY_H
#define DEED_CMD_PARTY_PARTY_H

#include <jansson.h>

#include "office/party.h"

/* What the party commands share: one party as --json shows it.  NULL
 * without memory. */
json_t *party_json(const struct party_info *info);

#endif
