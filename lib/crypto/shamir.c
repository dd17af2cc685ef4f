/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/shamir.h"

#include <assert.h>

#include "crypto/digest.h"
#include "crypto/random.h"

#define MAGIC "deed-share/1 "
#define MAGIC_LEN 13
#define AT_K MAGIC_LEN
#define AT_INDEX (AT_K + 3)
#define AT_VALUE (AT_INDEX + 3)
#define AT_CHECK (AT_VALUE + 65)

/* Shift and add under masks: no table, no branch on a or b. */
static uint8_t gf_mul(uint8_t a, uint8_t b)
{
	uint8_t r = 0;
	int i;

	for (i = 0; i < 8; i++) {
		r ^= (uint8_t)(a & -(b & 1));
		b >>= 1;
		a = (uint8_t)((a << 1) ^ (0x1d & -(a >> 7)));
	}
	return r;
}

/* a^254; indices are public, but this costs nothing. */
static uint8_t gf_inverse(uint8_t a)
{
	uint8_t r = 1;
	int i;

	for (i = 0; i < 7; i++) {
		a = gf_mul(a, a);
		r = gf_mul(r, a);
	}
	return r;
}

/* Hexadecimal without tables or branches, both ways. */
static uint8_t hex_digit(unsigned v)
{
	return (uint8_t)('0' + v + (((9 - v) >> 8) & ('a' - '0' - 10)));
}

/* The value is a secret: the usual conversion looks digits up in a table,
 * which a cache betrays. */
static void put_hex(uint8_t *out, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		out[2 * i] = hex_digit(data[i] >> 4);
		out[2 * i + 1] = hex_digit(data[i] & 15);
	}
}

/* -1 where it is no lower-case digit. */
static int hex_value(uint8_t c)
{
	unsigned digit = c - (unsigned)'0', letter = c - (unsigned)'a';
	unsigned is_digit = ((digit - 10) & ~digit) >> 31;
	unsigned is_letter = ((letter - 6) & ~letter) >> 31;

	return (int)((-is_digit & digit) | (-is_letter & (letter + 10)) |
		     -(1 ^ (is_digit | is_letter)));
}

/* Whatever is wrong, all digits are read: the time must not tell where the
 * first bad one stands. */
static bool get_hex(const uint8_t *text, uint8_t *out, size_t len)
{
	int bad = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		int high = hex_value(text[2 * i]);
		int low = hex_value(text[2 * i + 1]);

		bad |= high | low;
		out[i] = (uint8_t)((unsigned)high << 4 | ((unsigned)low & 15));
	}
	return bad >= 0;
}

/* Over all that stands before it, in the same writing: a share that was copied
 * by hand and has a slip is found, and not taken for one of another secret. */
static void check_of(const uint8_t *share, uint8_t out[64])
{
	uint8_t hash[SHA256_SIZE];

	sha256(slice_of(share, AT_CHECK), hash);
	put_hex(out, hash, sizeof(hash));
	secret_wipe(hash, sizeof(hash));
}

/* A line of text of fixed length, which can be printed and typed; a share says
 * by itself how many are needed and which it is. */
static enum deed_status encode(uint8_t k, uint8_t index, const uint8_t *value,
			       struct secret **out, struct deed_error *err)
{
	enum deed_status status = secret_new(SHAMIR_SHARE_SIZE, out, err);
	uint8_t *p;

	if (status != DEED_OK)
		return status;
	p = secret_data(*out);
	memset(p, ' ', SHAMIR_SHARE_SIZE);
	memcpy(p, MAGIC, MAGIC_LEN);
	put_hex(p + AT_K, &k, 1);
	put_hex(p + AT_INDEX, &index, 1);
	put_hex(p + AT_VALUE, value, SHAMIR_SECRET_SIZE);
	p[SHAMIR_SHARE_SIZE - 1] = '\n';
	check_of(p, p + AT_CHECK);
	return DEED_OK;
}

/* Index 0 is refused: at 0 lies the secret itself.  The checksum is no
 * protection against who forges shares, only against slips. */
static enum deed_status decode(struct slice share, uint8_t *k, uint8_t *index,
			       uint8_t *value, struct deed_error *err)
{
	const uint8_t *p = share.data;
	uint8_t check[64];
	enum deed_status status = DEED_OK;

	if (share.len != SHAMIR_SHARE_SIZE || memcmp(p, MAGIC, MAGIC_LEN) ||
	    !get_hex(p + AT_K, k, 1) || p[AT_K + 2] != ' ' ||
	    !get_hex(p + AT_INDEX, index, 1) || p[AT_INDEX + 2] != ' ' ||
	    !get_hex(p + AT_VALUE, value, SHAMIR_SECRET_SIZE) ||
	    p[AT_CHECK - 1] != ' ' || p[SHAMIR_SHARE_SIZE - 1] != '\n' ||
	    *k == 0 || *index == 0)
		return deed_error_set(err, DEED_DAMAGED,
				      "this is no share of a secret");
	check_of(p, check);
	if (!secret_equal(slice_of(check, 64), slice_of(p + AT_CHECK, 64)))
		status = deed_error_set(err, DEED_DAMAGED,
					"share %u does not fit its checksum",
					*index);
	secret_wipe(check, sizeof(check));
	return status;
}

/* The polynomial with these k rows of coefficients at x, by Horner. */
static void evaluate(const uint8_t *rows, unsigned k, uint8_t x, uint8_t *out)
{
	unsigned row;
	int i;

	memset(out, 0, SHAMIR_SECRET_SIZE);
	for (row = k; row-- > 0;)
		for (i = 0; i < SHAMIR_SECRET_SIZE; i++)
			out[i] = gf_mul(out[i], x) ^
				 rows[row * SHAMIR_SECRET_SIZE + i];
}

/* The first row of coefficients is the secret, the others are random: any k
 * shares determine it, and fewer say nothing of it.  All rows lie in guarded
 * memory. */
enum deed_status shamir_split(const struct secret *secret, unsigned k,
			      unsigned n, struct secret **shares,
			      struct deed_error *err)
{
	struct secret *rows = NULL;
	uint8_t value[SHAMIR_SECRET_SIZE];
	enum deed_status status;
	unsigned i;

	assert(secret_len(secret) == SHAMIR_SECRET_SIZE);
	assert(k >= 1 && k <= n && n <= SHAMIR_MAX);
	memset(shares, 0, n * sizeof(*shares));
	status = secret_new((size_t)k * SHAMIR_SECRET_SIZE, &rows, err);
	if (status != DEED_OK)
		return status;
	memcpy(secret_data(rows), secret_bytes(secret), SHAMIR_SECRET_SIZE);
	if (k > 1)
		status =
			random_bytes(secret_data(rows) + SHAMIR_SECRET_SIZE,
				     (size_t)(k - 1) * SHAMIR_SECRET_SIZE, err);
	for (i = 0; i < n && status == DEED_OK; i++) {
		evaluate(secret_bytes(rows), k, (uint8_t)(i + 1), value);
		status = encode((uint8_t)k, (uint8_t)(i + 1), value, &shares[i],
				err);
	}
	secret_wipe(value, sizeof(value));
	secret_free(rows);
	for (i = 0; i < n && status != DEED_OK; i++) {
		secret_free(shares[i]);
		shares[i] = NULL;
	}
	return status;
}

enum deed_status shamir_inspect(struct slice share, unsigned *k,
				unsigned *index, struct deed_error *err)
{
	uint8_t value[SHAMIR_SECRET_SIZE], k8 = 0, i8 = 0;
	enum deed_status status = decode(share, &k8, &i8, value, err);

	secret_wipe(value, sizeof(value));
	*k = k8;
	*index = i8;
	return status;
}

/* Lagrange: the value at x of the polynomial through k points. */
static void interpolate(const uint8_t *xs, const uint8_t *ys, unsigned k,
			uint8_t x, uint8_t *out)
{
	unsigned i, j;

	memset(out, 0, SHAMIR_SECRET_SIZE);
	for (i = 0; i < k; i++) {
		uint8_t weight = 1;

		for (j = 0; j < k; j++)
			if (j != i)
				weight = gf_mul(
					weight,
					gf_mul(x ^ xs[j],
					       gf_inverse(xs[i] ^ xs[j])));
		for (j = 0; j < SHAMIR_SECRET_SIZE; j++)
			out[j] ^=
				gf_mul(weight, ys[i * SHAMIR_SECRET_SIZE + j]);
	}
}

/* Read all shares; all of one threshold, all with different indices. */
static enum deed_status decode_all(const struct secret *const *shares,
				   size_t count, uint8_t *k, uint8_t *xs,
				   uint8_t *ys, struct deed_error *err)
{
	enum deed_status status;
	uint8_t this_k;
	size_t i;

	for (i = 0; i < count; i++) {
		status = decode(secret_slice(shares[i]), &this_k, &xs[i],
				ys + i * SHAMIR_SECRET_SIZE, err);
		if (status != DEED_OK)
			return status;
		if (i > 0 && this_k != *k)
			return deed_error_set(err, DEED_DAMAGED,
					      "the shares are not of one "
					      "secret");
		if (memchr(xs, xs[i], i) != NULL)
			return deed_error_set(err, DEED_DAMAGED,
					      "share %u is there twice", xs[i]);
		*k = this_k;
	}
	if (count < *k)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "%zu shares are there, %u are needed",
				      count, *k);
	return DEED_OK;
}

/* Read the shares, at least k and of one polynomial, to xs and ys. */
static enum deed_status agree(const struct secret *const *shares, size_t count,
			      uint8_t *k, uint8_t *xs, struct secret **ys,
			      struct deed_error *err)
{
	uint8_t again[SHAMIR_SECRET_SIZE];
	enum deed_status status;
	const uint8_t *y;
	size_t i;

	*ys = NULL;
	assert(count <= SHAMIR_MAX);
	if (count == 0)
		return deed_error_set(err, DEED_NOT_FOUND, "no share is there");
	status = secret_new(count * SHAMIR_SECRET_SIZE, ys, err);
	if (status != DEED_OK)
		return status;
	status = decode_all(shares, count, k, xs, secret_data(*ys), err);
	y = secret_bytes(*ys);
	for (i = *k; i < count && status == DEED_OK; i++) {
		interpolate(xs, y, *k, xs[i], again);
		if (!secret_equal(slice_of(again, sizeof(again)),
				  slice_of(y + i * SHAMIR_SECRET_SIZE,
					   SHAMIR_SECRET_SIZE)))
			status = deed_error_set(err, DEED_DAMAGED,
						"the shares do not agree");
	}
	secret_wipe(again, sizeof(again));
	return status;
}

enum deed_status shamir_join(const struct secret *const *shares, size_t count,
			     struct secret **out, struct deed_error *err)
{
	struct secret *ys = NULL;
	uint8_t xs[SHAMIR_MAX], k = 0;
	enum deed_status status;

	*out = NULL;
	status = agree(shares, count, &k, xs, &ys, err);
	if (status == DEED_OK)
		status = secret_new(SHAMIR_SECRET_SIZE, out, err);
	if (status == DEED_OK)
		interpolate(xs, secret_bytes(ys), k, 0, secret_data(*out));
	secret_free(ys);
	return status;
}

enum deed_status shamir_extend(const struct secret *const *shares, size_t count,
			       unsigned index, struct secret **out,
			       struct deed_error *err)
{
	uint8_t xs[SHAMIR_MAX], k = 0, value[SHAMIR_SECRET_SIZE];
	struct secret *ys = NULL;
	enum deed_status status;

	*out = NULL;
	assert(index >= 1 && index <= SHAMIR_MAX);
	status = agree(shares, count, &k, xs, &ys, err);
	if (status == DEED_OK) {
		interpolate(xs, secret_bytes(ys), k, (uint8_t)index, value);
		status = encode(k, (uint8_t)index, value, out, err);
		secret_wipe(value, sizeof(value));
	}
	secret_free(ys);
	return status;
}
