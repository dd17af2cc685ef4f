/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_CONFINE_H
#define DEED_NET_CONFINE_H

#include <stdbool.h>

#include "base/error.h"

/*
 * What a process may still do that talks to hostile servers and has to open
 * sockets, and files of its resolver and of TLS, when it likes: it reads, and
 * that is all.  It writes, makes and removes no file, starts no program,
 * traces nobody, and leaves no core.  One way, for the whole process; before
 * threads.
 *
 * *confined says whether the kernel holds us to it (landlock and seccomp,
 * where kernel and build have them).
 */
enum deed_status net_confine(bool *confined,
			     struct deed_error *err) DEED_MUST_USE;

#endif
