/* SPDX-License-Identifier: Apache-2.0 */
#include "report/remedy.h"

#include <strings.h>

#include "base/clock.h"
#include "report/word.h"

struct question {
	const struct report_asked *asked;
	const struct verdict_document *doc;
	const struct verdict_signature *sig;
	size_t number; /* of the signature, from 1 */
};

typedef void remedy_fn(const struct question *q, struct buf *out);

/* The network is offered only where it was neither used nor forbidden: where
 * it was used, it did not help. */
static void put_revocation(const struct question *q, struct buf *out)
{
	bool may = !q->asked->online && !q->asked->offline;

	buf_printf(out, "%s brings what is missing",
		   may ? "--online, --crl FILE or --ocsp FILE"
		       : "--crl FILE or --ocsp FILE");
}

/* Names are quoted for the shell, as the line is meant to be copied. */
static void put_files(const char *option, const char *const *files,
		      size_t count, struct buf *out)
{
	size_t i;

	for (i = 0; i < count; i++) {
		buf_printf(out, " --%s ", option);
		report_word(files[i], out);
	}
}

/* The command that shows the chain, with what it was looked for in.  What came
 * from standard input no command reads again. */
static void put_chain(const struct question *q, struct buf *out)
{
	const struct report_asked *asked = q->asked;
	bool gone = strcmp(q->doc->file, "-") == 0;
	char at[CLOCK_TEXT];

	if (asked->trust_count == 0)
		buf_printf(out, "--trust FILE names whom you believe%s",
			   gone ? "" : "; ");
	if (gone)
		return;
	buf_str(out, "deed trust path");
	put_files("trust", asked->trust, asked->trust_count, out);
	put_files("untrusted", asked->untrusted, asked->untrusted_count, out);
	if (asked->has_at) {
		clock_format(asked->at, at);
		buf_printf(out, " --at %s", at);
	}
	if (asked->online)
		buf_str(out, " --online");
	if (q->number > 1)
		buf_printf(out, " --signature %zu", q->number);
	buf_byte(out, ' ');
	report_word(q->doc->file, out);
	buf_str(out, " shows where the chain ends");
}

/* A container and a PDF have their content with them. */
static void put_content(const struct question *q, struct buf *out)
{
	if (!q->asked->content && q->doc->format == FORMAT_CADES &&
	    q->sig->sub == SUB_SIGNED_DATA_NOT_FOUND)
		buf_str(out, "--content FILE gives what was signed");
}

/* Written beside it, without the ending that the signature gave its name. */
static void put_inside(const struct question *q, struct buf *out)
{
	const char *file = q->doc->file;
	size_t len = strlen(file);
	struct buf name = BUF_INIT;

	if (strcmp(file, "-") == 0)
		return;
	if (len > 4 && strcasecmp(file + len - 4, ".p7m") == 0 &&
	    file[len - 5] != '/')
		buf_append(&name, file, len - 4);
	else
		buf_printf(&name, "%s.content", file);
	buf_byte(&name, 0);
	out->failed |= name.failed;
	if (!name.failed) {
		buf_str(out, "deed verify --extract ");
		report_word((const char *)name.data, out);
		buf_byte(out, ' ');
		report_word(file, out);
		buf_str(out, " writes out what is inside");
	}
	buf_clear(&name);
}

static void put_certificate(const struct question *q, struct buf *out)
{
	if (q->sig->sub == SUB_NO_SIGNING_CERTIFICATE_FOUND)
		buf_str(out, "--untrusted FILE gives the signer's "
			     "certificate");
}

/* The reason has other causes with the same id, for which accepting a policy
 * is no remedy. */
static void put_policy(const struct question *q, struct buf *out)
{
	if (q->sig->sub != SUB_SIGNATURE_POLICY_NOT_AVAILABLE)
		return;
	buf_str(out, q->asked->policy
			     ? "signature-policies in the policy's file names "
			       "those that are accepted"
			     : "--policy FILE accepts those that FILE names "
			       "under signature-policies");
}

static void put_in_time(const struct question *q, struct buf *out)
{
	(void)q;
	buf_str(out, "for other documents: deed extend --level lta, while "
		     "their certificates are valid");
}

/* Why a time-stamp proves nothing is known of the time-stamp. */
static void put_timestamp(const struct question *q, struct buf *out)
{
	const struct verdict_timestamp *t;
	size_t i;

	for (i = 0; i < q->sig->timestamp_count; i++) {
		t = &q->sig->timestamps[i];
		if (t->indication != INDETERMINATE)
			continue;
		if (t->sub == SUB_TRY_LATER)
			put_revocation(q, out);
		else if (t->sub == SUB_NO_CERTIFICATE_CHAIN_FOUND)
			buf_str(out, "--trust FILE with the root of the "
				     "time-stamping authority, if you "
				     "believe it");
		return;
	}
}

static const struct {
	const char *id;
	remedy_fn *put;
} remedies[] = {
	{ "certificate-unproven", put_in_time },
	{ "chain-untrusted", put_chain },
	{ "content", put_content },
	{ "content-signed", put_inside },
	{ "revocation-issuer-expired", put_in_time },
	{ "revocation-unknown", put_revocation },
	{ "revocation-unproven", put_in_time },
	{ "signature-policy", put_policy },
	{ "signing-certificate", put_certificate },
	{ "timestamp-unproven", put_timestamp },
};

void report_remedy(const struct report_asked *asked,
		   const struct verdict_document *doc, size_t signature,
		   size_t reason, struct buf *out)
{
	const struct verdict_signature *sig = &doc->signatures[signature];
	const struct question q = {
		.asked = asked, .doc = doc, .sig = sig, .number = signature + 1
	};
	size_t i;

	for (i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++) {
		if (strcmp(remedies[i].id, sig->reasons[reason].id) == 0)
			remedies[i].put(&q, out);
	}
}
