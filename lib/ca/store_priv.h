/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_STORE_PRIV_H
#define DEED_CA_STORE_PRIV_H

#include "ca/store.h"

struct ca_store {
	char *issued, *revoked, *ended; /* directories */
	struct cert *root, *issuing;
};

enum deed_status ca_store_load_cert(const char *path, struct cert **out,
				    struct deed_error *err) DEED_MUST_USE;
enum deed_status ca_store_load_revoked(const char *path, struct ca_revoked *out,
				       struct deed_error *err) DEED_MUST_USE;

#endif
