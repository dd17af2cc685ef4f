/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/sign_outside.h"

#include "base/clock.h"
#include "office/document/sign_group.h"
#include "pki/path.h"

/* Its CA as the attestation names it, and what lies between them. */
static enum deed_status make_source(const struct may_sign_answer *who,
				    struct pki_source **out,
				    struct deed_error *err)
{
	enum deed_status status = pki_source_new(NULL, out, err);

	for (size_t i = 1; status == DEED_OK && i < who->chain_count; i++) {
		struct cert *c = who->chain[i];

		if (memcmp(cert_sha256(c), who->ca, sizeof(who->ca)) == 0)
			status = pki_source_add_anchor(*out, c, err);
		else
			status = pki_source_add_certificate(*out, c, err);
	}
	return status;
}

/* Two messages, as the remedies differ: no data at all, and data that is too
 * old. evidence[0] is the signer's own. */
static enum deed_status too_old(const struct sign_group *g,
				const struct pki_path *path,
				struct deed_error *err)
{
	char text[CLOCK_TEXT];

	if (path->outcome == PKI_NO_REVOCATION) {
		deed_error_set(err, DEED_INDETERMINATE,
			       "nothing tells whether the certificate of party "
			       "'%s', which another CA issued, was revoked: %s",
			       g->who->party, path->message);
	} else {
		clock_format(path->evidence[0].this_update, text);
		deed_error_set(err, DEED_INDETERMINATE,
			       "what tells that the certificate of party '%s' "
			       "was not revoked is of %s; younger than seven "
			       "days is wanted, for another CA issued it",
			       g->who->party, text);
	}
	deed_error_remedy(err, "revocation-young", NULL);
	return DEED_INDETERMINATE;
}

/* A path that is good and a revocation that is told, and young: all three.
 * What is revoked or ended is DEED_CERT_INVALID, for more data would change
 * nothing. */
static enum deed_status weigh(const struct sign_group *g,
			      const struct pki_path *path,
			      struct deed_error *err)
{
	const struct pki_evidence *e = &path->evidence[0];

	if (path->outcome != PKI_GOOD && path->outcome != PKI_NO_REVOCATION)
		return deed_error_set(err, DEED_CERT_INVALID,
				      "the certificate of party '%s' is not "
				      "valid: %s",
				      g->who->party, path->message);
	if (path->outcome == PKI_GOOD && e->status == PKI_REVOCATION_GOOD &&
	    g->now - e->this_update < SIGN_OUTSIDE_YOUNG)
		return DEED_OK;
	return too_old(g, path, err);
}

/* At the present time: the group signs now, and what holds today counts. */
static enum deed_status judge_by(const struct sign_group *g,
				 const struct pki_source *source,
				 struct deed_error *err)
{
	const struct pki_params params = { .source = source,
					   .time = g->now,
					   .purpose = PKI_SIGNATURE };
	struct pki_path path = { .len = 0 };
	enum deed_status status =
		pki_judge_path(g->who->chain[0], &params, &path, err);

	if (status == DEED_OK)
		status = weigh(g, &path, err);
	pki_path_clear(&path);
	return status;
}

/* Who has something, if old, would not ask for more by itself. */
static void ask(const struct sign_group *g, const struct pki_source *source)
{
	const struct may_sign_answer *who = g->who;
	struct pki_want want = { .cert = who->chain[0], .time = g->now };

	if (who->chain_count < 2)
		return;
	want.issuer = who->chain[1];
	(void)pki_source_find(source, &want);
}

/* A status other than DEED_INDETERMINATE is final, so that an address that was
 * refused does not matter then. */
static enum deed_status judge_online(const struct sign_group *g,
				     const struct online_params *params,
				     struct pki_source *source, bool *refused,
				     struct deed_error *err)
{
	struct online_document *document = NULL;
	struct online *o = NULL;
	enum deed_status status = online_new(params, source, &o, err);

	if (status == DEED_OK)
		status = online_begin(o, g->who->party, &document, err);
	if (status == DEED_OK) {
		ask(g, online_source(document));
		status = judge_by(g, online_source(document), err);
	}
	*refused = status == DEED_INDETERMINATE && online_refused(o);
	online_end(document);
	online_free(o);
	return status;
}

enum deed_status sign_group_check_outside(const struct sign_group *g,
					  const struct sign_outside_params *p,
					  bool *refused, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct pki_source *source = NULL;
	enum deed_status status;

	*refused = false;
	if (!g->who->outside)
		return DEED_OK;
	status = make_source(g->who, &source, &why);
	if (status == DEED_OK)
		status = materials_load(p->materials, source, &why);
	if (status == DEED_OK)
		status = judge_by(g, source, &why);
	if (status == DEED_INDETERMINATE && p->online != NULL)
		status = judge_online(g, p->online, source, refused, &why);
	if (status != DEED_OK && err != NULL)
		*err = why;
	pki_source_free(source);
	return status;
}
