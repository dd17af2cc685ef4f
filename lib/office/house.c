/* SPDX-License-Identifier: Apache-2.0 */
#include "office/house.h"

#include "base/clock.h"
#include "ca/store.h"
#include "office/keys.h"

/* The end alone is looked at: that the clock is before the beginning says
 * nothing against the house.  The remedy differs, as each certificate is
 * renewed by another command. */
static enum deed_status check_ends(const struct cert *c, const char *what,
				   const char *remedy, int64_t now,
				   struct deed_error *err)
{
	char text[CLOCK_TEXT];

	if (now <= cert_fields(c)->not_after)
		return DEED_OK;
	clock_format(cert_fields(c)->not_after, text);
	deed_error_set(err, DEED_CERT_INVALID,
		       "the certificate of %s ended at %s, so this house "
		       "certifies nothing",
		       what, text);
	deed_error_remedy(err, remedy, NULL);
	return DEED_CERT_INVALID;
}

/* Without a valid certificate of the office nothing that it certifies would be
 * believed later. */
static enum deed_status check_notary(const struct home *h,
				     const struct ca_store *store, int64_t now,
				     struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	bool revoked = false;
	enum deed_status status;

	status = keys_notary_chain(h, &chain, err);
	if (status == DEED_OK)
		status = check_ends(chain.items[0], "the office",
				    "rekey-office", now, err);
	if (status == DEED_OK)
		status = ca_store_is_revoked(store, chain.items[0], &revoked,
					     err);
	if (status == DEED_OK && revoked) {
		status = deed_error_set(
			err, DEED_CERT_INVALID,
			"the certificate of the office is revoked, "
			"so this house certifies nothing");
		deed_error_remedy(err, "rekey-office", NULL);
	}
	cert_list_clear(&chain);
	return status;
}

enum deed_status house_check_root(const struct home *h, int64_t now,
				  struct deed_error *err)
{
	struct ca_store *store = NULL;
	enum deed_status status;

	status = ca_store_open(h->ca, &store, err);
	if (status == DEED_OK)
		status = check_ends(ca_store_root(store), "the root CA", "init",
				    now, err);
	ca_store_close(store);
	return status;
}

/* From the root down: what ended above has to be mended first. */
enum deed_status house_check(const struct home *h, int64_t now,
			     struct deed_error *err)
{
	struct ca_store *store = NULL;
	enum deed_status status;

	status = ca_store_open(h->ca, &store, err);
	if (status == DEED_OK)
		status = check_ends(ca_store_root(store), "the root CA", "init",
				    now, err);
	if (status == DEED_OK)
		status = check_ends(ca_store_issuing(store), "the issuing CA",
				    "ca-renew", now, err);
	if (status == DEED_OK)
		status = check_notary(h, store, now, err);
	ca_store_close(store);
	return status;
}

/* By policy, so that certificates of the office's earlier keys count, too. */
enum deed_status house_owns(const struct home *h, const struct cert *c,
			    bool *owns, struct deed_error *err)
{
	struct cert_list deposit = CERT_LIST_INIT;
	enum deed_status status;

	*owns = true;
	if (cert_has_policy(c, OID_DEED_POLICY_NOTARY) ||
	    cert_has_policy(c, OID_DEED_POLICY_SERVICE))
		return DEED_OK;
	status = keys_deposit_chain(h, HOME_OFFICE, &deposit, err);
	*owns = status == DEED_OK && deposit.count > 0 &&
		cert_equal(deposit.items[0], c);
	cert_list_clear(&deposit);
	return status;
}

enum deed_status house_refuse(const char *what, struct deed_error *err)
{
	deed_error_set(err, DEED_REFUSED,
		       "%s: every statement of this house stands on the "
		       "office's certificate",
		       what);
	deed_error_remedy(err, "rekey-office", NULL);
	return DEED_REFUSED;
}
