/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PROOF_ID_CHECK_H
#define DEED_PROOF_ID_CHECK_H

#include "proof/id_number.h"

/*
 * The rules behind id_number.h, one a kind; private to this folder.  Each is
 * given a judgement whose value has been normalised and answers true, or
 * sets the reason and answers false.
 */
bool id_check_cn_ric(struct id_judgement *j);
bool id_check_cn_ric15(struct id_judgement *j);
bool id_check_cn_prc_foreign(struct id_judgement *j);
bool id_check_cn_uscc(struct id_judgement *j);
bool id_check_lei(struct id_judgement *j);
bool id_check_mrz_td1(struct id_judgement *j);
bool id_check_mrz_td2(struct id_judgement *j);
bool id_check_mrz_td3(struct id_judgement *j);
bool id_check_ee_pno(struct id_judgement *j);
bool id_check_etsi_natural(struct id_judgement *j);
bool id_check_etsi_legal(struct id_judgement *j);
bool id_check_phone(struct id_judgement *j);
bool id_check_email(struct id_judgement *j);

/* Set the reason.  Always false. */
bool id_fail(struct id_judgement *j, const char *fmt, ...) DEED_PRINTF(2, 3);

void id_warn(struct id_judgement *j, const char *fmt, ...) DEED_PRINTF(2, 3);

/* ASCII only; locale has no say. */
bool id_all_digits(const char *s, size_t len);

/* The number in len (at most 9) digits. */
int id_digits(const char *s, size_t len);

/* Is there such a day in the Gregorian calendar, from 1800 to 2099? */
bool id_date_exists(int year, int month, int day);

#endif
