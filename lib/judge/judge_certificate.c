/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge_private.h"

/* Certificates that answer to one signer; more are not looked at. */
#define CANDIDATES 64

struct search {
	const struct cms_signer *signer;
	struct cert_list *out;
	enum deed_status status;
	struct deed_error *err;
};

/* Certificates are gathered and chosen from later, since several may have the
 * same issuer and serial number, or the same key identifier; whoever floods
 * the source with such copies is cut off at CANDIDATES. */
static bool keep_named(void *arg, struct cert *c)
{
	struct search *s = arg;

	if (!cms_signer_names(s->signer, c))
		return true;
	s->status = cert_list_add(s->out, c, s->err);
	return s->status == DEED_OK && s->out->count < CANDIDATES;
}

enum deed_status judge_given_certificates(const struct pki_source *source,
					  const struct cms_signer *signer,
					  struct cert_list *out,
					  struct deed_error *err)
{
	struct search s = { .signer = signer, .out = out, .err = err };

	if (signer->key_id.data != NULL)
		pki_source_each_key(source, signer->key_id, keep_named, &s);
	else
		pki_source_each_issued(source, signer->issuer, signer->serial,
				       keep_named, &s);
	return s.status;
}
