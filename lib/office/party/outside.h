/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_OUTSIDE_H
#define DEED_OFFICE_OUTSIDE_H

#include "key/cert.h"
#include "office/party/outside_lists.h"
#include "pki/source.h"

/*
 * A certificate that another CA gave to a party, judged before it is kept,
 * by whatever way it came: in a file, with its key, by EST, by CMP.
 *
 *	struct outside_party party = { ... };
 *	struct outside_params params = { .party = &party, ... };
 *	struct outside_verdict verdict;
 *
 *	status = outside_judge(&params, &chain, &verdict, err);
 *	...	verdict.path is what is to be kept, verdict.differs to be shown
 *	outside_clear(&verdict);
 *
 * Judged are, in this order: the key; that it is no CA's, and for signatures
 * (keyUsage); validity; the path to an anchor, or to a CA that a trust list
 * names; revocation; the name.  The first that does not hold is told, each
 * in words of its own.  Nothing of the chain is believed but what leads to
 * an anchor: certificates that came with it are for building alone.
 *
 * The name.  Identifiers (EN 319 412-1: of serialNumber and
 * organizationIdentifier, and the number in a commonName of a card's form,
 * "SAMPLE,JAAN,38001085718") are compared with the number that was enrolled
 * where both are of one scheme.  Where one differs the certificate is
 * somebody else's, and nothing overrides that.  Where they are equal the
 * certificate is the party's, and a name that is written otherwise is shown.
 * Where there is none to compare, givenName and surname of a person, or
 * organizationName of an organisation, folded (key/name_fold.h), must be the
 * enrolled name, or name_in_certificate the certificate's own text.
 */
struct outside_party {
	const char *party;  /* handle, for messages */
	bool organisation;  /* whose name is organizationName */
	const uint8_t *key; /* SHA-256 of its SubjectPublicKeyInfo */
	/* As enrolled, "cn-ric:1101..."; NULL: not known here, and judged by
	 * verify-id.  Without a name nothing of the name is judged. */
	const char *name, *id;
	/* --name-in-certificate: what the certificate calls the party, where
	 * names alone can tell and do not; or NULL. */
	const char *name_in_certificate;
};

struct outside_params {
	const struct outside_party *party;
	/* What the office or a CA's configuration says to trust: a PEM or DER
	 * file that may hold CRLs and OCSP responses as well; or SLICE_NONE. */
	struct slice anchors;
	const char *anchors_name; /* for messages */
	const char *account;	  /* the CA's name in the configuration, whose
				   * anchors they are; or NULL */
	struct outside_lists *lists; /* those of the home; or NULL */
	/* verify-id: a CA that nobody names is to be accepted by name, and not
	 * by its anchor. */
	bool accepting;
	/* More to judge by, such as what was fetched, with its finder; or
	 * NULL.  Its anchors count, too. */
	const struct pki_source *base;
	int64_t now;
};

#define OUTSIDE_NAME_TEXT 512

enum outside_name {
	OUTSIDE_NAME_UNJUDGED,	    /* no name was given */
	OUTSIDE_NAME_BY_IDENTIFIER, /* an identifier is equal */
	OUTSIDE_NAME_EQUAL,	    /* the names are, folded */
	OUTSIDE_NAME_SAID,	    /* by name_in_certificate */
};

struct outside_verdict {
	/* The certificate first, its CAs, the anchor last; what is kept. */
	struct cert_list path;
	struct outside_listed listed; /* by the lists */
	bool unchecked;		      /* nothing tells whether it was revoked */
	enum outside_name name;
	/* What the certificate calls the party, cleaned, where that is not
	 * the enrolled name; else "". */
	char differs[OUTSIDE_NAME_TEXT];
};

/*
 * Judge chain, items[0] the party's certificate.  DEED_REFUSED (not this
 * key, nobody's, no signature's, somebody else's; no anchor and no list names
 * its CA) or DEED_CERT_INVALID (its time, its path, revoked) with the words.
 * outside_clear afterwards, always.
 */
enum deed_status outside_judge(const struct outside_params *params,
			       const struct cert_list *chain,
			       struct outside_verdict *out,
			       struct deed_error *err) DEED_MUST_USE;
void outside_clear(struct outside_verdict *v);

/* The name alone, as above, for what was judged before: fills name and
 * differs.  DEED_REFUSED. */
enum deed_status outside_judge_name(const struct outside_party *party,
				    const struct cert *cert,
				    struct outside_verdict *out,
				    struct deed_error *err) DEED_MUST_USE;

#endif
