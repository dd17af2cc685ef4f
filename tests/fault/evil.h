/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_FAULT_EVIL_H
#define DEED_TESTS_FAULT_EVIL_H

#include <stdbool.h>

/*
 * What helpers that were taken over have in common, for tests of who asks
 * them: each is a program that does what the file "mode" beside it says.
 */

/* Read the mode; false where there is none. */
bool evil_begin(char *program);

/* Is this the mode? */
bool evil_is(const char *what);

/*
 * Do what no sandbox lets it do (open, create, connect, execute, fork, kill),
 * or end in the middle of an answer (crash, end).  In any other mode, and
 * where nothing happened, it goes on.
 */
void evil_misbehave(void);

#endif
