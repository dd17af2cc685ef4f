/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/remedy.h"

#include <stdio.h>
#include <string.h>

#include "cmd/frame/output.h"

/* '%' is what it is to be done to; of two the first is a word. */
static const struct {
	const char *word, *text;
	const char *offline; /* what is to be said with --offline, too */
} remedies[] = {
	{ "abandon",
	  "deed shard repair --all --abandon NAME, if a place is not to come "
	  "back",
	  "" },
	{ "accept-ca",
	  "--accept-ca % takes that CA's word, and the attestation says so",
	  "" },
	{ "address",
	  "--online-hosts HOST fetches what lies on this machine or in a "
	  "private network",
	  "" },
	{ "amend", "deed enroll amend % --from FILE", "" },
	{ "amend-request", "deed enroll amend % --from FILE --csr FILE", "" },
	{ "anchors", "--anchors FILE names the root of its CA", "" },
	{ "anew",
	  "--anew forgets what is pending, and asks for another certificate",
	  "" },
	{ "another-key", "enroll with another key", "" },
	{ "backup-to", "--to CERT.pem names the certificate", "" },
	{ "ca-renew", "deed ca renew", "" },
	{ "cas", "deed help ca says what an account at a CA needs", "" },
	{ "cas-anchors",
	  "cas.%.anchors in the configuration names a file with the root of "
	  "the CA",
	  "" },
	{ "content", "--content FILE names it", "" },
	{ "crl", "deed ca crl", "" },
	{ "days", "--days N, so that it ends later", "" },
	{ "document-passphrase", "--document-passphrase SOURCE gives it", "" },
	{ "enroll-org", "deed enroll org % --certificate FILE", "" },
	{ "enroll-person", "deed enroll person % --certificate FILE", "" },
	{ "enroll-request", "deed enroll request % --ca %", "" },
	{ "home", "choose another place with --home", "" },
	{ "home-place", "--home DIR, $DEED_HOME or $HOME says it", "" },
	{ "id",
	  "--id KIND:NUMBER, or id: in the file of --from; deed help enroll "
	  "has the kinds",
	  "" },
	{ "init", "deed init --office NAME --id KIND:NUMBER", "" },
	{ "insecure", "--insecure asks it all the same", "" },
	{ "level-t", "--level t adds one", "" },
	{ "lift", "deed party suspend % --lift", "" },
	{ "list-label", "deed shard list --label %", "" },
	{ "list-signer",
	  "--list-signer CERT names the signer, where that is to count", "" },
	{ "message-cms",
	  "openssl cms -cmsout -inform SMIME -in '%' -outform DER -out "
	  "message.p7m takes it out",
	  "" },
	{ "min-places",
	  "deed shard put --min-places N goes on with those that answer", "" },
	{ "name-in-certificate",
	  "--name-in-certificate TEXT of deed enroll, where that is the party "
	  "all the same",
	  "" },
	{ "new-house",
	  "a new house, in another home: deed init --office NAME --id "
	  "KIND:NUMBER --home DIR",
	  "" },
	{ "office-days",
	  "deed verify-id office --days N, so that it ends no earlier", "" },
	{ "offline", "--offline forbids it", "" },
	{ "overwrite", "--force overwrites it", "" },
	{ "rebalance",
	  "deed shard rebalance --all removes it, when its grace is over", "" },
	{ "recover", "deed audit recover", "" },
	{ "reindex", "deed shard reindex", "" },
	{ "rekey", "deed enroll rekey %", "" },
	{ "rekey-lost", "deed enroll rekey % --lost", "" },
	{ "rekey-office", "deed enroll rekey office", "" },
	{ "renew", "deed enroll renew %", "" },
	{ "renew-elsewhere",
	  "the CA that issued it renews it; then deed enroll rekey %", "" },
	{ "renew-office", "deed enroll renew office", "" },
	{ "response-token",
	  "openssl ts -reply -in '%' -token_out -out token.tst takes it out",
	  "" },
	{ "restore",
	  "--against FILE, a checkpoint, proof or manifest that was kept; or "
	  "--no-checkpoint",
	  "" },
	{ "revocation", "--crl FILE or --ocsp FILE gives it",
	  "; without --offline it is fetched" },
	{ "revocation-young",
	  "--online fetches it; --crl FILE or --ocsp FILE brings it",
	  "; --offline forbids the former" },
	{ "root",
	  "--trust FILE names its root, --untrusted FILE certificates in "
	  "between",
	  "" },
	{ "root-crl", "deed ca crl --ca root", "" },
	{ "root-crl-key", "deed ca crl --ca root --root-key FILE", "" },
	{ "shard-check", "deed shard check", "" },
	{ "shard-repair", "deed shard repair --all", "" },
	{ "signer", "--signer CERT names who may have signed it", "" },
	{ "time-stamps",
	  "--tsa URL names one, or timestamp.tsa in the configuration",
	  "; --offline asks none" },
	{ "token-module",
	  "--token-module FILE, such as /usr/lib/softhsm/libsofthsm2.so", "" },
	{ "trust-add", "deed trust add FILE --list-signer CERT --as NAME", "" },
	{ "trust-import",
	  "deed trust import makes one of a list in XML or YAML", "" },
	{ "trust-list",
	  "--trust-list FILE --list-signer CERT, or --trust-list home", "" },
	{ "trust-update", "deed trust update %", "" },
	{ "verify-id", "deed verify-id % --attest TEXT --location TOWN", "" },
	{ "wait", "--wait=SECONDS waits longer", "" },
};

/* The word before the last place; all that is left for the last. */
static void put_about(const char **about, bool last, struct buf *out)
{
	char word[128];
	size_t len = strcspn(*about, " ");

	if (last) {
		output_clean(*about, out);
		return;
	}
	(void)snprintf(word, sizeof(word), "%.*s",
		       (int)(len < sizeof(word) ? len : sizeof(word) - 1),
		       *about);
	output_clean(word, out);
	*about += len + ((*about)[len] == ' ');
}

/* The text is the table's and is not cleaned; what it is about may be a name
 * out of a file, and is. */
static void put(const char *text, const char *about, struct buf *out)
{
	const char *place;

	while ((place = strchr(text, '%')) != NULL) {
		buf_append(out, text, (size_t)(place - text));
		text = place + 1;
		put_about(&about, strchr(text, '%') == NULL, out);
	}
	buf_str(out, text);
}

void remedy_text(const struct session *s, const char *hint, struct buf *out)
{
	size_t i, len = strcspn(hint, " ");
	const char *about = hint + len + (hint[len] == ' ');

	for (i = 0; hint[0] == DEED_ERROR_REMEDY &&
		    i < sizeof(remedies) / sizeof(remedies[0]);
	     i++) {
		if (strlen(remedies[i].word) != len - 1 ||
		    strncmp(remedies[i].word, hint + 1, len - 1) != 0)
			continue;
		put(remedies[i].text, about, out);
		if (s->offline)
			buf_str(out, remedies[i].offline);
		return;
	}
	output_clean(hint, out);
}
