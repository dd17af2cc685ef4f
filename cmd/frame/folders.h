/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_FOLDERS_H
#define DEED_CMD_FRAME_FOLDERS_H

#include "cmd/frame/operands.h"

/*
 * Put in the place of each operand that is a folder the regular files in it
 * and in its folders, by name, those of a folder where it stands.  What is
 * hidden and symbolic links are passed over; a folder that cannot be read
 * stays, and fails as an item.  DEED_LIMIT for more than OPERANDS_MAX.
 */
enum deed_status operands_open_folders(struct operands *o,
				       struct deed_error *err) DEED_MUST_USE;

#endif
