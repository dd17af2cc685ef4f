/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "pdf/crypt_priv.h"

enum deed_status pdf_crypt_bad(const char *what, struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the encryption dictionary %s", what);
}

/* Longer ones are cut: writers fill /O and /U up with zeros.  A shorter one
 * would be read past its end. */
static enum deed_status take_string(const struct pdf_object *dict,
				    const char *key, size_t len,
				    struct slice *out, struct deed_error *err)
{
	*out = pdf_get_string(pdf_dict_get(dict, key));
	if (out->data == NULL || out->len < len)
		return deed_error_set(err, DEED_MALFORMED,
				      "the encryption dictionary has no right "
				      "/%s",
				      key);
	out->len = len;
	return DEED_OK;
}

/* What follows reads these lengths without a check of its own. */
static enum deed_status take_strings(struct pdf_crypt_source *s,
				     const struct pdf_object *dict,
				     struct deed_error *err)
{
	bool new = s->c->about.revision >= 5;
	size_t len = new ? PDF_CRYPT_NEW_ENTRY : PDF_CRYPT_OLD_ENTRY;
	enum deed_status status;

	status = take_string(dict, "O", len, &s->o, err);
	if (status == DEED_OK)
		status = take_string(dict, "U", len, &s->u, err);
	if (status == DEED_OK && new)
		status = take_string(dict, "OE", 32, &s->oe, err);
	if (status == DEED_OK && new)
		status = take_string(dict, "UE", 32, &s->ue, err);
	if (status == DEED_OK && new)
		status = take_string(dict, "Perms", 16, &s->perms, err);
	return status;
}

/* The length of the file's key in octets (table 20). */
static enum deed_status take_length(const struct pdf_object *dict, int64_t v,
				    size_t *out, struct deed_error *err)
{
	const struct pdf_object *length = pdf_dict_get(dict, "Length");
	int64_t bits = 40;

	if (length != NULL && !pdf_get_int(length, &bits))
		return pdf_crypt_bad("has no right /Length", err);
	*out = v == 1 ? 5 : v == 4 ? 16 : 32;
	if (v != 2)
		return DEED_OK;
	if (bits < 40 || bits > 128 || bits % 8 != 0)
		return pdf_crypt_bad("has an impossible /Length", err);
	*out = (size_t)bits / 8;
	return DEED_OK;
}

/* V and R that belong together. */
static bool is_known(int64_t v, int64_t r)
{
	switch (v) {
	case 1:
	case 2:
		return r == 2 || r == 3;
	case 4:
		return r == 4;
	case 5:
		return r == 5 || r == 6;
	default:
		return false;
	}
}

/* ISO 32000-2 7.6.5: before V 4 everything is RC4; later strings, streams and
 * embedded files have a filter each. */
static enum deed_status take_methods(struct pdf_crypt *c,
				     const struct pdf_object *dict, int64_t v,
				     struct deed_error *err)
{
	const struct pdf_object *embedded = pdf_dict_get(dict, "EFF");
	enum deed_status status;

	c->about.strings = c->about.streams = c->files = PDF_CRYPT_RC4;
	if (v < 4)
		return DEED_OK;
	c->filters = pdf_dict_get(dict, "CF");
	status = pdf_crypt_filter(c, pdf_dict_get(dict, "StrF"),
				  &c->about.strings, err);
	if (status == DEED_OK)
		status = pdf_crypt_filter(c, pdf_dict_get(dict, "StmF"),
					  &c->about.streams, err);
	c->files = c->about.streams;
	if (status == DEED_OK && embedded != NULL)
		status = pdf_crypt_filter(c, embedded, &c->files, err);
	return status;
}

/* Of the entries that the standard handler has, those without which no key can
 * be made. */
static enum deed_status take_numbers(struct pdf_crypt_source *s,
				     const struct pdf_object *dict,
				     struct deed_error *err)
{
	const struct pdf_object *metadata;
	struct pdf_crypt *c = s->c;
	int64_t v, r, p;
	size_t i;

	if (!pdf_is_name(pdf_dict_get(dict, "Filter"), "Standard"))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the document is encrypted for "
				      "certificates, or by a handler of its "
				      "own: only passwords are supported");
	if (!pdf_get_int(pdf_dict_get(dict, "V"), &v) ||
	    !pdf_get_int(pdf_dict_get(dict, "R"), &r))
		return pdf_crypt_bad("has no /V or no /R", err);
	if (!is_known(v, r))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the document is encrypted in a way that "
				      "is not supported (V %lld, R %lld)",
				      (long long)v, (long long)r);
	/* Signed or not, as 32 bits. */
	if (!pdf_get_int(pdf_dict_get(dict, "P"), &p) || p < INT32_MIN ||
	    p > UINT32_MAX)
		return pdf_crypt_bad("has no right /P", err);
	c->about.revision = (int)r;
	c->about.permissions = (uint32_t)p;
	for (i = 0; i < 4; i++)
		s->p[i] = (uint8_t)(c->about.permissions >> 8 * i);
	c->about.metadata = true;
	metadata = pdf_dict_get(dict, "EncryptMetadata");
	if (metadata != NULL && !pdf_get_bool(metadata, &c->about.metadata))
		return pdf_crypt_bad("has no right /EncryptMetadata", err);
	if (v < 4)
		c->about.metadata = true;
	return take_length(dict, v, &c->key_len, err);
}

/* The password that was given; the empty one where none was, or where it is
 * not needed. */
static enum deed_status find_password(struct pdf_crypt_source *s,
				      const struct secret *password,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool right = false;

	if (password != NULL)
		status = pdf_crypt_try(s, secret_slice(password), &right, err);
	if (status == DEED_OK && !right)
		status = pdf_crypt_try(s, SLICE_NONE, &right, err);
	if (status != DEED_OK || right)
		return status;
	if (password != NULL)
		return deed_error_set(err, DEED_WRONG_PASSPHRASE,
				      "the document's password is wrong");
	return deed_error_set(err, DEED_NO_PASSPHRASE,
			      "the document is encrypted, and no password was "
			      "given");
}

/* In this order: the numbers say which strings there must be, and those are
 * what a password is tried against.  On failure the key is wiped with the
 * rest. */
enum deed_status pdf_crypt_new(const struct pdf_object *dict, struct slice id,
			       const struct secret *password,
			       struct pdf_crypt **out, struct deed_error *err)
{
	struct pdf_crypt *c = calloc(1, sizeof(*c));
	struct pdf_crypt_source s = { .c = c, .id = id };
	enum deed_status status;
	int64_t v = 0;

	*out = NULL;
	if (c == NULL)
		return deed_error_memory(err);
	status = take_numbers(&s, dict, err);
	(void)pdf_get_int(pdf_dict_get(dict, "V"), &v);
	if (status == DEED_OK)
		status = take_methods(c, dict, v, err);
	if (status == DEED_OK)
		status = take_strings(&s, dict, err);
	if (status == DEED_OK)
		status = find_password(&s, password, err);
	if (status != DEED_OK) {
		pdf_crypt_free(c);
		return status;
	}
	*out = c;
	return DEED_OK;
}

void pdf_crypt_free(struct pdf_crypt *c)
{
	if (c == NULL)
		return;
	secret_wipe(c, sizeof(*c));
	free(c);
}
