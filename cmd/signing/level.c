/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/level.h"

#include <stdlib.h>

#include "office/home.h"
#include "office/document/level_params.h"

/* The house's own root and CRLs, and what the options name. */
static enum deed_status load(struct session *s, const struct level_args *args,
			     struct pki_source *source, struct deed_error *err)
{
	struct materials m =
		evidence_materials(&args->evidence, session_home(s));
	const char **trust = calloc(m.trust_count + 1, sizeof(*trust));
	enum deed_status status;
	size_t i;

	if (trust == NULL)
		return deed_error_memory(err);
	trust[0] = "home";
	for (i = 0; i < m.trust_count; i++)
		trust[i + 1] = m.trust[i];
	m.trust = trust;
	m.trust_count++;
	status = materials_load(&m, source, err);
	free(trust);
	return status;
}

/* What is to go into a signature is fetched where it is not at hand. */
static enum deed_status go_online(struct session *s,
				  const struct online_args *args,
				  struct level *l, struct deed_error *err)
{
	struct online_params online = { .now = s->now,
					.budget_ms = online_budget(args) };
	enum deed_status status = DEED_OK;
	char *cache = NULL;

	if (!s->offline)
		status = online_client(s, args, &l->client, err);
	if (status == DEED_OK && session_home(s) != NULL)
		status = home_trust_folder(session_home(s), &cache, err);
	online.client = l->client;
	online.cache = cache;
	if (status == DEED_OK)
		status = online_new(&online, l->source, &l->online, err);
	free(cache);
	return status;
}

enum deed_status level_open(struct session *s, const struct level_args *args,
			    struct level *out, struct deed_error *err)
{
	enum verdict_level level;
	enum deed_status status;

	*out = (struct level)LEVEL_INIT;
	status = level_parse(args->level, &level, err);
	if (status != DEED_OK || level == LEVEL_B_B)
		return status;
	status = timestamping_open(s, &args->tsa, &out->stamping, err);
	if (status == DEED_OK && out->stamping.set == NULL && s->offline) {
		status = deed_error_set(err, DEED_USAGE,
					"--level %s needs a time-stamp, and "
					"--offline forbids asking for one",
					args->level);
	} else if (status == DEED_OK && out->stamping.set == NULL) {
		status = deed_error_set(err, DEED_USAGE,
					"--level %s needs a time-stamp "
					"authority",
					args->level);
		deed_error_hint(err, "--tsa URL names one; timestamp.tsa in "
				     "the configuration does for all");
	}
	if (status == DEED_OK)
		status = pki_source_new(NULL, &out->source, err);
	if (status == DEED_OK)
		status = load(s, args, out->source, err);
	if (status == DEED_OK && level >= LEVEL_B_LT)
		status = go_online(s, &args->fetching, out, err);
	level_params(out->stamping.set, out->source, level, s->now,
		     &out->params);
	return status;
}

void level_close(struct level *l)
{
	online_free(l->online);
	http_client_free(l->client);
	timestamping_close(&l->stamping);
	pki_source_free(l->source);
	*l = (struct level)LEVEL_INIT;
}
