/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_CRL_ENTRIES_H
#define DEED_PKI_CRL_ENTRIES_H

#include "pki/crl.h"

/*
 * The entries of one CRL in the order of their serial numbers.  Built at the
 * first question by whatever thread asks it; of use to crl.c alone.
 */
struct crl_entries;

/* NULL: no memory. */
struct crl_entries *crl_entries_new(void);
void crl_entries_free(struct crl_entries *e);

/* As crl_lookup; f is always the same CRL's. */
enum deed_status crl_entries_find(struct crl_entries *e,
				  const struct crl_fields *f,
				  struct slice issuer, struct slice serial,
				  bool *listed, struct crl_entry *entry,
				  struct deed_error *err) DEED_MUST_USE;

#endif
