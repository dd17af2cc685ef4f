/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_OPTION_VALUE_H
#define DEED_CMD_FRAME_OPTION_VALUE_H

#include "base/error.h"
#include "cmd/frame/option.h"

/* From the text of an option to its value; option_parse's other half. */

/* Room for the value of any option, to try one out. */
union option_value {
	bool flag;
	unsigned count;
	const char *text;
	struct option_list list;
	long number;
	int choice;
	struct option_time time;
	struct option_length length;
	struct option_point point;
};

/*
 * Read text as o's type into *member.  DEED_USAGE, with a message that names
 * the text and what was expected, but not the option: the caller knows
 * whether it came from the command line, the environment or a file.
 */
enum deed_status option_value_set(const struct option *o, void *member,
				  const char *text,
				  struct deed_error *err) DEED_MUST_USE;

#endif
