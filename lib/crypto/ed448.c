/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/ed448.h"

#include <nettle/eddsa.h>

bool ed448_verify(const uint8_t public_key[ED448_PUBLIC], struct slice message,
		  const uint8_t signature[ED448_SIGNATURE])
{
	/*
	 * The second half is a number below the order of the group, of 446
	 * bits (5.2.7, step 1), so that its last octet is zero.  Nettle
	 * passes over that octet: 256 values of one signature would hold.
	 */
	return signature[ED448_SIGNATURE - 1] == 0 &&
	       ed448_shake256_verify(public_key, message.len, message.data,
				     signature) != 0;
}
