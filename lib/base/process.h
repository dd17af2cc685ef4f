/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_PROCESS_H
#define DEED_BASE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * A child program whose standard input and output are pipes to us; standard
 * error is shared.  Helpers are programs of deed's own that do what is heavy
 * or hostile (base/frame.h is their language); cmd says once where they lie.
 *
 *	process_start_helper("deed-draw", &p, err)
 *	frame_write(process_input(p), ...); process_close_input(p)
 *	frame_read(process_output(p), ...)
 *	process_wait(p, &exit_code, err)
 *	process_free(p)				always; ends what still runs
 *
 * The descriptors close on exec.  The child has the default signal actions
 * and the environment of this process.  A write to a child that is gone is
 * an error, not a signal, where the program ignores SIGPIPE (deed does).
 */
struct process;

/*
 * argv ends with NULL; argv[0] is the path of the program, not searched for.
 * DEED_SYSTEM if it cannot be started.
 */
enum deed_status process_start(const char *const argv[], struct process **out,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * The folder of the helpers; set once, before threads start.  Copied; too
 * long a path is as none.
 */
void process_set_helpers(const char *directory);

/* They would lie there, and whoever likes could have put them there: starting
 * one is DEED_SYSTEM, which names it. */
void process_refuse_helpers(const char *directory);

/* Start the helper of that name without arguments. */
enum deed_status process_start_helper(const char *name, struct process **out,
				      struct deed_error *err) DEED_MUST_USE;

/*
 * Start the helper of that name with one end of a Unix socket as its standard
 * input; process_output is the other end, there is no input.  It gets no
 * environment and no standard error (but in a sanitizer's build), so that it
 * knows nothing of ours.  *out as process_start.
 */
enum deed_status process_start_worker(const char *name, struct process **out,
				      struct deed_error *err) DEED_MUST_USE;

/*
 * Become the helper of that name, with these arguments (argv[0] as it is) and
 * the environment and descriptors of this process.  It returns only if that
 * cannot be: DEED_SYSTEM.
 */
enum deed_status process_become_helper(const char *name, char *const argv[],
				       struct deed_error *err) DEED_MUST_USE;

pid_t process_id(const struct process *p);   /* 0 once waited for */
int process_input(const struct process *p);  /* we write; -1 once closed */
int process_output(const struct process *p); /* we read */

/* From now on a write to it that would wait is EAGAIN (frame_write_until). */
void process_never_block(struct process *p);

/* End of the child's standard input.  Twice is fine. */
void process_close_input(struct process *p);

/*
 * Close the input and wait for the end.  exit_code may be NULL: then any
 * exit but 0 is DEED_SYSTEM.  Death by a signal always is, and names it.
 */
enum deed_status process_wait(struct process *p, int *exit_code,
			      struct deed_error *err) DEED_MUST_USE;

/* The same for one that ends by itself when both its pipes are closed, which
 * they are here: after ms milliseconds it is killed.  Twice is fine. */
enum deed_status process_end(struct process *p, int ms,
			     struct deed_error *err) DEED_MUST_USE;

/* Kill and reap what was not waited for.  NULL does nothing. */
void process_free(struct process *p);

#endif
