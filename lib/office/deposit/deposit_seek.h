/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_SEEK_H
#define DEED_OFFICE_DEPOSIT_SEEK_H

#include "archive/archive.h"
#include "archive/stored.h"
#include "pki/source.h"

/*
 * Finding a deposit where there is no catalogue and no log: at the places
 * alone.  No object's name has the archive id, so all manifests are read until
 * one has it; the name of the deposit's folder leads to it at once.
 *
 * Nothing that a place shows is believed: a manifest counts when the signature
 * leads to an anchor of trust, and which generation is in force is what the
 * places say together (archive/generations.h).  Memory does not grow with the
 * number of deposits.
 */
struct deposit_seek {
	struct archive *archive;			 /* borrowed */
	const struct pki_source *trust;			 /* borrowed */
	void (*progress)(void *arg, uint64_t manifests); /* or NULL */
	void *arg;
};

/*
 * By the whole id the first that has it ends the search; by its beginning all
 * manifests are read, for another deposit may begin so, too: DEED_USAGE, as
 * for what is no id.  By the folder's name nothing else is read.  *d is the
 * caller's, freed before the archive is closed.
 *
 * DEED_NOT_FOUND where all places answer and none has it; what a place says of
 * itself (DEED_REMOTE) where one does not and the others do not have it; else
 * as stored_load.
 */
enum deed_status deposit_seek(const struct deposit_seek *where, const char *id,
			      struct stored **d,
			      struct deed_error *err) DEED_MUST_USE;

#endif
