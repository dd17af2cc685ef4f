/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/publish.h"

#include <stdlib.h>

#include "base/file.h"
#include "ca/issuers.h"
#include "office/party/authority.h"

void publish_urls_clear(struct publish_urls *urls)
{
	free(urls->crl);
	free(urls->issuer);
	urls->crl = NULL;
	urls->issuer = NULL;
}

static void put_name(struct buf *b, unsigned generation, const char *suffix)
{
	if (generation == 0)
		buf_printf(b, "root.%s", suffix);
	else
		buf_printf(b, "issuing-%u.%s", generation, suffix);
}

/* Without a folder in the configuration there is no address in the
 * certificate, which is no fault. */
static enum deed_status url_of(const char *folder, unsigned generation,
			       const char *suffix, char **out,
			       struct deed_error *err)
{
	struct buf b = BUF_INIT;

	*out = NULL;
	if (folder == NULL || folder[0] == '\0')
		return DEED_OK;
	buf_str(&b, folder);
	if (folder[strlen(folder) - 1] != '/')
		buf_byte(&b, '/');
	put_name(&b, generation, suffix);
	*out = buf_take(&b, NULL);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

enum deed_status publish_point(const struct home *h, unsigned generation,
			       struct publish_urls *urls, struct ca_template *t,
			       struct deed_error *err)
{
	enum deed_status status;

	*urls = (struct publish_urls){ NULL, NULL };
	status = url_of(h->crl_url, generation, "crl", &urls->crl, err);
	if (status == DEED_OK)
		status = url_of(h->issuer_url, generation, "cer", &urls->issuer,
				err);
	t->crl_url = urls->crl;
	t->issuer_url = urls->issuer;
	return status;
}

/* What others read: the umask has its say. */
static enum deed_status put_bytes(const char *folder, const char *name,
				  struct slice bytes, struct deed_error *err)
{
	char *path = path_join(folder, name);
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	status = file_write(path, 0644, bytes, OUTFILE_REPLACE, err);
	free(path);
	return status;
}

/* The name is that of the CA's generation, and not that of the file: a
 * certificate points to the same address for good, also when its CA is an
 * earlier one. */
static enum deed_status put_file(const char *folder, const char *from,
				 unsigned generation, const char *suffix,
				 struct deed_error *err)
{
	struct buf name = BUF_INIT, bytes = BUF_INIT;
	enum deed_status status;

	put_name(&name, generation, suffix);
	buf_byte(&name, 0);
	status = buf_status(&name, err);
	if (status == DEED_OK)
		status = file_read(from, CRL_MAX, &bytes, err);
	if (status == DEED_OK)
		status = put_bytes(folder, (const char *)name.data,
				   buf_get(&bytes), err);
	buf_clear(&name);
	buf_clear(&bytes);
	return status;
}

/* Written last, as it is made of what the other files are. */
static enum deed_status put_bundle(const struct home *h, const char *folder,
				   struct deed_error *err)
{
	struct buf pem = BUF_INIT;
	enum deed_status status = authority_bundle(h, &pem, err);

	if (status == DEED_OK)
		status = put_bytes(folder, "bundle.pem", buf_get(&pem), err);
	buf_clear(&pem);
	return status;
}

enum deed_status publish_files(const struct home *h, const char *folder,
			       size_t *count, struct deed_error *err)
{
	struct ca_issuers issuers = CA_ISSUERS_INIT;
	enum deed_status status;

	status = file_mkdirs(folder, 0755, err);
	if (status == DEED_OK)
		status = ca_issuers_load(h->ca, &issuers, err);
	if (status == DEED_OK)
		status = put_file(folder, h->ca_root, 0, "cer", err);
	if (status == DEED_OK)
		status = put_file(folder, h->ca_root_crl, 0, "crl", err);
	for (size_t i = 0; status == DEED_OK && i < issuers.count; i++) {
		const struct ca_issuer *is = &issuers.item[i];

		status = put_file(folder, is->cert_path, is->generation, "cer",
				  err);
		if (status == DEED_OK)
			status = put_file(folder, is->crl_path, is->generation,
					  "crl", err);
	}
	if (status == DEED_OK)
		status = put_bundle(h, folder, err);
	if (count != NULL)
		*count = 2 * (issuers.count + 1) + 1;
	ca_issuers_clear(&issuers);
	return status;
}
