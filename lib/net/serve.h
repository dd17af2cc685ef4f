/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_SERVE_H
#define DEED_NET_SERVE_H

#include "base/error.h"

/*
 * The other end of net/http.h: read orders from in and answer on out, until
 * in is closed.  A request that fails is answered with its error and does
 * not end the loop; a failure to speak does.  A first frame of
 * net/store_wire.h makes it the other end of net/store.h.  Confines the
 * process first (base/confine.h).
 */
enum deed_status net_serve(int in, int out,
			   struct deed_error *err) DEED_MUST_USE;

#endif
