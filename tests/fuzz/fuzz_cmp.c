/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "ca/cmp_protect.h"
#include "ca/cmp_state.h"
#include "fuzz/fuzz.h"

#define NOW INT64_C(1796000000) /* the certificates of the corpus hold */

/* What comes after the protection was found right is read here without. */
static void read_bodies(const struct cmp_message *m)
{
	struct cert_list certs = CERT_LIST_INIT;
	struct cmp_reply reply;

	if (cmp_reply_read(m, &reply, NULL) == DEED_OK) {
		(void)!cmp_certificates(reply.certificate, 1, &certs, NULL);
		(void)!cmp_certificates(reply.ca_pubs, CMP_CERTIFICATES, &certs,
					NULL);
	}
	(void)!cmp_certificates(m->certs, CMP_CERTIFICATES, &certs, NULL);
	if (certs.count > CMP_CERTIFICATES)
		abort();
	cert_list_clear(&certs);
	buf_clear(&reply.words);
}

/* An answer of a CA that speaks CMP, and what was kept of a transaction. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);
	struct cmp_credentials c = CMP_CREDENTIALS_INIT;
	struct secret *secret = NULL;
	struct cmp_message m;
	struct cmp_state state;

	if (secret_copy("0123456789abcdef", 16, &secret, NULL) != DEED_OK)
		abort();
	c.now = NOW;
	if (cmp_message_read(in, &m, NULL) == DEED_OK) {
		/* whom it brings is believed, so that signatures are read */
		(void)!cmp_certificates(m.certs, CMP_CERTIFICATES, &c.anchors,
					NULL);
		(void)!cmp_verify(&c, &m, NULL);
		c.secret = secret;
		(void)!cmp_verify(&c, &m, NULL);
		read_bodies(&m);
	}
	if (cmp_state_read(in, &state, NULL) == DEED_OK &&
	    (state.theirs_len > CMP_NONCE_MAX || state.hash_len > DIGEST_MAX))
		abort();
	cmp_credentials_clear(&c);
	secret_free(secret);
	return 0;
}
