/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_CADES_ARCHIVE_H
#define DEED_SIGN_CADES_ARCHIVE_H

#include "cms/check.h"

/*
 * What an archive-time-stamp-v3 covers (ETSI EN 319 122-1 5.5.2, 5.5.3), as
 * it is written.  The judge reads it by code of its own
 * (judge/judge_archive.c).
 */

/* Append an ATSHashIndexV3 over the certificates, the revocation values and
 * the unsigned attributes as they are now, with SHA-256. */
enum deed_status cades_hash_index(const struct cms_signed *sd,
				  const struct cms_signer *signer,
				  struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;

/* Append the bytes that the imprint is taken of.  content_digest is of the
 * content, by the imprint's algorithm; index an ATSHashIndexV3. */
enum deed_status cades_archive_imprint(const struct cms_signed *sd,
				       const struct cms_signer *signer,
				       struct slice content_digest,
				       struct slice index, struct buf *out,
				       struct deed_error *err) DEED_MUST_USE;

#endif
