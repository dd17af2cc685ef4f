/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_ASIC_EXTEND_H
#define DEED_SIGN_ASIC_EXTEND_H

#include "sign/asic_draft.h"
#include "asic/manifest.h"
#include "asic/zip_write.h"
#include "sign/augment.h"
#include "sign/cades.h"

/*
 * Raising and co-signing the CAdES signatures of a container that is there
 * already, made by anyone (ETSI EN 319 162-1).  A container is written anew:
 * every entry that does not change has the same packed octets, in the same
 * order; what is added follows.
 *
 *	ASiC-E	B-T and B-LT in each CAdES signature; B-LTA by a time-stamped
 *		ASiCArchiveManifest over everything (4.4.5, annex A.7).  What
 *		an archive manifest covers is not changed any more: then only
 *		another one can follow, which is the renewal.
 *	ASiC-S	every level in the CAdES signatures
 */

/*
 * Raise all signatures of the container.  *steps counts what was
 * changed or added; with 0 the output is of no use.
 * DEED_NO_SIGNATURE; DEED_MALFORMED; DEED_UNSUPPORTED for XAdES; as
 * augment_gather.
 */
enum deed_status asic_extend(const struct augment_params *params,
			     const struct asic_source *source,
			     const struct zip_sink *sink, unsigned *steps,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Add a further signature, over all files of the ASiC-E container, with
 * a manifest of its own.  params (may be NULL) raises the new one to B-T or
 * B-LT; B-LTA is asic_extend's.
 */
enum deed_status asic_cosign(const struct asic_source *source,
			     const struct cades_params *signer,
			     const struct augment_params *params,
			     const struct zip_sink *sink,
			     struct deed_error *err) DEED_MUST_USE;

/* Is it an ASiC-E container with CAdES, to be co-signed? */
bool asic_is_extended(const struct asic_source *source);

#endif
