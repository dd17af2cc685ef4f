/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

/* The table of deed-office, and of whoever brings none of its own. */

#define JUDGING(id) COMMAND(id)

#define COMMAND(id) extern const struct command command_##id;
#include "cmd/frame/commands.def"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(id) &command_##id,
#include "cmd/frame/commands.def"
#undef COMMAND
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);
