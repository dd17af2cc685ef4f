/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/asic_draft.h"

#include <stdio.h>
#include <stdlib.h>

#include "asic/zip_read.h"
#include "judge/parser.h"
#include "sign/asic.h"

/* Numbers in names have three digits. */
#define NUMBERS 1000

enum deed_status asic_draft_open(const struct asic_source *source,
				 struct asic_draft *out, struct deed_error *err)
{
	struct zip_fault fault;
	enum deed_status status;
	size_t i;

	memset(out, 0, sizeof(*out));
	status = parser_open_zip(source->parser, source->fd, source->name,
				 &out->zip, &fault, err);
	if (status != DEED_OK)
		return status;
	if (fault.found)
		return deed_error_set(err, DEED_MALFORMED, "'%s': %s",
				      source->name, fault.message);
	out->entries = calloc(zip_count(out->zip) + ASIC_DRAFT_ADDED,
			      sizeof(*out->entries));
	if (out->entries == NULL)
		return deed_error_memory(err);
	for (i = 0; i < zip_count(out->zip); i++) {
		struct asic_draft_entry *e = &out->entries[out->count++];

		e->entry = zip_at(out->zip, i);
		e->name = strdup(e->entry->name);
		if (e->name == NULL)
			return deed_error_memory(err);
	}
	return DEED_OK;
}

void asic_draft_close(struct asic_draft *d)
{
	size_t i;

	for (i = 0; i < d->count; i++) {
		free(d->entries[i].name);
		buf_clear(&d->entries[i].bytes);
	}
	free(d->entries);
	zip_close(d->zip);
	memset(d, 0, sizeof(*d));
}

size_t asic_draft_count(const struct asic_draft *d, enum asic_role role)
{
	size_t i, n = 0;

	for (i = 0; i < d->count; i++)
		n += asic_role(d->entries[i].name) == role;
	return n;
}

struct asic_draft_entry *asic_draft_find(struct asic_draft *d, const char *name)
{
	size_t i;

	for (i = 0; i < d->count; i++) {
		if (strcmp(d->entries[i].name, name) == 0)
			return &d->entries[i];
	}
	return NULL;
}

/* Told by the name that the entry has in the draft. */
static enum deed_status read_fault(const struct asic_draft_entry *e,
				   const struct zip_fault *fault,
				   struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED, "'%s': %s", e->name,
			      fault->message);
}

enum deed_status asic_draft_read(const struct asic_draft *d,
				 const struct asic_draft_entry *e,
				 struct buf *out, struct deed_error *err)
{
	struct zip_fault fault = { 0 };
	enum deed_status status;

	if (e->replaced) {
		buf_slice(out, buf_get(&e->bytes));
		return buf_status(out, err);
	}
	status = zip_read_all(d->zip, e->entry, ASIC_DRAFT_FILE, out, &fault,
			      err);
	if (status == DEED_OK && fault.found)
		status = read_fault(e, &fault, err);
	return status;
}

static enum deed_status update(void *arg, struct slice bytes,
			       struct deed_error *err)
{
	(void)err;
	digest_update(arg, bytes.data, bytes.len);
	return DEED_OK;
}

enum deed_status asic_draft_digest(const struct asic_draft *d,
				   const struct asic_draft_entry *e,
				   uint8_t out[SHA256_SIZE],
				   struct deed_error *err)
{
	struct zip_fault fault = { 0 };
	struct digest *digest;
	enum deed_status status;

	if (e->replaced) {
		sha256(buf_get(&e->bytes), out);
		return DEED_OK;
	}
	status = digest_new(DIGEST_SHA256, &digest, err);
	if (status != DEED_OK)
		return status;
	status = zip_read(d->zip, e->entry, update, digest, &fault, err);
	if (status == DEED_OK && fault.found)
		status = read_fault(e, &fault, err);
	if (status == DEED_OK)
		digest_final(digest, out);
	digest_free(digest);
	return status;
}

void asic_draft_replace(struct asic_draft_entry *e, struct buf *bytes)
{
	buf_clear(&e->bytes);
	e->bytes = *bytes;
	e->replaced = true;
	*bytes = (struct buf)BUF_INIT;
}

enum deed_status asic_draft_rename(struct asic_draft_entry *e, const char *name,
				   struct deed_error *err)
{
	char *copy = strdup(name);

	if (copy == NULL)
		return deed_error_memory(err);
	free(e->name);
	e->name = copy;
	return DEED_OK;
}

enum deed_status asic_draft_add(struct asic_draft *d, const char *name,
				struct buf *bytes, struct deed_error *err)
{
	struct asic_draft_entry *e;

	if (d->count == zip_count(d->zip) + ASIC_DRAFT_ADDED)
		return deed_error_set(err, DEED_LIMIT,
				      "too many files are added at once");
	e = &d->entries[d->count];
	e->name = strdup(name);
	if (e->name == NULL)
		return deed_error_memory(err);
	d->count++;
	asic_draft_replace(e, bytes);
	return DEED_OK;
}

enum deed_status asic_draft_name(struct asic_draft *d, const char *before,
				 const char *after, char **out,
				 struct deed_error *err)
{
	char text[128];
	int i;

	*out = NULL;
	for (i = 1; i < NUMBERS; i++) {
		(void)snprintf(text, sizeof(text), "%s%03d%s", before, i,
			       after);
		if (asic_draft_find(d, text) == NULL)
			break;
	}
	if (i == NUMBERS)
		return deed_error_set(err, DEED_LIMIT,
				      "the container has all names '%s…%s'",
				      before, after);
	*out = strdup(text);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

enum deed_status asic_draft_manifest(const char *signature, size_t room,
				     struct asic_manifest **out,
				     struct deed_error *err)
{
	struct asic_manifest *m = calloc(1, sizeof(*m));

	*out = m;
	if (m == NULL)
		return deed_error_memory(err);
	m->references = calloc(room + 1, sizeof(*m->references));
	m->signature = strdup(signature);
	return m->references == NULL || m->signature == NULL
		       ? deed_error_memory(err)
		       : DEED_OK;
}

enum deed_status asic_draft_refer(const struct asic_draft *d,
				  const struct asic_draft_entry *e,
				  bool rootfile, struct asic_manifest *m,
				  struct deed_error *err)
{
	struct asic_manifest_reference *ref = &m->references[m->count++];

	ref->name = strdup(e->name);
	ref->mime_type = strdup(asic_media_type(e->name));
	if (ref->name == NULL || ref->mime_type == NULL)
		return deed_error_memory(err);
	ref->alg = DIGEST_SHA256;
	ref->digest_len = SHA256_SIZE;
	ref->rootfile = rootfile;
	return asic_draft_digest(d, e, ref->digest, err);
}

enum deed_status asic_draft_write(struct asic_draft *d, int64_t time,
				  const struct zip_sink *sink,
				  struct deed_error *err)
{
	struct zip_writer *w = NULL;
	enum deed_status status;
	size_t i;

	status = zip_writer_new(&w, sink, time, err);
	for (i = 0; status == DEED_OK && i < d->count; i++) {
		const struct asic_draft_entry *e = &d->entries[i];

		status = e->replaced
				 ? zip_add(w, e->name, buf_get(&e->bytes), err)
				 : zip_copy(w, d->zip, e->entry, e->name, err);
	}
	if (status == DEED_OK)
		status = zip_finish(w, err);
	zip_writer_free(w);
	return status;
}
