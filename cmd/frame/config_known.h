/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_CONFIG_KNOWN_H
#define DEED_CMD_FRAME_CONFIG_KNOWN_H

#include "cmd/frame/session.h"

/*
 * Warn of every key of the configuration that no option has, with the nearest
 * that one has: a mistyped key would be as if it were not there.  Of a
 * command that this program has not, only the name is looked at.
 */
void config_warn_unknown(struct session *s);

#endif
