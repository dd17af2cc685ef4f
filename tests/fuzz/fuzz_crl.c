/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "pki/source.h"

/* Distribution points, as a certificate's or a CRL's extension has them. */
static void points(struct slice value, const struct crl_fields *f)
{
	struct dist_point p;
	struct der_reader r, names;
	struct slice url;

	if (!der_open(value, DER_SEQUENCE, &r))
		return;
	while (dist_point_next(&r, &p)) {
		if ((p.reasons & ~REASONS_ALL) != 0)
			abort();
		(void)general_names_have(p.crl_issuer, f->issuer);
		der_init(&names, p.name.full);
		while (general_names_next_uri(&names, &url))
			;
		(void)dist_point_same_name(&p.name, f->issuer, &f->name,
					   f->issuer);
	}
}

static void use(const struct crl *crl)
{
	static const uint8_t serial[] = { 0x21 };
	const struct crl_fields *f = crl_fields(crl);
	struct crl_entry a, b;
	bool listed, again;

	if (crl_lookup(crl, SLICE_NONE, slice_of(serial, 1), &listed, &a,
		       NULL) == DEED_OK) {
		/* No issuer, or the CRL's own: the same question. */
		if (crl_lookup(crl, f->issuer, slice_of(serial, 1), &again, &b,
			       NULL) != DEED_OK ||
		    (x509_name_valid(f->issuer) && listed != again))
			abort();
	}
	points(f->freshest, f);
	(void)crl_number_compare(f->number, f->base_number);
}

/* A CRL by itself, as a file of trust, and as distribution points. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of(data, size);
	const struct crl_fields none = { .issuer = bytes };
	struct pki_source *s;
	struct crl *crl;

	if (crl_parse(bytes, &crl, NULL) == DEED_OK) {
		if (crl_fields(crl)->der.len != size)
			abort();
		use(crl);
		crl_free(crl);
	}
	points(bytes, &none);
	if (pki_source_new(NULL, &s, NULL) != DEED_OK)
		return 0;
	(void)!pki_source_add_data(s, bytes, true, "x", NULL);
	pki_source_free(s);
	return 0;
}
