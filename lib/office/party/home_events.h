/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_HOME_EVENTS_H
#define DEED_OFFICE_HOME_EVENTS_H

#include "event/event.h"
#include "office/home.h"

/*
 * Where the transactions of a home (event/event.h) find things: its paths,
 * the register's public key from its keystore, the archive's way to publish,
 * and who stamps.  *out is the caller's, freed by home_events_close.  h must
 * outlive it.
 */
enum deed_status home_events_open(const struct home *h, unsigned wait_seconds,
				  struct event_home **out,
				  struct deed_error *err) DEED_MUST_USE;
void home_events_close(struct event_home *home);

#endif
