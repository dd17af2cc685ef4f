/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include "pki/path.h"
#include "pki/maker.h"

/*
 * A chain of an anchor, two authorities and a leaf, whose extensions are the
 * input: records of one octet (two bits which certificate, then which
 * extension), one of length, and the value.  Whatever they hold, judging
 * ends, and what is not good has a rule and a message.
 */
static const char *const kinds[] = {
	"2.5.29.30", /* nameConstraints */
	"2.5.29.32", /* certificatePolicies */
	"2.5.29.33", /* policyMappings */
	"2.5.29.36", /* policyConstraints */
	"2.5.29.54", /* inhibitAnyPolicy */
	"2.5.29.17", /* subjectAltName */
	"2.5.29.15", /* keyUsage */
	"2.5.29.37", /* extKeyUsage */
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))
#define CERTS 4

static void read_records(struct maker *chain, struct slice in)
{
	bool used[CERTS][KINDS] = { { false } };
	size_t count[CERTS] = { 0 };
	unsigned cert, kind;
	size_t len;

	while (in.len >= 2) {
		cert = in.data[0] % CERTS;
		kind = in.data[0] / CERTS % KINDS;
		len = in.data[1] < in.len - 2 ? in.data[1] : in.len - 2;
		if (!used[cert][kind])
			chain[cert].extensions[count[cert]++] =
				(struct maker_extension){ kinds[kind], true,
							  slice_of(in.data + 2,
								   len) };
		used[cert][kind] = true;
		in = slice_of(in.data + 2 + len, in.len - 2 - len);
	}
}

static void judge(struct cert *const certs[CERTS])
{
	const struct slice any = oid_slice(OID_COMMON_NAME);
	struct pki_params params = { .time = MAKER_NOW,
				     .no_revocation = true,
				     .purpose = PKI_ANY,
				     .explicit_policy = true };
	struct pki_source *source;
	struct pki_path path;
	int i;

	if (pki_source_new(NULL, &source, NULL) != DEED_OK)
		abort();
	if (pki_source_add_anchor(source, certs[0], NULL) != DEED_OK ||
	    pki_source_add_certificate(source, certs[1], NULL) != DEED_OK ||
	    pki_source_add_certificate(source, certs[2], NULL) != DEED_OK)
		abort();
	params.source = source;
	for (i = 0; i < 2; i++) {
		if (pki_judge_path(certs[3], &params, &path, NULL) != DEED_OK)
			abort();
		if ((path.outcome == PKI_GOOD) !=
			    (path.rule == PKI_RULE_NONE) ||
		    (path.outcome == PKI_GOOD) != (path.message[0] == '\0') ||
		    path.len == 0 || path.failed >= path.len)
			abort();
		pki_path_clear(&path);
		params.explicit_policy = false;
		params.policies = &any;
		params.policy_count = 1;
	}
	pki_source_free(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct maker chain[CERTS] = {
		{ .subject = "root",
		  .issuer = "root",
		  .subject_key = 1,
		  .issuer_key = 1,
		  .ca = true,
		  .path_len = -1 },
		{ .subject = "a",
		  .issuer = "root",
		  .subject_key = 2,
		  .issuer_key = 1,
		  .ca = true,
		  .path_len = -1 },
		{ .subject = "b",
		  .issuer = "a",
		  .subject_key = 3,
		  .issuer_key = 2,
		  .ca = true,
		  .path_len = -1 },
		{ .subject = "leaf",
		  .issuer = "b",
		  .subject_key = 4,
		  .issuer_key = 3,
		  .ca = false,
		  .path_len = -1 },
	};
	struct cert *certs[CERTS] = { NULL };
	bool whole = true;
	int i;

	read_records(chain, slice_of(data, size));
	for (i = 0; i < CERTS; i++)
		whole = whole && maker_try(&chain[i], &certs[i]) == DEED_OK;
	if (whole)
		judge(certs);
	for (i = 0; i < CERTS; i++)
		cert_free(certs[i]);
	return 0;
}
