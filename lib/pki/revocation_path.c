/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/revocation.h"

#include <stdio.h>

#include "base/clock.h"
#include "pki/path_check.h"

/* The question of revocation, asked for each certificate of a path. */

/* A revocation is told before anything that is merely unknown, and among what
 * is unknown a fault that looks like an attack before one that does not. */
static void inquire(struct pki_path *path, unsigned i,
		    const struct pki_params *params)
{
	struct pki_revocation_query q = { .chain = path->chain + i,
					  .len = path->len - i,
					  .source = params->source,
					  .time = params->time,
					  .flags = params->revocation_flags,
					  .latest = params->latest,
					  .within = params->within };
	struct pki_evidence *e = &path->evidence[i];
	struct deed_error why = DEED_ERROR_INIT;
	char text[CLOCK_TEXT];
	const char *reason;

	if (pki_revocation_of(&q, e, &why) != DEED_OK)
		(void)snprintf(e->message, sizeof(e->message), "%.99s",
			       why.message);
	if (e->status == PKI_REVOCATION_REVOKED) {
		path->revocation = PKI_REVOCATION_REVOKED;
		path->revoked_at = e->revoked_at;
		path->reason = e->reason;
		clock_format(e->revoked_at, text);
		reason = pki_reason_text(e->reason);
		pki_path_fail(path, i, PKI_RULE_REVOKED,
			      "%s certificate was revoked at %s%s%s%s",
			      i == 0 ? "the" : "an issuer's", text,
			      *reason == '\0' ? "" : " (", reason,
			      *reason == '\0' ? "" : ")");
	} else if (e->status != PKI_REVOCATION_GOOD &&
		   (path->outcome == PKI_GOOD ||
		    (e->suspect && !path->evidence[path->failed].suspect))) {
		path->revocation = PKI_REVOCATION_UNKNOWN;
		pki_path_fail(path, i, PKI_RULE_REVOCATION_UNKNOWN,
			      "whether %s certificate is revoked is not known: "
			      "%s",
			      i == 0 ? "the" : "an issuer's", e->message);
	}
}

void pki_check_revocation(struct pki_path *path,
			  const struct pki_params *params)
{
	unsigned i;

	path->revocation = PKI_REVOCATION_GOOD;
	/* A missing list hides nothing that is worse further up. */
	for (i = 0;
	     i + 1 < path->len && path->revocation != PKI_REVOCATION_REVOKED;
	     i++)
		inquire(path, i, params);
}
