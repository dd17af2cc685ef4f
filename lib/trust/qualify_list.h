/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_QUALIFY_LIST_H
#define DEED_TRUST_QUALIFY_LIST_H

#include "trust/qualify.h"
#include "trust/trust_list.h"

/*
 * What a trust list says of a signer: trust/qualify.h over struct trust_list.
 * The services asked are those of the nearest certificate above the signer's
 * that the list names: by itself, or by another of the same subject and
 * public key.  The list's signer was judged before.  Any number of
 * threads may ask the same list.
 */
struct qualify_result {
	struct qualify_answer answer;
	enum qualification at_issuance, at_best_time;
	const struct cert *ca; /* the nearest that the list names, or NULL */
	/* Who it was, borrowed from the list; NULL: nobody, or a list that
	 * contradicts itself of several. */
	const struct trust_operator *by;
	const struct trust_service *service;
};

/*
 * chain has the signer's certificate first; own_house as in qualify_list.
 * DEED_NO_MEMORY.
 */
enum deed_status qualify_chain(const struct trust_list *list,
			       struct cert *const *chain, size_t count,
			       bool own_house, int64_t best_time,
			       struct qualify_result *out,
			       struct deed_error *err) DEED_MUST_USE;

/* Does the certificate meet the criteria of a rule (TS 119 612 5.5.9.2.2)? */
enum qualify_match qualify_criteria(const struct trust_criteria *criteria,
				    const struct cert *c);

#endif
