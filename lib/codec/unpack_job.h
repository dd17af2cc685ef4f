/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_UNPACK_JOB_H
#define DEED_CODEC_UNPACK_JOB_H

#include "base/process.h"
#include "base/slice.h"

/*
 * The helper deed-unpack reads formats that are hostile and whose libraries
 * are slow to start: XML through libxml2, tar through libarchive.  It does
 * one job and ends; where it reads, it has entered the sandbox before the
 * first byte.  The language is base/frame.h; the first frame orders the job,
 * what follows is in the header of the job's caller (codec/xml.h,
 * codec/tar_wire.h).
 */
enum unpack_job {
	UNPACK_XML = 1,	       /* body: the document */
	UNPACK_XML_SIGNED = 3, /* body: the document; codec/xml_signed.h */
	UNPACK_TAR = 2,	       /* no body; codec/tar_wire.h follows */
};

#define UNPACK_BODY_MAX (64u << 20) /* bytes of a frame at most */

/* Start deed-unpack and order a job.  The caller frees the process. */
enum deed_status unpack_job_start(enum unpack_job job, struct slice body,
				  struct process **out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
