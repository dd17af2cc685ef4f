/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PROOF_ID_COUNTRY_H
#define DEED_PROOF_ID_COUNTRY_H

#include "proof/id_number.h"

/*
 * The country that gave a well-formed number, as two capital letters (ISO
 * 3166-1).  False where none did: a LEI is valid anywhere, and a passport
 * may be of an organisation or of somebody without a state.
 */
bool id_country(const struct id_judgement *id, char out[3]);

#endif
