/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/verify_require.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "base/file.h"
#include "key/name_fold.h"
#include "office/document/verify_order.h"
#include "office/document/verify_qualified.h"
#include "office/document/verify_signers.h"

#define FILE_MAX ((size_t)1 << 20)

static const struct {
	const char *word;
	enum requirement_kind kind;
} forms[] = {
	{ "signer=", REQUIRE_SIGNER },
	{ "issuer=", REQUIRE_ISSUER },
	{ "organisation=", REQUIRE_ORGANISATION },
	{ "identifier=", REQUIRE_IDENTIFIER },
	{ "level=", REQUIRE_LEVEL },
	{ "count=", REQUIRE_COUNT },
	{ "signers=", REQUIRE_SIGNERS },
	{ "order=", REQUIRE_ORDER },
	{ "licensed=", REQUIRE_LICENSED },
};

#define FORMS (sizeof(forms) / sizeof(forms[0]))

/* What begins with "signer=" is not a "signers=", since the sign of equality
 * is part of the word.  An empty value is no form. */
static bool find_form(struct requirement *r, const char *text)
{
	size_t i, len;

	if (strcmp(text, "qualified") == 0) {
		r->kind = REQUIRE_QUALIFIED;
		return true;
	}
	for (i = 0; i < FORMS; i++) {
		len = strlen(forms[i].word);
		if (strncmp(text, forms[i].word, len) == 0 &&
		    text[len] != '\0') {
			r->kind = forms[i].kind;
			r->value = text + len;
			return true;
		}
	}
	return false;
}

/* The first of the file is meant; those behind it are its chain. */
static enum deed_status read_certificate(struct requirement *r,
					 struct deed_error *err)
{
	struct buf data = BUF_INIT;
	enum deed_status status;

	status = file_read(r->value, FILE_MAX, &data, err);
	if (status == DEED_OK)
		status = cert_list_load(&r->certs, buf_get(&data), r->value,
					err);
	buf_clear(&data);
	return status;
}

/* strtoul takes signs and spaces, which are refused here.  None is not asked
 * for: it would be met by anything. */
static bool read_count(struct requirement *r)
{
	char *end;

	if (!isdigit((uint8_t)*r->value))
		return false;
	errno = 0;
	r->count = strtoul(r->value, &end, 10);
	return errno == 0 && *end == '\0' && r->count > 0;
}

/* With "B-" or without, in any case: as a report writes it, and as --level
 * takes it. */
static bool read_level(struct requirement *r)
{
	static const char *const names[] = {
		[LEVEL_B_B] = "B",
		[LEVEL_B_T] = "T",
		[LEVEL_B_LT] = "LT",
		[LEVEL_B_LTA] = "LTA",
	};
	const char *word = r->value;
	int i;

	if (strncasecmp(word, "B-", 2) == 0)
		word += 2;
	for (i = LEVEL_B_B; i <= LEVEL_B_LTA; i++) {
		if (strcasecmp(word, names[i]) == 0) {
			r->level = (enum verdict_level)i;
			return true;
		}
	}
	return false;
}

/* Is what stands behind the '=' such as the form wants? */
static bool is_sound(struct requirement *r)
{
	switch (r->kind) {
	case REQUIRE_LEVEL:
		return read_level(r);
	case REQUIRE_COUNT:
	case REQUIRE_SIGNERS:
		return read_count(r);
	case REQUIRE_ORDER:
		return verify_order_valid(r->value);
	default:
		return true;
	}
}

enum deed_status requirement_read(struct requirement *r, const char *text,
				  struct deed_error *err)
{
	*r = (struct requirement){ .text = text, .certs = CERT_LIST_INIT };
	if (!find_form(r, text) || !is_sound(r))
		return deed_error_set(
			err, DEED_USAGE,
			"'%s' is no requirement: expected signer=CERT, "
			"issuer=FILE, organisation=NAME, "
			"identifier=ID, level=b|t|lt|lta, "
			"count=N, signers=N, order=FIELD,FIELD, "
			"qualified or licensed=SCHEME",
			text);
	if (r->kind == REQUIRE_SIGNER || r->kind == REQUIRE_ISSUER)
		return read_certificate(r, err);
	return DEED_OK;
}

void requirement_clear(struct requirement *r)
{
	cert_list_clear(&r->certs);
}

static bool counts(const struct verdict_signature *sig)
{
	return sig->indication == TOTAL_PASSED &&
	       (sig->kind == KIND_SIGNATURE || sig->kind == KIND_SEAL);
}

/* As RFC 5280 7.1 compares names: case and inner spaces do not count.  What
 * folds to nothing is no name, and equals none. */
static bool same_name(const char *a, const char *b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	bool same;

	name_fold(slice_str(a), &x);
	name_fold(slice_str(b), &y);
	same = !x.failed && !y.failed && x.len > 0 &&
	       slice_equal(buf_get(&x), buf_get(&y));
	buf_clear(&x);
	buf_clear(&y);
	return same;
}

/* From the signer's issuer on: of a certificate that is the signer's own
 * REQUIRE_SIGNER asks. */
static bool is_above(const struct requirement *r,
		     const struct verdict_signature *sig)
{
	size_t i;

	for (i = 1; i < sig->chain_count; i++) {
		if (memcmp(sig->chain[i], cert_sha256(r->certs.items[0]),
			   VERDICT_HASH) == 0)
			return true;
	}
	return false;
}

/* Is this signature, which counts, one that is asked for? */
static bool fits(const struct requirement *r,
		 const struct verdict_signature *sig)
{
	switch (r->kind) {
	case REQUIRE_SIGNER:
		return memcmp(sig->certificate, cert_sha256(r->certs.items[0]),
			      VERDICT_HASH) == 0;
	case REQUIRE_ISSUER:
		return is_above(r, sig);
	case REQUIRE_ORGANISATION:
		return sig->organisation != NULL &&
		       same_name(sig->organisation, r->value);
	case REQUIRE_IDENTIFIER:
		return sig->identifier != NULL &&
		       strcmp(sig->identifier, r->value) == 0;
	case REQUIRE_LEVEL:
		return sig->level >= r->level;
	default:
		return true;
	}
}

/* Where there is no memory n stays 0, and nothing is met: count is at least 1.
 */
static bool enough_signers(const struct requirement *r,
			   const struct verdict_document *doc)
{
	const struct verdict_signature **list;
	size_t i, n = 0;
	bool enough;

	list = calloc(doc->signature_count + 1, sizeof(*list));
	for (i = 0; list != NULL && i < doc->signature_count; i++) {
		if (counts(&doc->signatures[i]))
			list[n++] = &doc->signatures[i];
	}
	enough = n >= r->count && verify_signer_count(list, n) >= r->count;
	free(list);
	return enough;
}

bool requirement_of_list(const struct requirement *r)
{
	return r->kind == REQUIRE_QUALIFIED || r->kind == REQUIRE_LICENSED;
}

bool requirement_met(const struct requirement *r,
		     const struct verdict_document *doc)
{
	unsigned long counted = 0, fitting = 0;
	size_t i;

	/* NULL for qualified: nothing stands behind it. */
	if (requirement_of_list(r))
		return verify_qualified_met(r->value, doc);
	if (r->kind == REQUIRE_ORDER)
		return verify_order_met(r->value, doc);
	if (r->kind == REQUIRE_SIGNERS)
		return enough_signers(r, doc);
	for (i = 0; i < doc->signature_count; i++) {
		if (!counts(&doc->signatures[i]))
			continue;
		counted++;
		fitting += fits(r, &doc->signatures[i]);
	}
	if (r->kind == REQUIRE_COUNT)
		return counted >= r->count;
	return fitting > 0 && (r->kind != REQUIRE_LEVEL || fitting == counted);
}
