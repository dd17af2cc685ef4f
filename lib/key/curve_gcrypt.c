/* SPDX-License-Identifier: Apache-2.0 */
#include "key/curve_gcrypt.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <nettle/sm3.h>

/*
 * Few ever meet such a key, and to start libgcrypt costs as much as several
 * verifications: so it is not linked but loaded when one comes.  Its header
 * would be a dependency of the build for a dozen declarations, which its ABI
 * (libgcrypt.so.20, since 2013) keeps: they stand here.
 */
#define LIBRARY "libgcrypt.so.20"

/* enum gcry_ctl_cmds. */
enum { DISABLE_SECMEM = 37, INITIALIZATION_FINISHED = 38, NO_FIPS_MODE = 83 };

typedef void *handle; /* gcry_sexp_t, gcry_mpi_t, gcry_ctx_t and the like */

static struct {
	unsigned (*control)(int cmd, ...);
	const char *(*check_version)(const char *wanted);
	unsigned (*sexp_build)(handle *out, size_t *at, const char *format,
			       ...);
	void (*sexp_release)(handle sexp);
	unsigned (*pk_verify)(handle value, handle data, handle key);
	unsigned (*ec_new)(handle *out, handle params, const char *curve);
	void (*ctx_release)(handle ctx);
	handle (*set_opaque_copy)(handle mpi, const void *p, unsigned bits);
	void (*mpi_release)(handle mpi);
	handle (*point_new)(unsigned bits);
	void (*point_release)(handle point);
	unsigned (*decode_point)(handle point, handle value, handle ctx);
	int (*curve_point)(handle point, handle ctx);
} gcry; /* written once, before anybody computes by it */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool has_gcry;

struct curve_key {
	enum oid curve;
	handle sexp;
};

static const struct {
	enum oid oid;
	size_t octets; /* of a coordinate, and of the order */
	const char *text;
	const char *name; /* libgcrypt's */
} curves[] = {
	{ OID_BRAINPOOL_P256R1, 32, "EC brainpoolP256r1", "brainpoolP256r1" },
	{ OID_BRAINPOOL_P384R1, 48, "EC brainpoolP384r1", "brainpoolP384r1" },
	{ OID_BRAINPOOL_P512R1, 64, "EC brainpoolP512r1", "brainpoolP512r1" },
	{ OID_SM2, 32, "SM2", "sm2p256v1" },
};

#define CURVES (sizeof(curves) / sizeof(curves[0]))

/* The index of a curve; CURVES for another. */
static size_t find_curve(enum oid curve)
{
	size_t i;

	for (i = 0; i < CURVES && curves[i].oid != curve; i++)
		;
	return i;
}

bool curve_known(enum oid curve)
{
	return find_curve(curve) < CURVES;
}

size_t curve_octets(enum oid curve)
{
	size_t i = find_curve(curve);

	return i < CURVES ? curves[i].octets : 0;
}

const char *curve_text(enum oid curve)
{
	size_t i = find_curve(curve);

	return i < CURVES ? curves[i].text : "";
}

/* dlsym gives functions as objects; POSIX has them of one size. */
static bool find(void *library, const char *name, void *function)
{
	void *found = dlsym(library, name);

	memcpy(function, &found, sizeof(found));
	return found != NULL;
}

/* Looked up and not linked: a verification that meets no such curve does not
 * pay for the library. */
static bool find_all(void *library)
{
	const struct {
		const char *name;
		void *function;
	} all[] = {
		{ "gcry_control", &gcry.control },
		{ "gcry_check_version", &gcry.check_version },
		{ "gcry_sexp_build", &gcry.sexp_build },
		{ "gcry_sexp_release", &gcry.sexp_release },
		{ "gcry_pk_verify", &gcry.pk_verify },
		{ "gcry_mpi_ec_new", &gcry.ec_new },
		{ "gcry_ctx_release", &gcry.ctx_release },
		{ "gcry_mpi_set_opaque_copy", &gcry.set_opaque_copy },
		{ "gcry_mpi_release", &gcry.mpi_release },
		{ "gcry_mpi_point_new", &gcry.point_new },
		{ "gcry_mpi_point_release", &gcry.point_release },
		{ "gcry_mpi_ec_decode_point", &gcry.decode_point },
		{ "gcry_mpi_ec_curve_point", &gcry.curve_point },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (!find(library, all[i].name, all[i].function))
			return false;
	}
	return true;
}

/* It stays: it does not like to be unloaded. */
static void load(void)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL || !find_all(library))
		return;
	/*
	 * A machine in FIPS mode would have it refuse these curves, and test
	 * itself for a second: that is for the policy to say, not for the
	 * machine.  It counts only before the version is asked for, which is
	 * what starts the library.  What is public needs no locked memory.
	 */
	(void)gcry.control(NO_FIPS_MODE, 0);
	if (gcry.check_version("1.9.0") == NULL) /* the first that has SM2 */
		return;
	(void)gcry.control(DISABLE_SECMEM, 0);
	(void)gcry.control(INITIALIZATION_FINISHED, 0);
	has_gcry = true;
}

/* Not the key is at fault but what is installed here: DEED_UNSUPPORTED, and
 * how to mend it. */
static enum deed_status no_curve(enum oid curve, const char *why,
				 struct deed_error *err)
{
	deed_error_set(err, DEED_UNSUPPORTED,
		       "the elliptic curve %s cannot be computed with: "
		       "its library, " LIBRARY ", %s",
		       oid_text(curve), why);
	deed_error_hint(err, "install libgcrypt 1.9 or later (Debian's "
			     "libgcrypt20)");
	return DEED_UNSUPPORTED;
}

/* A library that was built, or forced by its environment, to keep to FIPS
 * does not have these curves: that is no fault of the key. */
static enum deed_status check_point(size_t i, struct slice encoded,
				    struct deed_error *err)
{
	handle ctx = NULL, value, point;
	bool good;

	if (gcry.ec_new(&ctx, NULL, curves[i].name) != 0)
		return no_curve(curves[i].oid, "does not have it", err);
	value = gcry.set_opaque_copy(NULL, encoded.data,
				     (unsigned)encoded.len * 8);
	point = gcry.point_new(0);
	good = gcry.decode_point(point, value, ctx) == 0 &&
	       gcry.curve_point(point, ctx) != 0;
	gcry.point_release(point);
	gcry.mpi_release(value);
	gcry.ctx_release(ctx);
	return good ? DEED_OK
		    : deed_error_set(err, DEED_MALFORMED,
				     "the public key is malformed: its point "
				     "is not on the curve");
}

enum deed_status curve_key_new(enum oid curve, struct slice point,
			       struct curve_key **out, struct deed_error *err)
{
	size_t i = find_curve(curve);
	enum deed_status status;
	struct curve_key *key;

	*out = NULL;
	(void)pthread_once(&once, load);
	if (i == CURVES || !has_gcry)
		return no_curve(curve, "is not there", err);
	status = check_point(i, point, err);
	if (status != DEED_OK)
		return status;
	key = calloc(1, sizeof(*key));
	if (key == NULL)
		return deed_error_memory(err);
	key->curve = curve;
	if (gcry.sexp_build(&key->sexp, NULL,
			    "(public-key (ecc (curve %s) (q %b)))",
			    curves[i].name, (int)point.len, point.data) != 0) {
		free(key);
		return deed_error_memory(err);
	}
	*out = key;
	return DEED_OK;
}

void curve_key_free(struct curve_key *key)
{
	if (key == NULL)
		return;
	gcry.sexp_release(key->sexp);
	free(key);
}

bool curve_holds(const struct curve_key *key, struct slice hash, struct slice r,
		 struct slice s)
{
	bool sm2 = key->curve == OID_SM2;
	size_t octets = curve_octets(key->curve);
	handle value = NULL, data = NULL;
	bool good;

	if (r.len == 0 || r.len > octets || s.len == 0 || s.len > octets)
		return false;
	/* The leftmost bits of a longer hash (FIPS 186-5 6.4.2); the orders of
	 * these curves are of whole octets. */
	if (hash.len > octets)
		hash.len = octets;
	good = gcry.sexp_build(&value, NULL,
			       sm2 ? "(sig-val (sm2 (r %b) (s %b)))"
				   : "(sig-val (ecdsa (r %b) (s %b)))",
			       (int)r.len, r.data, (int)s.len, s.data) == 0 &&
	       gcry.sexp_build(&data, NULL,
			       sm2 ? "(data (flags sm2) (hash sm3 %b))"
				   : "(data (flags raw) (value %b))",
			       (int)hash.len, hash.data) == 0 &&
	       gcry.pk_verify(value, data, key->sexp) == 0;
	gcry.sexp_release(value);
	gcry.sexp_release(data);
	return good;
}

/* a, b and the base point of the curve (GB/T 32918.5 2). */
static const uint8_t sm2_numbers[128] = {
	0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc, 0x28, 0xe9, 0xfa, 0x9e,
	0x9d, 0x9f, 0x5e, 0x34, 0x4d, 0x5a, 0x9e, 0x4b, 0xcf, 0x65, 0x09, 0xa7,
	0xf3, 0x97, 0x89, 0xf5, 0x15, 0xab, 0x8f, 0x92, 0xdd, 0xbc, 0xbd, 0x41,
	0x4d, 0x94, 0x0e, 0x93, 0x32, 0xc4, 0xae, 0x2c, 0x1f, 0x19, 0x81, 0x19,
	0x5f, 0x99, 0x04, 0x46, 0x6a, 0x39, 0xc9, 0x94, 0x8f, 0xe3, 0x0b, 0xbf,
	0xf2, 0x66, 0x0b, 0xe1, 0x71, 0x5a, 0x45, 0x89, 0x33, 0x4c, 0x74, 0xc7,
	0xbc, 0x37, 0x36, 0xa2, 0xf4, 0xf6, 0x77, 0x9c, 0x59, 0xbd, 0xce, 0xe3,
	0x6b, 0x69, 0x21, 0x53, 0xd0, 0xa9, 0x87, 0x7c, 0xc6, 0x2a, 0x47, 0x40,
	0x02, 0xdf, 0x32, 0xe5, 0x21, 0x39, 0xf0, 0xa0,
};

void sm2_hash(struct slice point, struct slice data, uint8_t out[SM2_HASH_SIZE])
{
	static const uint8_t id[] = "\x00\x80"
				    "1234567812345678"; /* bits, identifier */
	struct sm3_ctx ctx;

	sm3_init(&ctx);
	sm3_update(&ctx, sizeof(id) - 1, id);
	sm3_update(&ctx, sizeof(sm2_numbers), sm2_numbers);
	sm3_update(&ctx, point.len - 1, point.data + 1);
	sm3_digest(&ctx, SM2_HASH_SIZE, out);
	sm3_update(&ctx, SM2_HASH_SIZE, out);
	sm3_update(&ctx, data.len, data.data);
	sm3_digest(&ctx, SM2_HASH_SIZE, out);
}
