/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/process.h"
#include "ca/cmp.h"
#include "ca/request.h"

/*
 * A client of CMP by itself:
 *	cmp_tool URL ANCHORS REQUEST STATE OUT SECRET|CERT KEY
 * Exit 0: the certificate is in OUT and confirmed; 3: STATE is to be gone on
 * with; 1: refused, in words, by the CA or because the key is another; 8: no
 * answer.
 */
static int say(enum deed_status s, const struct deed_error *err)
{
	fprintf(stderr, "%s\n", err->message);
	return deed_status_exit(s);
}

static int keep(const char *path, struct slice data)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fwrite(data.data, 1, data.len, f) != data.len ||
	    fclose(f) != 0)
		return 10;
	return 0;
}

static enum deed_status load(const char *path, struct buf *out)
{
	return file_exists(path) ? file_read(path, 1 << 20, out, NULL)
				 : DEED_OK;
}

/* What a caller does with a certificate: judge, keep, confirm. */
static int take(const struct ca_account *a, struct http_client *http,
		const struct ca_remote_answer *answer, struct slice request,
		const char *path)
{
	const struct cert_fields *f = cert_fields(answer->chain.items[0]);
	struct deed_error err = DEED_ERROR_INIT;
	struct ca_request r;
	enum deed_status s;
	bool ours;
	int code = 0;

	if (ca_request_read(request, &r, NULL) != DEED_OK)
		return 10;
	ours = slice_equal(r.spki, f->spki);
	ca_request_clear(&r);
	if (ours)
		code = keep(path, f->der);
	s = ca_protocol_cmp.confirm(a, http, buf_get(&answer->state),
				    ours ? NULL : "its key is another", &err);
	if (s != DEED_OK)
		return say(s, &err);
	if (!ours)
		fprintf(stderr, "rejected: its key is another\n");
	return ours ? code : 1;
}

static int run(const struct ca_account *a, struct http_client *http,
	       char **argv)
{
	struct ca_remote_answer answer = CA_REMOTE_ANSWER_INIT;
	struct buf request = BUF_INIT, state = BUF_INIT;
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status s;
	int code;

	if (load(argv[3], &request) != DEED_OK ||
	    load(argv[4], &state) != DEED_OK)
		return 10;
	s = ca_protocol_cmp.ask(a, http, buf_get(&request), buf_get(&state),
				&answer, &err);
	if (s != DEED_OK) {
		code = say(s, &err);
	} else if (answer.outcome == CA_REMOTE_REFUSED) {
		fprintf(stderr, "%s\n", answer.words);
		code = 1;
	} else if (answer.outcome == CA_REMOTE_PENDING) {
		fprintf(stderr, "pending, %lld\n",
			(long long)answer.retry_after);
		code = keep(argv[4], buf_get(&answer.state));
		code = code == 0 ? 3 : code;
	} else {
		code = take(a, http, &answer, buf_get(&request), argv[5]);
	}
	buf_clear(&request);
	buf_clear(&state);
	ca_remote_answer_clear(&answer);
	return code;
}

int main(int argc, char **argv)
{
	struct ca_account a = { .name = "ca",
				.protocol = "cmp",
				.now = time(NULL) };
	struct secret *secret = NULL;
	struct buf anchors = BUF_INIT;
	struct http_client *http;
	int code;

	if (argc < 7 || load(argv[2], &anchors) != DEED_OK)
		return 2;
	a.url = argv[1];
	a.anchors = buf_get(&anchors);
	if (argc == 7) {
		if (secret_copy(argv[6], strlen(argv[6]), &secret, NULL) !=
		    DEED_OK)
			return 10;
		a.passphrase = secret;
		a.user = "office7";
	} else {
		a.certificate = argv[6];
		a.key = argv[7];
	}
	process_set_helpers(getenv("top_builddir"));
	if (http_client_new(NULL, &http, NULL) != DEED_OK)
		return 10;
	code = run(&a, http, argv);
	http_client_free(http);
	secret_free(secret);
	buf_clear(&anchors);
	return code;
}
