/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/cmp_message.h"

/* PKIFailureInfo, RFC 4210 F: what a person can act on. */
static const struct {
	unsigned bit;
	const char *words;
} failures[] = {
	{ 0, "the algorithm is not accepted" },
	{ 1, "the protection of the request does not hold" },
	{ 2, "the request is not permitted or supported" },
	{ 3, "the time of the request is not acceptable" },
	{ 5, "the request has the wrong format" },
	{ 6, "the request is for another authority" },
	{ 9, "the proof of possession does not hold" },
	{ 19, "the certificate asked for is not permitted" },
	{ 21, "the transaction is in use" },
	{ 23, "the requester is not authorised" },
	{ 24, "the authority is not available" },
	{ 25, "its system has failed" },
	{ 26, "a certificate was issued already" },
};

/* [n] EXPLICIT OCTET STRING OPTIONAL. */
static bool get_octets(struct der_reader *r, unsigned tag, struct slice *out)
{
	struct der_reader in;

	*out = SLICE_NONE;
	if (!der_peek(r, DER_CONTEXT_CONS(tag)))
		return true;
	return der_enter(r, DER_CONTEXT_CONS(tag), &in) &&
	       der_get(&in, DER_OCTET_STRING, out) && der_at_end(&in);
}

/* [n] EXPLICIT SEQUENCE OPTIONAL, whole. */
static bool get_sequence(struct der_reader *r, unsigned tag, struct slice *out)
{
	struct der_reader in;

	*out = SLICE_NONE;
	if (!der_peek(r, DER_CONTEXT_CONS(tag)))
		return true;
	return der_enter(r, DER_CONTEXT_CONS(tag), &in) &&
	       der_get_element(&in, DER_SEQUENCE, out) && der_at_end(&in);
}

static bool skip_optional(struct der_reader *r, unsigned tag)
{
	return !der_peek(r, DER_CONTEXT_CONS(tag)) || der_skip(r);
}

/* A GeneralName; of a directoryName, the Name. */
static bool get_name(struct der_reader *r, struct slice *out)
{
	struct der_reader in;

	*out = SLICE_NONE;
	if (!der_peek(r, DER_CONTEXT_CONS(4)))
		return der_skip(r);
	return der_enter(r, DER_CONTEXT_CONS(4), &in) &&
	       der_get_element(&in, DER_SEQUENCE, out) && der_at_end(&in);
}

/* In the order of RFC 4210 5.1.1.  Time, recipient and free text decide
 * nothing and are read past. */
static bool read_header(struct cmp_message *m)
{
	struct der_reader r;
	struct slice recipient, ignored;
	uint64_t version;

	return der_open(m->header, DER_SEQUENCE, &r) &&
	       der_get_uint64(&r, &version) && version >= 2 && version <= 3 &&
	       get_name(&r, &m->sender) && get_name(&r, &recipient) &&
	       skip_optional(&r, 0) && get_sequence(&r, 1, &m->algorithm) &&
	       get_octets(&r, 2, &m->sender_kid) &&
	       get_octets(&r, 3, &ignored) &&
	       get_octets(&r, 4, &m->transaction) &&
	       get_octets(&r, 5, &m->sender_nonce) &&
	       get_octets(&r, 6, &m->recip_nonce) && skip_optional(&r, 7) &&
	       skip_optional(&r, 8) && der_at_end(&r);
}

/* RFC 4210 5.1.  The body is a choice of context tags, all of them
 * constructed. */
static bool read_message(struct der_reader *r, struct cmp_message *m)
{
	struct der_reader in;
	struct slice certs;
	uint8_t tag;

	if (!der_get_element(r, DER_SEQUENCE, &m->header) ||
	    !der_get_any(r, &tag, &m->body, &m->body_whole) ||
	    (tag & 0xe0) != 0xa0)
		return false;
	m->type = tag & 0x1f;
	if (der_peek(r, DER_CONTEXT_CONS(0)) &&
	    (!der_enter(r, DER_CONTEXT_CONS(0), &in) ||
	     !der_get_bits(&in, &m->protection, NULL) || !der_at_end(&in)))
		return false;
	if (!get_sequence(r, 1, &certs) || !der_at_end(r))
		return false;
	if (certs.len > 0) {
		if (!der_open(certs, DER_SEQUENCE, &in))
			return false;
		m->certs = der_rest(&in);
	}
	return read_header(m);
}

enum deed_status cmp_message_read(struct slice in, struct cmp_message *out,
				  struct deed_error *err)
{
	struct der_reader r;
	size_t used;

	memset(out, 0, sizeof(*out));
	if (in.len > CMP_MESSAGE_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "it is longer than a message of CMP is "
				      "allowed to be");
	if (!der_valid(in, CMP_DEPTH, &used) || used != in.len ||
	    !der_open(in, DER_SEQUENCE, &r) || !read_message(&r, out))
		return deed_error_set(err, DEED_MALFORMED,
				      "it is no message of CMP");
	return DEED_OK;
}

/* PKIFreeText: every line of it. */
static bool read_text(struct der_reader *r, struct buf *out)
{
	struct der_reader lines;

	if (!der_peek(r, DER_SEQUENCE))
		return true;
	if (!der_enter(r, DER_SEQUENCE, &lines))
		return false;
	while (!der_at_end(&lines)) {
		if (out->len > 0)
			buf_str(out, "; ");
		if (!der_peek(&lines, DER_UTF8_STRING) ||
		    !der_get_text(&lines, out))
			return false;
	}
	return true;
}

/* A bit behind the end of the BIT STRING is not set, as DER leaves trailing
 * zeros out.  Bits that nobody can act on have no words. */
static void say_failures(struct slice bits, struct buf *out)
{
	size_t i;

	for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		if (failures[i].bit / 8 < bits.len &&
		    (bits.data[failures[i].bit / 8] &
		     (0x80u >> failures[i].bit % 8)) != 0)
			buf_printf(out, "%s%s", out->len > 0 ? "; " : "",
				   failures[i].words);
}

/* For people: the CA's own words, then what the bits mean. */
static bool read_status(struct der_reader *r, struct cmp_reply *out)
{
	struct der_reader info;
	struct slice bits = SLICE_NONE;
	unsigned unused;

	if (!der_enter(r, DER_SEQUENCE, &info) ||
	    !der_get_uint64(&info, &out->status) ||
	    !read_text(&info, &out->words))
		return false;
	if (der_peek(&info, DER_BIT_STRING) &&
	    !der_get_bits(&info, &bits, &unused))
		return false;
	say_failures(bits, &out->words);
	return der_at_end(&info);
}

/* The request asked for one certificate: RFC 9483 4.1.4 answers -1, RFC 4210
 * 5.3.22 answered 0. */
static bool read_request_id(struct der_reader *r, bool *minus_one)
{
	struct slice id;

	if (!der_get_integer(r, &id) || id.len != 1 ||
	    (id.data[0] != 0 && id.data[0] != 0xff))
		return false;
	*minus_one = id.data[0] == 0xff;
	return true;
}

/* CertifiedKeyPair; the certificate in the clear, which is the only form
 * that an answer to a PKCS#10 has. */
static bool read_pair(struct der_reader *r, struct cmp_reply *out)
{
	struct der_reader pair, in;

	if (!der_peek(r, DER_SEQUENCE))
		return true;
	return der_enter(r, DER_SEQUENCE, &pair) &&
	       der_enter(&pair, DER_CONTEXT_CONS(0), &in) &&
	       der_get_element(&in, DER_SEQUENCE, &out->certificate) &&
	       der_at_end(&in) && der_at_end(&pair);
}

/* RFC 4210 5.3.4: one request, so that one answer is expected. */
static bool read_cp(struct der_reader *r, struct cmp_reply *out)
{
	struct der_reader rep, list, one, in;
	struct slice pubs, ignored;
	bool present;

	if (!der_enter(r, DER_SEQUENCE, &rep) || !get_sequence(&rep, 1, &pubs))
		return false;
	if (pubs.len > 0) {
		if (!der_open(pubs, DER_SEQUENCE, &in))
			return false;
		out->ca_pubs = der_rest(&in);
	}
	return der_enter(&rep, DER_SEQUENCE, &list) && der_at_end(&rep) &&
	       der_enter(&list, DER_SEQUENCE, &one) && der_at_end(&list) &&
	       read_request_id(&one, &out->minus_one) &&
	       read_status(&one, out) && read_pair(&one, out) &&
	       der_get_optional(&one, DER_OCTET_STRING, &present, &ignored) &&
	       der_at_end(&one);
}

/* One request was made, so there is one answer. check_after is the remote's
 * word and is bounded by take_reply. */
static bool read_pollrep(struct der_reader *r, struct cmp_reply *out)
{
	struct der_reader list, one;

	out->status = CMP_WAITING;
	return der_enter(r, DER_SEQUENCE, &list) &&
	       der_enter(&list, DER_SEQUENCE, &one) && der_at_end(&list) &&
	       read_request_id(&one, &out->minus_one) &&
	       der_get_uint64(&one, &out->check_after) &&
	       read_text(&one, &out->words) && der_at_end(&one);
}

/* An error names no request: -1 stands for it.  Its words are those of the
 * status and then its own. */
static bool read_error(struct der_reader *r, struct cmp_reply *out)
{
	struct der_reader in;
	struct slice code;

	out->minus_one = true;
	return der_enter(r, DER_SEQUENCE, &in) && read_status(&in, out) &&
	       (!der_peek(&in, DER_INTEGER) || der_get_integer(&in, &code)) &&
	       read_text(&in, &out->words) && der_at_end(&in);
}

enum deed_status cmp_reply_read(const struct cmp_message *m,
				struct cmp_reply *out, struct deed_error *err)
{
	struct der_reader r;
	bool fine = false;

	memset(out, 0, sizeof(*out));
	der_init(&r, m->body);
	if (m->type == CMP_CP)
		fine = read_cp(&r, out);
	else if (m->type == CMP_POLLREP)
		fine = read_pollrep(&r, out);
	else if (m->type == CMP_ERROR)
		fine = read_error(&r, out);
	if (!fine || !der_at_end(&r))
		return deed_error_set(err, DEED_MALFORMED,
				      "it is no answer to the request");
	return buf_status(&out->words, err);
}
