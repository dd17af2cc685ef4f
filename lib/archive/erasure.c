/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/erasure.h"

#include <assert.h>
#include <isa-l/erasure_code.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

/*
 * ISA-L leaves the upper halves of the vector registers in use (no function of
 * it ends with VZEROUPPER), and as long as they are each instruction of the
 * older kind waits for them, SHA-256 among them, for half as long again.
 */
__attribute__((target("avx"))) static void leave_vectors(void)
{
	_mm256_zeroupper();
}
#endif

struct erasure {
	unsigned k, n;
	uint8_t matrix[ERASURE_MAX * ERASURE_MAX];	/* n rows of k */
	uint8_t tables[32 * ERASURE_MAX * ERASURE_MAX]; /* of the parity */
};

/* gf_gen_cauchy1_matrix writes the identity above 1/(i XOR j). */
enum deed_status erasure_new(unsigned k, unsigned n, struct erasure **out,
			     struct deed_error *err)
{
	struct erasure *e;

	*out = NULL;
	assert(k >= 1 && k <= n && n <= ERASURE_MAX);
	e = calloc(1, sizeof(*e));
	if (e == NULL)
		return deed_error_memory(err);
	e->k = k;
	e->n = n;
	gf_gen_cauchy1_matrix(e->matrix, (int)n, (int)k);
	if (n > k)
		ec_init_tables((int)k, (int)(n - k), e->matrix + (size_t)k * k,
			       e->tables);
	*out = e;
	return DEED_OK;
}

void erasure_free(struct erasure *e)
{
	free(e);
}

/* ISA-L's prototypes lack const; it writes to neither. */
static void encode(size_t len, unsigned k, unsigned rows, const void *tables,
		   uint8_t **data, uint8_t **coding)
{
	uint8_t *table;

	memcpy(&table, &tables, sizeof(table));
	ec_encode_data((int)len, (int)k, (int)rows, table, data, coding);
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx"))
		leave_vectors();
#endif
}

void erasure_encode(const struct erasure *e, size_t len, uint8_t *const part[])
{
	uint8_t *parts[ERASURE_MAX];

	if (e->n == e->k)
		return;
	memcpy(parts, part, e->n * sizeof(parts[0]));
	encode(len, e->k, e->n - e->k, e->tables, parts, parts + e->k);
}

/* k rows of the matrix that are there, inverted: data from those parts. */
static enum deed_status invert(const struct erasure *e, const bool there[],
			       uint8_t *const part[], uint8_t **sources,
			       uint8_t *inverse, struct deed_error *err)
{
	uint8_t rows[ERASURE_MAX * ERASURE_MAX];
	unsigned i, count = 0;

	for (i = 0; i < e->n && count < e->k; i++) {
		if (!there[i])
			continue;
		memcpy(rows + (size_t)count * e->k,
		       e->matrix + (size_t)i * e->k, e->k);
		sources[count++] = part[i];
	}
	if (count < e->k)
		return deed_error_set(err, DEED_DAMAGED,
				      "%u parts are left, %u are needed", count,
				      e->k);
	if (gf_invert_matrix(rows, inverse, (int)e->k) != 0)
		return deed_error_set(err, DEED_SYSTEM,
				      "the erasure code cannot be inverted");
	return DEED_OK;
}

enum deed_status erasure_restore(const struct erasure *e, size_t len,
				 uint8_t *const part[], const bool there[],
				 struct deed_error *err)
{
	uint8_t *sources[ERASURE_MAX], *lost[ERASURE_MAX];
	uint8_t inverse[ERASURE_MAX * ERASURE_MAX];
	uint8_t rows[ERASURE_MAX * ERASURE_MAX], *tables;
	enum deed_status status;
	unsigned i, count = 0;

	status = invert(e, there, part, sources, inverse, err);
	if (status != DEED_OK)
		return status;
	for (i = 0; i < e->k; i++) {
		if (there[i])
			continue;
		memcpy(rows + (size_t)count * e->k, inverse + (size_t)i * e->k,
		       e->k);
		lost[count++] = part[i];
	}
	if (count == 0)
		return DEED_OK;
	tables = malloc((size_t)32 * e->k * count);
	if (tables == NULL)
		return deed_error_memory(err);
	ec_init_tables((int)e->k, (int)count, rows, tables);
	encode(len, e->k, count, tables, sources, lost);
	free(tables);
	return DEED_OK;
}
