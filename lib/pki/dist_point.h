/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_DIST_POINT_H
#define DEED_PKI_DIST_POINT_H

#include "codec/der.h"

/*
 * Distribution points of CRLs (RFC 5280 4.2.1.13), as certificates name them
 * in cRLDistributionPoints and freshestCRL, and the DistributionPointName
 * that a CRL's issuingDistributionPoint (5.2.5) repeats.  Slices are the
 * caller's bytes.
 */

/* All of ReasonFlags; bit n of the mask is named bit n there. */
#define REASONS_ALL 0x1feu

/* What a distribution point is called: at most one of the two is set. */
struct dist_point_name {
	struct slice full;     /* content of fullName, GeneralNames */
	struct slice relative; /* content of nameRelativeToCRLIssuer: an RDN */
};

struct dist_point {
	struct dist_point_name name;
	uint32_t reasons;	 /* REASONS_ALL where it does not say */
	struct slice crl_issuer; /* content of GeneralNames, or SLICE_NONE */
};

/* The next one of the SEQUENCE that r reads; false where it is malformed.
 * It must have a name or a cRLIssuer. */
bool dist_point_next(struct der_reader *r, struct dist_point *out);

/* content is that of DistributionPointName's [0]. */
bool dist_point_name_parse(struct slice content, struct dist_point_name *out);

/* content octets of a BIT STRING's TLV, with this tag: ReasonFlags. */
bool reasons_parse(struct slice bits, uint32_t *out);

/*
 * Have the two a name in common?  Relative names are completed with the
 * issuer each stands under (whole Names), full ones compared one by one:
 * directory names as names, others octet by octet.
 */
bool dist_point_same_name(const struct dist_point_name *a,
			  struct slice a_issuer,
			  const struct dist_point_name *b,
			  struct slice b_issuer);

/* Distribution points have a handful of names, and all are compared with all:
 * more are not looked at. */
#define GENERAL_NAMES_MAX 64

/* Is this Name among the directory names of GeneralNames (content)? */
bool general_names_have(struct slice names, struct slice name);

/* The first directoryName, whole; SLICE_NONE. */
struct slice general_names_directory(struct slice names);

/* The next uniformResourceIdentifier of those that are left of the content of
 * GeneralNames; false where there is none. */
bool general_names_next_uri(struct der_reader *names, struct slice *out);

#endif
