/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/ts119612_read.h"

#include <stdlib.h>

#include "base/clock.h"
#include "codec/base64.h"
#include "codec/utf8.h"
#include "trust/ts119612_reading.h"

#define LIST_OF_LISTS "listofthelists"
#define LIST_TYPE "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/"
#define MIME_TYPE "application/vnd.etsi.tsl+xml"
#define TEXT_MAX ((size_t)CERT_MAX_SIZE * 2)

void *ts_grow(void *array, size_t *count, size_t size, size_t max)
{
	size_t n = *count;

	if (n >= max)
		return NULL;
	if ((n & (n - 1)) == 0) {
		array = reallocarray(array, n == 0 ? 1 : 2 * n, size);
		if (array == NULL)
			return NULL;
	}
	memset((uint8_t *)array + n * size, 0, size);
	*count = n + 1;
	return array;
}

enum deed_status ts_no_room(size_t count, size_t max, struct deed_error *err)
{
	return count < max ? deed_error_memory(err)
			   : deed_error_set(err, DEED_LIMIT,
					    "it has more than %zu of one kind",
					    max);
}

/* Without the white space around it. */
struct slice ts_text(const struct ts_reading *r)
{
	static const char space[] = " \t\r\n";
	struct slice s = buf_get(&r->text);

	while (s.len > 0 && memchr(space, s.data[0], 4) != NULL) {
		s.data++;
		s.len--;
	}
	while (s.len > 0 && memchr(space, s.data[s.len - 1], 4) != NULL)
		s.len--;
	return s;
}

/* Control characters go: what a list says is shown to people. */
static enum deed_status copy_text(struct slice text, char **to,
				  struct deed_error *err)
{
	struct buf clean = BUF_INIT;

	if (text.len > TRUST_LIST_TEXT)
		return deed_error_set(err, DEED_LIMIT,
				      "it has a text of more than %d octets",
				      TRUST_LIST_TEXT);
	utf8_clean(text, &clean);
	*to = buf_take(&clean, NULL);
	return *to == NULL ? deed_error_memory(err) : DEED_OK;
}

enum deed_status ts_take_text(struct ts_reading *r, char **to, const char *what,
			      struct deed_error *err)
{
	struct slice text = ts_text(r);

	if (*to != NULL || text.len == 0)
		return deed_error_set(err, DEED_MALFORMED,
				      *to != NULL ? "it has %s twice"
						  : "it has an empty %s",
				      what);
	return copy_text(text, to, err);
}

enum deed_status ts_take_item(struct ts_reading *r, char ***to, size_t *count,
			      struct deed_error *err)
{
	char **grown = ts_grow(*to, count, sizeof(*grown), TRUST_LIST_ITEMS);

	if (grown == NULL)
		return ts_no_room(*count, TRUST_LIST_ITEMS, err);
	*to = grown;
	return ts_take_text(r, &grown[*count - 1], "URI or identifier", err);
}

enum deed_status ts_take_time(struct ts_reading *r, int64_t *to,
			      struct deed_error *err)
{
	struct slice text = ts_text(r);
	char copy[64] = "";

	if (text.len < sizeof(copy))
		memcpy(copy, text.data, text.len);
	if (text.len >= 20 && clock_parse(copy, to, NULL) == DEED_OK)
		return DEED_OK;
	return deed_error_set(err, DEED_MALFORMED,
			      "it has the time '%.40s', which is none", copy);
}

enum deed_status ts_take_certificate(struct ts_reading *r, struct cert **out,
				     struct deed_error *err)
{
	struct buf der = BUF_INIT;
	enum deed_status status = DEED_OK;
	uint8_t *room = buf_reserve(&der, base64_decoded_max(r->text.len));
	size_t len;

	*out = NULL;
	if (room == NULL)
		return deed_error_memory(err);
	if (base64_decode_into(buf_get(&r->text), true, room, &len)) {
		der.len = len;
		/* Why it is none is nobody's question. */
		status = cert_parse(buf_get(&der), out, NULL);
	}
	buf_clear(&der);
	return status == DEED_NO_MEMORY ? deed_error_memory(err) : DEED_OK;
}

enum deed_status ts_unsupported(struct ts_reading *r, struct slice name,
				struct deed_error *err)
{
	if (r->status->unsupported != NULL)
		return DEED_OK;
	if (name.len > 100)
		name.len = 100;
	return copy_text(name, &r->status->unsupported, err);
}

/* A text of many digits overflows harmlessly: its length is refused
 * afterwards. */
static enum deed_status take_number(struct ts_reading *r, uint64_t *out,
				    struct deed_error *err)
{
	struct slice text = ts_text(r);
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < text.len && text.data[i] >= '0' && text.data[i] <= '9';
	     i++)
		n = n * 10 + text.data[i] - '0';
	/* 15 digits are exact in every reader of JSON. */
	if (i == 0 || i < text.len || text.len > 15)
		return deed_error_set(err, DEED_MALFORMED,
				      "it has no version or sequence number");
	*out = n;
	return DEED_OK;
}

/* The version is read before all that depends on it (start_element), and
 * another is not guessed at. */
static enum deed_status end_version(struct ts_reading *r,
				    struct deed_error *err)
{
	enum deed_status status = take_number(r, &r->version, err);

	if (status == DEED_OK && r->version != 5 && r->version != 6)
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"it is of version %llu, and versions 5 "
					"and 6 are supported",
					(unsigned long long)r->version);
	return status;
}

/* The English name, else the first. */
static enum deed_status take_name(struct ts_reading *r, char **to,
				  struct deed_error *err)
{
	if (ts_text(r).len == 0 ||
	    (*to != NULL && (r->has_english || !r->name_is_english)))
		return DEED_OK;
	free(*to);
	*to = NULL;
	r->has_english = r->name_is_english;
	return copy_text(ts_text(r), to, err);
}

/* Names stand in several languages; take_name chooses.  Which thing is named
 * tells the element around. */
static enum deed_status end_name(struct ts_reading *r, enum ts_element of,
				 struct deed_error *err)
{
	switch (of) {
	case TS_SCHEME_OPERATOR:
		return take_name(r, &r->out->list->scheme_operator, err);
	case TS_OPERATOR_NAME:
		return take_name(r, &r->provider->name, err);
	case TS_TRADE_NAME:
		return take_name(r, &r->provider->trade_name, err);
	default:
		/* The current name stands before those of the history. */
		return r->service->status_count > 1
			       ? DEED_OK
			       : take_name(r, &r->service->name, err);
	}
}

/* What stands in a pointer goes to the last one; the array may move with the
 * next. */
static enum deed_status begin_pointer(struct ts_reading *r,
				      struct deed_error *err)
{
	struct ts119612_content *c = r->out;
	struct ts119612_pointer *grown;

	grown = ts_grow(c->pointers, &c->pointer_count, sizeof(*grown),
			TS119612_POINTERS);
	if (grown == NULL)
		return ts_no_room(c->pointer_count, TS119612_POINTERS, err);
	c->pointers = grown;
	r->pointer = &grown[c->pointer_count - 1];
	return DEED_OK;
}

/* What is no certificate that deed reads signs nothing. */
static enum deed_status end_signer(struct ts_reading *r, struct deed_error *err)
{
	struct cert *cert;
	enum deed_status status = ts_take_certificate(r, &cert, err);

	if (status == DEED_OK && cert != NULL &&
	    !cert_list_has(&r->pointer->signers, cert))
		status = r->pointer->signers.count == TS119612_POINTERS
				 ? ts_no_room(TS119612_POINTERS,
					      TS119612_POINTERS, err)
				 : cert_list_add(&r->pointer->signers, cert,
						 err);
	cert_free(cert);
	return status;
}

/* A list that gives two times could be read by either. */
static enum deed_status take_once(struct ts_reading *r, bool *has, int64_t *to,
				  struct deed_error *err)
{
	if (*has)
		return deed_error_set(err, DEED_MALFORMED,
				      "it has a time twice");
	*has = true;
	return ts_take_time(r, to, err);
}

/* A second sequence number, type, territory or time is refused: two readers
 * could take different ones. */
static enum deed_status end_element(struct ts_reading *r,
				    enum ts_element element,
				    struct deed_error *err)
{
	struct trust_list *l = r->out->list;

	switch (element) {
	case TS_VERSION:
		return end_version(r, err);
	case TS_SEQUENCE:
		if (r->has_sequence)
			return deed_error_set(err, DEED_MALFORMED,
					      "it has two sequence numbers");
		r->has_sequence = true;
		return take_number(r, &l->sequence, err);
	case TS_TYPE:
		return ts_take_text(r, &r->out->type, "TSLType", err);
	case TS_TERRITORY:
		return ts_take_text(r, &l->territory, "SchemeTerritory", err);
	case TS_ISSUED:
		return take_once(r, &r->has_issued, &l->issued, err);
	case TS_NEXT_UPDATE_TIME:
		return take_once(r, &r->has_next_update, &l->next_update, err);
	case TS_POINTER_CERTIFICATE:
		return end_signer(r, err);
	case TS_POINTER_TYPE:
		return ts_take_text(r, &r->pointer->type, "TSLType", err);
	case TS_POINTER_TERRITORY:
		return ts_take_text(r, &r->pointer->territory,
				    "SchemeTerritory", err);
	case TS_POINTER_MIME:
		r->pointer->xml = slice_equal_str(ts_text(r), MIME_TYPE);
		return DEED_OK;
	case TS_NAME:
		return end_name(r, r->path[r->depth - 1], err);
	default:
		return ts_service_end(r, element, err);
	}
}

/* xml:lang, whatever the prefix; the lists write it in both cases. */
static void begin_name(struct ts_reading *r, const struct xml_element *e)
{
	size_t i;

	r->name_is_english = false;
	for (i = 0; i < e->attribute_count; i++)
		if (slice_equal_str(e->attributes[i].name, "lang") &&
		    (slice_equal_str(e->attributes[i].value, "en") ||
		     slice_equal_str(e->attributes[i].value, "EN")))
			r->name_is_english = true;
}

/* An unknown element is passed over, unless it is a criterion: a condition
 * that is not understood must not count as met. */
static enum deed_status start_element(struct ts_reading *r,
				      const struct xml_element *e,
				      struct deed_error *err)
{
	enum ts_element inside = r->path[r->depth];
	enum ts_element element = ts_element(inside, e);

	if (inside == TS_DOCUMENT && element != TS_ROOT)
		return deed_error_set(err, DEED_MALFORMED,
				      "it is no trusted list of TS 119 612");
	r->path[++r->depth] = element;
	if (element == TS_OTHER)
		return ts_element_is_criterion(inside)
			       ? ts_unsupported(r, e->name, err)
			       : DEED_OK;
	/* The version says how to read the rest. */
	if (r->version == 0 && element >= TS_SEQUENCE)
		return deed_error_set(err, DEED_MALFORMED,
				      "its version does not come first");
	buf_reset(&r->text);
	switch (element) {
	case TS_NAME:
		begin_name(r, e);
		return DEED_OK;
	case TS_SCHEME_OPERATOR:
	case TS_OPERATOR_NAME:
	case TS_TRADE_NAME:
	case TS_SERVICE_NAME:
		r->has_english = false;
		return DEED_OK;
	case TS_POINTER:
		return begin_pointer(r, err);
	default:
		return ts_service_start(r, element, e, err);
	}
}

/* What is found wrong is kept in why: xml_read would say that it cannot read
 * what only the helper was shown. */
static enum deed_status on_start(void *arg, const struct xml_element *e,
				 struct deed_error *err)
{
	struct ts_reading *r = arg;

	(void)err;
	return start_element(r, e, &r->why);
}

/* As on_start: what is wrong is kept in why. */
static enum deed_status on_end(void *arg, struct deed_error *err)
{
	struct ts_reading *r = arg;
	enum ts_element element = r->path[r->depth];
	enum deed_status status = end_element(r, element, &r->why);

	(void)err;
	r->depth--;
	return status;
}

/* Only of elements whose text is of use, and bounded: it may come in any
 * number of pieces. */
static enum deed_status on_text(void *arg, struct slice text,
				struct deed_error *err)
{
	struct ts_reading *r = arg;

	(void)err;
	if (!ts_element_has_text(r->path[r->depth]))
		return DEED_OK;
	if (text.len > TEXT_MAX - r->text.len)
		return deed_error_set(&r->why, DEED_LIMIT,
				      "it has a text of more than %zu octets",
				      TEXT_MAX);
	buf_slice(&r->text, text);
	return buf_status(&r->text, &r->why);
}

/*
 * "EUgeneric/FI": the type of list (annex D.4) and whose it is.  SchemeName is
 * a sentence of sixty words, the same in all member states.  A type that is
 * not ETSI's is named in full, and is thereby none of the Union's.
 */
static enum deed_status name_scheme(struct ts119612_content *c,
				    struct deed_error *err)
{
	const size_t len = sizeof(LIST_TYPE) - 1;
	const char *type = c->type;
	struct buf name = BUF_INIT;

	if (strncmp(type, LIST_TYPE, len) == 0)
		type += len;
	buf_printf(&name, "%s/%s", type, c->list->territory);
	c->list->scheme = buf_take(&name, NULL);
	return c->list->scheme == NULL ? deed_error_memory(err) : DEED_OK;
}

/* What all else is told by must be there. nextUpdate need not: a closed list
 * has none. */
static enum deed_status check_scheme(const struct ts_reading *r,
				     struct deed_error *err)
{
	const struct trust_list *l = r->out->list;

	if (!r->has_sequence || !r->has_issued || r->out->type == NULL ||
	    l->scheme_operator == NULL || l->territory == NULL)
		return deed_error_set(err, DEED_MALFORMED,
				      "it does not say its sequence number, "
				      "time of issue, type, operator and "
				      "territory");
	return DEED_OK;
}

bool ts119612_is_list_of_lists(const struct ts119612_content *c)
{
	size_t len = strlen(c->type), end = sizeof(LIST_OF_LISTS) - 1;

	return len > end && strcmp(c->type + len - end, LIST_OF_LISTS) == 0;
}

enum deed_status ts119612_read(struct slice octets,
			       struct ts119612_content *out,
			       struct deed_error *err)
{
	static const struct xml_handler handler = { on_start, on_end, on_text };
	struct ts_reading r = { .out = out,
				.path = { TS_DOCUMENT },
				.why = DEED_ERROR_INIT };
	enum deed_status status;

	*out = (struct ts119612_content){ .list = trust_list_new() };
	if (out->list == NULL)
		return deed_error_memory(err);
	out->list->kind = TRUST_LIST_TS119612;
	status = xml_read(octets, "list", &handler, &r, err);
	if (r.why.message[0] != '\0')
		status = deed_error_set(err, status, "%s", r.why.message);
	if (status == DEED_OK)
		status = check_scheme(&r, err);
	if (status == DEED_OK)
		status = name_scheme(out, err);
	if (status == DEED_OK)
		status = trust_list_check(out->list, err);
	buf_clear(&r.text);
	return status;
}

void ts119612_content_clear(struct ts119612_content *c)
{
	size_t i;

	for (i = 0; i < c->pointer_count; i++) {
		free(c->pointers[i].type);
		free(c->pointers[i].territory);
		cert_list_clear(&c->pointers[i].signers);
	}
	free(c->pointers);
	free(c->type);
	trust_list_free(c->list);
	*c = (struct ts119612_content){ 0 };
}
