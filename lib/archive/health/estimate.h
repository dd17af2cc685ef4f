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
 *	struct estimate e = { .places = archive->count, .leaving = 1 };
 *	estimate_add(&e, &item)			each row
 *	estimate_check(&e, &how, &traffic)	or _repair, _rebalance
 *
 * What a row does not say (how long the names of places are, how many bytes a
 * signature has) is taken as it mostly is.
 */
struct estimate {
	uint64_t places;  /* of the archive */
	uint64_t leaving; /* of those, from which parts are to be moved */

	/* Sums over the deposits. */
	uint64_t deposits;
	uint64_t parts;			    /* places that have one */
	uint64_t shares;		    /* that lie in no box */
	uint64_t objects, bytes;	    /* at all of their places */
	uint64_t objects_past;		    /* manifests before the newest */
	uint64_t manifests, manifest_bytes; /* at one place */
	uint64_t former; /* places of the archive that one was moved past */

	/* What goes elsewhere, if each deposit has a part at each place that is
	 * left, as far as it has so many. */
	uint64_t moving;		     /* deposits */
	uint64_t moved;			     /* parts */
	uint64_t moved_shares;		     /* that lie in no box */
	uint64_t moved_objects, moved_bytes; /* but manifests */
	uint64_t moved_manifests;	     /* of the moved parts */
	uint64_t moved_manifest_bytes;
	uint64_t next_bytes; /* of the manifests that say where parts are */

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

/* By its id or in the order of the folders, where so many places were lost and
 * are made anew, and so many others do not answer. */
struct estimate_loss {
	bool single;
	uint64_t lost, away;
};
void estimate_repair(const struct estimate *e, const struct estimate_loss *how,
		     struct place_traffic *out);

/* With remove what was moved is taken away from where it lay, too. */
void estimate_rebalance(const struct estimate *e, bool remove,
			struct place_traffic *out);

/* Chunks of so many encrypted bytes. */
uint64_t estimate_chunks(uint64_t size);

/* Bytes of the box of one chunk, and of a signed manifest. */
uint64_t estimate_box(const struct catalogue_item *item);
uint64_t estimate_manifest(const struct catalogue_item *item);

#endif
