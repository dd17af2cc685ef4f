/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/manifest.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/secret.h"
#include "cms/signed.h"
#include "codec/hex.h"
#include "codec/json.h"

enum deed_status manifest_new(struct manifest **out, struct deed_error *err)
{
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return deed_error_memory(err);
	(*out)->edition = 2;
	(*out)->chunk_size = MANIFEST_CHUNK;
	return DEED_OK;
}

void manifest_free(struct manifest *m)
{
	if (m == NULL)
		return;
	free(m->chunk);
	free(m->checkpoint);
	free(m);
}

enum deed_status manifest_chunks(struct manifest *m, size_t count,
				 struct deed_error *err)
{
	if (count == 0 || count > MANIFEST_CHUNKS)
		return deed_error_set(err, DEED_LIMIT,
				      "a deposit of %zu chunks: 1 to %d are "
				      "possible",
				      count, MANIFEST_CHUNKS);
	m->chunk = calloc(count, sizeof(*m->chunk));
	if (m->chunk == NULL)
		return deed_error_memory(err);
	m->chunk_count = count;
	return DEED_OK;
}

const char *manifest_type(const struct manifest *m)
{
	return m->edition == 1 ? MANIFEST_FIRST : MANIFEST_TYPE;
}

enum deed_status manifest_peek(struct slice cms, struct manifest **out,
			       uint8_t payload[SHA256_SIZE],
			       struct deed_error *err)
{
	struct cms_signed *sd = NULL;
	json_t *json = NULL;
	enum deed_status status;

	*out = NULL;
	status = cms_signed_parse(cms, &sd, err);
	if (status == DEED_OK)
		status = json_load_canonical(sd->content, &json, err);
	if (status == DEED_OK)
		status = manifest_from_json(json, out, err);
	if (status == DEED_OK)
		sha256(sd->content, payload);
	json_decref(json);
	cms_signed_free(sd);
	return status;
}

enum deed_status manifest_payload(const json_t *json, uint8_t out[SHA256_SIZE],
				  struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status = json_canonical(json, &text, err);

	if (status == DEED_OK)
		sha256(buf_get(&text), out);
	buf_clear(&text);
	return status;
}

size_t manifest_part_size(const struct manifest *m, size_t chunk)
{
	return (size_t)((m->chunk[chunk].size + m->k - 1) / m->k);
}

void manifest_folder(const struct manifest *m,
		     char out[2 * ARCHIVE_DEPOSIT + 1])
{
	hex_text(slice_of(m->deposit, ARCHIVE_DEPOSIT), out);
}

void manifest_path(const struct manifest *m, char out[MANIFEST_PATH + 1])
{
	char folder[2 * ARCHIVE_DEPOSIT + 1];

	manifest_folder(m, folder);
	if (m->edition == 1)
		memcpy(out, folder, sizeof(folder));
	else
		snprintf(out, MANIFEST_PATH + 1, "%.2s/%s", folder, folder);
}

uint64_t manifest_size(const struct manifest *m)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < m->chunk_count; i++)
		sum += m->chunk[i].size;
	return sum;
}

void manifest_commit(const struct manifest *m, const char *label,
		     struct slice value, uint8_t out[SHA256_SIZE])
{
	static const char domain[] = "deed-shard-v1 ";
	uint8_t text[256];
	size_t len = 0;

	assert(sizeof(domain) + strlen(label) + ARCHIVE_DEPOSIT + value.len <
	       sizeof(text));
	memcpy(text, domain, sizeof(domain) - 1);
	len = sizeof(domain) - 1;
	memcpy(text + len, label, strlen(label) + 1);
	len += strlen(label) + 1;
	memcpy(text + len, m->deposit, ARCHIVE_DEPOSIT);
	len += ARCHIVE_DEPOSIT;
	memcpy(text + len, value.data, value.len);
	sha256(slice_of(text, len + value.len), out);
	secret_wipe(text, sizeof(text));
}
