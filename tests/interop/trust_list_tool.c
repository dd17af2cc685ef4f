/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Trusted lists for tests/interop/trust-lists.t, without an office:
 *
 *	trust_list_tool HELPERS signature SIGNER.pem FILE...
 *	trust_list_tool HELPERS import SIGNER.pem FILE... [--pivot FILE...]
 *	trust_list_tool HELPERS changes SIGNER.pem FILE LEAF.pem
 *
 * The first prints a line of each FILE: name, id of the status, message.  The
 * second prints the payload, or the id and the message; --at TIME may stand
 * before SIGNER.pem.  The exit code of the second is that of the status.  The
 * third takes LEAF for a signer of every authority in turn, and prints what
 * the list says of him at each of its changes of status, and the second
 * before: digest of the authority, time, answer.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "codec/hex.h"
#include "trust/qualify_list.h"
#include "trust/ts119612.h"
#include "trust/xmldsig.h"

#define MAX (32u << 20)
#define FILES 80

static struct deed_error error = DEED_ERROR_INIT;

static void must(enum deed_status status)
{
	if (status == DEED_OK)
		return;
	printf("%s\t%s\n", deed_status_id(status), error.message);
	exit(deed_status_exit(status));
}

static void load_signers(const char *path, struct cert_list *signers)
{
	struct buf file = BUF_INIT;

	must(file_read(path, MAX, &file, &error));
	must(cert_list_load(signers, buf_get(&file), path, &error));
	buf_clear(&file);
}

static void signature(const char *path, const struct cert_list *signers)
{
	struct deed_error err = DEED_ERROR_INIT;
	struct xmldsig x = { 0 };
	struct buf file = BUF_INIT;
	enum deed_status status;

	status = file_read(path, MAX, &file, &err);
	if (status == DEED_OK)
		status =
			xmldsig_verify(buf_get(&file), path, signers, &x, &err);
	printf("%s\t%s\t%s\n", path, deed_status_id(status),
	       status == DEED_OK ? "" : err.message);
	xmldsig_clear(&x);
	buf_clear(&file);
}

static void import(char **names, const struct cert_list *signers, int64_t at)
{
	static struct ts119612_file files[2][FILES];
	static struct buf bytes[2][FILES];
	size_t count[2] = { 0, 0 }, n;
	struct trust_list *list;
	int which = 0;
	json_t *payload;

	for (; *names != NULL; names++) {
		if (strcmp(*names, "--pivot") == 0) {
			which = 1;
			continue;
		}
		n = count[which]++;
		if (n == FILES)
			exit(2);
		must(file_read(*names, MAX, &bytes[which][n], &error));
		files[which][n].xml = buf_get(&bytes[which][n]);
		files[which][n].name = *names;
	}
	must(ts119612_import(files[0], count[0], files[1], count[1], signers,
			     at, &list, &error));
	payload = trust_list_write(list);
	if (payload == NULL || json_dumpf(payload, stdout, JSON_COMPACT) != 0)
		exit(10);
	json_decref(payload);
	trust_list_free(list);
	for (which = 0; which < 2; which++)
		for (n = 0; n < count[which]; n++)
			buf_clear(&bytes[which][n]);
}

static void print_answer(const struct trust_list *l, struct cert *leaf,
			 struct cert *ca, int64_t at)
{
	struct cert *const chain[] = { leaf, ca };
	struct qualify_result r;
	char hash[65] = "";

	must(qualify_chain(l, chain, 2, false, at, &r, &error));
	hex_text((struct slice){ cert_sha256(ca), 32 }, hash);
	printf("%s\t%lld\t%s\n", hash, (long long)at,
	       qualification_text(r.at_best_time));
}

static void print_changes(const struct trust_list *l, struct cert *leaf)
{
	const struct trust_service *s;
	size_t i, k, n, m;

	for (i = 0; i < l->operator_count; i++)
		for (k = 0; k < l->operators[i].service_count; k++) {
			s = &l->operators[i].services[k];
			for (n = 0; n < s->identity_count; n++)
				for (m = 0; m < 2 * s->status_count; m++)
					print_answer(
						l, leaf,
						trust_list_certificate(
							l, &s->identities[n]),
						s->statuses[m / 2].since -
							(int64_t)(m % 2));
		}
}

static void changes(char **names, const struct cert_list *signers)
{
	struct buf xml = BUF_INIT;
	struct cert_list leaf = CERT_LIST_INIT;
	struct ts119612_file file = { .name = names[0] };
	struct trust_list *list;

	must(file_read(names[0], MAX, &xml, &error));
	file.xml = buf_get(&xml);
	load_signers(names[1], &leaf);
	must(ts119612_import(&file, 1, NULL, 0, signers, TRUST_NO_TIME, &list,
			     &error));
	print_changes(list, leaf.items[0]);
	trust_list_free(list);
	cert_list_clear(&leaf);
	buf_clear(&xml);
}

int main(int argc, char **argv)
{
	struct cert_list signers = CERT_LIST_INIT;
	int64_t at = TRUST_NO_TIME;
	char **arg = argv + 3;

	(void)signal(SIGPIPE, SIG_IGN);
	if (argc < 5)
		return 2;
	process_set_helpers(argv[1]);
	if (strcmp(*arg, "--at") == 0 && argc > 6) {
		must(clock_parse(arg[1], &at, &error));
		arg += 2;
	}
	load_signers(*arg++, &signers);
	if (strcmp(argv[2], "import") == 0)
		import(arg, &signers, at);
	else if (strcmp(argv[2], "changes") == 0 && argc == 6)
		changes(arg, &signers);
	else
		for (; *arg != NULL; arg++)
			signature(*arg, &signers);
	cert_list_clear(&signers);
	return 0;
}
