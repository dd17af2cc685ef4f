/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_SOURCE_H
#define DEED_PKI_SOURCE_H

#include "pki/crl.h"
#include "pki/ocsp.h"

/*
 * What path building draws from: trust anchors, other certificates, CRLs and
 * OCSP responses, in memory.  A source may stand on a base: what the base
 * holds is seen too, so that each document lays its own certificates over
 * one shared base.  Only anchors are believed; everything else is checked.
 *
 * Things are only ever added.  Any number of threads may read and add; a
 * reader sees what was added before it began, or more.  Anchors and the
 * finder are set before that.  The base outlives the source.  Limit:
 * SOURCE_MAX objects of a kind.
 */
#define SOURCE_MAX 65536

struct pki_source;

/* base may be NULL. */
enum deed_status pki_source_new(const struct pki_source *base,
				struct pki_source **out,
				struct deed_error *err) DEED_MUST_USE;
void pki_source_free(struct pki_source *s);

/* Each takes a reference of its own; what is there already is left, and of
 * what a base has the same, the base's object is taken. */
enum deed_status pki_source_add_anchor(struct pki_source *s, struct cert *c,
				       struct deed_error *err) DEED_MUST_USE;
enum deed_status
pki_source_add_certificate(struct pki_source *s, struct cert *c,
			   struct deed_error *err) DEED_MUST_USE;
enum deed_status pki_source_add_crl(struct pki_source *s, struct crl *c,
				    struct deed_error *err) DEED_MUST_USE;
enum deed_status pki_source_add_ocsp(struct pki_source *s, struct ocsp *o,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * A certificate that is there and that cert_parse does not take, and why it
 * does not: it vouches for nobody, but who looks for an issuer of that name is
 * told.  Copied; what does not even name a subject, or comes after the first
 * SOURCE_MALFORMED of a source, is passed over.
 */
#define SOURCE_MALFORMED 64
enum deed_status pki_source_add_malformed(struct pki_source *s,
					  struct slice der, const char *why,
					  struct deed_error *err) DEED_MUST_USE;

/* Why one of this subject could not be read; NULL where none was.  It lives
 * as long as s. */
const char *pki_source_malformed(const struct pki_source *s,
				 struct slice subject);

/*
 * Add the content of a file: PEM with any number of certificates, CRLs and
 * OCSP responses ("OCSP RESPONSE") in any order, or one of them in DER.
 * With anchors, certificates become trust anchors, otherwise certificates to
 * build with.  name is for messages.  DEED_MALFORMED where there is none.
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

/* All certificates, in no order. */
void pki_source_each_certificate(const struct pki_source *s, pki_cert_fn *fn,
				 void *arg);

/* Certificates as a signer names them: candidates by issuer and serial number
 * (content octets of the INTEGER), or by subject key identifier.  Whoever asks
 * compares: what is not named may be among them. */
typedef bool pki_named_fn(void *arg, struct cert *c);
void pki_source_each_issued(const struct pki_source *s, struct slice issuer,
			    struct slice serial, pki_named_fn *fn, void *arg);
void pki_source_each_key(const struct pki_source *s, struct slice key_id,
			 pki_named_fn *fn, void *arg);
typedef bool pki_crl_fn(void *arg, struct crl *c);
void pki_source_each_crl(const struct pki_source *s, struct slice issuer,
			 pki_crl_fn *fn, void *arg);

/* The OCSP responses that answer about this serial number (content octets of
 * the INTEGER), whoever its issuer. */
typedef bool pki_ocsp_fn(void *arg, struct ocsp *o);
void pki_source_each_ocsp(const struct pki_source *s, struct slice serial,
			  pki_ocsp_fn *fn, void *arg);

/*
 * Who completes a source: pki_judge_path asks it when a search found no way
 * to an anchor, or no revocation data for a certificate, and searches again
 * where it answers that it added something to the source that it was set on.
 * It may be called from several threads.  Of a source and its bases the first
 * that has a finder is asked.
 */
struct pki_want {
	struct cert *cert; /* whose issuer or status is wanted */
	/* NULL: the issuer itself is wanted.  Where it is not NULL it leads
	 * to an anchor: nobody else's word says where to ask. */
	struct cert *issuer;
	int64_t time; /* at which it is judged */
};
typedef bool pki_finder_fn(void *arg, const struct pki_want *want);
void pki_source_set_finder(struct pki_source *s, pki_finder_fn *fn, void *arg);
bool pki_source_find(const struct pki_source *s, const struct pki_want *want);
bool pki_source_has_finder(const struct pki_source *s);

/* Is there any CRL, any OCSP response at all? */
bool pki_source_has_crls(const struct pki_source *s);
bool pki_source_has_ocsps(const struct pki_source *s);

/* How many objects s and its bases hold: it tells whether another thread
 * added something meanwhile. */
size_t pki_source_size(const struct pki_source *s);

#endif
