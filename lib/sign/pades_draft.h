/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_DRAFT_H
#define DEED_SIGN_PADES_DRAFT_H

#include "crypto/digest.h"
#include "pdf/dss.h"
#include "pdf/shadow.h"
#include "pdf/survey.h"
#include "sign/pades.h"

/*
 * An incremental update that still waits for its signature or time-stamp, or
 * one that adds a security store.  Everything about signing that reads the
 * document is here, and nothing that needs a key, so that it is done by a
 * process that can only compute (judge/parser.h).
 */
struct pades_draft_order {
	/* A signature.  NULL: a document time-stamp (ISO 32000-2 12.8.5),
	 * which no DocMDP forbids; or with vri a security store. */
	const struct pades_params *params;
	size_t slot;  /* octets of the value, at most */
	int64_t time; /* for the identifier of the file */
	bool earlier; /* survey the signatures that are there */
	bool shadows; /* look for what could be shown afterwards */

	/* Who signs and how, for what the field demands (sign/pades_seed.h);
	 * NULL where the key is elsewhere. */
	enum digest_alg digest;
	const struct cert *const *chain;
	size_t chain_count;

	/* What is to be in the store (pdf/dss.h); else NULL. */
	const struct pdf_dss_vri *vri;
	size_t vri_count;
};

/* Certificates of a chain that an order carries, at most. */
#define PADES_ORDER_CHAIN 16

/* Octets of a value, at most: certificates and time-stamps, no more. */
#define PADES_SLOT_MAX ((size_t)16 << 20)

struct pades_draft {
	/* Follows the document's last byte; empty where a store has all that it
	 * is to have. */
	struct buf tail;
	size_t first, second;	/* of the hexadecimal string in it, < and >
				 * included; all zeros.  Of a store 0 */
	uint64_t byte_range[4]; /* as it is written there */
	char *field;
	struct pades_shown shown;
	struct pdf_survey survey; /* if asked for */
	struct pdf_shadow shadow; /* if asked for */
	struct pades_beneath beneath;
};

#define PADES_DRAFT_INIT                                                 \
	{                                                                \
		.tail = BUF_INIT, .survey = { .arena = PDF_ARENA_INIT }, \
	}

/* Draft.  Statuses as pades_sign; *out is cleared by the caller, always. */
enum deed_status pades_draft(const struct pdf_input *in,
			     const struct pades_draft_order *order,
			     struct pades_draft *out,
			     struct deed_error *err) DEED_MUST_USE;

/* The same over a document that is open; *out is as after PADES_DRAFT_INIT. */
void pades_draft_clear(struct pades_draft *d);

/*
 * An order as it was read: what it points to lies here, but for texts and the
 * drawing, which lie where it was read from.  Of params->augment there is only
 * whether it is NULL.
 */
struct pades_order_read {
	struct pades_draft_order order;
	struct pades_params params;
	struct pades_appearance appearance;
	struct cert *chain[PADES_ORDER_CHAIN];
	struct pdf_dss_vri
		*vri; /* freed by pades_order_clear, with its lists */
};

/*
 * Orders and drafts as bytes, and back.  The chain is left out where no field
 * is named that could demand anything of it.  An order that was read is
 * cleared always.  A draft that is no store is checked against the document's
 * size: its string lies in its tail, is zeros, and the ByteRange is what leaves
 * it out.  DEED_MALFORMED if not.
 */
void pades_order_write(const struct pades_draft_order *order, struct buf *out);
enum deed_status pades_order_read(struct slice in, struct pades_order_read *out,
				  struct deed_error *err) DEED_MUST_USE;
void pades_order_clear(struct pades_order_read *o);
void pades_beneath_write(const struct pades_beneath *b, struct buf *out);
bool pades_beneath_read(struct slice *in, struct pades_beneath *out);
void pades_draft_write(const struct pades_draft *d, struct buf *out);
enum deed_status pades_draft_read(struct slice in, uint64_t size, bool store,
				  struct pades_draft *out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
