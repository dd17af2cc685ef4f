/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_UNPACK_SERVE_H
#define DEED_CODEC_UNPACK_SERVE_H

#include "base/buf.h"

/*
 * The other end of codec/unpack_job.h: read the order from in, enter the
 * sandbox where the job reads, do it, answer on out.  Only deed-unpack links
 * this.
 */
enum deed_status unpack_serve(int in, int out,
			      struct deed_error *err) DEED_MUST_USE;

/* The jobs.  body is that of the order. */
enum deed_status xml_serve(int out, const struct buf *body,
			   struct deed_error *err) DEED_MUST_USE;
enum deed_status xml_signed_serve(int out, const struct buf *body,
				  struct deed_error *err) DEED_MUST_USE;
enum deed_status tar_serve(int in, int out,
			   struct deed_error *err) DEED_MUST_USE;

#endif
