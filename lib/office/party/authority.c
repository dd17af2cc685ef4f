/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/authority.h"

#include "base/clock.h"
#include "base/file.h"
#include "ca/issuers.h"
#include "ca/store.h"
#include "codec/pem.h"

/* A certificate or a CRL of the house, DER; which of the two it is decides
 * pki_source_add_data.  Only the root is an anchor. */
static enum deed_status add_file(struct pki_source *source, const char *path,
				 bool anchor, struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status;

	status = file_read(path, CRL_MAX, &b, err);
	if (status == DEED_OK)
		status = pki_source_add_data(source, buf_get(&b), anchor, path,
					     err);
	buf_clear(&b);
	return status;
}

/* The issuing CAs help to build and are no anchors, so that a list of the root
 * can still revoke one of them. */
enum deed_status authority_source(const struct home *h, struct pki_source **out,
				  struct deed_error *err)
{
	struct ca_issuers issuers = CA_ISSUERS_INIT;
	struct pki_source *source = NULL;
	enum deed_status status;

	*out = NULL;
	status = pki_source_new(NULL, &source, err);
	if (status == DEED_OK)
		status = add_file(source, h->ca_root, true, err);
	if (status == DEED_OK)
		status = add_file(source, h->ca_root_crl, false, err);
	if (status == DEED_OK)
		status = ca_issuers_load(h->ca, &issuers, err);
	for (size_t i = 0; status == DEED_OK && i < issuers.count; i++) {
		status = pki_source_add_certificate(source,
						    issuers.item[i].cert, err);
		if (status == DEED_OK)
			status = add_file(source, issuers.item[i].crl_path,
					  false, err);
	}
	ca_issuers_clear(&issuers);
	if (status != DEED_OK) {
		pki_source_free(source);
		return status;
	}
	*out = source;
	return DEED_OK;
}

enum deed_status authority_issued(const struct home *h, const struct cert *c,
				  bool *ours, struct deed_error *err)
{
	struct ca_issuers issuers = CA_ISSUERS_INIT;
	struct ca_store *store = NULL;
	enum deed_status status = ca_issuers_load(h->ca, &issuers, err);

	*ours = status == DEED_OK && ca_issuers_of(&issuers, c) != NULL;
	ca_issuers_clear(&issuers);
	if (status != DEED_OK || *ours)
		return status;
	status = ca_store_open(h->ca, &store, err);
	if (status == DEED_OK)
		status = ca_store_has(store, c, ours, err);
	ca_store_close(store);
	return status;
}

/* A list that has ended may hide what was revoked since. */
static enum deed_status check_fresh(const char *path, const char *remedy,
				    int64_t now, struct deed_error *err)
{
	struct buf b = BUF_INIT;
	char text[CLOCK_TEXT];
	uint64_t number;
	int64_t next;
	enum deed_status status;

	status = file_read(path, CRL_MAX, &b, err);
	if (status == DEED_OK)
		status = ca_crl_read(buf_get(&b), &number, &next, err);
	buf_clear(&b);
	if (status != DEED_OK || now <= next)
		return status;
	clock_format(next, text);
	deed_error_set(err, DEED_CERT_INVALID,
		       "revocation list '%s' ended at %s, so no certificate "
		       "can be relied on",
		       path, text);
	deed_error_remedy(err, remedy, NULL);
	return DEED_CERT_INVALID;
}

enum deed_status authority_crl_fresh(const struct home *h, int64_t now,
				     struct deed_error *err)
{
	struct ca_issuers issuers;
	enum deed_status status;

	status = ca_issuers_load(h->ca, &issuers, err);
	/* The one in use first: it is the one to be told of. */
	for (size_t i = issuers.count; status == DEED_OK && i-- > 0;) {
		const struct ca_issuer *is = &issuers.item[i];

		if (is == ca_issuers_current(&issuers) ||
		    now <= cert_fields(is->cert)->not_after)
			status = check_fresh(is->crl_path, "crl", now, err);
	}
	if (status == DEED_OK)
		status = check_fresh(h->ca_root_crl, "root-crl", now, err);
	ca_issuers_clear(&issuers);
	return status;
}

/* The files of the house are DER, and what is handed out is PEM, in which
 * certificates and lists may stand one behind another. */
static enum deed_status append_pem(const char *path, const char *label,
				   struct buf *out, struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status;

	status = file_read(path, CRL_MAX, &b, err);
	if (status == DEED_OK) {
		pem_encode(out, label, buf_get(&b));
		status = buf_status(out, err);
	}
	buf_clear(&b);
	return status;
}

enum deed_status authority_root(const struct home *h, struct buf *out,
				struct deed_error *err)
{
	return append_pem(h->ca_root, "CERTIFICATE", out, err);
}

/* The list of the CA in use goes before those of earlier ones. */
enum deed_status authority_bundle(const struct home *h, struct buf *out,
				  struct deed_error *err)
{
	struct ca_issuers issuers = CA_ISSUERS_INIT;
	enum deed_status status;

	status = authority_root(h, out, err);
	if (status == DEED_OK)
		status = append_pem(h->ca_root_crl, "X509 CRL", out, err);
	if (status == DEED_OK)
		status = ca_issuers_load(h->ca, &issuers, err);
	for (size_t i = issuers.count; status == DEED_OK && i-- > 0;)
		status = append_pem(issuers.item[i].crl_path, "X509 CRL", out,
				    err);
	ca_issuers_clear(&issuers);
	return status;
}

enum deed_status authority_bundle_of(const char *home, struct buf *out,
				     struct deed_error *err)
{
	struct home *h = NULL;
	enum deed_status status = home_open(home, &h, err);

	if (status == DEED_OK)
		status = authority_bundle(h, out, err);
	home_close(h);
	return status;
}
