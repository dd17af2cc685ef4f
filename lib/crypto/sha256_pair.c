/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sha256_pair.h"

#include <assert.h>

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define GROUPS 16 /* of four rounds each */
#define INSTRUCTIONS __attribute__((target("sha,sse4.1")))
#define INLINE INSTRUCTIONS __attribute__((always_inline)) static inline

/* FIPS 180-4 4.2.2. */
static const uint32_t constants[4 * GROUPS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* One of the two: the working variables in the order that the instructions
 * want, and the last sixteen words of the message schedule. */
struct lane {
	__m128i abef, cdgh;
	__m128i words[4];
};

INLINE void begin(struct lane *l, const uint32_t state[8])
{
	__m128i dcba = _mm_loadu_si128((const __m128i *)state);
	__m128i hgfe = _mm_loadu_si128((const __m128i *)(state + 4));

	dcba = _mm_shuffle_epi32(dcba, 0xb1);
	hgfe = _mm_shuffle_epi32(hgfe, 0x1b);
	l->abef = _mm_alignr_epi8(dcba, hgfe, 8);
	l->cdgh = _mm_blend_epi16(hgfe, dcba, 0xf0);
}

INLINE void end(const struct lane *l, uint32_t state[8])
{
	__m128i feba = _mm_shuffle_epi32(l->abef, 0x1b);
	__m128i dchg = _mm_shuffle_epi32(l->cdgh, 0xb1);

	_mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(state + 4),
			 _mm_alignr_epi8(dchg, feba, 8));
}

/* The words of a block are big-endian. */
INLINE void load(struct lane *l, const uint8_t *block)
{
	const __m128i swap =
		_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	int i;

	for (i = 0; i < 4; i++) {
		const __m128i *at = (const __m128i *)(block + 16 * i);

		l->words[i] = _mm_shuffle_epi8(_mm_loadu_si128(at), swap);
	}
}

/* Four rounds, then the words of the group that comes four later. */
INLINE void four_rounds(struct lane *l, int group)
{
	__m128i *w = l->words;
	const __m128i *k = (const __m128i *)(constants + 4 * group);
	__m128i in = _mm_add_epi32(w[group & 3], _mm_loadu_si128(k)), next;

	l->cdgh = _mm_sha256rnds2_epu32(l->cdgh, l->abef, in);
	in = _mm_shuffle_epi32(in, 0x0e);
	l->abef = _mm_sha256rnds2_epu32(l->abef, l->cdgh, in);
	if (group >= GROUPS - 4)
		return;
	next = _mm_sha256msg1_epu32(w[group & 3], w[(group + 1) & 3]);
	next = _mm_add_epi32(next, _mm_alignr_epi8(w[(group + 3) & 3],
						   w[(group + 2) & 3], 4));
	w[group & 3] = _mm_sha256msg2_epu32(next, w[(group + 3) & 3]);
}

INLINE void add(struct lane *l, const struct lane *before)
{
	l->abef = _mm_add_epi32(l->abef, before->abef);
	l->cdgh = _mm_add_epi32(l->cdgh, before->cdgh);
}

INSTRUCTIONS void sha256_pair(uint32_t state_a[8], uint32_t state_b[8],
			      const uint8_t *a, const uint8_t *b, size_t blocks)
{
	struct lane one, two;
	int group;

	begin(&one, state_a);
	begin(&two, state_b);
	for (; blocks > 0; blocks--, a += 64, b += 64) {
		const struct lane was_one = one, was_two = two;

		load(&one, a);
		load(&two, b);
#pragma GCC unroll 16
		for (group = 0; group < GROUPS; group++) {
			four_rounds(&one, group);
			four_rounds(&two, group);
		}
		add(&one, &was_one);
		add(&two, &was_two);
	}
	end(&one, state_a);
	end(&two, state_b);
}

static bool ask(void)
{
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1))
		return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

/* In a virtual machine it is slow to answer. */
bool sha256_pair_known(void)
{
	static _Atomic enum { UNKNOWN, NO, YES } known;

	if (known == UNKNOWN)
		known = ask() ? YES : NO;
	return known == YES;
}

#else

bool sha256_pair_known(void)
{
	return false;
}

void sha256_pair(uint32_t state_a[8], uint32_t state_b[8], const uint8_t *a,
		 const uint8_t *b, size_t blocks)
{
	(void)state_a;
	(void)state_b;
	(void)a;
	(void)b;
	(void)blocks;
	assert(!"this processor has no such instructions");
}

#endif
