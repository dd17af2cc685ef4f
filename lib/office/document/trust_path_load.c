/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/trust_path_load.h"

#include "base/file.h"
#include "office/party/authority.h"
#include "office/document/document_signer.h"

typedef enum deed_status add_fn(struct trust_path *t, struct slice data,
				const char *name, struct deed_error *err);

static enum deed_status add_anchors(struct trust_path *t, struct slice data,
				    const char *name, struct deed_error *err)
{
	return pki_source_add_data(t->source, data, true, name, err);
}

static enum deed_status add_others(struct trust_path *t, struct slice data,
				   const char *name, struct deed_error *err)
{
	return pki_source_add_data(t->source, data, false, name, err);
}

/* The limit is for one file; nothing of it is kept but what add takes. */
static enum deed_status load(struct trust_path *t, const char *path,
			     add_fn *add, struct deed_error *err)
{
	struct buf data = BUF_INIT;
	enum deed_status status;

	status = file_read(path, TRUST_PATH_FILE_MAX, &data, err);
	if (status == DEED_OK)
		status = add(t, buf_get(&data), path, err);
	buf_clear(&data);
	return status;
}

/* The home's certificates are anchors: whoever says "home" believes it. */
static enum deed_status load_home(struct trust_path *t, const char *path,
				  struct deed_error *err)
{
	struct buf data = BUF_INIT;
	enum deed_status status = authority_bundle_of(path, &data, err);

	if (status == DEED_OK)
		status = add_anchors(t, buf_get(&data), path, err);
	buf_clear(&data);
	return status;
}

/* Only what --trust names is believed.  All else helps to build and to tell,
 * and decides nothing by lying there. */
static enum deed_status load_all(struct trust_path *t,
				 const struct trust_path_params *p,
				 struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < p->trust_count; i++)
		status = strcmp(p->trust[i], "home") == 0
				 ? load_home(t, p->home, err)
				 : load(t, p->trust[i], add_anchors, err);
	for (i = 0; status == DEED_OK && i < p->untrusted_count; i++)
		status = load(t, p->untrusted[i], add_others, err);
	for (i = 0; status == DEED_OK && i < p->crl_count; i++)
		status = load(t, p->crls[i], add_others, err);
	for (i = 0; status == DEED_OK && i < p->ocsp_count; i++)
		status = load(t, p->ocsps[i], add_others, err);
	return status;
}

/* DEED_MALFORMED, DEED_NOT_FOUND and DEED_UNSUPPORTED are where load_leaf goes
 * on to try a document. */
static enum deed_status load_file(struct trust_path *t, const char *path,
				  struct deed_error *err)
{
	struct buf data = BUF_INIT;
	enum deed_status status;

	status = file_read(path, TRUST_PATH_FILE_MAX, &data, err);
	if (status == DEED_OK)
		status = cert_list_load(&t->own, buf_get(&data), path, err);
	buf_clear(&data);
	return status;
}

/* What load_file may have begun to add is dropped.  What the document carries
 * becomes t's, which frees it. */
static enum deed_status load_document(struct trust_path *t,
				      const struct trust_path_params *p,
				      struct deed_error *err)
{
	struct document_signer signer;
	enum deed_status status;

	cert_list_clear(&t->own);
	status = document_signer_find(p->certificate, p->password, p->at,
				      p->signature == 0 ? 1 : p->signature,
				      &signer, err);
	if (status == DEED_OK)
		status = cert_list_add(&t->own, signer.cert, err);
	if (status == DEED_OK) {
		t->signature = signer.number;
		t->signatures = signer.count;
		t->carried = signer.carried;
		signer.carried = NULL;
	}
	document_signer_clear(&signer);
	return status;
}

/* The certificate in question, first of those that came with it. */
static enum deed_status load_leaf(struct trust_path *t,
				  const struct trust_path_params *p,
				  struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status, second;

	if (p->signature > 0 || document_looks_like(p->certificate))
		return load_document(t, p, err);
	status = load_file(t, p->certificate, err);
	if (status != DEED_MALFORMED && status != DEED_NOT_FOUND &&
	    status != DEED_UNSUPPORTED)
		return status;
	/* What holds no certificate may be a CMS. */
	second = load_document(t, p, &why);
	if (second == DEED_OK)
		return DEED_OK;
	/* Of a file that is neither the first word is told. */
	if (second != DEED_NO_SIGNATURE && second != DEED_NOT_FOUND)
		return status;
	if (err != NULL)
		*err = why;
	return second;
}

/* Those that came with it help to build, if they are not there already. */
static enum deed_status open_source(struct trust_path *t,
				    struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	status = pki_source_new(t->carried, &t->source, err);
	for (i = 1; status == DEED_OK && i < t->own.count; i++)
		status = pki_source_add_certificate(t->source, t->own.items[i],
						    err);
	return status;
}

enum deed_status trust_path_load(struct trust_path *t,
				 const struct trust_path_params *p,
				 struct deed_error *err)
{
	enum deed_status status = load_leaf(t, p, err);

	if (status == DEED_OK)
		status = open_source(t, err);
	return status == DEED_OK ? load_all(t, p, err) : status;
}
