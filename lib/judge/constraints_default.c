/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/constraints.h"

#include <pthread.h>
#include <stdio.h>

#include "base/clock.h"
#include "codec/oid.h"

/*
 * The dates at which an algorithm stopped to be good are those of ETSI TS 102
 * 176-1, TS 119 312 and the SOG-IS catalogue.  What these expect to end one
 * day is left open: a guess about the future is no reason to doubt what was
 * signed, and a policy file may say otherwise.
 */
static const char text[] = "# What deed verify goes by without --policy.\n"
			   "name: deed.default\n"
			   "digests:\n"
			   "  md5: never\n"
			   "  sha1: 2012-08-01\n"
			   "  sha224: 2023-01-01\n"
			   "  sha256: open\n"
			   "  sha384: open\n"
			   "  sha512: open\n"
			   "  sha3-224: 2023-01-01\n"
			   "  sha3-256: open\n"
			   "  sha3-384: open\n"
			   "  sha3-512: open\n"
			   "  shake256: open\n"
			   "  sm3: open\n"
			   "schemes:\n"
			   "  rsa: open\n"
			   "  rsa-pss: open\n"
			   "  ecdsa: open\n"
			   "  ed25519: open\n"
			   "  ed448: open\n"
			   "  sm2: open\n"
			   "keys:\n"
			   "  rsa:\n"
			   "    1024: 2010-08-01\n"
			   "    1536: 2019-10-01\n"
			   "    1900: open\n"
			   "  ec:\n"
			   "    256: open\n"
			   "revocation:\n"
			   "  freshness: next-update\n"
			   "  age: none\n"
			   "timestamps:\n"
			   "  delay: none\n"
			   "covered: doubt\n"
			   "key-purposes:\n"
			   "  - documentSigning\n"
			   "  - msDocumentSigning\n"
			   "  - msOldDocumentSigning\n"
			   "  - pdfAuthenticDocumentsTrust\n"
			   "  - emailProtection\n"
			   "  - clientAuth\n"
			   "  - msSmartcardLogon\n"
			   "  - anyExtendedKeyUsage\n"
			   "signature-policies: any\n";

static struct constraints built_in;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Those made for documents, and what the cards of nations and offices carry:
 * one key for the mail, the log-in and the signature. */
static const enum oid purposes[] = {
	OID_KP_DOCUMENT_SIGNING, OID_KP_MS_DOCUMENT, OID_KP_MS_DOCUMENT_OLD,
	OID_KP_ADOBE_AUTHENTIC,	 OID_KP_EMAIL,	     OID_KP_CLIENT,
	OID_KP_MS_SMARTCARD,	 OID_KP_ANY,
};

/* The table has no more purposes than the array has room for, and oid_slice
 * points to constant bytes, so that nothing can fail here. */
static void build_purposes(struct constraints *c)
{
	struct constraints_purpose *p = c->purposes;
	size_t i;

	for (i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++, p++) {
		struct slice oid = oid_slice(purposes[i]);

		memcpy(p->oid, oid.data, oid.len);
		p->oid_len = oid.len;
	}
	c->purpose_count = i;
}

/* A date that could not be converted would leave the algorithm refused, not
 * open. */
static int64_t day(int year, int month, int d)
{
	struct civil c = { .year = year, .month = month, .day = d };
	int64_t t = CONSTRAINTS_NEVER;

	(void)clock_from_civil(&c, &t);
	return t;
}

/* By hand, so that it needs no memory and no parser; a test holds it against
 * the text. */
static void build(void)
{
	struct constraints *c = &built_in;
	enum digest_alg alg;

	(void)snprintf(c->name, sizeof(c->name), "deed.default");
	sha256(constraints_default_text(), c->sha256);
	c->digest[DIGEST_NONE] = CONSTRAINTS_OPEN;
	for (alg = DIGEST_NONE + 1; alg < DIGEST_COUNT; alg++)
		c->digest[alg] = CONSTRAINTS_OPEN;
	c->digest[DIGEST_MD5] = CONSTRAINTS_NEVER;
	c->digest[DIGEST_SHA1] = day(2012, 8, 1);
	c->digest[DIGEST_SHA224] = day(2023, 1, 1);
	c->digest[DIGEST_SHA3_224] = day(2023, 1, 1);
	c->rsa[c->rsa_count++] =
		(struct constraints_size){ 1024, day(2010, 8, 1) };
	c->rsa[c->rsa_count++] =
		(struct constraints_size){ 1536, day(2019, 10, 1) };
	c->rsa[c->rsa_count++] =
		(struct constraints_size){ 1900, CONSTRAINTS_OPEN };
	c->ec[c->ec_count++] =
		(struct constraints_size){ 256, CONSTRAINTS_OPEN };
	c->pkcs1 = c->pss = c->ecdsa = CONSTRAINTS_OPEN;
	c->ed25519 = c->ed448 = c->sm2 = CONSTRAINTS_OPEN;
	c->freshness = FRESHNESS_NEXT_UPDATE;
	c->covered = COVERED_DOUBT;
	build_purposes(c);
	c->any_policy = true;
}

struct slice constraints_default_text(void)
{
	return slice_of(text, sizeof(text) - 1);
}

const struct constraints *constraints_default(void)
{
	(void)pthread_once(&once, build);
	return &built_in;
}
