/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_SEED_H
#define DEED_SIGN_PADES_SEED_H

#include "crypto/digest.h"
#include "sign/pades.h"

/*
 * Seed values (ISO 32000-2 12.7.5.5, tables 237 and 238): what the author of
 * a form demands of whoever signs a field.  What is demanded is obeyed where
 * it can be without saying what the signer did not (a certification, a lock
 * over the document), or refused, naming it; what is only wished for is left
 * to the signer.
 */
struct pades_seed_question {
	const struct pades_params *params;
	enum digest_alg digest; /* of the content */
	/* NULL where the key is elsewhere: nothing is asked of it here. */
	const struct cert *const *chain;
	size_t chain_count;
};

struct pades_seed_answer {
	int certify; /* /MDP: 1 to 3; 0: an approval; -1: not said */
	bool lock;   /* /LockDocument true is demanded */
};

/* DEED_REFUSED with what the field demands. */
enum deed_status pades_seed_check(struct pdf_document *doc,
				  const struct pades_seed_question *q,
				  struct pades_seed_answer *out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
