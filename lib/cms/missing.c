/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cms/check.h"
#include "key/cert_peek.h"

/*
 * A certificate that is there and malformed is passed over when those of a
 * SignedData are read: it vouches for nobody.  But it is not missing, and who
 * is told that it is looks for it in vain.
 */

/* By octets first: the certificate is malformed, and its issuer may be no Name
 * that could be compared as one. */
static bool names_itself(const struct cms_signer *signer,
			 const struct cert_peek *p)
{
	if (signer->key_id.data != NULL)
		return p->subject_key_id.data != NULL &&
		       slice_equal(signer->key_id, p->subject_key_id);
	return slice_equal(signer->serial, p->serial) &&
	       (slice_equal(signer->issuer, p->issuer) ||
		(x509_name_valid(p->issuer) &&
		 x509_name_equal(signer->issuer, p->issuer)));
}

/* The one that names itself; else the first that says nothing of itself. */
static struct slice look_for(const struct cms_signed *sd,
			     const struct cms_signer *signer, bool *named)
{
	struct slice unreadable = SLICE_NONE;
	struct cert_peek p;
	unsigned i;

	*named = false;
	for (i = 0; i < sd->certificate_count; i++) {
		if (cert_peek(sd->certificates[i], &p)) {
			*named = names_itself(signer, &p);
			if (*named)
				return sd->certificates[i];
		} else if (unreadable.data == NULL) {
			unreadable = sd->certificates[i];
		}
	}
	return unreadable;
}

enum deed_status cms_explain_missing(const struct cms_signed *sd,
				     const struct cms_signer *signer,
				     struct cms_check *out,
				     struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	struct slice der;
	struct cert *c;
	bool named;

	if (out->outcome != CMS_NO_CERTIFICATE)
		return DEED_OK;
	der = look_for(sd, signer, &named);
	if (der.data == NULL)
		return DEED_OK;
	status = cert_parse(der, &c, &why);
	cert_free(c);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status == DEED_OK)
		return DEED_OK;
	out->outcome = CMS_MALFORMED_CERTIFICATE;
	(void)snprintf(out->id, sizeof(out->id), "certificate-malformed");
	(void)snprintf(out->message, sizeof(out->message), "%s: %.160s",
		       named ? "cannot use the signer's certificate"
			     : "the signer's certificate is not there, or "
			       "cannot be read",
		       why.message);
	return DEED_OK;
}
