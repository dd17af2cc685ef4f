/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

/* The table of deed itself. */

#define COMMAND(id)

#define JUDGING(id) extern const struct command command_##id;
#include "cmd/frame/commands.def"
#undef JUDGING

const struct command *const commands[] = {
#define JUDGING(id) &command_##id,
#include "cmd/frame/commands.def"
#undef JUDGING
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);
