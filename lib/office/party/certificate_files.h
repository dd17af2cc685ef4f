/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_CERTIFICATE_FILES_H
#define DEED_OFFICE_CERTIFICATE_FILES_H

#include "key/cert.h"

/*
 * Certificates as files of a folder, in PEM: "01-wang.pem", a number in their
 * order and the beginning of the name, in which everything but letters,
 * digits, dots and dashes is '_', so that no certificate says where it is
 * written.
 */
#define CERTIFICATE_FILES_MAX 1000 /* DEED_LIMIT */

/*
 * Make the folder where it is not there, and write them all.  Without force
 * nothing is written where a file of one of the names exists: DEED_EXISTS.
 * tell is called for each path when it is written; arg is the caller's.
 */
typedef void certificate_files_fn(void *arg, const char *path,
				  const struct cert *c);
enum deed_status certificate_files_write(const struct cert_list *list,
					 const char *folder, bool force,
					 certificate_files_fn *tell, void *arg,
					 struct deed_error *err) DEED_MUST_USE;

#endif
