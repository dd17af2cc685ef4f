/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_QUALIFY_LIST_H
#define DEED_TRUST_QUALIFY_LIST_H

#include "trust/qualify.h"
#include "trust/trust_list.h"

/*
 * What a trust list says of a signer: trust/qualify.h over struct trust_list.
 * A service is asked where it names a certificate above the signer's, by
 * itself or by another of the same subject and public key (TS 119 615
 * PRO-4.3.4-03): of a European list each that does, and two operators
 * contradict each other (PRO-4.3.4-11); of another those of the nearest.  The
 * list's signer was judged before.  Any number of threads may ask the same
 * list.
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

/* Can the list say that somebody is qualified: is it one of the European
 * Union's (TSLType EUgeneric, TS 119 612 annex D.4)? */
bool qualify_list_qualifies(const struct trust_list *l);

/* What a status of a service says; of a European list its URI, of another its
 * word.  Whether it grants is told by qualify_grants. */
enum qualify_status qualify_status_of(const struct trust_list *l,
				      const struct trust_status *s);

/* Has the certificate the policy of this object identifier, in DER? */
enum qualify_match qualify_policy(const struct cert *c, struct slice policy);

/* Does the certificate meet the criteria of a rule (TS 119 612 5.5.9.2.2)? */
enum qualify_match qualify_criteria(const struct trust_criteria *criteria,
				    const struct cert *c);

#endif
