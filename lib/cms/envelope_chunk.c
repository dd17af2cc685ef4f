/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/envelope_chunk.h"

#include <assert.h>

#include "base/buf.h"
#include "crypto/random.h"
#include "crypto/wrap.h"

#define KEY_SIZE 32
#define WRAPPED_SIZE 40

/* id-ct-authEnvelopedData, whole. */
static const uint8_t type_oid[] = { 0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7,
				    0x0d, 0x01, 0x09, 0x10, 0x01, 0x17 };

/* version 0, then the SET of one KEKRecipientInfo up to its identifier. */
static const uint8_t before_id[] = { 0x02, 0x01, 0x00, 0x31, 0x50, 0xa2, 0x4e,
				     0x02, 0x01, 0x04, 0x30, 0x12, 0x04, 0x10 };

/* id-aes256-wrap, and the head of the wrapped key. */
static const uint8_t before_wrapped[] = { 0x30, 0x0b, 0x06, 0x09, 0x60,
					  0x86, 0x48, 0x01, 0x65, 0x03,
					  0x04, 0x01, 0x2d, 0x04, 0x28 };

/* id-data, id-aes256-GCM, up to the nonce. */
static const uint8_t before_nonce[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
					0xf7, 0x0d, 0x01, 0x07, 0x01, 0x30,
					0x1e, 0x06, 0x09, 0x60, 0x86, 0x48,
					0x01, 0x65, 0x03, 0x04, 0x01, 0x2e,
					0x30, 0x11, 0x04, 0x0c };

/* aes-ICVlen 16. */
static const uint8_t after_nonce[] = { 0x02, 0x01, 0x10 };

#define RECIPIENTS_SIZE                                                   \
	(sizeof(before_id) + ENVELOPE_CHUNK_ID + sizeof(before_wrapped) + \
	 WRAPPED_SIZE)
#define ALGORITHM_SIZE (sizeof(before_nonce) + AEAD_NONCE + sizeof(after_nonce))

/* The lengths of the nested elements around a ciphertext of len bytes. */
struct lengths {
	size_t cipher, info, body, content, all;
};

/* Bytes of tag and length. */
static size_t head_size(size_t len)
{
	return len < 0x80 ? 2 : len < 0x100 ? 3 : len < 0x10000 ? 4 : 5;
}

/* From the inside out: the length of each element decides how long its own
 * head and those around it are. */
static void measure(size_t len, struct lengths *n)
{
	assert(len > 0 && len <= ENVELOPE_CHUNK_MAX);
	n->cipher = len;
	n->info = ALGORITHM_SIZE + head_size(n->cipher) + n->cipher;
	n->body = RECIPIENTS_SIZE + head_size(n->info) + n->info +
		  ENVELOPE_CHUNK_TAIL;
	n->content = head_size(n->body) + n->body;
	n->all = sizeof(type_oid) + head_size(n->content) + n->content;
}

size_t envelope_chunk_size(size_t len)
{
	struct lengths n;

	measure(len, &n);
	return head_size(n.all) + n.all;
}

size_t envelope_chunk_head(size_t len)
{
	return envelope_chunk_size(len) - len - ENVELOPE_CHUNK_TAIL;
}

/* The short form of a length below 0x80, else as few octets as it takes: DER
 * knows no other. */
static uint8_t *put_head(uint8_t *p, uint8_t tag, size_t len)
{
	size_t size = head_size(len), i;

	*p++ = tag;
	if (size > 2)
		*p++ = (uint8_t)(0x80 | (size - 2));
	for (i = size == 2 ? 1 : size - 2; i-- > 0;)
		*p++ = (uint8_t)(len >> (8 * i));
	return p;
}

static uint8_t *put(uint8_t *p, const void *data, size_t len)
{
	memcpy(p, data, len);
	return p + len;
}

/* Where in the head the parts lie that differ from chunk to chunk. */
struct places {
	uint8_t *wrapped, *nonce;
};

/* The head with room for the wrapped key and the nonce. */
static void write_head(uint8_t *p, size_t len, const uint8_t *id,
		       struct places *at)
{
	struct lengths n;

	measure(len, &n);
	p = put_head(p, 0x30, n.all);
	p = put(p, type_oid, sizeof(type_oid));
	p = put_head(p, 0xa0, n.content);
	p = put_head(p, 0x30, n.body);
	p = put(p, before_id, sizeof(before_id));
	p = put(p, id, ENVELOPE_CHUNK_ID);
	p = put(p, before_wrapped, sizeof(before_wrapped));
	at->wrapped = p;
	p = put_head(p + WRAPPED_SIZE, 0x30, n.info);
	p = put(p, before_nonce, sizeof(before_nonce));
	at->nonce = p;
	p = put(p + AEAD_NONCE, after_nonce, sizeof(after_nonce));
	put_head(p, 0x80, n.cipher);
}

/* A fresh content key, and its wrapped form. */
static enum deed_status fresh_key(const struct secret *kek, struct secret **cek,
				  uint8_t wrapped[WRAPPED_SIZE],
				  struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status = random_secret(KEY_SIZE, cek, err);

	if (status == DEED_OK)
		status = wrap_key(secret_bytes(kek), KEY_SIZE,
				  secret_slice(*cek), &b, err);
	if (status == DEED_OK)
		memcpy(wrapped, b.data, WRAPPED_SIZE);
	buf_clear(&b);
	return status;
}

enum deed_status envelope_chunk_begin(uint8_t *head, size_t len,
				      const uint8_t id[ENVELOPE_CHUNK_ID],
				      const struct secret *kek,
				      struct aead **out, struct deed_error *err)
{
	struct secret *cek = NULL;
	struct places at;
	enum deed_status status;

	*out = NULL;
	assert(secret_len(kek) == KEY_SIZE);
	write_head(head, len, id, &at);
	status = fresh_key(kek, &cek, at.wrapped, err);
	if (status == DEED_OK)
		status = random_bytes(at.nonce, AEAD_NONCE, err);
	if (status == DEED_OK)
		status = aead_new(secret_bytes(cek), at.nonce, true, SLICE_NONE,
				  out, err);
	secret_free(cek);
	return status;
}

void envelope_chunk_end(struct aead *a, uint8_t tail[ENVELOPE_CHUNK_TAIL])
{
	tail[0] = 0x04;
	tail[1] = AEAD_TAG;
	aead_tag(a, tail + 2);
}

enum deed_status envelope_chunk_seal(uint8_t *out, size_t len,
				     const uint8_t id[ENVELOPE_CHUNK_ID],
				     const struct secret *kek,
				     struct deed_error *err)
{
	uint8_t *data = out + envelope_chunk_head(len);
	struct aead *a;
	enum deed_status status;

	status = envelope_chunk_begin(out, len, id, kek, &a, err);
	if (status == DEED_OK)
		status = aead_update(a, slice_of(data, len), data, err);
	if (status == DEED_OK)
		envelope_chunk_end(a, data + len);
	aead_free(a);
	return status;
}

/* The content length of an envelope of size bytes, or 0. */
static size_t content_length(size_t size)
{
	size_t over;

	for (over = 100; over <= ENVELOPE_CHUNK_OVERHEAD; over++)
		if (size > over && size - over <= ENVELOPE_CHUNK_MAX &&
		    envelope_chunk_size(size - over) == size)
			return size - over;
	return 0;
}

/* Is this the head that we write, whatever key and nonce? */
static bool same_head(uint8_t *data, size_t len, const uint8_t *id,
		      struct places *at)
{
	uint8_t head[ENVELOPE_CHUNK_OVERHEAD];
	size_t size = envelope_chunk_head(len);

	write_head(head, len, id, at);
	at->wrapped = data + (at->wrapped - head);
	at->nonce = data + (at->nonce - head);
	memcpy(head + (at->wrapped - data), at->wrapped, WRAPPED_SIZE);
	memcpy(head + (at->nonce - data), at->nonce, AEAD_NONCE);
	return !memcmp(head, data, size) && data[size + len] == 0x04 &&
	       data[size + len + 1] == AEAD_TAG;
}

enum deed_status envelope_chunk_open(uint8_t *data, size_t len,
				     const uint8_t id[ENVELOPE_CHUNK_ID],
				     const struct secret *kek,
				     struct slice *plain,
				     struct deed_error *err)
{
	size_t size = content_length(len);
	struct secret *cek = NULL;
	enum deed_status status;
	struct places at;
	uint8_t *body;

	*plain = SLICE_NONE;
	assert(secret_len(kek) == KEY_SIZE);
	if (size == 0 || !same_head(data, size, id, &at))
		return deed_error_set(err, DEED_MALFORMED,
				      "this is no chunk of the deposit");
	status = unwrap_key(secret_bytes(kek), KEY_SIZE,
			    slice_of(at.wrapped, WRAPPED_SIZE), &cek, err);
	if (status == DEED_DAMAGED)
		return deed_error_set(err, DEED_NOT_RECIPIENT,
				      "the key does not open the chunk");
	if (status != DEED_OK)
		return status;
	body = data + envelope_chunk_head(size);
	status = aead_open(secret_bytes(cek), at.nonce, SLICE_NONE,
			   slice_of(body, size), body + size + 2, body, err);
	secret_free(cek);
	if (status == DEED_OK)
		*plain = slice_of(body, size);
	return status;
}
