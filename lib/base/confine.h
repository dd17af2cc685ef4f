/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_CONFINE_H
#define DEED_BASE_CONFINE_H

#include <stdbool.h>

#include "base/error.h"

/*
 * What base/sandbox.h is too narrow for: programs whose libraries ask for more
 * than can be listed, and read what they like.  After confine such a process
 * reads, and that is all.  It writes, makes and removes no file, starts no
 * program, traces nobody, and leaves no core; descriptors that are open, memory
 * and children of its own stay, and a child may enter the sandbox.  One way,
 * for the whole process; before threads.
 *
 * A file is refused (EACCES), as libraries try what they can do without; so is
 * a socket, unless CONFINE_SPEAKS is set.  A program to be started, or a
 * process to be looked into, kills.
 */
#define CONFINE_SPEAKS 1u /* it opens sockets */

/* *confined says whether the kernel holds us to all of it (landlock and
 * seccomp, where kernel and build have them).  DEED_SYSTEM if a step failed
 * that every kernel knows. */
enum deed_status confine(unsigned flags, bool *confined,
			 struct deed_error *err) DEED_MUST_USE;

#endif
