/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_ONLINE_HOSTS_H
#define DEED_TRUST_ONLINE_HOSTS_H

#include "trust/online_ask.h"

/*
 * How a host took a request; no more of them than requests.  A responder that
 * breaks off may lie beside the CRLs that make it unnecessary: a host has a
 * second chance, and a new one with each answer.
 */
enum online_taken { HOST_ANSWERED, HOST_BROKE_OFF, HOST_STALLED };

/* url begins with a scheme and "//".  Both take the lock of o. */
void online_host_note(struct online *o, const char *url, enum online_taken how);
bool online_host_given_up(struct online *o, const char *url);

/* Free what was noted. */
void online_hosts_clear(struct online *o);

#endif
