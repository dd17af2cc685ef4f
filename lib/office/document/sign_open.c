/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/heads.h"
#include "office/party/home_events.h"
#include "office/document/sign_group.h"

#include <stdlib.h>

#include "judge/constraints.h"
#include "key/token.h"
#include "keystore/keystore.h"
#include "pki/path.h"

/* What was interrupted is finished, and the home compared with the log, before
 * its status statements are believed. */
enum deed_status sign_group_open(const struct home *home, const char *party,
				 int64_t now, unsigned wait_seconds,
				 struct sign_group **out,
				 struct deed_error *err)
{
	struct sign_group *g = calloc(1, sizeof(*g));
	enum deed_status status;

	*out = NULL;
	if (g == NULL)
		return deed_error_memory(err);
	g->home = home;
	g->now = now;
	status = parser_new(&g->parser, err);
	if (status == DEED_OK)
		status = home_events_open(home, wait_seconds, &g->events, err);
	if (status == DEED_OK)
		status = event_recover(g->events, now, err);
	if (status == DEED_OK)
		status = heads_check(home, g->events, party, now, err);
	if (status == DEED_OK)
		status = may_sign(home, party, now, &g->who, err);
	if (status == DEED_OK)
		status = keys_of_party(home, party, &g->keys, err);
	if (status != DEED_OK) {
		sign_group_close(g);
		return status;
	}
	*out = g;
	return DEED_OK;
}

bool sign_group_fits(const struct sign_group *g,
		     char purposes[SIGN_PURPOSES_TEXT])
{
	const struct constraints *policy = constraints_default();
	struct slice fit[CONSTRAINTS_PURPOSES];

	_Static_assert(SIGN_PURPOSES_TEXT == PKI_PURPOSES_TEXT, "one text");
	constraints_purposes(policy, fit);
	return policy->any_purpose ||
	       pki_purpose_fits(g->who->chain[0], fit, policy->purpose_count,
				purposes);
}

const char *sign_group_name(const struct sign_group *g)
{
	return g->who->name;
}

bool sign_group_is_organisation(const struct sign_group *g)
{
	return g->who->organisation;
}

const struct cert *sign_group_certificate(const struct sign_group *g)
{
	return g->who->chain[0];
}

enum deed_status sign_group_may_seal(const struct sign_group *g,
				     struct deed_error *err)
{
	if (g->who->organisation)
		return DEED_OK;
	return deed_error_set(err, DEED_REFUSED,
			      "'%s' is a person: only an organisation has a "
			      "seal",
			      g->who->party);
}

void sign_group_augment(struct sign_group *g,
			const struct augment_params *params,
			struct online *online)
{
	g->augment = params;
	g->online = online;
}

/* Somebody is asked, but where the key is on a token whose URI tells where its
 * PIN is. */
enum deed_status sign_group_asks(const struct sign_group *g, bool *asks,
				 struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status;
	char *uri = NULL;

	*asks = true;
	status = keystore_open(g->home->keystore, &ks, err);
	if (status == DEED_OK)
		status = keystore_token(ks, g->who->party, KEYSTORE_SIGNATURE,
					&uri, err);
	if (status == DEED_OK && uri != NULL)
		*asks = !token_has_pin(uri);
	free(uri);
	keystore_close(ks);
	return status;
}

enum deed_status sign_group_unlock(struct sign_group *g,
				   const struct secret *passphrase,
				   struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status;

	status = keystore_open(g->home->keystore, &ks, err);
	if (status == DEED_OK)
		status = keystore_unlock_signing(
			ks, g->who->party, KEYSTORE_SIGNATURE,
			passphrase != NULL ? secret_slice(passphrase)
					   : SLICE_NONE,
			&g->key, err);
	keystore_close(ks);
	return status;
}

void sign_group_prefer_pss(struct sign_group *g)
{
	signing_key_prefer_pss(g->key);
}

void sign_group_close(struct sign_group *g)
{
	if (g == NULL)
		return;
	signing_key_free(g->key);
	may_sign_free(g->who);
	keys_public_clear(&g->keys);
	home_events_close(g->events);
	parser_free(g->parser);
	free(g);
}
