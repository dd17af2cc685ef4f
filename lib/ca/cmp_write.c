/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/cmp_message.h"

#define BAD_CERT_TEMPLATE (1u << 19) /* PKIFailureInfo, RFC 4210 F */

/* GeneralName directoryName; an empty Name where there is none. */
static void put_name(struct der_writer *w, struct slice name)
{
	der_begin(w, DER_CONTEXT_CONS(4));
	if (name.len > 0)
		der_put_raw(w, name);
	else
		der_put(w, DER_SEQUENCE, SLICE_NONE);
	der_end(w);
}

/* [n] EXPLICIT OCTET STRING OPTIONAL: what is empty is left out. */
static void put_octets(struct der_writer *w, unsigned tag, struct slice octets)
{
	if (octets.len == 0)
		return;
	der_begin(w, DER_CONTEXT_CONS(tag));
	der_put_octets(w, octets);
	der_end(w);
}

void cmp_header_write(struct der_writer *w, const struct cmp_header *h)
{
	der_begin(w, DER_SEQUENCE);
	der_put_uint64(w, h->version_3 ? 3 : 2);
	put_name(w, h->sender);
	put_name(w, h->recipient);
	der_begin(w, DER_CONTEXT_CONS(0));
	der_put_generalized(w, h->time);
	der_end(w);
	der_begin(w, DER_CONTEXT_CONS(1));
	der_put_raw(w, h->algorithm);
	der_end(w);
	put_octets(w, 2, h->sender_kid);
	put_octets(w, 4, h->transaction);
	put_octets(w, 5, h->sender_nonce);
	put_octets(w, 6, h->recip_nonce);
	der_end(w);
}

/* As the CA itself has it in this transaction (read_request_id). */
static void put_request_id(struct der_writer *w, bool minus_one)
{
	uint8_t id = minus_one ? 0xff : 0;

	der_put_integer(w, slice_of(&id, 1));
}

void cmp_write_p10cr(struct der_writer *w, struct slice request)
{
	der_begin(w, DER_CONTEXT_CONS(CMP_P10CR));
	der_put_raw(w, request);
	der_end(w);
}

void cmp_write_pollreq(struct der_writer *w, bool minus_one)
{
	der_begin(w, DER_CONTEXT_CONS(CMP_POLLREQ));
	der_begin(w, DER_SEQUENCE);
	der_begin(w, DER_SEQUENCE);
	put_request_id(w, minus_one);
	der_end(w);
	der_end(w);
	der_end(w);
}

/* PKIStatusInfo of a rejection. */
static void put_rejection(struct der_writer *w, const char *why)
{
	der_begin(w, DER_SEQUENCE);
	der_put_uint64(w, CMP_REJECTION);
	der_begin(w, DER_SEQUENCE);
	der_put_utf8(w, why);
	der_end(w);
	der_put_named_bits(w, BAD_CERT_TEMPLATE);
	der_end(w);
}

void cmp_write_certconf(struct der_writer *w, bool minus_one, struct slice hash,
			bool sha512, const char *rejected)
{
	der_begin(w, DER_CONTEXT_CONS(CMP_CERTCONF));
	der_begin(w, DER_SEQUENCE);
	der_begin(w, DER_SEQUENCE);
	der_put_octets(w, hash);
	put_request_id(w, minus_one);
	if (rejected != NULL)
		put_rejection(w, rejected);
	if (sha512) {
		der_begin(w, DER_CONTEXT_CONS(0));
		der_put_algorithm(w, OID_SHA512, false);
		der_end(w);
	}
	der_end(w);
	der_end(w);
	der_end(w);
}
