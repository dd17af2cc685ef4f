/* SPDX-License-Identifier: Apache-2.0 */

/* PDFs that are opened, and parsed together, before their turn. */
#include <stdlib.h>

#include "office/document/sign_group.h"

/* Those of a batch are in memory a dozen at a time, for each thread. */
#define AHEAD_MAX (512 * 1024)

_Static_assert(SIGN_AHEAD <= PADES_TOGETHER, "they are asked about at once");

void sign_pades_signer(const struct sign_group *g, struct pades_signer *signer)
{
	signer->key = g->key;
	signer->chain = (const struct cert *const *)g->who->chain;
	signer->chain_count = g->who->chain_count;
}

void sign_ahead_free(struct sign_ahead *a)
{
	if (a == NULL)
		return;
	pades_ahead_clear(&a->said);
	pdf_input_close(a->in);
	sign_source_close(&a->source);
	free(a);
}

/* Larger files are not opened ahead: they would hold memory while others are
 * signed. */
static enum deed_status open_it(const struct sign_group *g,
				const struct sign_item *item, uint64_t max,
				struct sign_ahead *a, struct deed_error *err)
{
	enum deed_status status;

	sign_pades_params(g, item, &a->params);
	status = sign_source_open(item->input, item->name, &a->source, err);
	if (status == DEED_OK && (uint64_t)a->source.st.st_size > max)
		return DEED_LIMIT;
	if (status == DEED_OK)
		status = pdf_input_from_stat(a->source.fd, a->source.name,
					     &a->source.st, &a->in, err);
	if (status == DEED_OK)
		status = sign_input_is_pdf(a->in, err);
	if (status != DEED_OK)
		return status;
	pdf_input_set_password(a->in, item->document_password);
	a->params.parser = g->parser;
	a->params.fd = a->source.fd;
	if (sign_is_raised(g, item))
		a->params.augment = g->augment;
	return DEED_OK;
}

/* The limit is for reading ahead alone (AHEAD_MAX); at its turn a document of
 * any size is opened. */
static enum deed_status open_up_to(const struct sign_group *g,
				   const struct sign_item *item, uint64_t max,
				   struct sign_ahead **out,
				   struct deed_error *err)
{
	struct sign_ahead *a = calloc(1, sizeof(*a));
	enum deed_status status;

	*out = NULL;
	if (a == NULL)
		return deed_error_memory(err);
	a->source.fd = -1;
	status = open_it(g, item, max, a, err);
	if (status == DEED_OK)
		*out = a;
	else
		sign_ahead_free(a);
	return status;
}

enum deed_status sign_ahead_open(const struct sign_group *g,
				 const struct sign_item *item,
				 struct sign_ahead **out,
				 struct deed_error *err)
{
	return open_up_to(g, item, UINT64_MAX, out, err);
}

/* One alone is left to its turn, since asking together gains from two on. */
void sign_group_ahead(const struct sign_group *g,
		      const struct sign_item *const items[],
		      struct sign_result *const results[], size_t count)
{
	struct pades_question list[SIGN_AHEAD];
	struct pades_signer signer;
	struct sign_ahead *a;
	size_t i, n = 0;

	sign_pades_signer(g, &signer);
	for (i = 0; i < count && n < SIGN_AHEAD; i++) {
		struct sign_pending *p;

		if (items[i]->format != SIGN_PDF || items[i]->foreign != NULL ||
		    results[i]->pending != NULL ||
		    open_up_to(g, items[i], AHEAD_MAX, &a, NULL) != DEED_OK)
			continue;
		p = results[i]->pending = calloc(1, sizeof(*p));
		if (p == NULL) {
			sign_ahead_free(a);
			continue;
		}
		p->ahead = a;
		list[n++] =
			(struct pades_question){ a->in, &a->params, &a->said };
	}
	if (n > 1)
		pades_ask_ahead(g->parser, &signer, list, n);
}
