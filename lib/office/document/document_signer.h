/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DOCUMENT_SIGNER_H
#define DEED_OFFICE_DOCUMENT_SIGNER_H

#include "base/secret.h"
#include "pki/source.h"

/*
 * Who signed a document, as a certificate: a PDF's, a container's or a CMS's,
 * found as deed verify finds it.  Nothing of it is believed.
 */
struct document_signer {
	struct pki_source *carried; /* what the document brings, no anchors */
	struct cert *cert;	    /* of the signature that was asked for */
	size_t number, count;	    /* that signature, from 1, and how many */
};

/* Does this look like a document: a PDF or a container?  A CMS is told from
 * a certificate by reading it. */
bool document_looks_like(const char *path);

/*
 * number is that of the signature in the report of deed verify, from 1.
 * document_signer_clear afterwards, always.  DEED_NO_SIGNATURE where there is
 * none, DEED_NOT_FOUND where there is none of that number or its certificate
 * is not there; else as judge_file says of a document.
 */
enum deed_status document_signer_find(const char *path,
				      const struct secret *password, int64_t at,
				      size_t number,
				      struct document_signer *out,
				      struct deed_error *err) DEED_MUST_USE;
void document_signer_clear(struct document_signer *s);

#endif
