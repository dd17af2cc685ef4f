/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/verify_signers.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "key/name_fold.h"

/* Whom a certificate speaks of. */
struct signer {
	const char *identifier; /* NULL: it has none */
	struct buf name;	/* with the organisation, folded; or empty */
	const uint8_t *certificate;
};

static bool has_text(const char *text)
{
	return text != NULL && text[0] != '\0';
}

/* Of a name that folds to nothing the newline alone remains with its
 * organisation, so that two of those are compared by that.  A newline keeps
 * name and organisation apart. */
static void fill(struct signer *s, const struct verdict_signature *sig)
{
	*s = (struct signer){ .name = BUF_INIT,
			      .certificate = sig->certificate };
	if (has_text(sig->identifier))
		s->identifier = sig->identifier;
	if (!has_text(sig->name))
		return;
	name_fold(slice_str(sig->name), &s->name);
	buf_byte(&s->name, '\n'); /* no name holds one, when it is cleaned */
	if (has_text(sig->organisation))
		name_fold(slice_str(sig->organisation), &s->name);
}

/* By identifier where both have one, else by name; where either lacks both,
 * each certificate is somebody of his own. */
static bool differ(const struct signer *a, const struct signer *b)
{
	if (memcmp(a->certificate, b->certificate, VERDICT_HASH) == 0)
		return false;
	if (a->identifier != NULL && b->identifier != NULL)
		return strcmp(a->identifier, b->identifier) != 0;
	return a->name.len == 0 || b->name.len == 0 ||
	       !slice_equal(buf_get(&a->name), buf_get(&b->name));
}

/* Those with an identifier go first: the others may be among them. */
static bool goes_first(const struct signer *a, const struct signer *b)
{
	if ((a->identifier == NULL) != (b->identifier == NULL))
		return a->identifier != NULL;
	return a < b;
}

/* Each is compared with those that go before it, so that of all that are the
 * same one is counted. */
static bool is_new(const struct signer *list, size_t count, size_t i)
{
	size_t k;

	for (k = 0; k < count; k++) {
		if (goes_first(&list[k], &list[i]) &&
		    !differ(&list[k], &list[i]))
			return false;
	}
	return true;
}

size_t verify_signer_count(const struct verdict_signature *const *list,
			   size_t count)
{
	struct signer *signers = calloc(count + 1, sizeof(*signers));
	bool failed = signers == NULL;
	size_t i, different = 0;

	for (i = 0; !failed && i < count; i++) {
		fill(&signers[i], list[i]);
		failed = signers[i].name.failed;
	}
	for (i = 0; !failed && i < count; i++)
		different += is_new(signers, count, i);
	for (i = 0; signers != NULL && i < count; i++)
		buf_clear(&signers[i].name);
	free(signers);
	/* Without memory nobody is proven to be another. */
	return failed ? 0 : different;
}
