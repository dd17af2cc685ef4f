/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_group.h"

#include <stdlib.h>

#include "archive/spread.h"
#include "office/deposit/deposit_label.h"
#include "office/party/home_events.h"

/* The key identifier of the certificate; without one that of the key. */
static enum deed_status add_recipients(struct deposit_group *g,
				       struct deed_error *err)
{
	const struct deposit_order *o = g->order;
	size_t i, j;

	if (o->party_count == 0 || o->party_count > MANIFEST_RECIPIENTS)
		return deed_error_set(err, DEED_USAGE,
				      "a deposit has 1 to %d parties",
				      MANIFEST_RECIPIENTS);
	for (i = 0; i < o->party_count; i++) {
		const struct cert *c = o->party[i].certificate;
		const struct cert_fields *f = cert_fields(c);
		struct archive_recipient *to = &g->to[i];

		for (j = 0; j < i; j++)
			if (cert_equal(c, o->party[j].certificate))
				return deed_error_set(err, DEED_USAGE,
						      "'%s' and '%s' are the "
						      "same party",
						      o->party[j].name,
						      o->party[i].name);
		memcpy(to->certificate, cert_sha256(c), SHA256_SIZE);
		to->spki = f->spki;
		to->key_id = f->subject_key_id;
		if (to->key_id.len == 0 && spki_key_id(f->spki, g->ski[i]))
			to->key_id = slice_of(g->ski[i], KEY_ID_SIZE);
	}
	return DEED_OK;
}

/* The key is opened before anything is written: where the office cannot sign
 * manifests no deposit is begun. */
static enum deed_status open_keys(struct deposit_group *g,
				  struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status;

	status = keystore_open(g->home->keystore, &ks, err);
	if (status == DEED_OK)
		status =
			deposit_signer_open(ks, g->order->now, &g->signer, err);
	if (status == DEED_OK && g->order->label != NULL)
		status = deposit_label(ks, g->order->label, g->label, err);
	keystore_close(ks);
	return status;
}

/* An archive_recover_fn. */
static enum deed_status recover(void *arg, struct deed_error *err)
{
	const struct deposit_group *g = arg;

	return event_recover(g->events, g->order->now, err);
}

/* What archive_begin would say of the places. */
static enum deed_status look(const struct deposit_group *g,
			     struct deed_error *err)
{
	struct spread spread;

	return spread_open(g->archive, g->order->min_places, &spread, err);
}

/* Whoever went before and was killed has left deposits half done: they are
 * finished, or swept, before new ones come. */
static enum deed_status open_all(struct deposit_group *g,
				 struct deed_error *err)
{
	const struct deposit_order *o = g->order;
	enum deed_status status = add_recipients(g, err);

	if (status == DEED_OK && o->evidence_count > DEPOSIT_EVIDENCE)
		status = deed_error_set(err, DEED_LIMIT,
					"over %d files beside a document",
					DEPOSIT_EVIDENCE);
	if (status == DEED_OK)
		status = open_keys(g, err);
	if (status == DEED_OK)
		status = home_events_open(g->home, o->wait, &g->events, err);
	if (status == DEED_OK)
		status = archive_open(g->home->archive, g->home->places,
				      &g->archive, err);
	if (status == DEED_OK)
		status = parser_new(&g->parser, err);
	if (status == DEED_OK && o->dry_run)
		return look(g, err);
	if (status == DEED_OK)
		status = recover(g, err);
	if (status == DEED_OK)
		status = archive_sweep(g->archive, recover, g, err);
	if (status == DEED_OK)
		status = archive_begin(g->archive, o->count, o->min_places,
				       &g->begun, err);
	return status;
}

enum deed_status deposit_group_open(const struct home *h,
				    const struct deposit_order *order,
				    struct deposit_group **out,
				    struct deed_error *err)
{
	struct deposit_group *g = calloc(1, sizeof(*g));
	enum deed_status status;

	*out = NULL;
	if (g == NULL)
		return deed_error_memory(err);
	g->home = h;
	g->order = order;
	status = open_all(g, err);
	if (status == DEED_OK)
		*out = g;
	else
		deposit_group_close(g);
	return status;
}

/*
 * What became of deposits whose transaction failed is the log's to say: they
 * may be logged and wait for the recovery.  If that can be done now, nothing
 * is left.
 */
void deposit_group_close(struct deposit_group *g)
{
	if (g == NULL)
		return;
	archive_end(g->begun);
	if (g->unsure)
		(void)!archive_sweep(g->archive, recover, g, NULL);
	parser_free(g->parser);
	archive_close(g->archive);
	home_events_close(g->events);
	deposit_signer_clear(&g->signer);
	free(g);
}

void deposit_group_complete(const struct deposit_group *g,
			    struct deposit_made *made)
{
	struct manifest *m = draft_manifest(made->draft);

	m->deposited = g->order->now;
	made->size = manifest_size(m);
	if (g->order->label != NULL) {
		m->has_label = true;
		memcpy(m->label, g->label, SHA256_SIZE);
	}
}
