/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/outside.h"

#include <stdlib.h>

#include "base/clock.h"
#include "codec/hex.h"
#include "codec/utf8.h"
#include "key/x509_name.h"
#include "pki/path.h"

#define NAME_SHOWN 200 /* octets of a name in a message */

void outside_clear(struct outside_verdict *v)
{
	cert_list_clear(&v->path);
}

/* Judged before the path, as the reason that a user understands. */
static enum deed_status check_time(const struct cert_fields *f, int64_t now,
				   struct deed_error *err)
{
	char text[CLOCK_TEXT];

	if (now < f->not_before) {
		clock_format(f->not_before, text);
		return deed_error_set(err, DEED_CERT_INVALID,
				      "the certificate is not valid before %s",
				      text);
	}
	if (now > f->not_after) {
		clock_format(f->not_after, text);
		return deed_error_set(err, DEED_CERT_INVALID,
				      "the certificate expired at %s", text);
	}
	return DEED_OK;
}

/* Whoever makes a key can write any name beside it. */
static bool is_self_signed(const struct cert *c)
{
	return cert_self_issued(c) && cert_verify(c, c, NULL) == DEED_OK;
}

/* What nothing else could mend: another key, no CA's word, a CA itself,
 * another use, another time.  A certificate without keyUsage may be used for
 * anything (RFC 5280 4.2.1.3). */
static enum deed_status check_leaf(const struct outside_params *p,
				   const struct cert *cert,
				   struct deed_error *err)
{
	const struct cert_fields *f = cert_fields(cert);

	if (memcmp(cert_spki_sha256(cert), p->party->key, 32) != 0)
		return deed_error_set(err, DEED_REFUSED,
				      "the certificate is not for the key of "
				      "party '%s'",
				      p->party->party);
	if (is_self_signed(cert))
		return deed_error_set(err, DEED_REFUSED,
				      "the certificate of party '%s' is signed "
				      "with its own key: the word of a CA is "
				      "missing, one that an anchor or a trust "
				      "list names",
				      p->party->party);
	if (f->is_ca)
		return deed_error_set(err, DEED_REFUSED,
				      "the certificate is a CA's, and no "
				      "party's (basicConstraints)");
	if (f->has_key_usage &&
	    (f->key_usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
		return deed_error_set(err, DEED_REFUSED,
				      "the certificate is not for signatures "
				      "(keyUsage)");
	return check_time(f, p->now, err);
}

/* What the chain is judged by: what the office trusts, or the lists.  What
 * tells whether it was revoked counts in any case. */
static enum deed_status make_source(const struct outside_params *p,
				    const struct cert_list *chain, bool lists,
				    struct pki_source **out,
				    struct deed_error *err)
{
	enum deed_status status = pki_source_new(p->base, out, err);

	if (status == DEED_OK && lists)
		status = outside_lists_anchor(p->lists, *out, err);
	if (status == DEED_OK && p->anchors.len > 0)
		status = pki_source_add_data(*out, p->anchors, !lists,
					     p->anchors_name, err);
	for (size_t i = 1; status == DEED_OK && i < chain->count; i++)
		status = pki_source_add_certificate(*out, chain->items[i], err);
	return status;
}

/* The way differs by who decides: the operator accepts a CA by its hash, an
 * account has its anchors in the configuration, a file comes with --anchors.
 */
static void suggest(const struct outside_params *p, const char *accept,
		    struct deed_error *err)
{
	if (accept != NULL)
		deed_error_remedy(err, "accept-ca", accept);
	else if (p->account != NULL)
		deed_error_remedy(err, "cas-anchors", p->account);
	else
		deed_error_remedy(err, "anchors", NULL);
}

/* The name is whatever the certificate says, so it is cut, and not in the
 * middle of a character. */
static void put_name(struct slice name, struct buf *out)
{
	struct buf text = BUF_INIT;

	x509_name_text(name, &text);
	buf_printf(out, "'%.*s'", (int)utf8_cut(buf_get(&text), NAME_SHOWN),
		   (const char *)text.data);
	buf_clear(&text);
}

/* Nobody's word is taken that nobody named; a list that knows the CA is told
 * with what it says of it. */
static enum deed_status no_anchor(const struct outside_params *p,
				  const struct cert_list *chain,
				  const struct outside_verdict *v,
				  struct deed_error *err)
{
	const struct cert *ca = chain->items[chain->count - 1];
	bool accepting = p->accepting && chain->count > 1;
	struct buf text = BUF_INIT;
	char hash[65];

	hex_text(slice_of(cert_sha256(ca), 32), hash);
	buf_printf(&text,
		   "%s trust list names the CA of the certificate of party "
		   "'%s', ",
		   accepting ? "no" : "no anchor and no", p->party->party);
	put_name(accepting ? cert_fields(ca)->subject
			   : cert_fields(chain->items[0])->issuer,
		 &text);
	if (accepting)
		buf_printf(&text, ", sha256:%s", hash);
	if (v->listed.words[0] != '\0')
		buf_printf(&text, ": %s", v->listed.words);
	buf_byte(&text, 0);
	deed_error_set(err, DEED_REFUSED, "%s",
		       text.failed ? "no trust list names the CA"
				   : (const char *)text.data);
	suggest(p, accepting ? hash : NULL, err);
	buf_clear(&text);
	return DEED_REFUSED;
}

/* What to look for: the CA's own certificate, or one in between. */
static void say_end(const struct pki_path *path, struct buf *out)
{
	const struct cert *top = path->chain[path->len - 1];
	bool root = cert_self_issued(top);

	buf_str(out, root ? ": " : ": no certificate of ");
	put_name(root ? cert_fields(top)->subject : cert_fields(top)->issuer,
		 out);
	buf_str(out, root ? ", where it ends, is none" : " is at hand");
}

/* Where the path ends in the air the message says what is missing; a path that
 * breaks a rule needs no anchor suggested. */
static enum deed_status not_good(const struct outside_params *p,
				 const struct pki_path *path,
				 struct deed_error *err)
{
	struct buf end = BUF_INIT;

	if (path->rule == PKI_RULE_NO_ANCHOR)
		say_end(path, &end);
	buf_byte(&end, 0);
	deed_error_set(err, DEED_CERT_INVALID,
		       "the certificate of party '%s' is not good: %s%s",
		       p->party->party, path->message,
		       end.failed ? "" : (const char *)end.data);
	if (path->outcome == PKI_NO_PATH)
		suggest(p, NULL, err);
	buf_clear(&end);
	return DEED_CERT_INVALID;
}

/* What is kept is this path and nothing else of the chain.  The lists are
 * asked about the path that was judged, and not about what came with the
 * certificate. */
static enum deed_status take_path(const struct outside_params *p, bool lists,
				  const struct pki_path *path,
				  struct outside_verdict *out,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	/* Itself among the anchors: then nobody vouches for it. */
	if (path->len < 2)
		return deed_error_set(err, DEED_REFUSED,
				      "the certificate of party '%s' is itself "
				      "among the anchors, where its CA's is "
				      "wanted",
				      p->party->party);
	for (unsigned i = 0; status == DEED_OK && i < path->len; i++)
		status = cert_list_add(&out->path, path->chain[i], err);
	if (status == DEED_OK && lists)
		status = outside_lists_ask(
			p->lists, out->path.items, out->path.count,
			p->party->organisation, &out->listed, err);
	return status;
}

/* Without revocation lists at hand the path is judged once more, so that other
 * faults do not hide behind that one. */
static enum deed_status judge_path(const struct outside_params *p, bool lists,
				   struct cert *leaf,
				   const struct pki_source *source,
				   struct outside_verdict *out,
				   struct deed_error *err)
{
	struct pki_params params = { .source = source,
				     .time = p->now,
				     .purpose = PKI_SIGNATURE };
	struct pki_path path = { .len = 0 };
	enum deed_status status = pki_judge_path(leaf, &params, &path, err);

	out->unchecked = status == DEED_OK && path.outcome == PKI_NO_REVOCATION;
	if (out->unchecked) {
		/* What else is wrong with it is not to hide behind that. */
		pki_path_clear(&path);
		params.no_revocation = true;
		status = pki_judge_path(leaf, &params, &path, err);
	}
	if (status == DEED_OK && path.outcome == PKI_GOOD)
		status = take_path(p, lists, &path, out, err);
	else if (status == DEED_OK && !(lists && path.outcome == PKI_NO_PATH))
		status = not_good(p, &path, err);
	pki_path_clear(&path);
	return status;
}

/* Without any anchor there is nothing to judge by.  That the lists have none
 * is no failure: the office's anchors are tried next. */
static enum deed_status judge_by(const struct outside_params *p, bool lists,
				 const struct cert_list *chain,
				 struct outside_verdict *out,
				 struct deed_error *err)
{
	struct pki_source *source = NULL;
	enum deed_status status = make_source(p, chain, lists, &source, err);

	if (status == DEED_OK && pki_source_anchor_count(source) > 0)
		status =
			judge_path(p, lists, chain->items[0], source, out, err);
	else if (status == DEED_OK && !lists)
		status = no_anchor(p, chain, out, err);
	pki_source_free(source);
	return status;
}

enum deed_status outside_judge(const struct outside_params *params,
			       const struct cert_list *chain,
			       struct outside_verdict *out,
			       struct deed_error *err)
{
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	status = check_leaf(params, chain->items[0], err);
	if (status == DEED_OK && params->lists != NULL)
		status = judge_by(params, true, chain, out, err);
	/* A CA that no list names for this, now, needs an anchor. */
	if (status == DEED_OK && !out->listed.named) {
		cert_list_clear(&out->path);
		status = judge_by(params, false, chain, out, err);
	}
	if (status == DEED_OK)
		status = outside_judge_name(params->party, chain->items[0], out,
					    err);
	return status;
}
