/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/crl_entries.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/array.h"

/* Where an entry lies, and the tail of its serial number, which decides
 * nearly every comparison without touching the list. */
struct place {
	uint64_t key;
	uint32_t offset; /* into revokedCertificates */
	uint32_t issuer; /* offset of certificateIssuer's value; NO_ISSUER */
};

#define NO_ISSUER UINT32_MAX

struct crl_entries {
	pthread_mutex_t lock;
	bool built;
	enum deed_status status; /* of building */
	struct place *places;
	size_t count;
};

/* One entry, taken apart. */
struct parsed {
	struct slice serial;
	struct crl_entry entry;
	struct slice issuer; /* GeneralNames, whole; SLICE_NONE */
};

struct crl_entries *crl_entries_new(void)
{
	struct crl_entries *e = calloc(1, sizeof(*e));

	if (e != NULL)
		(void)pthread_mutex_init(&e->lock, NULL);
	return e;
}

void crl_entries_free(struct crl_entries *e)
{
	if (e == NULL)
		return;
	(void)pthread_mutex_destroy(&e->lock);
	free(e->places);
	free(e);
}

/* RFC 5280 5.3: an entry with a critical extension that is not known makes the
 * whole list unusable. */
static bool parse_extension(enum oid id, bool critical, struct slice value,
			    struct parsed *p)
{
	struct slice content;
	struct der_reader in;

	der_init(&in, value);
	switch (id) {
	case OID_CRL_REASON:
		if (!der_get(&in, DER_ENUMERATED, &content) ||
		    content.len != 1 || !der_at_end(&in))
			return false;
		p->entry.reason = content.data[0];
		return true;
	case OID_CERTIFICATE_ISSUER:
		return der_get_element(&in, DER_SEQUENCE, &p->issuer) &&
		       der_at_end(&in);
	case OID_INVALIDITY_DATE:
		return true;
	default:
		return !critical;
	}
}

/* A critical extension of one entry that is not processed makes the whole list
 * unusable (RFC 5280 5.3): it might change what the entries behind it mean. */
static bool parse_extensions(struct slice content, struct parsed *p)
{
	struct der_reader list, ext;
	struct slice oid, value;
	bool critical;

	der_init(&list, content);
	while (!der_at_end(&list)) {
		if (!der_enter(&list, DER_SEQUENCE, &ext) ||
		    !der_get_oid(&ext, &oid) ||
		    !der_get_default_false(&ext, &critical) ||
		    !der_get(&ext, DER_OCTET_STRING, &value) ||
		    !der_at_end(&ext) ||
		    !parse_extension(oid_find(oid), critical, value, p))
			return false;
	}
	return true;
}

/* Used when the index is made and again for the entry that was found: the
 * index need not hold dates and reasons of millions of entries. */
static bool parse(struct der_reader *r, struct parsed *p)
{
	struct slice extensions;
	struct der_reader in;
	bool present;

	*p = (struct parsed){ .entry = { .reason = -1 } };
	return der_enter(r, DER_SEQUENCE, &in) &&
	       der_get_integer(&in, &p->serial) &&
	       der_get_time(&in, &p->entry.revoked_at) &&
	       der_get_optional(&in, DER_SEQUENCE, &present, &extensions) &&
	       der_at_end(&in) && (!present || parse_extensions(extensions, p));
}

/* The last octets, not the first: numbers that are counted up differ there,
 * and random ones anywhere.  Equal tails are told apart by the whole number.
 */
static uint64_t key_of(struct slice serial)
{
	size_t i = serial.len > 8 ? serial.len - 8 : 0;
	uint64_t key = 0;

	for (; i < serial.len; i++)
		key = key << 8 | serial.data[i];
	return key;
}

/* Equal keys stay in the order of the list. */
static int by_key(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* One pass, then sorted: a CRL of a national CA has a million entries, and
 * each certificate is looked up in it. certificateIssuer holds until the next
 * one (RFC 5280 5.3.3), so that a place remembers whose it is. */
static enum deed_status build(struct crl_entries *e, const struct crl_fields *f)
{
	struct place here = { .issuer = NO_ISSUER };
	const uint8_t *start = f->revoked.data;
	struct der_reader r;
	struct parsed p;
	size_t cap = 0;

	e->count = 0;
	der_init(&r, f->revoked);
	while (!der_at_end(&r)) {
		here.offset = (uint32_t)(r.p - start);
		if (!parse(&r, &p))
			return DEED_MALFORMED;
		if (p.issuer.data != NULL) {
			/* Only an indirect CRL speaks of other issuers. */
			if (!f->indirect)
				return DEED_MALFORMED;
			here.issuer = (uint32_t)(p.issuer.data - start);
		}
		here.key = key_of(p.serial);
		if (!array_room(&e->places, &cap, e->count + 1))
			return DEED_NO_MEMORY;
		e->places[e->count++] = here;
	}
	if (e->count > 1)
		qsort(e->places, e->count, sizeof(*e->places), by_key);
	return DEED_OK;
}

/* The first place whose key is not below this one. */
static size_t lower_bound(const struct crl_entries *e, uint64_t key)
{
	size_t low = 0, high = e->count, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (e->places[mid].key < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* In an indirect CRL an entry belongs to the issuer that the nearest one
 * before it names (RFC 5280 5.3.3).  The index holds where that name lies; it
 * is read anew for each question. */
static bool of_issuer(const struct crl_fields *f, const struct place *at,
		      struct slice issuer)
{
	struct der_reader r;
	struct slice names;

	if (at->issuer == NO_ISSUER)
		return issuer.data == NULL ||
		       x509_name_equal(f->issuer, issuer);
	if (issuer.data == NULL)
		issuer = f->issuer;
	der_init(&r, slice_of(f->revoked.data + at->issuer,
			      f->revoked.len - at->issuer));
	return der_get(&r, DER_SEQUENCE, &names) &&
	       x509_name_equal(general_names_directory(names), issuer);
}

/* The first who asks reads the entries, and others wait for him.  A list that
 * is malformed stays so; lack of memory does not. */
static enum deed_status ready(struct crl_entries *e, const struct crl_fields *f)
{
	enum deed_status status;

	(void)pthread_mutex_lock(&e->lock);
	if (!e->built) {
		e->status = build(e, f);
		/* Memory may be there the next time. */
		e->built = e->status != DEED_NO_MEMORY;
	}
	status = e->status;
	(void)pthread_mutex_unlock(&e->lock);
	return status;
}

enum deed_status crl_entries_find(struct crl_entries *e,
				  const struct crl_fields *f,
				  struct slice issuer, struct slice serial,
				  bool *listed, struct crl_entry *entry,
				  struct deed_error *err)
{
	uint64_t key = key_of(serial);
	enum deed_status status;
	struct der_reader r;
	struct parsed p;
	size_t i;

	*listed = false;
	status = ready(e, f);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK)
		return deed_error_set(err, status,
				      "the CRL is malformed: expected entries "
				      "that are understood");
	for (i = lower_bound(e, key); i < e->count && e->places[i].key == key;
	     i++) {
		size_t at = e->places[i].offset;

		der_init(&r,
			 slice_of(f->revoked.data + at, f->revoked.len - at));
		if (!parse(&r, &p) || !slice_equal(p.serial, serial) ||
		    !of_issuer(f, &e->places[i], issuer))
			continue;
		*listed = true;
		*entry = p.entry;
		return DEED_OK;
	}
	return DEED_OK;
}
