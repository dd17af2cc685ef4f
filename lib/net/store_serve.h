/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_SERVE_H
#define DEED_NET_STORE_SERVE_H

#include "base/buf.h"

/*
 * deed-fetch for stores (store_wire.h): reads requests from in and answers on
 * out, any number at a time, until in is closed; what is under way then is
 * dropped.  client is the body of the first frame, CLIENT.  Memory is what
 * the requests under way need, their bodies and those of their answers: no
 * more are taken than their stores have transfers.
 */
enum deed_status store_serve(int in, int out, struct slice client,
			     struct deed_error *err) DEED_MUST_USE;

#endif
