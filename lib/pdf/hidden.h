/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_HIDDEN_H
#define DEED_PDF_HIDDEN_H

#include "pdf/raw.h"

/*
 * Revisions that the file has and its chain of /Prev leaves out: they end with
 * a startxref of their own, which names no section of the chain and lies in no
 * file that a stream of the document holds.  Call fn for every signature in
 * one of them that no table leads to; *end is where the last of them ends, 0
 * if there is none.  The objects live with the document.
 */
enum deed_status pdf_hidden_each(struct pdf_document *doc, pdf_raw_fn *fn,
				 void *arg, uint64_t *end,
				 struct deed_error *err) DEED_MUST_USE;

#endif
