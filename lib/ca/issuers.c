/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/issuers.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ca/subject.h"
#include "codec/utf8.h"

#define SHORT_NAME "Issuing CA"

void ca_issuers_clear(struct ca_issuers *l)
{
	for (size_t i = 0; i < l->count; i++) {
		cert_free(l->item[i].cert);
		free(l->item[i].cert_path);
		free(l->item[i].crl_path);
	}
	free(l->item);
	*l = (struct ca_issuers)CA_ISSUERS_INIT;
}

enum deed_status ca_issuers_path(const char *dir, unsigned generation, bool crl,
				 char **out, struct deed_error *err)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s/issuing-%u.%s", dir, generation,
		   crl ? "crl" : "cer");
	*out = buf_take(&b, NULL);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

/* Takes the paths. */
static enum deed_status add(struct ca_issuers *l, char *cert_path,
			    char *crl_path, struct deed_error *err)
{
	struct ca_issuer *i = &l->item[l->count];
	struct buf b = BUF_INIT;
	enum deed_status status;

	l->count++;
	i->generation = (unsigned)l->count;
	i->cert_path = cert_path;
	i->crl_path = crl_path;
	if (cert_path == NULL || crl_path == NULL)
		return deed_error_memory(err);
	status = file_read(cert_path, CERT_MAX_SIZE, &b, err);
	if (status == DEED_OK)
		status = cert_parse(buf_get(&b), &i->cert, err);
	if (status != DEED_OK)
		deed_error_prefix(err, "'%s'", cert_path);
	buf_clear(&b);
	return status;
}

/* They are numbered without gaps, so that the first which is not there ends
 * the search.  One place stays for the present one. */
static enum deed_status add_earlier(struct ca_issuers *l, const char *dir,
				    bool *more, struct deed_error *err)
{
	char *cert_path = NULL, *crl_path = NULL;
	enum deed_status status;

	status = ca_issuers_path(dir, (unsigned)l->count + 1, false, &cert_path,
				 err);
	if (status == DEED_OK)
		status = ca_issuers_path(dir, (unsigned)l->count + 1, true,
					 &crl_path, err);
	*more = status == DEED_OK && file_exists(cert_path);
	if (*more && l->count + 1 == CA_ISSUERS_MAX)
		status = deed_error_set(
			err, DEED_LIMIT,
			"the house has had more than %d issuing CAs",
			CA_ISSUERS_MAX);
	if (*more && status == DEED_OK)
		return add(l, cert_path, crl_path, err);
	free(cert_path);
	free(crl_path);
	return status;
}

enum deed_status ca_issuers_load(const char *dir, struct ca_issuers *out,
				 struct deed_error *err)
{
	struct ca_issuers now = CA_ISSUERS_INIT;
	struct ca_issuer present;
	enum deed_status status = DEED_OK;
	bool more = true;

	*out = (struct ca_issuers)CA_ISSUERS_INIT;
	now.item = calloc(1, sizeof(*now.item));
	out->item = calloc(CA_ISSUERS_MAX, sizeof(*out->item));
	if (now.item == NULL || out->item == NULL)
		status = deed_error_memory(err);
	/* First the one in use, which may become an earlier one meanwhile. */
	if (status == DEED_OK)
		status = add(&now, path_join(dir, "issuing.cer"),
			     path_join(dir, "issuing.crl"), err);
	while (status == DEED_OK && more)
		status = add_earlier(out, dir, &more, err);
	if (status == DEED_OK &&
	    (out->count == 0 ||
	     !cert_equal(out->item[out->count - 1].cert, now.item[0].cert))) {
		present = now.item[0];
		present.generation = (unsigned)out->count + 1;
		out->item[out->count++] = present;
		now.count = 0;
	}
	ca_issuers_clear(&now);
	return status;
}

const struct ca_issuer *ca_issuers_current(const struct ca_issuers *l)
{
	return &l->item[l->count - 1];
}

const struct ca_issuer *ca_issuers_of(const struct ca_issuers *l,
				      const struct cert *c)
{
	for (size_t i = l->count; i-- > 0;) {
		if (slice_equal(cert_fields(l->item[i].cert)->subject,
				cert_fields(c)->issuer))
			return &l->item[i];
	}
	return NULL;
}

/* "Office Issuing CA 2" without " 2". */
static void cut_number(struct buf *name)
{
	size_t len = name->len;

	while (len > 0 && name->data[len - 1] >= '0' &&
	       name->data[len - 1] <= '9')
		len--;
	if (len > 1 && len < name->len && name->data[len - 1] == ' ')
		name->len = len - 1;
}

/* The RDN that takes the place of the old commonName. */
static void put_name(struct der_writer *w, const char *text)
{
	der_begin(w, DER_SET);
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_COMMON_NAME);
	der_put_utf8(w, text);
	der_end(w);
	der_end(w);
}

/* Is this RelativeDistinguishedName a commonName? */
static bool is_common_name(struct slice rdn)
{
	struct der_reader set, pair;
	enum oid id;

	return der_open(rdn, DER_SET, &set) &&
	       der_enter(&set, DER_SEQUENCE, &pair) &&
	       der_get_known_oid(&pair, &id) && id == OID_COMMON_NAME;
}

enum deed_status ca_issuers_name(const struct cert *c, unsigned generation,
				 struct buf *out, struct deed_error *err)
{
	struct slice subject = cert_fields(c)->subject, rdn;
	struct buf name = BUF_INIT;
	struct der_reader list;
	struct der_writer w;
	enum deed_status status;

	if (!x509_name_get(subject, OID_COMMON_NAME, &name) ||
	    !der_open(subject, DER_SEQUENCE, &list)) {
		buf_clear(&name);
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the issuing CA has no name to number");
	}
	cut_number(&name);
	buf_printf(&name, " %u", generation);
	if (utf8_length(buf_get(&name)) > CA_NAME_MAX) {
		buf_reset(&name);
		buf_printf(&name, SHORT_NAME " %u", generation);
	}
	buf_byte(&name, 0);
	status = buf_status(&name, err);
	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	while (status == DEED_OK && der_get_element(&list, DER_SET, &rdn)) {
		if (is_common_name(rdn))
			put_name(&w, (const char *)name.data);
		else
			der_put_raw(&w, rdn);
	}
	der_end(&w);
	if (status == DEED_OK)
		status = der_writer_status(&w, err);
	buf_clear(&name);
	return status;
}
