/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_CONSTRAINTS_H
#define DEED_JUDGE_CONSTRAINTS_H

#include "crypto/digest.h"
#include "key/pubkey.h"

/*
 * The policy by which signatures are judged (EN 319 102-1 5.1.4): until when
 * an algorithm or a key may be relied upon, how fresh revocation data must
 * be, which signature policies are accepted.  deed-policy(5) describes the
 * file; one is built in.
 *
 * A policy is plain data, read only once made; any number of threads may use
 * one.  Limits: those of codec/yaml.h, CONSTRAINTS_SIZES sizes of key of one
 * kind, CONSTRAINTS_POLICIES signature policies, CONSTRAINTS_PURPOSES key
 * purposes.
 */
#define CONSTRAINTS_NEVER INT64_MIN /* at no time */
#define CONSTRAINTS_OPEN INT64_MAX  /* no end is known */
#define CONSTRAINTS_SIZES 16
#define CONSTRAINTS_POLICIES 64
#define CONSTRAINTS_PURPOSES 32
#define CONSTRAINTS_NAME 64
#define CONSTRAINTS_OID 64

/* When does revocation data speak for a signature (EN 319 102-1 5.2.5)? */
enum constraints_freshness {
	FRESHNESS_NEXT_UPDATE,	   /* until its nextUpdate */
	FRESHNESS_AFTER_SIGNATURE, /* until it was issued: it must be issued
				      after the proven time of signing */
	FRESHNESS_ANY,		   /* however old */
};

/* What is an annotation that may lie over what was signed? */
enum constraints_covered {
	COVERED_DOUBT, /* a reason for INDETERMINATE: somebody must look */
	COVERED_NOTE,  /* told, and no more: somebody looks anyway */
};

/* A key of at least this many bits, until then. */
struct constraints_size {
	unsigned bits;
	int64_t until;
};

/* A signature policy that is accepted (EN 319 122-1 5.2.9.1). */
struct constraints_policy {
	uint8_t oid[CONSTRAINTS_OID]; /* content octets */
	size_t oid_len;
	bool has_sha256; /* of the policy's document */
	uint8_t sha256[SHA256_SIZE];
};

/* A key purpose (RFC 5280 4.2.1.12) that fits the signing of documents. */
struct constraints_purpose {
	uint8_t oid[CONSTRAINTS_OID]; /* content octets */
	size_t oid_len;
};

struct constraints {
	char name[CONSTRAINTS_NAME];
	uint8_t sha256[SHA256_SIZE]; /* of the file as it was read */
	int64_t digest[DIGEST_COUNT];
	struct constraints_size rsa[CONSTRAINTS_SIZES]; /* by size, upwards */
	struct constraints_size ec[CONSTRAINTS_SIZES];
	size_t rsa_count, ec_count;
	int64_t pkcs1; /* RSASSA-PKCS1-v1_5 */
	int64_t pss;
	int64_t ecdsa;
	int64_t ed25519;
	int64_t ed448;
	int64_t sm2;
	enum constraints_freshness freshness;
	bool has_age; /* revocation data may be this old, in seconds */
	int64_t age;
	bool has_delay; /* a time-stamp this much later than the claimed time
			   of signing, in seconds, is too late */
	int64_t delay;
	enum constraints_covered covered;
	bool any_purpose; /* of a critical extKeyUsage: any, or those listed */
	struct constraints_purpose purposes[CONSTRAINTS_PURPOSES];
	size_t purpose_count;
	bool look;	 /* pages are painted and compared (look/look.h) */
	bool any_policy; /* signature policies: any, or those listed */
	struct constraints_policy policies[CONSTRAINTS_POLICIES];
	size_t policy_count;
};

/* The one that is built in, and its text, whose SHA-256 it carries. */
const struct constraints *constraints_default(void);
struct slice constraints_default_text(void);

/* The purposes as slices, of which there are purpose_count. */
void constraints_purposes(const struct constraints *c,
			  struct slice out[CONSTRAINTS_PURPOSES]);

/* Read a policy file; name is for messages.  DEED_CONFIG, DEED_LIMIT. */
enum deed_status constraints_read(struct slice text, const char *name,
				  struct constraints *out,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * Until when may this be relied upon?  CONSTRAINTS_NEVER for what the policy
 * does not name.  A time t is within bounds where t < the answer.
 * digest_until is for DIGEST_NONE (Ed25519, Ed448) CONSTRAINTS_OPEN.
 */
int64_t constraints_digest_until(const struct constraints *c,
				 enum digest_alg alg);

/* The first of what a signature by this key and algorithm rests upon to end;
 * what (may be NULL) says which: "SHA-1", "RSA 1024".  alg may have no digest
 * yet (see sig_alg.h). */
#define CONSTRAINTS_WHAT 48
int64_t constraints_until(const struct constraints *c,
			  const struct sig_alg *alg, const struct pubkey *pk,
			  char what[CONSTRAINTS_WHAT]);

#endif
