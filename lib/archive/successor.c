/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/successor.h"

#include <inttypes.h>
#include <string.h>

typedef bool same_fn(const struct manifest *a, const struct manifest *b);

/* A later edition would be read by other rules than the first was signed
 * under. */
static bool same_edition(const struct manifest *a, const struct manifest *b)
{
	return a->edition == b->edition;
}

/* The folder is its name: a manifest of another deposit cannot take over this
 * one. */
static bool same_deposit(const struct manifest *a, const struct manifest *b)
{
	return !memcmp(a->deposit, b->deposit, ARCHIVE_DEPOSIT);
}

/* P is what the parties have: with another they could not open it. */
static bool same_p(const struct manifest *a, const struct manifest *b)
{
	return !memcmp(a->commit_p, b->commit_p, SHA256_SIZE);
}

/* The hash of the index, and with it of every document. */
static bool same_content(const struct manifest *a, const struct manifest *b)
{
	return !memcmp(a->content, b->content, SHA256_SIZE);
}

/* How many there are is known without opening it, and stays true. */
static bool same_documents(const struct manifest *a, const struct manifest *b)
{
	return a->documents == b->documents;
}

/* The ciphertext stays: only how it is cut into parts is new. */
static bool same_chunks(const struct manifest *a, const struct manifest *b)
{
	if (a->chunk_size != b->chunk_size || a->chunk_count != b->chunk_count)
		return false;
	for (size_t i = 0; i < a->chunk_count; i++)
		if (a->chunk[i].size != b->chunk[i].size ||
		    memcmp(a->chunk[i].sha256, b->chunk[i].sha256, SHA256_SIZE))
			return false;
	return true;
}

/* In their order, too: a list that is sorted otherwise is another text, for no
 * reason. */
static bool same_recipients(const struct manifest *a, const struct manifest *b)
{
	if (a->recipient_count != b->recipient_count)
		return false;
	for (size_t i = 0; i < a->recipient_count; i++) {
		const struct manifest_recipient *r = &a->recipient[i],
						*q = &b->recipient[i];

		if (memcmp(r->certificate, q->certificate, SHA256_SIZE) ||
		    r->key_id_len != q->key_id_len ||
		    memcmp(r->key_id, q->key_id, r->key_id_len))
			return false;
	}
	return true;
}

/* The same CMS: it is copied, never made anew. */
static bool same_keys(const struct manifest *a, const struct manifest *b)
{
	return !memcmp(a->keys, b->keys, SHA256_SIZE);
}

/* An HMAC under the catalogue's key: by another the deposit would be found
 * under another label. */
static bool same_label(const struct manifest *a, const struct manifest *b)
{
	return a->has_label == b->has_label &&
	       !memcmp(a->label, b->label, SHA256_SIZE);
}

/* The certificates behind the first manifest are judged at this time: a later
 * one cannot choose another. */
static bool same_time(const struct manifest *a, const struct manifest *b)
{
	return a->deposited == b->deposited;
}

/* Who opens the deposit by hand runs what the manifest names. */
static bool same_readme(const struct manifest *a, const struct manifest *b)
{
	return !memcmp(a->readme, b->readme, SHA256_SIZE);
}

/* As same_readme: people run it by hand to open the deposit. */
static bool same_script(const struct manifest *a, const struct manifest *b)
{
	return !memcmp(a->script, b->script, SHA256_SIZE);
}

static const struct {
	same_fn *same;
	const char *what;
} fixed[] = {
	{ same_edition, "type" },
	{ same_deposit, "deposit" },
	{ same_p, "commitment to P" },
	{ same_content, "content" },
	{ same_documents, "number of documents" },
	{ same_chunks, "chunks" },
	{ same_recipients, "recipients" },
	{ same_keys, "keys" },
	{ same_label, "label" },
	{ same_time, "time of the deposit" },
	{ same_readme, "README" },
	{ same_script, "script" },
};

/* A place that has two parts is one place. */
static bool distinct(const struct manifest *m)
{
	for (unsigned i = 0; i < m->n; i++)
		for (unsigned j = 0; j < i; j++)
			if (!strcmp(m->place[i], m->place[j]))
				return false;
	return true;
}

enum deed_status successor_check(const struct manifest *first,
				 const struct manifest *m,
				 struct deed_error *err)
{
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (!fixed[i].same(first, m))
			return deed_error_set(err, DEED_REFUSED,
					      "generation %" PRIu64
					      " of the manifest has another "
					      "%s than the first",
					      m->generation, fixed[i].what);
	if (m->k < first->k)
		return deed_error_set(err, DEED_REFUSED,
				      "generation %" PRIu64
				      " of the manifest needs %u places, the "
				      "first %u: it may not be fewer",
				      m->generation, m->k, first->k);
	if (!distinct(m))
		return deed_error_set(err, DEED_REFUSED,
				      "generation %" PRIu64
				      " of the manifest names a place twice",
				      m->generation);
	return DEED_OK;
}
