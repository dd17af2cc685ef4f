/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/trust/lists.h"

#include "base/clock.h"
#include "base/file.h"
#include "cmd/frame/output.h"
#include "cmd/signing/timestamping.h"
#include "codec/hex.h"
#include "net/http.h"

#define CERTIFICATES_MAX (16U << 20) /* octets of a file */

const char *const lists_kinds[] = { "ts119612", "yaml", NULL };

enum deed_status lists_certificates(const struct option_list *files,
				    struct cert_list *out,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	for (size_t i = 0; status == DEED_OK && i < files->count; i++) {
		struct buf text = BUF_INIT;

		status =
			file_read(files->item[i], CERTIFICATES_MAX, &text, err);
		if (status == DEED_OK)
			status = cert_list_load(out, buf_get(&text),
						files->item[i], err);
		buf_clear(&text);
	}
	return status;
}

static bool is_url(const char *from)
{
	return strncmp(from, "http://", 7) == 0 ||
	       strncmp(from, "https://", 8) == 0;
}

/* Bounded by what a statement may have; that it is one is seen after that, and
 * whose it is when it is held. */
static enum deed_status get(struct session *s, const char *url, struct buf *out,
			    struct deed_error *err)
{
	const struct http_request request = { .max = HELD_STATEMENT_MAX };
	struct http_response response = HTTP_RESPONSE_INIT;
	struct http_client *client = NULL;
	enum deed_status status;

	/* The user names the host, so any address will do. */
	status = session_http(s, NULL, &client, err);
	if (status == DEED_OK)
		status = http_get(client, url, &request, &response, err);
	if (status == DEED_OK)
		buf_slice(out, buf_get(&response.body));
	http_response_clear(&response);
	http_client_free(client);
	return status == DEED_OK ? buf_status(out, err) : status;
}

/* A SEQUENCE it is at least; what else there is, is mostly the list that a
 * statement is to be made of. */
static enum deed_status check_shape(const char *from, const struct buf *data,
				    struct deed_error *err)
{
	if (data->len > 0 && data->data[0] == 0x30)
		return DEED_OK;
	deed_error_set(err, DEED_MALFORMED,
		       "'%s' is no trust list: expected a signed statement",
		       from);
	deed_error_remedy(err, "trust-import", NULL);
	return DEED_MALFORMED;
}

enum deed_status lists_fetch(struct session *s, const char *from,
			     struct buf *out, struct deed_error *err)
{
	enum deed_status status;

	if (!is_url(from) && strstr(from, "://") != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "'%s': expected a file, or an http or "
				      "https URL",
				      from);
	status = is_url(from) ? get(s, from, out, err)
			      : file_read(from, HELD_STATEMENT_MAX, out, err);
	return status == DEED_OK ? check_shape(from, out, err) : status;
}

static size_t services(const struct trust_list *l)
{
	size_t count = 0;

	for (size_t i = 0; i < l->operator_count; i++)
		count += l->operators[i].service_count;
	return count;
}

static json_t *end_of(const struct trust_list *l)
{
	return l->next_update == TRUST_NO_TIME ? json_null()
					       : output_time(l->next_update);
}

json_t *lists_json(const struct trust_list *l)
{
	return json_pack(
		"{s:s,s:o,s:o,s:o,s:I,s:o,s:o,s:o,s:I,s:I}", "kind",
		lists_kinds[l->kind - 1], "scheme", output_text(l->scheme),
		"scheme_operator", output_text(l->scheme_operator), "territory",
		output_text(l->territory), "sequence", (json_int_t)l->sequence,
		"issued", output_time(l->issued), "next_update", end_of(l),
		"source", output_sha256(l->source), "operators",
		(json_int_t)l->operator_count, "services",
		(json_int_t)services(l));
}

json_t *lists_held_json(const struct held_list *h)
{
	json_t *o = lists_json(h->statement->list);
	json_t *counters = json_array();
	const struct cert_list *by = &h->statement->beside.countersigners;

	for (size_t i = 0; i < by->count; i++)
		(void)json_array_append_new(
			counters, output_sha256(cert_sha256(by->items[i])));
	if (json_object_set_new(o, "name", output_text(h->name)) != 0 ||
	    json_object_set_new(o, "from", output_text(h->from)) != 0 ||
	    json_object_set_new(o, "signer",
				output_sha256(cert_sha256(h->signer))) != 0 ||
	    json_object_set_new(o, "countersigners", counters) != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

void lists_text(const struct trust_list *l, struct buf *out)
{
	char end[CLOCK_TEXT] = "it is closed";

	if (l->next_update != TRUST_NO_TIME)
		clock_format(l->next_update, end);
	buf_printf(out,
		   "%s, number %llu, %s: %zu operators, %zu services, "
		   "until %s",
		   l->scheme, (unsigned long long)l->sequence, l->territory,
		   l->operator_count, services(l), end);
	buf_byte(out, 0);
}
