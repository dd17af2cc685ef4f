/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "pki/forge_world.h"

#include <stdlib.h>

void world_certify(struct world *w, struct slice extra)
{
	cert_free(w->cert);
	w->cert = forge_cert(&(struct forge_cert){ .subject = "cert",
						   .issuer = "ca",
						   .key = 4,
						   .issuer_key = 1,
						   .serial = SERIAL,
						   .extra = extra });
}

void world_init(struct world *w)
{
	*w = (struct world){ .time = T, .latest = T + 1000 * DAY };
	w->root = forge_root();
	w->ca = forge_ca();
	world_certify(w, SLICE_NONE);
	assert_ok(pki_source_new(NULL, &w->source, err));
	assert_ok(pki_source_add_anchor(w->source, w->root, err));
}

void world_clear(struct world *w)
{
	pki_evidence_clear(&w->e);
	pki_source_free(w->source);
	cert_free(w->root);
	cert_free(w->ca);
	cert_free(w->cert);
}

int world_begin(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	world_init(w);
	*state = w;
	return 0;
}

int world_end(void **state)
{
	world_clear(*state);
	free(*state);
	return 0;
}

void world_add_crl(struct world *w, const struct forge_crl *spec)
{
	struct crl *c = forge_crl(spec);

	assert_ok(pki_source_add_crl(w->source, c, err));
	crl_free(c);
}

void world_add_cert(struct world *w, const struct forge_cert *spec)
{
	struct cert *c = forge_cert(spec);

	assert_ok(pki_source_add_certificate(w->source, c, err));
	cert_free(c);
}

void world_ask(struct world *w)
{
	struct cert *chain[] = { w->cert, w->ca, w->root };
	struct pki_revocation_query q = { .chain = chain,
					  .len = 3,
					  .source = w->source,
					  .time = w->time,
					  .flags = w->flags,
					  .latest = w->latest };

	pki_evidence_clear(&w->e);
	assert_ok(pki_revocation_of(&q, &w->e, err));
}

void world_is(struct world *w, enum pki_revocation status, const char *why)
{
	world_ask(w);
	if (w->e.status != status)
		fail_msg("expected %d, got %d: %s", status, w->e.status,
			 w->e.message);
	if (why != NULL && strstr(w->e.message, why) == NULL)
		fail_msg("expected '%s' in '%s'", why, w->e.message);
}
