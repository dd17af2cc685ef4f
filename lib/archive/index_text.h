/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_INDEX_TEXT_H
#define DEED_ARCHIVE_INDEX_TEXT_H

#include "archive/index.h"

/* The form of the text, as index.c writes and index_read.c reads it. */
#define INDEX_HEAD "{\"files\":["
#define INDEX_MIDDLE "],\"salt\":\""
#define INDEX_TAIL "\",\"schema\":\"deed.index/1\"}\n"

/* 32 bytes from 64 digits in lower case; false where it is none of that. */
bool index_text_hash(struct slice digits, uint8_t out[32]);

#endif
