/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_LIST_AUTHORITY_H
#define DEED_TRUST_LIST_AUTHORITY_H

#include "pki/source.h"
#include "trust/trust_list.h"

/*
 * The authorities that a trust list names, whatever they issued: what it says
 * of a single certificate is trust/qualify_list.h's.
 */

/*
 * Those that certify signers, seals or time-stamps, now or earlier, become
 * anchors: whose word counts at which time is what the list is asked for.
 */
enum deed_status list_anchor(const struct trust_list *list,
			     struct pki_source *into,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * For what the services that a certificate identifies, by itself or by its
 * subject and key, may issue at a time: of enum trust_use, what one is granted
 * and none is denied.  0 where there is no such service, where one has a
 * status, a rule or a purpose that is not known, and after the list's end.
 */
unsigned list_authority_uses(const struct trust_list *list,
			     const struct cert *ca, int64_t at);

#endif
