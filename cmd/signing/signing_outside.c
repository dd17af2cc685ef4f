/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/signing.h"

#include "office/document/sign_outside.h"

/* A level that fetches does so for this, too. */
static enum deed_status open_client(struct signing *w, struct deed_error *err)
{
	if (!w->level_args->online || w->level.client != NULL)
		return DEED_OK;
	return online_client(w->session, &w->level_args->fetching,
			     &w->level.client, err);
}

/* What is named is read, also where the house's own certificate needs none of
 * it: a name mistyped is not to go unnoticed. */
static enum deed_status read_files(const struct materials *files,
				   struct deed_error *err)
{
	struct pki_source *source = NULL;
	enum deed_status status = pki_source_new(NULL, &source, err);

	if (status == DEED_OK)
		status = materials_load(files, source, err);
	pki_source_free(source);
	return status;
}

enum deed_status signing_check_outside(struct signing *w,
				       struct deed_error *err)
{
	const struct level_args *args = w->level_args;
	struct session *s = w->session;
	const struct materials files =
		evidence_materials(&args->evidence, session_home(s));
	/* What the cache has is current, and not always young. */
	struct online_params online = {
		.now = s->now,
		.budget_ms = online_budget(&args->fetching),
	};
	struct sign_outside_params params = { .materials = &files };
	enum deed_status status = read_files(&files, err);
	bool refused = false;

	if (status == DEED_OK)
		status = open_client(w, err);
	online.client = w->level.client;
	if (w->level.client != NULL)
		params.online = &online;
	if (status == DEED_OK)
		status = sign_group_check_outside(w->group, &params, &refused,
						  err);
	online_hint(s, refused);
	return status;
}
