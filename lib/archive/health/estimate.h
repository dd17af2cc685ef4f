/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_ESTIMATE_H
#define DEED_ARCHIVE_HEALTH_ESTIMATE_H

#include "archive/catalogue.h"
#include "archive/place/place.h"

/*
 * What a run would ask of the places, from rows of the catalogue alone: the
 * formulas of deed-archive(7), with the sizes of what there is.  It holds
 * where places answer, are stores, and have all that they should.
 *
 *	struct estimate e = { .places = archive->count };
 *	estimate_add(&e, &item)			each row
 *	estimate_check(&e, &how, &traffic)
 *
 * What a row does not say (how long the names of places are, how many bytes a
 * signature has) is taken as it mostly is.
 */
struct estimate {
	uint64_t places; /* of the archive */

	/* Sums over the deposits. */
	uint64_t deposits;
	uint64_t parts;			    /* places that have one */
	uint64_t shares;		    /* that lie in no box */
	uint64_t objects, bytes;	    /* at all of their places */
	uint64_t manifests, manifest_bytes; /* at one place */
	uint64_t former; /* places of the archive that one was moved past */

	/* Of all: those of which presence needs no manifest. */
	uint64_t listed;
};

struct estimate_how {
	bool presence;
	bool single;	  /* each by its id, not in the order of folders */
	unsigned percent; /* of the deposits */
};

void estimate_add(struct estimate *e, const struct catalogue_item *item);
void estimate_check(const struct estimate *e, const struct estimate_how *how,
		    struct place_traffic *out);

/* Chunks of so many encrypted bytes. */
uint64_t estimate_chunks(uint64_t size);

/* Bytes of the box of one chunk, and of a signed manifest. */
uint64_t estimate_box(const struct catalogue_item *item);
uint64_t estimate_manifest(const struct catalogue_item *item);

#endif
