/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_HOME_H
#define DEED_OFFICE_HOME_H

#include "base/error.h"

struct event_timestamps;

/*
 * The home of an office: one directory, mode 0700, of one uid.  Every path
 * that more than one use case needs is named here and nowhere else.  A
 * struct home is read-only once it is open and may be shared by threads.
 *
 *	home.json	what makes it a home: {"schema":"deed.home/1",...}
 *	keystore/	PARTY/ a party's keys and certificates; the services'
 *	identity/	box/ encrypted records, index/ by which acts are found
 *			(event/acts.h), status/PARTY.cms statements,
 *			statuses/PARTY/ those before, attestations/, party/
 *			signposts
 *	archive/	the catalogue, places/1 to places/5
 *	audit/		the log
 *	trust/		trust lists, cached revocation data
 *	ca/		root.cer, issuing.cer, root.crl, issuing.crl (DER),
 *			issuing-N.cer, issuing-N.crl of earlier CAs,
 *			issued/ what was certified, attestations
 */
struct home {
	char *root;   /* absolute; what the other paths begin with */
	char *marker; /* home.json */
	char *keystore;
	char *identity;
	char *box;	    /* identity/box */
	char *status;	    /* identity/status */
	char *statuses;	    /* identity/statuses: PARTY/ earlier statuses */
	char *parties;	    /* identity/party: PARTY.json (party/party.h) */
	char *attestations; /* identity/attestations, named by SHA-256 */
	char *archive;
	char *audit;
	char *trust;
	char *ca;
	char *ca_root;	      /* DER certificate */
	char *ca_issuing;     /* DER certificate */
	char *ca_root_crl;    /* DER CRL */
	char *ca_issuing_crl; /* DER CRL */
	char *ca_issued;      /* directory of the CA's database */
	char *ca_revoked;     /* the same */

	/* Whom the office has time-stamp what it says of itself
	 * (event/event_timestamp.h): NULL, unless whoever opened the home sets
	 * it.  Borrowed. */
	const struct event_timestamps *timestamps;

	/* What the archive's places need (archive/place/place.h): NULL, unless
	 * whoever opened the home sets it.  Borrowed. */
	const struct place_means *places;

	/* Folders on the web where lists and CA certificates are published
	 * (office/party/publish.h), for the certificates that are made: NULL,
	 * unless whoever opened the home sets them.  Borrowed. */
	const char *crl_url, *issuer_url;
};

/* The office's own party, a notary, made by init. */
#define HOME_OFFICE "office"

#define HOME_SCHEMA "deed.home/1"

/* The longest handle of a party. */
#define HOME_PARTY_MAX 64

/*
 * Open the home at path.  DEED_CONFIG where that is NULL: nothing says where
 * it is; DEED_NOT_FOUND with a hint if there is none;
 * DEED_REFUSED if it belongs to another user or if group or others may enter
 * it; DEED_UNSUPPORTED if its schema is newer than this program.  *out is
 * the caller's, freed by home_close.
 */
enum deed_status home_open(const char *path, struct home **out,
			   struct deed_error *err) DEED_MUST_USE;

/*
 * Only the paths, nothing looked at: for init, which makes what they name.
 */
enum deed_status home_paths(const char *path, struct home **out,
			    struct deed_error *err) DEED_MUST_USE;

/* Make its folders, those of the keystore and the log aside; fine where they
 * are there. */
enum deed_status home_make_folders(const struct home *h,
				   struct deed_error *err) DEED_MUST_USE;

void home_close(struct home *h);

/*
 * Is this a handle: [a-z0-9] and then [a-z0-9._-], at most HOME_PARTY_MAX,
 * not ending with a full stop?  DEED_USAGE with what was expected otherwise.
 * Every function that makes a path of a handle asks this first.
 */
enum deed_status home_check_party(const char *party,
				  struct deed_error *err) DEED_MUST_USE;

/* FOLDER/PARTY and the suffix, allocated.  The handle is checked. */
enum deed_status home_party_path(const char *folder, const char *party,
				 const char *suffix, char **out,
				 struct deed_error *err) DEED_MUST_USE;

/* identity/status/PARTY.cms, allocated.  The handle is checked. */
enum deed_status home_status_path(const struct home *h, const char *party,
				  char **out,
				  struct deed_error *err) DEED_MUST_USE;

/* The trust/ folder of the home at path, allocated; the home is looked at as
 * home_open does. */
enum deed_status home_trust_folder(const char *path, char **out,
				   struct deed_error *err) DEED_MUST_USE;

#endif
