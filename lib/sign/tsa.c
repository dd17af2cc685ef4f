/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/tsa.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/log.h"
#include "crypto/random.h"

/* What a token may grow by from one to the next: a serial number, an
 * accuracy, a longer signature. */
#define TOKEN_SLACK 256

struct authority {
	const char *url;
	struct http_credentials credentials;
	struct buf policy; /* OID content octets, empty for none */
};

/* What was learnt while stamping, by any thread. */
struct learnt {
	atomic_size_t largest; /* token */
	atomic_size_t good;    /* the authority that answered last */
};

struct tsa_set {
	struct http_client *client;
	struct authority list[TSA_AUTHORITIES];
	size_t count;
	struct learnt *learnt;
};

enum deed_status tsa_set_new(struct http_client *client, struct tsa_set **out,
			     struct deed_error *err)
{
	struct tsa_set *set = calloc(1, sizeof(*set));

	*out = NULL;
	if (set == NULL)
		return deed_error_memory(err);
	set->learnt = calloc(1, sizeof(*set->learnt));
	if (set->learnt == NULL) {
		free(set);
		return deed_error_memory(err);
	}
	set->client = client;
	*out = set;
	return DEED_OK;
}

void tsa_set_free(struct tsa_set *set)
{
	size_t i;

	if (set == NULL)
		return;
	for (i = 0; i < set->count; i++)
		buf_clear(&set->list[i].policy);
	free(set->learnt);
	free(set);
}

enum deed_status tsa_set_add(struct tsa_set *set,
			     const struct tsa_authority *authority,
			     struct deed_error *err)
{
	struct authority *a = &set->list[set->count];

	if (set->count == TSA_AUTHORITIES)
		return deed_error_set(err, DEED_USAGE,
				      "expected at most %d time-stamp "
				      "authorities",
				      TSA_AUTHORITIES);
	*a = (struct authority){ .url = authority->url,
				 .credentials = authority->credentials,
				 .policy = BUF_INIT };
	if (authority->policy != NULL &&
	    !oid_encode(authority->policy, &a->policy)) {
		buf_clear(&a->policy);
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is no policy: expected numbers "
				      "with dots between",
				      authority->policy);
	}
	set->count++;
	return DEED_OK;
}

size_t tsa_set_count(const struct tsa_set *set)
{
	return set->count;
}

size_t tsa_token_size(const struct tsa_set *set)
{
	size_t largest = atomic_load(&set->learnt->largest);

	return largest == 0 ? TSA_TOKEN_GUESS : largest + TOKEN_SLACK;
}

/* Threads that stamp at once may both learn; the largest token wins, and which
 * authority was good last matters little. */
static void learn(const struct tsa_set *set, size_t authority, size_t token)
{
	size_t largest = atomic_load(&set->learnt->largest);

	while (token > largest &&
	       !atomic_compare_exchange_weak(&set->learnt->largest, &largest,
					     token))
		continue;
	atomic_store(&set->learnt->good, authority);
}

/* One request to one authority. */
static enum deed_status ask(const struct tsa_set *set,
			    const struct authority *a, enum digest_alg alg,
			    struct slice digest, struct buf *token,
			    struct deed_error *err)
{
	struct tsa_request request = { .alg = alg,
				       .digest = digest,
				       .policy = buf_get(&a->policy) };
	struct http_response response = HTTP_RESPONSE_INIT;
	struct http_request http = {
		.credentials = &a->credentials,
		.max = TSA_TOKEN_MAX,
		.content = "application/timestamp-query",
		.accept = "application/timestamp-reply",
	};
	struct buf query = BUF_INIT;
	enum deed_status status;

	status = random_bytes(request.nonce, TSA_NONCE, err);
	request.nonce[0] &= 0x7f;
	if (status == DEED_OK)
		status = tsa_request_write(&request, &query, err);
	http.body = buf_get(&query);
	if (status == DEED_OK)
		status = http_post(set->client, a->url, &http, &response, err);
	if (status == DEED_OK) {
		status = tsa_response_read(buf_get(&response.body), &request,
					   token, err);
		if (status == DEED_REMOTE)
			deed_error_prefix(err, "'%s'", a->url);
	}
	http_response_clear(&response);
	buf_clear(&query);
	return status;
}

/* A digest shorter than SHA-256 is not sent, whatever the authority would
 * accept. */
static enum deed_status check_request(const struct tsa_set *set,
				      enum digest_alg alg, struct slice digest,
				      struct deed_error *err)
{
	if (set->count == 0)
		return deed_error_set(err, DEED_USAGE,
				      "no time-stamp authority is named");
	if (digest_size(alg) < SHA256_SIZE || digest.len != digest_size(alg))
		return deed_error_set(err, DEED_USAGE,
				      "deed does not stamp a digest '%s'",
				      digest_name(alg));
	return DEED_OK;
}

/* Beginning with the one that answered last, so that an authority that is
 * down costs one time-out a run. */
enum deed_status tsa_ask(const struct tsa_set *set, enum digest_alg alg,
			 struct slice digest, struct buf *token,
			 struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = check_request(set, alg, digest, err);
	size_t first, i, n, before = token->len;

	if (status != DEED_OK)
		return status;
	first = atomic_load(&set->learnt->good);
	for (n = 0; n < set->count; n++) {
		i = (first + n) % set->count;
		status = ask(set, &set->list[i], alg, digest, token, &why);
		if (status == DEED_OK) {
			learn(set, i, token->len - before);
			return DEED_OK;
		}
		token->len = before;
		if (status == DEED_NO_MEMORY)
			break;
		if (n + 1 < set->count)
			log_say(LOG_WARNING, "%s; the next authority is asked",
				why.message);
	}
	if (err != NULL)
		*err = why;
	return status;
}
