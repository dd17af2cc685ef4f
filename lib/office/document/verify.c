/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/verify.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "codec/yaml.h"
#include "office/home.h"
#include "office/document/verify_qualified.h"
#include "office/document/verify_require.h"
#include "pdf/input.h"
#include "trust/online.h"

struct verify {
	struct judge_params params;
	struct pki_source *source;
	struct online *online;
	struct parser *parser;
	struct look *look;
	struct requirement *require;
	size_t require_count;
	struct constraints policy;
	struct judge_cache *answers;
	struct verify_lists *lists; /* NULL: none was given */
	size_t anchor_count;	    /* before those of the lists */
};

/* The home's cache is for those who believe the home. */
static enum deed_status go_online(struct verify *v,
				  const struct verify_params *params,
				  struct deed_error *err)
{
	struct online_params online = { .client = params->client,
					.now = params->at,
					.nonce = params->ocsp_nonce,
					.budget_ms = params->online_ms };
	bool kept = params->materials.home != NULL &&
		    materials_from_home(&params->materials);
	enum deed_status status = DEED_OK;
	char *cache = NULL;

	if (params->no_revocation || (!kept && online.client == NULL))
		return DEED_OK;
	if (kept)
		status = home_trust_folder(params->materials.home, &cache, err);
	online.cache = cache;
	if (status == DEED_OK)
		status = online_new(&online, v->source, &v->online, err);
	free(cache);
	return status;
}

/* The default is put there first: a file states only what it changes. */
static enum deed_status read_policy(struct verify *v, const char *path,
				    struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status;

	v->policy = *constraints_default();
	if (path == NULL)
		return DEED_OK;
	status = file_read(path, YAML_MAX_SIZE, &text, err);
	if (status == DEED_OK)
		status =
			constraints_read(buf_get(&text), path, &v->policy, err);
	buf_clear(&text);
	return status;
}

/* Counted even after a failure, so that verify_close clears what was begun.  A
 * requirement that only trust lists can answer is refused without one: it
 * could never be met. */
static enum deed_status read_requires(struct verify *v,
				      const struct verify_params *params,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	if (params->require_count > VERIFY_REQUIRES)
		return deed_error_set(err, DEED_USAGE,
				      "more than %d requirements",
				      VERIFY_REQUIRES);
	v->require = calloc(params->require_count + 1, sizeof(*v->require));
	if (v->require == NULL)
		return deed_error_memory(err);
	for (i = 0; status == DEED_OK && i < params->require_count; i++) {
		status = requirement_read(&v->require[v->require_count],
					  params->requires[i], err);
		if (status == DEED_OK &&
		    requirement_of_list(&v->require[v->require_count]) &&
		    params->lists.list_count == 0) {
			status = deed_error_set(
				err, DEED_USAGE,
				"'%s' is required, and no trust list is given "
				"that could say so",
				params->requires[i]);
			deed_error_remedy(err, "trust-list", NULL);
		}
		v->require_count++;
	}
	return status;
}

/* The anchors are counted before those of the lists are added
 * (verify_anchor_count): whom the user named and whom a list named are told
 * apart. */
static enum deed_status open_lists(struct verify *v,
				   const struct verify_lists_params *params,
				   struct deed_error *err)
{
	enum deed_status status;

	v->anchor_count = pki_source_anchor_count(v->source);
	if (params->list_count == 0)
		return DEED_OK;
	status = verify_lists_open(params, &v->lists, err);
	return status == DEED_OK ? verify_lists_anchor(v->lists, v->source, err)
				 : status;
}

/* The parameters point into v, which does not move.  The policy is read before
 * the helper for painting is made, since it may ask for that. */
static enum deed_status fill(struct verify *v,
			     const struct verify_params *params,
			     struct deed_error *err)
{
	enum deed_status status;

	status = parser_new(&v->parser, err);
	if (status == DEED_OK)
		status = pki_source_new(NULL, &v->source, err);
	if (status == DEED_OK)
		status = materials_load(&params->materials, v->source, err);
	if (status == DEED_OK)
		status = go_online(v, params, err);
	if (status == DEED_OK)
		status = judge_cache_new(&v->answers, err);
	if (status == DEED_OK)
		status = read_policy(v, params->policy, err);
	if (status == DEED_OK && (params->look || v->policy.look))
		status = look_new(&v->look, err);
	if (status == DEED_OK)
		status = read_requires(v, params, err);
	if (status == DEED_OK)
		status = open_lists(v, &params->lists, err);
	if (status != DEED_OK)
		return status;
	v->params =
		(struct judge_params){ .at = params->at,
				       .source = v->source,
				       .parser = v->parser,
				       .look = v->look,
				       .pictures = params->pictures,
				       .constraints = &v->policy,
				       .cache = v->answers,
				       .no_revocation = params->no_revocation,
				       .content = params->content,
				       .document_password =
					       params->document_password };
	return status;
}

enum deed_status verify_open(const struct verify_params *params,
			     struct verify **out, struct deed_error *err)
{
	struct verify *v = calloc(1, sizeof(*v));
	enum deed_status status;

	*out = NULL;
	if (v == NULL)
		return deed_error_memory(err);
	status = fill(v, params, err);
	if (status != DEED_OK) {
		verify_close(v);
		return status;
	}
	*out = v;
	return DEED_OK;
}

void verify_close(struct verify *v)
{
	size_t i;

	if (v == NULL)
		return;
	for (i = 0; i < v->require_count; i++)
		requirement_clear(&v->require[i]);
	free(v->require);
	verify_lists_free(v->lists);
	judge_cache_free(v->answers);
	online_free(v->online);
	pki_source_free(v->source);
	look_free(v->look);
	parser_free(v->parser);
	free(v);
}

size_t verify_anchor_count(const struct verify *v)
{
	return v->anchor_count;
}

const struct cert *verify_anchor(const struct verify *v, size_t i)
{
	return pki_source_anchor(v->source, i);
}

const struct verify_lists *verify_trust_lists(const struct verify *v)
{
	return v->lists;
}

bool verify_refused(const struct verify *v)
{
	return online_refused(v->online);
}

const struct constraints *verify_policy(const struct verify *v)
{
	return &v->policy;
}

/* The strings are the document's, for the call alone. */
static void tell_lacks(const struct online_document *document,
		       const struct verify_wants *wants)
{
	const char *url, *why;
	size_t i;

	for (i = 0; online_lack(document, i, &url, &why); i++)
		wants->lack(wants->arg, url, why);
}

/* What the lists say, and what that means for what is required. */
static enum deed_status qualify_document(const struct verify *v,
					 struct verdict_document *doc,
					 struct deed_error *err)
{
	const struct requirement *r;
	enum deed_status status;
	size_t i;

	if (v->lists == NULL || doc->error != NULL)
		return DEED_OK;
	status = verify_lists_ask(v->lists, v->params.at, doc, err);
	for (i = 0; status == DEED_OK && i < v->require_count; i++) {
		r = &v->require[i];
		if (requirement_of_list(r))
			verify_qualified_tell(r->value, doc);
	}
	if (status == DEED_OK)
		verdict_conclude(doc);
	return status;
}

/* Where the lists cannot be asked the verdict goes, too: without what they say
 * it would look complete. */
enum deed_status verify_file(const struct verify *v, const char *path,
			     const struct verify_wants *wants,
			     struct verdict_document **out,
			     struct deed_error *err)
{
	struct judge_params params = v->params;
	struct online_document *document = NULL;
	enum deed_status status = DEED_OK;

	*out = NULL;
	if (wants != NULL)
		params.signed_content = wants->content;
	if (v->online != NULL)
		status = online_begin(v->online, path, &document, err);
	if (document != NULL)
		params.source = online_source(document);
	if (status == DEED_OK)
		status = judge_file(path, &params, out, err);
	if (status == DEED_OK)
		status = qualify_document(v, *out, err);
	if (status != DEED_OK) {
		verdict_document_free(*out);
		*out = NULL;
	}
	if (document != NULL && wants != NULL && wants->lack != NULL)
		tell_lacks(document, wants);
	online_end(document);
	return status;
}

bool verify_require(const struct verify *v, const struct verdict_document *doc,
		    size_t i, const char **unmet)
{
	*unmet = NULL;
	if (i >= v->require_count)
		return false;
	if (!requirement_met(&v->require[i], doc))
		*unmet = v->require[i].text;
	return true;
}

/* A revision is a prefix of the file, which incremental updates leave as it
 * was: so it is copied and not rebuilt. */
static enum deed_status copy_revision(const struct pdf_input *in, uint64_t end,
				      int to, const char *to_name,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	uint8_t *window = malloc(PDF_INPUT_WINDOW);
	uint64_t at = 0;
	size_t n;

	if (window == NULL)
		return deed_error_memory(err);
	while (status == DEED_OK && at < end) {
		n = end - at < PDF_INPUT_WINDOW ? (size_t)(end - at)
						: PDF_INPUT_WINDOW;
		status = pdf_input_read(in, at, window, n, err);
		if (status == DEED_OK)
			status = file_write_fd(to, to_name, window, n, err);
		at += n;
	}
	free(window);
	return status;
}

/* An end of 0 is one that the parser could not find: nothing is guessed, as
 * the copy is to be what was signed. */
static enum deed_status find_end(const struct pdf_survey *survey,
				 const char *path, unsigned revision,
				 uint64_t *end, struct deed_error *err)
{
	if (revision == 0 || revision > survey->revisions)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "'%s' has %u revisions: there is no "
				      "revision %u",
				      path, survey->revisions, revision);
	*end = survey->ends[revision - 1];
	if (*end == 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "'%s' does not tell where revision %u "
				      "ends",
				      path, revision);
	return DEED_OK;
}

enum deed_status verify_revision(const struct verify *v, const char *path,
				 unsigned revision, int to, const char *to_name,
				 struct deed_error *err)
{
	struct pdf_survey survey = { .arena = PDF_ARENA_INIT };
	struct pdf_input *in = NULL;
	enum deed_status status;
	uint64_t end = 0;
	int fd;

	status = file_open_regular(path, &fd, err);
	if (status != DEED_OK)
		return status;
	status = pdf_input_from_fd(fd, path, &in, err);
	if (status == DEED_OK)
		pdf_input_set_password(in, v->params.document_password);
	if (status == DEED_OK)
		status = parser_survey_pdf(v->parser, fd, in, &survey, err);
	if (status == DEED_OK)
		status = find_end(&survey, path, revision, &end, err);
	if (status == DEED_OK)
		status = copy_revision(in, end, to, to_name, err);
	pdf_survey_clear(&survey);
	pdf_input_close(in);
	(void)close(fd);
	return status;
}
