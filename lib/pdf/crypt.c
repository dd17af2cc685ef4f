/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/crypt.h"

#include "crypto/cipher.h"
#include "crypto/digest.h"
#include "pdf/core.h"
#include "pdf/crypt_priv.h"

/* Table 22: modify, annotate and fill, fill; counted from 1. */
#define MAY_SIGN (1u << 3 | 1u << 5 | 1u << 8)

/* ISO 32000-2 7.6.3.2, step b. */
static const uint8_t aes_salt[4] = { 's', 'A', 'l', 'T' };

const struct pdf_encryption *pdf_encryption(const struct pdf_document *doc)
{
	const struct pdf_crypt *c = doc->core->crypt;

	return c == NULL ? NULL : &c->about;
}

bool pdf_encryption_may_sign(const struct pdf_document *doc)
{
	const struct pdf_encryption *e = pdf_encryption(doc);

	return e == NULL || e->owner || (e->permissions & MAY_SIGN) != 0;
}

/* A filter of the other generation is refused: its method would be used with a
 * key of another length. */
enum deed_status pdf_crypt_filter(const struct pdf_crypt *c,
				  const struct pdf_object *name,
				  enum pdf_crypt_method *out,
				  struct deed_error *err)
{
	bool new = c->about.revision >= 5;
	const struct pdf_object *dict, *method;
	char key[64];

	*out = PDF_CRYPT_IDENTITY;
	/* Table 20: the default. */
	if (name == NULL || pdf_is_name(name, "Identity"))
		return DEED_OK;
	if (!pdf_is(name, PDF_NAME) || name->u.text.len >= sizeof(key))
		return deed_error_set(err, DEED_MALFORMED,
				      "a crypt filter has no right name");
	memcpy(key, name->u.text.data, name->u.text.len);
	key[name->u.text.len] = '\0';
	dict = pdf_dict_get(c->filters, key);
	if (!pdf_is(dict, PDF_DICT))
		return deed_error_set(err, DEED_MALFORMED,
				      "there is no crypt filter '%s'", key);
	method = pdf_dict_get(dict, "CFM");
	if (pdf_is_name(method, "V2") && !new)
		*out = PDF_CRYPT_RC4;
	else if (pdf_is_name(method, "AESV2") && !new)
		*out = PDF_CRYPT_AES128;
	else if (pdf_is_name(method, "AESV3") && new)
		*out = PDF_CRYPT_AES256;
	else if (method != NULL && !pdf_is_name(method, "None"))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the crypt filter '%s' is of a method "
				      "that is not supported here",
				      key);
	return DEED_OK;
}

/* Algorithm 1 (7.6.3.2): the key of one object. */
static struct slice object_key(const struct pdf_crypt *c,
			       enum pdf_crypt_method method, struct pdf_ref ref,
			       uint8_t out[PDF_CRYPT_KEY])
{
	uint8_t text[PDF_CRYPT_KEY + 9];
	size_t n = c->key_len, len;

	if (method == PDF_CRYPT_AES256) {
		memcpy(out, c->key, PDF_CRYPT_KEY);
		return slice_of(out, PDF_CRYPT_KEY);
	}
	memcpy(text, c->key, n);
	text[n] = (uint8_t)ref.num;
	text[n + 1] = (uint8_t)(ref.num >> 8);
	text[n + 2] = (uint8_t)(ref.num >> 16);
	text[n + 3] = (uint8_t)ref.gen;
	text[n + 4] = (uint8_t)(ref.gen >> 8);
	len = n + 5;
	if (method == PDF_CRYPT_AES128) {
		memcpy(text + len, aes_salt, sizeof(aes_salt));
		len += sizeof(aes_salt);
	}
	digest_once(DIGEST_MD5, slice_of(text, len), out);
	secret_wipe(text, sizeof(text));
	return slice_of(out, n + 5 < 16 ? n + 5 : 16);
}

/* In place; *len becomes that of the plain text. */
static enum deed_status decrypt(const struct pdf_crypt *c,
				enum pdf_crypt_method method,
				struct pdf_ref ref, uint8_t *data, size_t *len,
				struct deed_error *err)
{
	uint8_t buffer[PDF_CRYPT_KEY], iv[CIPHER_BLOCK], pad;
	struct slice key;
	size_t i, n;
	bool right;

	/* Some writers leave what is empty as it is. */
	if (method == PDF_CRYPT_IDENTITY || *len == 0)
		return DEED_OK;
	key = object_key(c, method, ref, buffer);
	if (method == PDF_CRYPT_RC4) {
		rc4(key, slice_of(data, *len), data);
		secret_wipe(buffer, sizeof(buffer));
		return DEED_OK;
	}
	right = *len >= 2 * CIPHER_BLOCK && *len % CIPHER_BLOCK == 0;
	n = *len - CIPHER_BLOCK;
	if (right) {
		memcpy(iv, data, CIPHER_BLOCK);
		aes_cbc_decrypt(key, iv, slice_of(data + CIPHER_BLOCK, n),
				data + CIPHER_BLOCK);
		memmove(data, data + CIPHER_BLOCK, n);
		pad = data[n - 1];
		right = pad >= 1 && pad <= CIPHER_BLOCK;
		for (i = 0; right && i < pad; i++)
			right = data[n - 1 - i] == pad;
		*len = right ? n - pad : 0;
	}
	secret_wipe(buffer, sizeof(buffer));
	if (right)
		return DEED_OK;
	return deed_error_set(err, DEED_MALFORMED,
			      "what is encrypted in object %u does not open",
			      ref.num);
}

/* Append the cipher text of in. */
static void encrypt(const struct pdf_crypt *c, enum pdf_crypt_method method,
		    struct pdf_ref ref, struct slice in, struct buf *out)
{
	uint8_t buffer[PDF_CRYPT_KEY], pad;
	struct slice key = object_key(c, method, ref, buffer);
	uint8_t iv[SHA256_SIZE];
	struct buf plain = BUF_INIT;
	uint8_t *room;

	if (method == PDF_CRYPT_RC4) {
		room = buf_reserve(out, in.len);
		if (room != NULL)
			rc4(key, in, room);
		out->len += room != NULL ? in.len : 0;
		secret_wipe(buffer, sizeof(buffer));
		return;
	}
	/* No two texts under one key have the same vector unless they are the
	 * same text, and nobody without the key can tell what it will be. */
	buf_append(&plain, c->key, c->key_len);
	buf_append(&plain, &ref, sizeof(ref));
	buf_slice(&plain, in);
	pad = (uint8_t)(CIPHER_BLOCK - in.len % CIPHER_BLOCK);
	buf_fill(&plain, pad, pad);
	room = plain.failed ? NULL
			    : buf_reserve(out, CIPHER_BLOCK + in.len + pad);
	if (room != NULL) {
		size_t head = c->key_len + sizeof(ref);

		sha256(buf_get(&plain), iv);
		memcpy(room, iv, CIPHER_BLOCK);
		aes_cbc_encrypt(key, iv,
				slice_of(plain.data + head, in.len + pad),
				room + CIPHER_BLOCK);
		out->len += CIPHER_BLOCK + in.len + pad;
	} else {
		out->failed = true;
	}
	if (plain.data != NULL)
		secret_wipe(plain.data, plain.len);
	buf_clear(&plain);
	secret_wipe(buffer, sizeof(buffer));
}

/* The value of a signature stands as it is (7.6.2). */
static bool is_plain(const struct pdf_object *dict, struct slice key)
{
	return slice_equal_str(key, "Contents") &&
	       pdf_is(pdf_dict_get(dict, "ByteRange"), PDF_ARRAY);
}

/* ---- reading ---- */

struct reader {
	const struct pdf_crypt *c;
	struct pdf_ref ref;
	struct pdf_arena *arena;
};

/* Depth is limited by the parser. */
static enum deed_status read_value(const struct reader *r, struct pdf_object *o,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	uint8_t *copy;
	size_t i;

	switch (o->type) {
	case PDF_STRING:
		copy = pdf_arena_copy(r->arena, o->u.text.data, o->u.text.len);
		if (copy == NULL)
			return deed_error_memory(err);
		o->u.text.data = copy;
		return decrypt(r->c, r->c->about.strings, r->ref, copy,
			       &o->u.text.len, err);
	case PDF_ARRAY:
		for (i = 0; status == DEED_OK && i < o->u.array.count; i++)
			status = read_value(r, o->u.array.items[i], err);
		return status;
	case PDF_DICT:
	case PDF_STREAM:
		for (i = 0; status == DEED_OK && i < o->u.dict.count; i++) {
			if (!is_plain(o, o->u.dict.entries[i].key))
				status = read_value(
					r, o->u.dict.entries[i].value, err);
		}
		return status;
	default:
		return DEED_OK;
	}
}

/* The dictionary of a stream is read as any other; its bytes wait until they
 * are asked for, with the number that their key comes from. */
enum deed_status pdf_crypt_read(const struct pdf_crypt *c, struct pdf_ref ref,
				struct pdf_object *o, struct pdf_arena *arena,
				struct deed_error *err)
{
	struct reader r = { c, ref, arena };

	if (pdf_is(o, PDF_STREAM)) {
		if (pdf_is_name(pdf_dict_get(o, "Type"), "XRef"))
			return DEED_OK;
		o->u.dict.cipher = ref;
	}
	if (c->about.strings == PDF_CRYPT_IDENTITY)
		return DEED_OK;
	return read_value(&r, o, err);
}

/*
 * 7.6.6: a crypt filter of its own, which is the first of its filters, or
 * that of its kind.  filter and parms are resolved.
 */
static enum deed_status
stream_method(const struct pdf_crypt *c, const struct pdf_object *stream,
	      const struct pdf_object *filter, const struct pdf_object *parms,
	      enum pdf_crypt_method *out, struct deed_error *err)
{
	const struct pdf_object *type = pdf_dict_get(stream, "Type");

	if (pdf_is(filter, PDF_ARRAY)) {
		filter = pdf_array_get(filter, 0);
		parms = pdf_array_get(parms, 0);
	}
	*out = c->about.streams;
	if (pdf_is_name(filter, "Crypt") && c->about.revision >= 4)
		return pdf_crypt_filter(c, pdf_dict_get(parms, "Name"), out,
					err);
	if (pdf_is_name(type, "Metadata") && !c->about.metadata)
		*out = PDF_CRYPT_IDENTITY;
	else if (pdf_is_name(type, "EmbeddedFile"))
		*out = c->files;
	return DEED_OK;
}

enum deed_status pdf_crypt_stream(const struct pdf_crypt *c,
				  const struct pdf_object *stream,
				  const struct pdf_object *filter,
				  const struct pdf_object *parms,
				  struct buf *data, struct deed_error *err)
{
	enum pdf_crypt_method method;
	enum deed_status status;

	if (stream->u.dict.cipher.num == 0)
		return DEED_OK;
	status = stream_method(c, stream, filter, parms, &method, err);
	if (status == DEED_OK && data->len > 0)
		status = decrypt(c, method, stream->u.dict.cipher, data->data,
				 &data->len, err);
	return status;
}

/* ---- writing ---- */

static struct pdf_object *write_value(const struct reader *r,
				      const struct pdf_object *o);

/* Written in hexadecimal, as encrypted bytes would need an escape every few
 * characters. */
static struct pdf_object *write_string(const struct reader *r,
				       const struct pdf_object *o)
{
	struct pdf_object *copy = NULL;
	struct buf b = BUF_INIT;

	encrypt(r->c, r->c->about.strings, r->ref, o->u.text, &b);
	if (!b.failed)
		copy = pdf_new_hex(r->arena, buf_get(&b));
	buf_clear(&b);
	return copy;
}

/* The bytes of one that was built; of another only the dictionary goes
 * through here. */
static bool write_bytes(const struct reader *r, struct pdf_object *copy)
{
	struct slice bytes =
		slice_of(copy->u.dict.data, (size_t)copy->u.dict.length);
	enum pdf_crypt_method method;
	struct buf b = BUF_INIT;
	bool good;

	if (copy->u.dict.data == NULL ||
	    pdf_is_name(pdf_dict_get(copy, "Type"), "XRef"))
		return true;
	if (stream_method(r->c, copy, pdf_dict_get(copy, "Filter"),
			  pdf_dict_get(copy, "DecodeParms"), &method,
			  NULL) != DEED_OK)
		return false;
	if (method == PDF_CRYPT_IDENTITY)
		return true;
	encrypt(r->c, method, r->ref, bytes, &b);
	copy->u.dict.data =
		b.failed ? NULL : pdf_arena_copy(r->arena, b.data, b.len);
	copy->u.dict.length = b.len;
	good = copy->u.dict.data != NULL &&
	       pdf_dict_put(r->arena, copy, "Length",
			    pdf_new_int(r->arena, (int64_t)b.len));
	buf_clear(&b);
	return good;
}

/* The copy is shallow and each value replaced: objects that were read belong
 * to the document and stay as they are. */
static struct pdf_object *write_dict(const struct reader *r,
				     const struct pdf_object *o)
{
	struct pdf_object *copy = pdf_copy_shallow(r->arena, o);
	struct pdf_entry *e;
	size_t i;

	for (i = 0; copy != NULL && i < copy->u.dict.count; i++) {
		e = &copy->u.dict.entries[i];
		if (is_plain(o, e->key))
			continue;
		e->value = write_value(r, e->value);
		if (e->value == NULL)
			return NULL;
	}
	if (copy != NULL && copy->type == PDF_STREAM && !write_bytes(r, copy))
		return NULL;
	return copy;
}

/* NULL is lack of memory alone.  What is not encrypted is copied as well, so
 * that the result belongs to the arena whatever it is. */
static struct pdf_object *write_value(const struct reader *r,
				      const struct pdf_object *o)
{
	struct pdf_object *copy;
	size_t i;

	switch (o->type) {
	case PDF_STRING:
		if (r->c->about.strings == PDF_CRYPT_IDENTITY)
			break;
		return write_string(r, o);
	case PDF_ARRAY:
		copy = pdf_copy_shallow(r->arena, o);
		for (i = 0; copy != NULL && i < copy->u.array.count; i++) {
			copy->u.array.items[i] =
				write_value(r, copy->u.array.items[i]);
			if (copy->u.array.items[i] == NULL)
				return NULL;
		}
		return copy;
	case PDF_DICT:
	case PDF_STREAM:
		return write_dict(r, o);
	default:
		break;
	}
	return pdf_copy_shallow(r->arena, o);
}

const struct pdf_object *pdf_crypt_write(const struct pdf_crypt *c,
					 struct pdf_ref ref,
					 const struct pdf_object *o,
					 struct pdf_arena *arena)
{
	const struct reader r = { c, ref, arena };

	if (o == NULL || c == NULL)
		return o;
	return write_value(&r, o);
}
