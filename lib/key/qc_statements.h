/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_QC_STATEMENTS_H
#define DEED_KEY_QC_STATEMENTS_H

#include "key/cert.h"

/*
 * What a certificate claims of itself in qcStatements (RFC 3739 3.2.6,
 * EN 319 412-5).  A claim proves nothing: whether its CA may make it is what
 * a trust list says.  At most QC_STATEMENTS_MAX statements and types.
 */
#define QC_STATEMENTS_MAX 64

/* For what a qualified certificate is; bits. */
#define QC_FOR_SIGNATURES (1u << 0)
#define QC_FOR_SEALS (1u << 1)
#define QC_FOR_WEBSITES (1u << 2)

struct qc_statements {
	bool compliance;  /* QcCompliance: it is a qualified certificate */
	bool device;	  /* QcSSCD: its key is in a qualified device */
	bool elsewhere;	  /* QcCClegislation: qualified, but by other laws
			     than the Union's (EN 319 412-5 4.2.4) */
	bool has_type;	  /* QcType is there */
	bool other_type;  /* with one that is none of these */
	unsigned purpose; /* QC_FOR_… of QcType */
};

/*
 * Nothing is claimed by a certificate without the extension.
 * DEED_MALFORMED for one that is broken or says a thing twice, DEED_LIMIT.
 */
enum deed_status qc_statements_read(const struct cert *c,
				    struct qc_statements *out,
				    struct deed_error *err) DEED_MUST_USE;

/* The same of the extension's value. */
enum deed_status qc_statements_parse(struct slice value,
				     struct qc_statements *out,
				     struct deed_error *err) DEED_MUST_USE;

#endif
