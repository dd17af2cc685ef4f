/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_TRUST_PATH_H
#define DEED_OFFICE_TRUST_PATH_H

#include "base/secret.h"
#include "net/http.h"
#include "pki/path.h"

/*
 * The use case of deed trust path: why is this certificate trusted, or not?
 * Everything comes from files; nothing of a home is read unless trust says
 * "home".
 */
#define TRUST_PATH_FILE_MAX ((size_t)64 << 20)
#define TRUST_PATH_POLICIES 64

struct trust_path_params {
	/* PEM or DER; of several the first is judged, the others help to
	 * build.  Or a document: its signer's is judged, and whatever it
	 * carries helps. */
	const char *certificate;
	size_t signature; /* of a document, as deed verify counts; 0: first */
	const struct secret *password; /* of an encrypted PDF, or NULL */
	int64_t at;
	struct http_client *client; /* fetches what is missing; NULL: nobody
				       does */
	unsigned online_ms;	    /* as budget_ms of trust/online.h */
	const char *home;	    /* for the word "home" */
	const char *const *trust,
		*const *untrusted, *const *crls, *const *ocsps; /* files */
	size_t trust_count, untrusted_count, crl_count, ocsp_count;
	const char *const *policies; /* dotted */
	size_t policy_count;
	bool explicit_policy, inhibit_policy_mapping, inhibit_any_policy;
	/* Else what cannot be told is let pass, unless crls, ocsps or client
	 * are there, or something that does not count says "revoked". */
	bool require_revocation;
	bool no_revocation; /* do not even look */
	bool allow_weak;    /* weak algorithms break no rule */
};

/* What would have to be added for an answer. */
enum trust_path_lack {
	TRUST_PATH_LACKS_NOTHING,
	TRUST_PATH_LACKS_ANCHOR,     /* whose chain[len - 1] would be one */
	TRUST_PATH_LACKS_ISSUER,     /* of chain[len - 1] */
	TRUST_PATH_LACKS_REVOCATION, /* of chain[path.failed] */
};

struct trust_path {
	struct pki_path path;
	const struct trust_path_params *asked; /* borrowed */
	struct pki_source *carried; /* by the document, NULL: it is none */
	struct pki_source *source;  /* what was looked in */
	struct cert_list own; /* of the file or document, the chain's first */
	size_t signature, signatures; /* which of how many; 0: no document */
	size_t anchors, others;	      /* certificates in it */
	struct slice *policies;	      /* asked for: content octets */
	size_t policy_count;
	struct buf policy_bytes;

	/* DEED_OK, DEED_NO, or DEED_INDETERMINATE: something is missing, or
	 * the search was given up. */
	enum deed_status answer;
	bool revocation_waived; /* OK, with revocation not known */
	bool refused;		/* something was not fetched for its address */
	enum trust_path_lack lack;
	struct buf place; /* a URL at which it is said to be; or empty */
};

/*
 * Read and judge.  trust_path_clear afterwards, always.  DEED_USAGE for a
 * policy that is no object identifier; DEED_IO, DEED_MALFORMED.
 */
enum deed_status trust_path_judge(const struct trust_path_params *params,
				  struct trust_path *out,
				  struct deed_error *err) DEED_MUST_USE;
void trust_path_clear(struct trust_path *t);

#endif
