/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEYSTORE_KEYSTORE_PRIV_H
#define DEED_KEYSTORE_KEYSTORE_PRIV_H

#include "keystore/keystore.h"

struct keystore {
	char *dir;
};

#define KEYSTORE_GENERATION_MAX 9999
#define KEYSTORE_CHAIN_MAX (1024 * 1024) /* bytes of a .pem */

/* Which files of one generation are there. */
struct generation {
	enum keystore_role role;
	unsigned number;
	bool key, chain, token;
};

struct generation_list {
	struct generation *items; /* sorted by role, then number */
	size_t count;
};

/* DEED_NO_KEY: the owner has none of this role. */
enum deed_status keystore_no_key(const char *owner, enum keystore_role role,
				 struct deed_error *err);

/* DEED_USAGE for what is no handle. */
enum deed_status keystore_check_owner(const char *owner,
				      struct deed_error *err) DEED_MUST_USE;

/* What the owner's directory holds; none if there is no such directory. */
enum deed_status keystore_scan(const struct keystore *ks, const char *owner,
			       struct generation_list *out,
			       struct deed_error *err) DEED_MUST_USE;

/* The newest with a key; 0 if there is none. */
unsigned keystore_newest(const struct generation_list *l,
			 enum keystore_role role);

/* The same by the owner: DEED_NO_KEY. */
enum deed_status keystore_find_newest(const struct keystore *ks,
				      const char *owner,
				      enum keystore_role role, unsigned *out,
				      struct deed_error *err) DEED_MUST_USE;

/* DIR/OWNER/ROLE-N.SUFFIX, allocated; NULL without memory. */
char *keystore_path(const struct keystore *ks, const char *owner,
		    enum keystore_role role, unsigned number,
		    const char *suffix);

/* Is it a key for this role?  A key that does not suit is told now, not at
 * its first use.  DEED_USAGE. */
enum deed_status keystore_check_kind(enum keystore_role role,
				     const struct secret *pkcs8,
				     struct deed_error *err) DEED_MUST_USE;

/* The number of the next key, whose owner's directory exists then. */
enum deed_status keystore_next_number(struct keystore *ks, const char *owner,
				      enum keystore_role role, unsigned *number,
				      struct deed_error *err) DEED_MUST_USE;

/* Make what services need and is not there. */
enum deed_status keystore_create_services(const char *dir,
					  struct deed_error *err) DEED_MUST_USE;

#endif
