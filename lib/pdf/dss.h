/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_DSS_H
#define DEED_PDF_DSS_H

#include "pdf/update.h"

/*
 * The document security store (ISO 32000-2 12.8.4.3, ETSI EN 319 142-1 5.4.2):
 * certificates, CRLs and OCSP responses in DER that a document carries to be
 * judged with, and what belongs to which signature (VRI, 12.8.4.4).  Whether
 * the values are worth anything is not asked here.
 *
 * Limits, beyond which values are left out of what is read: PDF_DSS_VALUES
 * of one kind, PDF_DSS_BYTES of all together.  What is no stream, or cannot
 * be decoded, is passed over: a store is help, never a condition.
 */
#define PDF_DSS_VALUES 4096
#define PDF_DSS_BYTES ((size_t)64 << 20)

struct pdf_dss_list {
	struct slice *items;  /* DER, owned by the store */
	struct pdf_ref *refs; /* of each stream; num 0: a direct one */
	size_t count;
};

/* What is read: the arrays of the store, then what only a VRI names. */
struct pdf_dss {
	bool present;
	struct pdf_dss_list certs, crls, ocsps;
	size_t vri_count; /* entries in /VRI */
};

/* The store of the document as this view sees it; pdf_dss_clear always.
 * DEED_OK where there is none, or a broken one: present is false. */
enum deed_status pdf_dss_read(struct pdf_document *doc, struct pdf_dss *out,
			      struct deed_error *err) DEED_MUST_USE;
void pdf_dss_clear(struct pdf_dss *dss);

/* The key of a signature in /VRI: the upper-case hexadecimal SHA-1 of the
 * whole value of /Contents, padding and all. */
#define PDF_DSS_KEY 41
void pdf_dss_key(const struct pdf_object *signature, char out[PDF_DSS_KEY]);

/* What is to be in the store, and under the keys given. */
struct pdf_dss_values {
	const struct slice *certs, *crls, *ocsps;
	size_t cert_count, crl_count, ocsp_count;
};

/* What belongs to one signature; key as pdf_dss_key makes it.  NULL: to
 * none (a document time-stamp), for the store alone. */
struct pdf_dss_vri {
	const char *key;
	struct pdf_dss_values values;
};

/*
 * Merge values into the document's store within an update: streams that are
 * there are referred to, not written again; entries under other keys stay,
 * one under the same key is replaced by the union of both.  *changed is
 * false where everything was there already and nothing is written.
 */
enum deed_status pdf_dss_write(struct pdf_update *u, struct pdf_document *doc,
			       const struct pdf_dss_vri *vri, size_t count,
			       bool *changed,
			       struct deed_error *err) DEED_MUST_USE;

#endif
