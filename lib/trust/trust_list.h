/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_TRUST_LIST_H
#define DEED_TRUST_TRUST_LIST_H

#include <jansson.h>

#include "base/error.h"
#include "key/cert.h"

/*
 * A trust list: which CA was licensed for what, and when, according to whom.
 * The payload of the statement deed.trust-list/1 (trust/list_statement.h),
 * whatever it was made from: a European trusted list (ETSI TS 119 612) or a
 * national list written by hand in YAML.  See deed-trust(5).
 *
 * Texts are owned, NUL-terminated UTF-8; NULL is absent, and "" is none.
 * Arrays are owned, NULL while their count is 0.  Everything that comes out
 * of trust_list_read is within the limits below and was checked as
 * trust_list_check says; who fills a list calls that.  Read-only afterwards,
 * and then shared by threads.
 */
#define TRUST_LIST_TYPE "deed.trust-list/1"
#define TRUST_LIST_TEXT 4096	    /* octets of a text */
#define TRUST_LIST_OPERATORS 1024   /* of a list */
#define TRUST_LIST_SERVICES 4096    /* of an operator */
#define TRUST_LIST_STATUSES 256	    /* of a service */
#define TRUST_LIST_ITEMS 1024	    /* of any other array */
#define TRUST_LIST_CERTIFICATES 990 /* of a list */
#define TRUST_LIST_DEPTH 8	    /* of criteria in criteria */

enum trust_list_kind {
	TRUST_LIST_TS119612 = 1,
	TRUST_LIST_YAML,
};

/* What a service may do; an array of words in the payload. */
enum trust_use {
	TRUST_USE_SIGNATURE = 1, /* "signature": certify natural persons */
	TRUST_USE_SEAL = 2,	 /* "seal": certify organisations */
	TRUST_USE_WEB = 4,	 /* "web": certify web sites */
	TRUST_USE_TIMESTAMP = 8, /* "time-stamp" */
	TRUST_USE_IDENTITY = 16, /* "identity": attest who somebody is */
};

struct trust_hash {
	uint8_t bytes[32]; /* SHA-256 */
};

/* KeyUsage (TS 119 612 5.5.9.2.2.1): the bits in mask must be as in value;
 * bit N is 1 << N of RFC 5280 4.2.1.3 (0 digitalSignature, 1
 * nonRepudiation, ... 8 decipherOnly). */
struct trust_key_usage {
	uint64_t mask, value;
};

/* PolicySet (5.5.9.2.2.2): all of them; dotted. */
struct trust_policy_set {
	char **oids;
	size_t count;
};

enum trust_assert {
	TRUST_ASSERT_ALL = 1,	   /* "all" */
	TRUST_ASSERT_AT_LEAST_ONE, /* "atLeastOne" */
	TRUST_ASSERT_NONE,	   /* "none" */
};

/* CriteriaList (5.5.9.2.2). */
struct trust_criteria {
	enum trust_assert assert;
	struct trust_key_usage *key_usages;
	size_t key_usage_count;
	struct trust_policy_set *policy_sets;
	size_t policy_set_count;
	struct trust_criteria *lists; /* nested, at most TRUST_LIST_DEPTH */
	size_t list_count;
};

/* QualificationElement (5.5.9.2.1): where the criteria are met, the
 * qualifiers (URIs) are the certificate's. */
struct trust_qualification {
	char **qualifiers;
	size_t qualifier_count;
	struct trust_criteria criteria;
};

/* What a service was from `since` until the next status began. */
struct trust_status {
	int64_t since;
	/* ts119612: the URI of the status; yaml: "licensed", "suspended" or
	 * "ended". */
	char *status;
	unsigned uses; /* of enum trust_use */
	/* ts119612: ServiceTypeIdentifier; the URIs of
	 * AdditionalServiceInformation; else absent. */
	char *type;
	char **additional;
	size_t additional_count;
	struct trust_qualification *qualifications;
	size_t qualification_count;
	/* The name of a criterion or critical extension that is not known:
	 * then nothing is qualified by this status.  NULL: none. */
	char *unsupported;
};

struct trust_service {
	char *name;
	/* Its digital identities: the SHA-256 of certificates, all of which
	 * are in trust_list.certificates; rising. */
	struct trust_hash *identities;
	size_t identity_count;
	/* Newest first, since strictly falling; at least one. */
	struct trust_status *statuses;
	size_t status_count;
};

struct trust_operator {
	char *name;
	char *trade_name; /* or registration number; may be NULL */
	/* A licence, where the list has one: its number, and from when until
	 * when it is valid; TRUST_NO_TIME: not said. */
	char *licence;
	int64_t licence_from, licence_until;
	/* What else stands on one: who gave it, who acts for the operator, and
	 * where he is; may be NULL. */
	char *licence_by, *representative, *address;
	struct trust_service *services;
	size_t service_count;
};

#define TRUST_NO_TIME INT64_MIN

struct trust_subject {
	uint64_t hash; /* x509_name_hash of its subject; rising */
	struct cert *cert;
};

struct trust_list {
	enum trust_list_kind kind;
	char *scheme;	       /* what --require licensed=SCHEME names */
	char *scheme_operator; /* who says so: yaml "compiled-by" */
	char *territory;       /* "EU", "DE", "CN" */
	uint64_t sequence;
	int64_t issued;
	int64_t next_update; /* TRUST_NO_TIME: closed, no other follows */
	uint8_t source[32];  /* SHA-256 of the file it was made from */
	struct trust_operator *operators;
	size_t operator_count;
	/* All that the services are identified by: beside the payload, in the
	 * statement.  Rising by SHA-256, each once. */
	struct cert **certificates;
	size_t certificate_count;
	/* The same by name: trust_list_check makes it. */
	struct trust_subject *subjects;
};

struct trust_list *trust_list_new(void);
void trust_list_free(struct trust_list *l);

/* Take a reference to c (cert_ref) unless it is there; hash, which may be
 * NULL, becomes its name.  DEED_LIMIT, DEED_NO_MEMORY. */
enum deed_status
trust_list_add_certificate(struct trust_list *l, struct cert *c,
			   struct trust_hash *hash,
			   struct deed_error *err) DEED_MUST_USE;

/* The certificate of that name, borrowed; or NULL. */
struct cert *trust_list_certificate(const struct trust_list *l,
				    const struct trust_hash *hash);

/* The certificate of the CA that issued c: its name, and its key signed c.
 * Borrowed; NULL: none, or a list that trust_list_check has not seen. */
struct cert *trust_list_issuer(const struct trust_list *l,
			       const struct cert *c);

/* The status of a service at a time: the newest whose since is not later; or
 * NULL before the first. */
const struct trust_status *trust_service_at(const struct trust_service *s,
					    int64_t at);

/* Does the service name c?  A certificate stands for its name and key (TS 119
 * 612 5.5.3): one that was issued anew, or by another, is of the same
 * service. */
bool trust_service_names(const struct trust_list *l,
			 const struct trust_service *s, const struct cert *c);

/*
 * Sort certificates, identities and statuses as said above, and refuse what
 * breaks a limit, lacks a name, has two statuses of one second, or names a
 * certificate that the list does not have.  No certificate is added
 * afterwards.  DEED_MALFORMED, DEED_NO_MEMORY.
 */
enum deed_status trust_list_check(struct trust_list *l,
				  struct deed_error *err) DEED_MUST_USE;

/* The payload, a new object; NULL without memory. */
json_t *trust_list_write(const struct trust_list *l);

/*
 * Fill a new list from a payload and the certificates beside it, of which it
 * takes references; those that it does not name are left out.  Strict: no
 * member that is not known, one spelling of each value.  DEED_MALFORMED.
 */
enum deed_status trust_list_read(const json_t *payload,
				 struct cert *const *certificates, size_t count,
				 struct trust_list **out,
				 struct deed_error *err) DEED_MUST_USE;

#endif
