/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PROOF_ID_NUMBER_H
#define DEED_PROOF_ID_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/*
 * Identity numbers, phone numbers and e-mail addresses, judged by form.
 * A right check digit says that a number is well formed and nothing more:
 * anyone can compute one.
 *
 * Pure functions: no clock (a birth date in the future is not noticed), no
 * file, no allocation; linear in the input, of which no more than
 * ID_VALUE_MAX bytes are accepted.
 */
enum id_kind {
	ID_CN_RIC,   /* GB 11643: resident identity card, and the residence
		    * permits for Hong Kong, Macao and Taiwan residents */
	ID_CN_RIC15, /* GB 11643-1989: 15 digits, no check digit */
	ID_CN_PRC_FOREIGN, /* foreign permanent resident ID card of 2023 */
	ID_CN_USCC,	   /* GB 32100: unified social credit code */
	ID_LEI,		   /* ISO 17442 */
	ID_MRZ_TD1,	   /* ICAO 9303-5; lines parted by "|" or a line feed */
	ID_MRZ_TD2,	   /* ICAO 9303-6 */
	ID_MRZ_TD3,	   /* ICAO 9303-4 */
	ID_EE_PNO,	   /* Estonian isikukood, EVS 585 */
	ID_ETSI_NATURAL,   /* EN 319 412-1 5.1.3 */
	ID_ETSI_LEGAL,	   /* EN 319 412-1 5.1.4, TS 119 495 */
	ID_PHONE,	   /* E.164 */
	ID_EMAIL,	   /* RFC 5321 Mailbox, dot-string and host name only */
	ID_KIND_COUNT
};

/* Whom a kind of number can name. */
enum id_subject { ID_OF_PERSON, ID_OF_ORGANISATION, ID_OF_CONTACT };

enum id_state { ID_MALFORMED, ID_WELL_FORMED };

#define ID_VALUE_MAX 128
#define ID_REASON_MAX 128

struct id_judgement {
	enum id_kind kind;
	enum id_state state;
	char value[ID_VALUE_MAX + 1]; /* normalised: case, line ends */
	char reason[ID_REASON_MAX];   /* why it is malformed; else empty */
	char warning[ID_REASON_MAX];  /* what to look at; mostly empty */
};

/* "cn-ric" and so on. */
const char *id_kind_name(enum id_kind kind);
enum id_subject id_kind_subject(enum id_kind kind);

/*
 * Judge value.  A malformed one is kept as it was, cut at ID_VALUE_MAX, for
 * the message.
 */
void id_judge(enum id_kind kind, const char *value, struct id_judgement *out);

/*
 * Judge "KIND:NUMBER", splitting at the first colon.  False: no colon or no
 * such kind; the reason says which.
 */
bool id_judge_typed(const char *text, struct id_judgement *out);

/* "malformed", "well-formed". */
const char *id_state_name(enum id_state state);

#endif
