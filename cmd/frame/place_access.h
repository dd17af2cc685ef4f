/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_PLACE_ACCESS_H
#define DEED_CMD_FRAME_PLACE_ACCESS_H

#include "cmd/frame/session.h"

/*
 * What places in buckets need, in s->places: one client for all of them, which
 * starts its helper at the first request, and their secrets.  A secret is asked
 * for when the first request to its place is made, once a run, as a passphrase
 * is (cmd/frame/secret.h): by the source that the place has in places.json,
 * else $CREDENTIALS_DIRECTORY/deed.PLACE, else the terminal.  With --offline
 * nothing is asked for: DEED_REFUSED.
 *
 * program.c begins and ends it around a command that works on a home.
 */
enum deed_status place_access_begin(struct session *s,
				    struct deed_error *err) DEED_MUST_USE;
void place_access_end(struct session *s);

#endif
