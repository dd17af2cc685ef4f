/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_FUZZ_XML_INSIDE_H
#define DEED_TESTS_FUZZ_XML_INSIDE_H

/*
 * xml_inside.c defines xml_read and xml_signed_read so that the helper's part
 * of reading XML runs in this process, where the fuzzer sees it.
 */
#include "codec/xml.h"
#include "codec/xml_signed.h"

#endif
