/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_REPORT_WORD_H
#define DEED_REPORT_WORD_H

#include "base/buf.h"

/* Append a file's name as a shell reads it, in quotes where it needs them and
 * never like an option.  Control characters become spaces: what is printed
 * is for a terminal first. */
void report_word(const char *text, struct buf *out);

#endif
