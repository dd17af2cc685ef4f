/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_LOOK_SERVE_H
#define DEED_LOOK_SERVE_H

#include "base/error.h"

/*
 * The other end of look/look.h: loads what paints, enters the sandbox, and
 * serves a socket until it is closed.  Without a sandbox it serves nothing.
 */
enum deed_status look_serve(int socket, struct deed_error *err) DEED_MUST_USE;

#endif
