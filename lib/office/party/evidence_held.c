/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/evidence_held.h"

#include "base/file.h"
#include "codec/hex.h"
#include "crypto/digest.h"
#include "office/party/authority.h"
#include "sign/statement.h"

/* The hash comes from a status that is believed, so the bytes need not be
 * trusted for lying there. */
static enum deed_status read_file(const struct home *h, const uint8_t hash[32],
				  struct buf *out, struct deed_error *err)
{
	struct buf path = BUF_INIT;
	uint8_t found[SHA256_SIZE];
	char name[65];
	enum deed_status status;

	hex_text(slice_of(hash, 32), name);
	buf_printf(&path, "%s/%s.cms%c", h->attestations, name, 0);
	status = buf_status(&path, err);
	if (status == DEED_OK && !file_exists((const char *)path.data))
		status =
			deed_error_set(err, DEED_INCONSISTENT,
				       "attestation %.16s... is missing", name);
	if (status == DEED_OK)
		status = file_read((const char *)path.data, EVIDENCE_HELD_MAX,
				   out, err);
	if (status == DEED_OK) {
		sha256(buf_get(out), found);
		if (memcmp(found, hash, sizeof(found)) != 0)
			status = deed_error_set(
				err, DEED_INCONSISTENT,
				"attestation %.16s... was changed", name);
	}
	buf_clear(&path);
	return status;
}

/* Judged at the time at which it was made, by the CA of the house. */
static enum deed_status open_then(const struct home *h, struct slice der,
				  struct attestation *out,
				  struct deed_error *err)
{
	struct pki_params trust = { .no_revocation = true };
	struct pki_source *source = NULL;
	json_t *json = NULL;
	enum deed_status status;

	status = authority_source(h, &source, err);
	trust.source = source;
	if (status == DEED_OK)
		status = statement_time(der, &trust.time, err);
	/* Of one type or the other; what is wrong is told of the second,
	 * as most are. */
	if (status == DEED_OK &&
	    statement_open(der, ATTESTATION_OUTSIDE_TYPE, STATEMENT_BY_NOTARY,
			   &trust, &json, NULL, NULL) != DEED_OK)
		status = statement_open(der, ATTESTATION_TYPE,
					STATEMENT_BY_NOTARY, &trust, &json,
					NULL, err);
	if (status == DEED_OK)
		status = attestation_read(json, out, err);
	json_decref(json);
	pki_source_free(source);
	return status;
}

enum deed_status evidence_held(const struct home *h,
			       const struct status *status,
			       struct attestation *out, struct deed_error *err)
{
	struct buf der = BUF_INIT;
	enum deed_status s;

	memset(out, 0, sizeof(*out));
	s = read_file(h, status->evidence, &der, err);
	if (s == DEED_OK)
		s = open_then(h, buf_get(&der), out, err);
	if (s == DEED_OK && memcmp(out->key, status->key, 32) != 0)
		s = deed_error_set(err, DEED_INCONSISTENT,
				   "the attestation is about another key than "
				   "the status that names it");
	buf_clear(&der);
	return s;
}
