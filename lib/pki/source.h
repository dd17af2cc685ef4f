/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_SOURCE_H
#define DEED_PKI_SOURCE_H

#include "pki/crl.h"

/*
 * What path building draws from: trust anchors, other certificates and CRLs,
 * in memory.  A source may stand on a base: what the base holds is seen
 * too, so that each document lays its own certificates over one shared
 * base.  Only anchors are believed; everything else is checked.
 *
 * A source is filled by one thread; then any number may read it.  The base
 * outlives it.  Limit: SOURCE_MAX objects.
 */
#define SOURCE_MAX 65536

struct pki_source;

/* base may be NULL. */
enum deed_status pki_source_new(const struct pki_source *base,
				struct pki_source **out,
				struct deed_error *err) DEED_MUST_USE;
void pki_source_free(struct pki_source *s);

/* Each takes a reference of its own; what is there already is left. */
enum deed_status pki_source_add_anchor(struct pki_source *s, struct cert *c,
				       struct deed_error *err) DEED_MUST_USE;
enum deed_status
pki_source_add_certificate(struct pki_source *s, struct cert *c,
			   struct deed_error *err) DEED_MUST_USE;
enum deed_status pki_source_add_crl(struct pki_source *s, struct crl *c,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * Add the content of a file: PEM with any number of certificates and CRLs
 * in any order, or one of them in DER.  With anchors, certificates become
 * trust anchors, otherwise certificates to build with.  name is for
 * messages.  DEED_MALFORMED where there is neither.
 */
enum deed_status pki_source_add_data(struct pki_source *s, struct slice data,
				     bool anchors, const char *name,
				     struct deed_error *err) DEED_MUST_USE;

/* The anchors of s and its bases, in the order in which they were added. */
size_t pki_source_anchor_count(const struct pki_source *s);
struct cert *pki_source_anchor(const struct pki_source *s, size_t i);

/* Call fn for what matches, the base's after the own; fn returns false to
 * stop.  certificates include the anchors, which come first. */
typedef bool pki_cert_fn(void *arg, struct cert *c, bool anchor);
void pki_source_each_subject(const struct pki_source *s, struct slice name,
			     pki_cert_fn *fn, void *arg);
typedef bool pki_crl_fn(void *arg, struct crl *c);
void pki_source_each_crl(const struct pki_source *s, struct slice issuer,
			 pki_crl_fn *fn, void *arg);

#endif
