/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ASIC_ZIP_FORMAT_H
#define DEED_ASIC_ZIP_FORMAT_H

#include <stdint.h>

/*
 * The records of a ZIP file (PKWARE APPNOTE 6.3.3, sections 4.3.7 to 4.3.16)
 * and little-endian numbers.  Shared by the reader and the writer.
 */
#define ZIP_LOCAL 0x04034b50u
#define ZIP_DESCRIPTOR 0x08074b50u
#define ZIP_CENTRAL 0x02014b50u
#define ZIP_END64 0x06064b50u
#define ZIP_LOCATOR64 0x07064b50u
#define ZIP_END 0x06054b50u

#define ZIP_LOCAL_SIZE 30
#define ZIP_CENTRAL_SIZE 46
#define ZIP_END64_SIZE 56
#define ZIP_LOCATOR64_SIZE 20
#define ZIP_END_SIZE 22

#define ZIP_FLAG_ENCRYPTED 0x0001u
#define ZIP_FLAG_LEVEL 0x0006u /* how hard deflate tried: of no effect */
#define ZIP_FLAG_DESCRIPTOR 0x0008u
#define ZIP_FLAG_PATCHED 0x0020u
#define ZIP_FLAG_STRONG 0x0040u
#define ZIP_FLAG_UTF8 0x0800u
#define ZIP_FLAG_MASKED 0x2000u

#define ZIP_EXTRA_64 0x0001u
#define ZIP_EXTRA_PKWARE_UNIX 0x000du
#define ZIP_EXTRA_UNICODE_PATH 0x7075u
#define ZIP_EXTRA_ASI_UNIX 0x756eu

/* External attributes: of MS-DOS and Windows below, of Unix in the upper half,
 * whichever system the entry says it comes from. */
#define ZIP_DOS_LABEL 0x0008u
#define ZIP_DOS_FOLDER 0x0010u
#define ZIP_DOS_DEVICE 0x0040u
#define ZIP_DOS_REPARSE 0x0400u
#define ZIP_UNIX_TYPE 0170000u
#define ZIP_UNIX_FOLDER 0040000u
#define ZIP_UNIX_FILE 0100000u

#define ZIP_MAX16 0xffffu
#define ZIP_MAX32 0xffffffffu

static inline uint32_t zip_u16(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t zip_u32(const uint8_t *p)
{
	return zip_u16(p) | zip_u16(p + 2) << 16;
}

static inline uint64_t zip_u64(const uint8_t *p)
{
	return (uint64_t)zip_u32(p) | (uint64_t)zip_u32(p + 4) << 32;
}

#endif
