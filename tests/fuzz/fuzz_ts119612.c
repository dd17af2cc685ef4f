/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "codec/base64.h"
#include "codec/xml_signed.h"
#include "fuzz/xml_inside.h"
#include "trust/ts119612_read.h"
#include "trust/xmldsig.h"
#include "trust/xmldsig_info.h"
#include "trust/xmldsig_properties.h"

/* What was read can be written, and then reads the same. */
static void round_trip(const struct trust_list *l)
{
	json_t *first = trust_list_write(l), *second;
	struct trust_list *back;

	if (first == NULL ||
	    trust_list_read(first, l->certificates, l->certificate_count, &back,
			    NULL) != DEED_OK)
		abort();
	second = trust_list_write(back);
	if (second == NULL || !json_equal(first, second))
		abort();
	json_decref(first);
	json_decref(second);
	trust_list_free(back);
}

static struct cert *first_certificate(const struct xml_signed *s)
{
	struct buf der = BUF_INIT;
	struct cert *c = NULL;
	const struct buf *text = &s->certificates[0];
	uint8_t *room;
	size_t len;

	room = buf_reserve(&der, base64_decoded_max(text->len) + 1);
	if (s->certificate_count > 0 &&
	    base64_decode_into(buf_get(text), true, room, &len) &&
	    cert_parse(slice_of(room, len), &c, NULL) != DEED_OK)
		c = NULL;
	buf_clear(&der);
	return c;
}

/* What only a signature that holds is asked for. */
static void read_parts(struct slice document)
{
	struct cert_list named = CERT_LIST_INIT;
	struct xmldsig_info info = { 0 };
	struct xmldsig_signer who = { NULL, &named };
	struct xml_signed s;
	struct cert *c = NULL;

	if (xml_signed_read(document, "fuzz", &s, NULL) == DEED_OK)
		c = first_certificate(&s);
	who.signer = c;
	if (c != NULL && cert_list_add(&named, c, NULL) == DEED_OK &&
	    xmldsig_info_read(buf_get(&s.signed_info), &info, NULL) ==
		    DEED_OK &&
	    xmldsig_check_properties(buf_get(&s.properties),
				     buf_get(&info.properties_id), &who,
				     NULL) == DEED_OK &&
	    info.properties_id.len == 0)
		abort();
	xmldsig_info_clear(&info);
	cert_list_clear(&named);
	cert_free(c);
	xml_signed_clear(&s);
}

/*
 * A trusted list: its signature, by nobody who is believed, and the reader,
 * as if the octets had been signed.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cert_list nobody = CERT_LIST_INIT;
	struct ts119612_content c;
	struct xmldsig x;

	if (xmldsig_verify(slice_of(data, size), "fuzz", &nobody, &x, NULL) ==
	    DEED_OK)
		abort();
	xmldsig_clear(&x);
	read_parts(slice_of(data, size));
	if (ts119612_read(slice_of(data, size), &c, NULL) == DEED_OK)
		round_trip(c.list);
	ts119612_content_clear(&c);
	return 0;
}
