/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/trust_list.h"

#include <stdlib.h>

#include "codec/utf8.h"
#include "key/x509_name.h"
#include "trust/trust_list_table.h"

struct trust_list *trust_list_new(void)
{
	struct trust_list *l = calloc(1, sizeof(*l));

	if (l != NULL)
		l->next_update = TRUST_NO_TIME;
	return l;
}

void trust_list_free(struct trust_list *l)
{
	if (l == NULL)
		return;
	trust_members_free(trust_list_members, l);
	for (size_t i = 0; i < l->certificate_count; i++)
		cert_free(l->certificates[i]);
	free(l->certificates);
	free(l->subjects);
	free(l);
}

/* Where it stands, or would. */
static size_t place_of(const struct trust_list *l, const uint8_t hash[32],
		       bool *there)
{
	size_t low = 0, high = l->certificate_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = memcmp(cert_sha256(l->certificates[mid]), hash, 32);

		if (order == 0) {
			*there = true;
			return mid;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*there = false;
	return low;
}

enum deed_status trust_list_add_certificate(struct trust_list *l,
					    struct cert *c,
					    struct trust_hash *hash,
					    struct deed_error *err)
{
	struct cert **grown = l->certificates;
	size_t count = l->certificate_count, at;
	bool there;

	if (hash != NULL)
		memcpy(hash->bytes, cert_sha256(c), sizeof(hash->bytes));
	at = place_of(l, cert_sha256(c), &there);
	if (there)
		return DEED_OK;
	if (count >= TRUST_LIST_CERTIFICATES)
		return deed_error_set(err, DEED_LIMIT,
				      "a trust list of more than %d "
				      "certificates",
				      TRUST_LIST_CERTIFICATES);
	/* Doubled whenever it is a power of two. */
	if ((count & (count - 1)) == 0)
		grown = realloc(grown, (count == 0 ? 1 : 2 * count) *
					       sizeof(struct cert *));
	if (grown == NULL)
		return deed_error_memory(err);
	memmove(grown + at + 1, grown + at, (count - at) * sizeof(*grown));
	grown[at] = cert_ref(c);
	l->certificates = grown;
	l->certificate_count++;
	return DEED_OK;
}

struct cert *trust_list_certificate(const struct trust_list *l,
				    const struct trust_hash *hash)
{
	bool there;
	size_t at = place_of(l, hash->bytes, &there);

	return there ? l->certificates[at] : NULL;
}

const struct trust_status *trust_service_at(const struct trust_service *s,
					    int64_t at)
{
	for (size_t i = 0; i < s->status_count; i++)
		if (s->statuses[i].since <= at)
			return &s->statuses[i];
	return NULL;
}

/* By subtraction of truth values: a difference of two hashes would not fit. */
static int by_subject(const void *a, const void *b)
{
	const struct trust_subject *x = a, *y = b;

	return (x->hash > y->hash) - (x->hash < y->hash);
}

/* A signer's issuer is looked for among all, for every signature. */
static enum deed_status index_subjects(struct trust_list *l,
				       struct deed_error *err)
{
	free(l->subjects);
	l->subjects = calloc(l->certificate_count + 1, sizeof(*l->subjects));
	if (l->subjects == NULL)
		return deed_error_memory(err);
	for (size_t i = 0; i < l->certificate_count; i++) {
		struct cert *c = l->certificates[i];

		l->subjects[i] = (struct trust_subject){
			x509_name_hash(cert_fields(c)->subject), c
		};
	}
	qsort(l->subjects, l->certificate_count, sizeof(*l->subjects),
	      by_subject);
	return DEED_OK;
}

struct cert *trust_list_issuer(const struct trust_list *l, const struct cert *c)
{
	const struct slice issuer = cert_fields(c)->issuer;
	const uint64_t hash = x509_name_hash(issuer);
	size_t low = 0, high = l->subjects == NULL ? 0 : l->certificate_count;
	const size_t end = high;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->subjects[mid].hash < hash)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < end && l->subjects[low].hash == hash; low++) {
		struct cert *ca = l->subjects[low].cert;

		if (x509_name_equal(issuer, cert_fields(ca)->subject) &&
		    cert_verify(c, ca, NULL) == DEED_OK)
			return ca;
	}
	return NULL;
}

bool trust_service_names(const struct trust_list *l,
			 const struct trust_service *s, const struct cert *c)
{
	for (size_t i = 0; i < s->identity_count; i++) {
		const struct cert *listed;

		if (memcmp(s->identities[i].bytes, cert_sha256(c), 32) == 0)
			return true;
		listed = trust_list_certificate(l, &s->identities[i]);
		if (listed != NULL && cert_same_holder(listed, c))
			return true;
	}
	return false;
}

static int compare_hashes(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct trust_hash));
}

static int newest_first(const void *a, const void *b)
{
	const struct trust_status *x = a, *y = b;

	return (x->since < y->since) - (x->since > y->since);
}

static bool is_time(int64_t t)
{
	return t >= TRUST_TIME_MIN && t <= TRUST_TIME_MAX;
}

/* Sorted here, so that a list has one spelling whoever filled it: digests
 * rising, statuses newest first.  What is equal is refused, as no order could
 * tell which counts. */
static enum deed_status check_service(const struct trust_list *l,
				      struct trust_service *s,
				      struct deed_error *err)
{
	const char *name = s->name != NULL ? s->name : "";

	if (s->status_count == 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "the service '%.200s' has no status",
				      name);
	if (s->identity_count > 1)
		qsort(s->identities, s->identity_count, sizeof(*s->identities),
		      compare_hashes);
	if (s->status_count > 1)
		qsort(s->statuses, s->status_count, sizeof(*s->statuses),
		      newest_first);
	for (size_t i = 0; i < s->identity_count; i++)
		if (trust_list_certificate(l, &s->identities[i]) == NULL ||
		    (i > 0 && compare_hashes(&s->identities[i - 1],
					     &s->identities[i]) == 0))
			return deed_error_set(err, DEED_MALFORMED,
					      "the service '%.200s' names a "
					      "certificate that is not there, "
					      "or names it twice",
					      name);
	for (size_t i = 1; i < s->status_count; i++)
		if (s->statuses[i].since == s->statuses[i - 1].since)
			return deed_error_set(err, DEED_MALFORMED,
					      "the service '%.200s' has two "
					      "statuses that begin at the same "
					      "second",
					      name);
	return DEED_OK;
}

static enum deed_status broken(const char *name, struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "'%s' of a trust list is missing, too long or "
			      "not of the right form",
			      name);
}

/* An empty text is none: absent and empty would be two spellings of one thing.
 */
static bool text_good(const char *text, bool optional)
{
	return text == NULL
		       ? optional
		       : text[0] != '\0' && strlen(text) <= TRUST_LIST_TEXT &&
				 utf8_valid(slice_str(text));
}

static bool texts_good(char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!text_good(texts[i], false))
			return false;
	return true;
}

/* Words are numbered from 1, so that a zero is one that was never set. */
static bool word_good(unsigned value, const char *const *words)
{
	unsigned count = 0;

	while (words[count] != NULL)
		count++;
	return value >= 1 && value <= count;
}

/* Values that are one thing, and the counts of those that are many. */
static bool member_good(const struct trust_member *m, const void *s)
{
	const void *at = (const char *)s + m->offset;
	size_t count = *(const size_t *)((const char *)s + m->count);

	switch (m->form) {
	case TRUST_TEXT:
		return text_good(*(char *const *)at, m->optional);
	case TRUST_TIME:
		return is_time(*(const int64_t *)at) ||
		       (m->optional && *(const int64_t *)at == TRUST_NO_TIME);
	case TRUST_NUMBER:
		return *(const uint64_t *)at < UINT64_C(1) << 53;
	case TRUST_WORD:
		return word_good(*(const unsigned *)at, m->words);
	case TRUST_TEXTS:
		return count <= m->max &&
		       texts_good(*(char **const *)at, count);
	case TRUST_ITEMS:
	case TRUST_HASHES:
		return count <= m->max;
	default:
		return true;
	}
}

/* The depth is bounded as tables lead into themselves: criteria hold criteria.
 * count means something only where the form has one. */
static enum deed_status check_members(const struct trust_member *table,
				      const void *s, unsigned depth,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	for (const struct trust_member *m = table;
	     status == DEED_OK && m->name != NULL; m++) {
		const char *at = (const char *)s + m->offset;
		size_t count = *(const size_t *)((const char *)s + m->count);

		if (!member_good(m, s) || depth > TRUST_LIST_LEVELS)
			return broken(m->name, err);
		if (m->form == TRUST_STRUCT)
			status = check_members(m->table, at, depth + 1, err);
		for (size_t i = 0;
		     m->form == TRUST_ITEMS && i < count && status == DEED_OK;
		     i++)
			status = check_members(m->table,
					       *(char *const *)at + i * m->size,
					       depth + 1, err);
	}
	return status;
}

enum deed_status trust_list_check(struct trust_list *l, struct deed_error *err)
{
	enum deed_status status = check_members(trust_list_members, l, 0, err);

	for (size_t i = 0; status == DEED_OK && i < l->operator_count; i++)
		for (size_t j = 0;
		     status == DEED_OK && j < l->operators[i].service_count;
		     j++)
			status = check_service(l, &l->operators[i].services[j],
					       err);
	if (status == DEED_OK && l->next_update != TRUST_NO_TIME &&
	    l->next_update < l->issued)
		status = deed_error_set(
			err, DEED_MALFORMED,
			"the trust list ends before it was issued");
	if (status == DEED_OK)
		status = index_subjects(l, err);
	return status;
}
