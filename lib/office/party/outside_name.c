/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/outside.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/utf8.h"
#include "key/name_fold.h"
#include "key/x509_name.h"
#include "proof/id_scheme.h"

/* Attributes of one type that are looked at: a subject has one of each. */
#define ATTRIBUTES_MAX 8

/* What is compared, and what was found. */
struct judging {
	const struct outside_party *party;
	struct slice subject;
	struct id_scheme enrolled;
	bool same;	   /* an identifier is */
	char country[3];   /* of the subject; or "" */
	struct buf own;	   /* what the certificate calls its holder */
	const char *where; /* whence that is */
};

/* A number that differs is refused at once, whatever else is equal: names are
 * shared by many, and nothing overrides it. */
static enum deed_status compare(struct judging *j, const struct id_scheme *id,
				struct deed_error *err)
{
	switch (id_scheme_compare(&j->enrolled, id)) {
	case ID_INCOMPARABLE:
		return DEED_OK;
	case ID_SAME:
		j->same = true;
		return DEED_OK;
	case ID_OTHER:
		break;
	}
	return deed_error_set(err, DEED_REFUSED,
			      "the certificate is of '%s-%.64s', and party "
			      "'%s' is enrolled with '%s-%.64s'",
			      id->scheme, id->value, j->party->party,
			      j->enrolled.scheme, j->enrolled.value);
}

/* Text of an attribute that can be a C string. */
static bool text_at(struct slice name, enum oid type, size_t n, struct buf *out)
{
	buf_reset(out);
	if (!x509_name_get_at(name, type, n, out) ||
	    (out->len > 0 && memchr(out->data, 0, out->len) != NULL))
		return false;
	buf_byte(out, 0);
	return !out->failed;
}

/* A serialNumber or organizationIdentifier. */
static enum deed_status compare_value(struct judging *j, const char *text,
				      struct deed_error *err)
{
	struct id_scheme id;

	if (!id_scheme_parse(text, &id) &&
	    !id_scheme_bare(text, j->country, &id))
		return DEED_OK;
	return compare(j, &id, err);
}

/* A card's form: SURNAME,GIVEN,NUMBER. */
static enum deed_status compare_card(struct judging *j, const char *text,
				     struct deed_error *err)
{
	const char *first = strchr(text, ',');
	const char *last = strrchr(text, ',');
	struct id_scheme id;

	if (first == NULL || last == first || strchr(first + 1, ',') != last ||
	    !id_scheme_bare(last + 1, j->country[0] != '\0' ? j->country : "EE",
			    &id))
		return DEED_OK;
	return compare(j, &id, err);
}

/* All attributes of a kind are looked at, not the first: two numbers in one
 * certificate must not differ from the party's. */
static enum deed_status compare_all(struct judging *j, struct deed_error *err)
{
	static const struct {
		enum oid type;
		enum deed_status (*of)(struct judging *j, const char *text,
				       struct deed_error *err);
	} kinds[] = {
		{ OID_SERIAL_NUMBER, compare_value },
		{ OID_ORGANISATION_IDENTIFIER, compare_value },
		{ OID_COMMON_NAME, compare_card },
	};
	struct buf text = BUF_INIT;
	enum deed_status status = DEED_OK;

	if (text_at(j->subject, OID_COUNTRY, 0, &text) && text.len == 3)
		memcpy(j->country, text.data, 3);
	for (size_t i = 0; i < 3; i++) {
		for (size_t n = 0; status == DEED_OK && n < ATTRIBUTES_MAX;
		     n++) {
			if (text_at(j->subject, kinds[i].type, n, &text))
				status = kinds[i].of(j, (const char *)text.data,
						     err);
		}
	}
	buf_clear(&text);
	return status;
}

/* What folds to nothing, such as blanks alone, equals nothing. */
static bool same_folded(struct slice a, struct slice b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	bool same;

	name_fold(a, &x);
	name_fold(b, &y);
	same = !x.failed && !y.failed && x.len > 0 &&
	       slice_equal(buf_get(&x), buf_get(&y));
	buf_clear(&x);
	buf_clear(&y);
	return same;
}

/* Letters of the ASCII range part words by a space; a name without one may be
 * of a script that does not. */
static bool has_ascii(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] < 0x80)
			return true;
	return false;
}

/* Which of the two comes first is a matter of where one is from, and there
 * are scripts that part them by nothing. */
static bool same_person(struct slice given, struct slice surname,
			const char *name)
{
	const struct slice order[2][2] = { { given, surname },
					   { surname, given } };
	struct buf text = BUF_INIT;
	bool same = false;

	for (size_t i = 0; i < 4 && !same; i++) {
		bool parted = i < 2;

		if (!parted && (has_ascii(given) || has_ascii(surname)))
			break;
		buf_reset(&text);
		buf_slice(&text, order[i % 2][0]);
		if (parted)
			buf_byte(&text, ' ');
		buf_slice(&text, order[i % 2][1]);
		same = same_folded(buf_get(&text), slice_str(name));
	}
	buf_clear(&text);
	return same;
}

/* Is the enrolled name the certificate's?  Fills own and where. */
static bool compare_names(struct judging *j)
{
	const struct outside_party *p = j->party;
	struct buf given = BUF_INIT, surname = BUF_INIT;
	bool same = false;

	j->where = "its subject";
	if (p->organisation &&
	    x509_name_get(j->subject, OID_ORGANISATION, &j->own)) {
		j->where = "organizationName";
		same = same_folded(buf_get(&j->own), slice_str(p->name));
	} else if (!p->organisation &&
		   x509_name_get(j->subject, OID_GIVEN_NAME, &given) &&
		   x509_name_get(j->subject, OID_SURNAME, &surname)) {
		j->where = "givenName and surname";
		same = same_person(buf_get(&given), buf_get(&surname), p->name);
		buf_slice(&j->own, buf_get(&given));
		buf_byte(&j->own, ' ');
		buf_slice(&j->own, buf_get(&surname));
	} else {
		x509_name_display(j->subject, &j->own);
	}
	buf_clear(&given);
	buf_clear(&surname);
	return same && !j->own.failed;
}

/* The certificate's own text: what it calls its holder, or all of it. */
static bool is_own_text(const struct judging *j, const char *text)
{
	struct buf other = BUF_INIT;
	bool same = slice_equal_str(buf_get(&j->own), text);

	if (!same) {
		x509_name_display(j->subject, &other);
		same = slice_equal_str(buf_get(&other), text);
	}
	if (!same) {
		buf_reset(&other);
		x509_name_text(j->subject, &other);
		same = slice_equal_str(buf_get(&other), text);
	}
	buf_clear(&other);
	return same;
}

/* Without a number to compare the names must be equal, or somebody answers for
 * the other name. */
static enum deed_status by_name(const struct judging *j, bool same,
				struct outside_verdict *out,
				struct deed_error *err)
{
	const struct outside_party *p = j->party;

	if (j->same) {
		out->name = OUTSIDE_NAME_BY_IDENTIFIER;
		return DEED_OK;
	}
	if (same) {
		out->name = OUTSIDE_NAME_EQUAL;
		return DEED_OK;
	}
	if (p->name_in_certificate != NULL) {
		if (is_own_text(j, p->name_in_certificate)) {
			out->name = OUTSIDE_NAME_SAID;
			return DEED_OK;
		}
		return deed_error_set(err, DEED_REFUSED,
				      "the certificate calls its holder '%s', "
				      "not '%.200s'",
				      out->differs, p->name_in_certificate);
	}
	deed_error_set(err, DEED_REFUSED,
		       "the certificate has no number to compare with that of "
		       "party '%s', and calls its holder '%s' (%s), not '%s'",
		       p->party, out->differs, j->where, p->name);
	deed_error_remedy(err, "name-in-certificate", NULL);
	return DEED_REFUSED;
}

enum deed_status outside_judge_name(const struct outside_party *party,
				    const struct cert *cert,
				    struct outside_verdict *out,
				    struct deed_error *err)
{
	struct judging j = { .party = party,
			     .subject = cert_fields(cert)->subject };
	struct buf clean = BUF_INIT;
	struct id_judgement id;
	enum deed_status status = DEED_OK;
	bool same;

	out->name = OUTSIDE_NAME_UNJUDGED;
	out->differs[0] = '\0';
	if (party->id != NULL && id_judge_typed(party->id, &id) &&
	    id.state != ID_MALFORMED && id_scheme_of(&id, &j.enrolled))
		status = compare_all(&j, err);
	if (status != DEED_OK || party->name == NULL)
		return status;
	same = compare_names(&j);
	utf8_clean(buf_get(&j.own), &clean);
	status =
		j.own.failed ? deed_error_memory(err) : buf_status(&clean, err);
	if (status == DEED_OK && !same)
		(void)snprintf(out->differs, sizeof(out->differs), "%.*s",
			       (int)utf8_cut(buf_get(&clean),
					     sizeof(out->differs) - 1),
			       (const char *)clean.data);
	if (status == DEED_OK)
		status = by_name(&j, same, out, err);
	/* What only a number could tell may be the same name all the same. */
	if (status == DEED_OK &&
	    same_folded(buf_get(&j.own), slice_str(party->name)))
		out->differs[0] = '\0';
	buf_clear(&j.own);
	buf_clear(&clean);
	return status;
}
