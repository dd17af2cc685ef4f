/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_GET_OUT_H
#define DEED_CMD_SHARD_GET_OUT_H

#include "base/file.h"
#include "cmd/frame/session.h"

/*
 * Where a document that is got goes: -o, its own name, or standard output, to
 * which nothing goes before it is complete.
 */

/* Is that standard output? */
bool get_out_is_stdout(const struct session *s);

/* Open path; not where it exists, unless --force. */
enum deed_status get_out_open(const struct session *s, const char *path,
			      struct outfile **out,
			      struct deed_error *err) DEED_MUST_USE;

/* Open where the document goes: base is its name, folder where what waits for
 * standard output lies, without a name. */
enum deed_status get_out_document(const struct session *s, const char *base,
				  const char *folder, struct outfile **out,
				  struct deed_error *err) DEED_MUST_USE;

/* It is complete: give it its name, or copy it. */
enum deed_status get_out_finish(const struct session *s, struct outfile *out,
				bool document,
				struct deed_error *err) DEED_MUST_USE;

#endif
