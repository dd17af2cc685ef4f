/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/qualify.h"

static enum qualify_device answer(bool yes)
{
	return yes ? QUALIFY_DEVICE_YES : QUALIFY_DEVICE_NO;
}

/* PRO-4.5.4-03: secure devices of the Directive. */
static enum qualify_device by_directive(unsigned q,
					const struct qualify_claims *c)
{
	const bool with = q & QUALIFIER_WITH_SSCD, no = q & QUALIFIER_NO_SSCD,
		   as_in = q & QUALIFIER_CERT_SSCD;

	if (with + no + as_in > 1)
		return QUALIFY_DEVICE_UNKNOWN;
	if (with || no)
		return answer(with);
	return answer(c->qc.device || c->device_policy);
}

/* PRO-4.5.4-04: a word of the Directive needs its fellow beside it. */
static enum qualify_device by_regulation(unsigned q,
					 const struct qualify_claims *c)
{
	const bool with = q & QUALIFIER_WITH_QSCD, no = q & QUALIFIER_NO_QSCD,
		   as_in = q & QUALIFIER_CERT_QSCD,
		   behalf = q & QUALIFIER_BEHALF;

	if (((q & QUALIFIER_WITH_SSCD) && !with) ||
	    ((q & QUALIFIER_NO_SSCD) && !no) || (no && (with || behalf)) ||
	    (as_in && (with || no || behalf)))
		return QUALIFY_DEVICE_UNKNOWN;
	if (with || behalf || no)
		return answer(!no);
	return answer(c->qc.device);
}

enum qualify_device qualify_device(unsigned qualifiers,
				   const struct qualify_claims *c, int64_t at)
{
	return at < QUALIFY_EIDAS ? by_directive(qualifiers, c)
				  : by_regulation(qualifiers, c);
}

const char *qualify_device_text(enum qualify_device device)
{
	static const char *const text[] = {
		[QUALIFY_DEVICE_UNASKED] = NULL,
		[QUALIFY_DEVICE_YES] = "yes",
		[QUALIFY_DEVICE_NO] = "no",
		[QUALIFY_DEVICE_UNKNOWN] = "unknown",
	};

	return text[device];
}
