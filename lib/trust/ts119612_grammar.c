/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/ts119612_grammar.h"

/* Index of the namespace in each row. */
enum ns { TSL, TYPES, QUAL, XADES };

static const char *const namespaces[] = {
	[TSL] = "http://uri.etsi.org/02231/v2#",
	[TYPES] = "http://uri.etsi.org/02231/v2/additionaltypes#",
	[QUAL] = "http://uri.etsi.org/TrstSvc/SvcInfoExt/"
		 "eSigDir-1999-93-EC-TrustedList/#",
	[XADES] = "http://uri.etsi.org/01903/v1.3.2#",
};

/* TS 119 612 annex C; sorted by nothing but the document's own order. */
static const struct {
	enum ts_element inside;
	enum ns ns;
	const char *name;
	enum ts_element element;
} grammar[] = {
	{ TS_DOCUMENT, TSL, "TrustServiceStatusList", TS_ROOT },
	{ TS_ROOT, TSL, "SchemeInformation", TS_SCHEME },
	{ TS_SCHEME, TSL, "TSLVersionIdentifier", TS_VERSION },
	{ TS_SCHEME, TSL, "TSLSequenceNumber", TS_SEQUENCE },
	{ TS_SCHEME, TSL, "TSLType", TS_TYPE },
	{ TS_SCHEME, TSL, "SchemeOperatorName", TS_SCHEME_OPERATOR },
	{ TS_SCHEME_OPERATOR, TSL, "Name", TS_NAME },
	{ TS_SCHEME, TSL, "SchemeTerritory", TS_TERRITORY },
	{ TS_SCHEME, TSL, "ListIssueDateTime", TS_ISSUED },
	{ TS_SCHEME, TSL, "NextUpdate", TS_NEXT_UPDATE },
	{ TS_NEXT_UPDATE, TSL, "dateTime", TS_NEXT_UPDATE_TIME },
	{ TS_SCHEME, TSL, "PointersToOtherTSL", TS_POINTERS },
	{ TS_POINTERS, TSL, "OtherTSLPointer", TS_POINTER },
	{ TS_POINTER, TSL, "ServiceDigitalIdentities", TS_POINTER_IDENTITIES },
	{ TS_POINTER_IDENTITIES, TSL, "ServiceDigitalIdentity",
	  TS_POINTER_IDENTITY },
	{ TS_POINTER_IDENTITY, TSL, "DigitalId", TS_POINTER_ID },
	{ TS_POINTER_ID, TSL, "X509Certificate", TS_POINTER_CERTIFICATE },
	{ TS_POINTER, TSL, "AdditionalInformation", TS_POINTER_MORE },
	{ TS_POINTER_MORE, TSL, "OtherInformation", TS_POINTER_OTHER },
	{ TS_POINTER_OTHER, TSL, "TSLType", TS_POINTER_TYPE },
	{ TS_POINTER_OTHER, TSL, "SchemeTerritory", TS_POINTER_TERRITORY },
	{ TS_POINTER_OTHER, TYPES, "MimeType", TS_POINTER_MIME },
	{ TS_ROOT, TSL, "TrustServiceProviderList", TS_OPERATORS },
	{ TS_OPERATORS, TSL, "TrustServiceProvider", TS_OPERATOR },
	{ TS_OPERATOR, TSL, "TSPInformation", TS_OPERATOR_INFO },
	{ TS_OPERATOR_INFO, TSL, "TSPName", TS_OPERATOR_NAME },
	{ TS_OPERATOR_NAME, TSL, "Name", TS_NAME },
	{ TS_OPERATOR_INFO, TSL, "TSPTradeName", TS_TRADE_NAME },
	{ TS_TRADE_NAME, TSL, "Name", TS_NAME },
	{ TS_OPERATOR, TSL, "TSPServices", TS_SERVICES },
	{ TS_SERVICES, TSL, "TSPService", TS_SERVICE },
	{ TS_SERVICE, TSL, "ServiceInformation", TS_INFO },
	{ TS_SERVICE, TSL, "ServiceHistory", TS_HISTORY },
	{ TS_HISTORY, TSL, "ServiceHistoryInstance", TS_INFO },
	{ TS_INFO, TSL, "ServiceTypeIdentifier", TS_SERVICE_TYPE },
	{ TS_INFO, TSL, "ServiceName", TS_SERVICE_NAME },
	{ TS_SERVICE_NAME, TSL, "Name", TS_NAME },
	{ TS_INFO, TSL, "ServiceDigitalIdentity", TS_IDENTITY },
	{ TS_IDENTITY, TSL, "DigitalId", TS_ID },
	{ TS_ID, TSL, "X509Certificate", TS_CERTIFICATE },
	{ TS_INFO, TSL, "ServiceStatus", TS_STATUS },
	{ TS_INFO, TSL, "StatusStartingTime", TS_SINCE },
	{ TS_INFO, TSL, "ServiceInformationExtensions", TS_EXTENSIONS },
	{ TS_EXTENSIONS, TSL, "Extension", TS_EXTENSION },
	{ TS_EXTENSION, TSL, "AdditionalServiceInformation", TS_ADDITIONAL },
	{ TS_ADDITIONAL, TSL, "URI", TS_ADDITIONAL_URI },
	{ TS_EXTENSION, TSL, "ExpiredCertsRevocationInfo", TS_KNOWN_EXTENSION },
	{ TS_EXTENSION, TYPES, "TakenOverBy", TS_KNOWN_EXTENSION },
	{ TS_EXTENSION, QUAL, "Qualifications", TS_QUALIFICATIONS },
	{ TS_QUALIFICATIONS, QUAL, "QualificationElement", TS_QUALIFICATION },
	{ TS_QUALIFICATION, QUAL, "Qualifiers", TS_QUALIFIERS },
	{ TS_QUALIFIERS, QUAL, "Qualifier", TS_QUALIFIER },
	{ TS_QUALIFICATION, QUAL, "CriteriaList", TS_CRITERIA },
	{ TS_CRITERIA, QUAL, "CriteriaList", TS_CRITERIA },
	{ TS_CRITERIA, QUAL, "KeyUsage", TS_KEY_USAGE },
	{ TS_KEY_USAGE, QUAL, "KeyUsageBit", TS_KEY_USAGE_BIT },
	{ TS_CRITERIA, QUAL, "PolicySet", TS_POLICY_SET },
	{ TS_POLICY_SET, QUAL, "PolicyIdentifier", TS_POLICY },
	{ TS_POLICY, XADES, "Identifier", TS_POLICY_OID },
	{ TS_POLICY, XADES, "Description", TS_KNOWN_DETAIL },
	{ TS_POLICY, XADES, "DocumentationReferences", TS_KNOWN_DETAIL },
	{ TS_CRITERIA, QUAL, "Description", TS_KNOWN_DETAIL },
};

enum ts_element ts_element(enum ts_element inside, const struct xml_element *e)
{
	size_t i;

	for (i = 0; i < sizeof(grammar) / sizeof(grammar[0]); i++)
		if (grammar[i].inside == inside &&
		    slice_equal_str(e->name, grammar[i].name) &&
		    slice_equal_str(e->ns, namespaces[grammar[i].ns]))
			return grammar[i].element;
	return TS_OTHER;
}

bool ts_element_has_text(enum ts_element element)
{
	switch (element) {
	case TS_VERSION:
	case TS_SEQUENCE:
	case TS_TYPE:
	case TS_TERRITORY:
	case TS_ISSUED:
	case TS_NEXT_UPDATE_TIME:
	case TS_POINTER_CERTIFICATE:
	case TS_POINTER_TYPE:
	case TS_POINTER_TERRITORY:
	case TS_POINTER_MIME:
	case TS_SERVICE_TYPE:
	case TS_CERTIFICATE:
	case TS_STATUS:
	case TS_SINCE:
	case TS_ADDITIONAL_URI:
	case TS_KEY_USAGE_BIT:
	case TS_POLICY_OID:
	case TS_NAME:
		return true;
	default:
		return false;
	}
}

bool ts_element_is_criterion(enum ts_element element)
{
	switch (element) {
	case TS_QUALIFICATIONS:
	case TS_QUALIFICATION:
	case TS_QUALIFIERS:
	case TS_CRITERIA:
	case TS_KEY_USAGE:
	case TS_POLICY_SET:
	case TS_POLICY:
		return true;
	default:
		return false;
	}
}
