/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_XML_SCAN_H
#define DEED_CODEC_XML_SCAN_H

#include "base/error.h"
#include "base/slice.h"

/*
 * The limits of codec/xml.h, held before libxml2 sees the document: it counts
 * attributes, and looks for one that is there twice, when it is too late to
 * be linear.  The scan reads markup alone, and strictly: what it lets pass,
 * libxml2 cuts into the same tags, comments, processing instructions and
 * sections, also behind the first fault that only libxml2 finds.  It says
 * nothing of whether the document is well-formed.
 *
 * items is how many tags, attributes, comments, instructions and sections
 * there may be.  DEED_LIMIT, DEED_MALFORMED; linear, without memory.
 */
enum deed_status xml_scan(struct slice document, size_t items,
			  struct deed_error *err) DEED_MUST_USE;

#endif
