/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_TS119612_GRAMMAR_H
#define DEED_TRUST_TS119612_GRAMMAR_H

#include "codec/xml.h"

/*
 * Which elements of TS 119 612 are read, and where each may stand.  One that
 * stands elsewhere is TS_OTHER, and so is everything inside it.
 */
enum ts_element {
	TS_OTHER,
	TS_DOCUMENT, /* around the root */
	TS_ROOT,
	TS_SCHEME,
	TS_VERSION,
	TS_SEQUENCE,
	TS_TYPE,
	TS_SCHEME_OPERATOR,
	TS_TERRITORY,
	TS_ISSUED,
	TS_NEXT_UPDATE,
	TS_NEXT_UPDATE_TIME,
	TS_POINTERS,
	TS_POINTER,
	TS_POINTER_IDENTITIES,
	TS_POINTER_IDENTITY,
	TS_POINTER_ID,
	TS_POINTER_CERTIFICATE,
	TS_POINTER_MORE,
	TS_POINTER_OTHER,
	TS_POINTER_TYPE,
	TS_POINTER_TERRITORY,
	TS_POINTER_MIME,
	TS_OPERATORS,
	TS_OPERATOR,
	TS_OPERATOR_INFO,
	TS_OPERATOR_NAME,
	TS_TRADE_NAME,
	TS_SERVICES,
	TS_SERVICE,
	TS_HISTORY,
	TS_INFO, /* ServiceInformation or ServiceHistoryInstance */
	TS_SERVICE_TYPE,
	TS_SERVICE_NAME,
	TS_IDENTITY,
	TS_ID,
	TS_CERTIFICATE,
	TS_STATUS,
	TS_SINCE,
	TS_EXTENSIONS,
	TS_EXTENSION,
	TS_ADDITIONAL,
	TS_ADDITIONAL_URI,
	TS_KNOWN_EXTENSION, /* what it says changes nothing here */
	TS_QUALIFICATIONS,
	TS_QUALIFICATION,
	TS_QUALIFIERS,
	TS_QUALIFIER,
	TS_CRITERIA,
	TS_KEY_USAGE,
	TS_KEY_USAGE_BIT,
	TS_POLICY_SET,
	TS_POLICY,
	TS_POLICY_OID,
	TS_NAME,	 /* one language of a name */
	TS_KNOWN_DETAIL, /* a description among criteria */
};

enum ts_element ts_element(enum ts_element inside, const struct xml_element *e);

/* Is its text wanted? */
bool ts_element_has_text(enum ts_element element);

/* Must all that stands in it be known, since it limits a qualifier? */
bool ts_element_is_criterion(enum ts_element element);

#endif
