/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/enroll/enroll.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "ca/request.h"
#include "cmd/enroll/brought.h"
#include "cmd/enroll/listed.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "codec/pem.h"
#include "key/token.h"
#include "office/party/enroll.h"
#include "proof/evidence.h"

const char *const enroll_kinds[] = { KIND_ENTERPRISE, KIND_INSTITUTION, NULL };
const char *const enroll_keys[] = { "p256",	   "p384",	  "rsa2048",
				    "rsa3072",	   "rsa4096",	  "rsa-pss2048",
				    "rsa-pss3072", "rsa-pss4096", "ed25519",
				    NULL };
const char *const enroll_deposit_keys[] = { "p256", "rsa2048", "rsa3072",
					    "rsa4096", NULL };

#define FORM_MAX 65536
#define CERTIFICATE_FILE_MAX 1048576
/* A bundle of anchors and their lists. */
#define ANCHORS_MAX (16 * 1024 * 1024)

/* The YAML file stays open as long as its strings are used. */
struct sources {
	struct yaml_node *yaml;
	struct buf request, certificate, anchors;
};

/* A key on a token, as long as it is enrolled. */
struct held_token {
	char *uri;
	struct secret *pin;
	struct cert_list chain;
};

static void held_clear(struct held_token *h)
{
	free(h->uri);
	secret_free(h->pin);
	cert_list_clear(&h->chain);
}

static void sources_clear(struct sources *f)
{
	yaml_tree_free(f->yaml);
	buf_clear(&f->request);
	buf_clear(&f->certificate);
	buf_clear(&f->anchors);
}

enum deed_status enroll_read_operand(const char *path, size_t max,
				     struct buf *out, struct deed_error *err)
{
	if (strcmp(path, "-") == 0)
		return file_read_fd(STDIN_FILENO, "standard input", max, out,
				    err);
	return file_read(path, max, out, err);
}

/* A misspelt field must not pass for one that was left out. */
static enum deed_status check_fields(const struct yaml_node *yaml,
				     const char *file, struct deed_error *err)
{
	static const char *const known[] = { "name", "phone", "email",
					     "id",   "kind",  NULL };

	if (yaml_kind(yaml) != YAML_MAPPING)
		return deed_error_set(err, DEED_CONFIG,
				      "'%s': expected fields such as 'name:'",
				      file);
	for (size_t i = 0; i < yaml_count(yaml); i++) {
		const char *key = yaml_key_at(yaml, i);
		size_t k = 0;

		while (known[k] != NULL && strcmp(known[k], key) != 0)
			k++;
		if (known[k] == NULL)
			return deed_error_set(err, DEED_CONFIG,
					      "'%s': there is no field '%s'",
					      file, key);
		if (yaml_string(yaml_at(yaml, i)) == NULL)
			return deed_error_set(err, DEED_CONFIG,
					      "'%s': field '%s' is no text",
					      file, key);
	}
	return DEED_OK;
}

static void fill_in(const char **where, const struct yaml_node *yaml,
		    const char *key)
{
	if (*where == NULL)
		*where = yaml_get_string(yaml, key);
}

enum deed_status enroll_read_form(const char *from, struct yaml_node **yaml,
				  struct enroll_form *form,
				  struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status s;

	s = enroll_read_operand(from, FORM_MAX, &text, err);
	if (s == DEED_OK)
		s = yaml_load(buf_get(&text), from, yaml, err);
	if (s == DEED_OK)
		s = check_fields(*yaml, from, err);
	buf_clear(&text);
	if (s != DEED_OK)
		return s;
	fill_in(&form->kind, *yaml, "kind");
	fill_in(&form->name, *yaml, "name");
	fill_in(&form->phone, *yaml, "phone");
	fill_in(&form->email, *yaml, "email");
	fill_in(&form->id, *yaml, "id");
	return DEED_OK;
}

/* What the command line says goes before the file.  A notary is not enrolled:
 * the office itself is one, made by init. */
static enum deed_status read_form(const struct enroll_args *a,
				  bool organisation, struct sources *f,
				  struct enroll_form *form,
				  struct deed_error *err)
{
	enum deed_status s = DEED_OK;

	form->name = a->name;
	form->phone = a->phone;
	form->email = a->email;
	form->id = a->id;
	if (organisation && a->kind != 0)
		form->kind = enroll_kinds[a->kind];
	if (a->from != NULL)
		s = enroll_read_form(a->from, &f->yaml, form, err);
	if (s != DEED_OK)
		return s;
	if (form->kind == NULL)
		form->kind = organisation ? enroll_kinds[0] : KIND_PERSON;
	if (organisation != (strcmp(form->kind, KIND_PERSON) != 0) ||
	    strcmp(form->kind, KIND_NOTARY) == 0)
		return deed_error_set(err, DEED_USAGE,
				      "'%.40s' is no kind of %s", form->kind,
				      organisation ? "organisation" : "person");
	return DEED_OK;
}

/* The file of --csr-out must be free before the party is made, for a party is
 * enrolled only once.  Bounds are per kind: anchors come with their lists. */
static enum deed_status read_files(const struct enroll_args *a,
				   struct sources *f, struct deed_error *err)
{
	enum deed_status s = DEED_OK;

	if (a->csr_out != NULL && file_exists(a->csr_out)) {
		deed_error_set(err, DEED_EXISTS, "'%s' exists", a->csr_out);
		deed_error_hint(err, "choose another name for --csr-out");
		return DEED_EXISTS;
	}
	if (a->csr != NULL)
		s = enroll_read_operand(a->csr, REQUEST_MAX, &f->request, err);
	if (s == DEED_OK && a->certificate != NULL)
		s = enroll_read_operand(a->certificate, CERTIFICATE_FILE_MAX,
					&f->certificate, err);
	if (s == DEED_OK && a->anchors != NULL)
		s = enroll_read_operand(a->anchors, ANCHORS_MAX, &f->anchors,
					err);
	return s;
}

static void add_contact(struct session *s, const char *label, const char *value)
{
	if (value != NULL)
		output_set(
			s, label,
			json_pack("{s:s,s:b}", "value", value, "confirmed", 0));
}

/* Told with what was checked, not with what was typed: numbers are in their
 * canonical form. */
static void report(struct session *s, const struct enrolling *e,
		   const struct enroll_checked *checked)
{
	const char *contact = e->form.phone != NULL ? checked->phone.value
						    : checked->email.value;

	output_set(s, "party", output_text(e->form.party));
	output_set(s, "kind", output_text(e->form.kind));
	output_set(s, "name", output_text(e->form.name));
	output_set(s, "id", output_text(checked->id_text));
	output_set(s, "id_state",
		   json_string(id_state_name(checked->id.state)));
	if (e->form.phone != NULL)
		add_contact(s, "phone", checked->phone.value);
	if (e->form.email != NULL)
		add_contact(s, "email", checked->email.value);
	if (checked->id.warning[0] != '\0')
		session_warn(s, "%s", checked->id.warning);
	if (s->dry_run)
		return;
	session_say(s,
		    "party '%s' is registered as %s, contact %s "
		    "unconfirmed; log entry %llu",
		    e->form.party, e->form.name, contact,
		    (unsigned long long)e->index);
	output_set(s, "state", json_string("registered"));
	output_set(s, "key", output_sha256(e->fingerprint));
	output_set(s, "deposit_key", output_sha256(e->deposit_fingerprint));
	output_set(s, "log_index", json_integer((json_int_t)e->index));
}

/* A URI that says where its PIN is needs nobody to type it; --pin goes before
 * that. */
static enum deed_status ask_pin(struct session *s, const struct enroll_args *a,
				const char *uri, struct secret **out,
				struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = a->pin,
		.option = "--pin",
		.key = "pin",
		.owner = "the token",
	};

	*out = NULL;
	if (a->pin == NULL && token_has_pin(uri))
		return DEED_OK;
	return passphrase_get(s, &request, out, err);
}

/* Take the key from the token that holds it. */
static enum deed_status use_token(struct session *s,
				  const struct enroll_args *a,
				  const struct sources *f, struct enrolling *e,
				  struct held_token *held,
				  struct deed_error *err)
{
	enum deed_status status;

	status = token_uri(a->token, a->token_module, &held->uri, err);
	if (status == DEED_OK && a->certificate != NULL)
		status = cert_list_load(&held->chain, buf_get(&f->certificate),
					a->certificate, err);
	if (status == DEED_OK)
		status = ask_pin(s, a, held->uri, &held->pin, err);
	e->token = held->uri;
	e->pin = held->pin;
	if (held->chain.count > 0)
		e->of_certificate = held->chain.items[0];
	return status;
}

/* The party is final before its request is written: a request of a party that
 * does not exist would be certified in vain.  If the file cannot be written
 * then, the keys are there all the same. */
static enum deed_status new_party(struct session *s, const struct home *home,
				  const struct enroll_args *a,
				  struct enrolling *e, struct deed_error *err)
{
	const struct passphrase_request ask = {
		.source = a->passphrase,
		.option = "--passphrase",
		.key = e->form.party,
		.owner = e->form.party,
		.create = true,
	};
	struct enroll_checked checked;
	struct secret *passphrase = NULL;
	struct buf request = BUF_INIT;
	enum deed_status status;

	status = enroll_check(&e->form, &checked, err);
	if (status == DEED_OK)
		status = enroll_free(home, e->form.party, err);
	if (status == DEED_OK)
		status = passphrase_get(s, &ask, &passphrase, err);
	if (status == DEED_OK && !s->dry_run) {
		e->passphrase = passphrase;
		if (a->csr_out != NULL) {
			e->request_out = &request;
			e->external = true;
		}
		status = enroll_party(home, e, err);
		if (status == DEED_OK && a->csr_out != NULL)
			status = enroll_write_request(a->csr_out, &request,
						      OUTFILE_NEW, err);
	}
	if (status == DEED_OK)
		report(s, e, &checked);
	secret_free(passphrase);
	buf_clear(&request);
	return status;
}

/* The same for a fresh party and as the second step of one that waits for its
 * CA; it is judged before it is kept, against what was enrolled. */
static enum deed_status
bring_certificate(struct session *s, const struct home *home,
		  const struct enroll_args *a, const struct enroll_form *form,
		  const struct buf *file, struct slice anchors,
		  struct outside_lists *lists, struct deed_error *err)
{
	struct enroll_certificate c = {
		.party = form->party,
		.file = buf_get(file),
		.file_name = a->pkcs12 != NULL ? a->pkcs12 : a->certificate,
		.organisation = kind_is_organisation(form->kind),
		.name = form->name,
		.id = form->id,
		.name_in_certificate = a->name_in_certificate,
		.anchors = anchors,
		.anchors_name = a->anchors,
		.lists = lists,
		.dry_run = s->dry_run,
		.now = s->now,
		.wait = (unsigned)s->wait,
	};
	enum deed_status status;

	status = enroll_certificate(home, &c, err);
	if (status == DEED_OK)
		enroll_tell(s, &c.verdict);
	outside_clear(&c.verdict);
	if (status != DEED_OK)
		return status;
	output_set(s, "certificate", output_sha256(c.sha256));
	if (s->dry_run)
		return DEED_OK;
	session_say(s, "the certificate of party '%s' is kept; log entry %llu",
		    form->party, (unsigned long long)c.index);
	output_set(s, "certificate_log_index",
		   json_integer((json_int_t)c.index));
	return DEED_OK;
}

enum deed_status enroll_run(struct session *s, const struct enroll_args *a,
			    bool organisation, struct deed_error *err)
{
	struct sources f = { NULL, BUF_INIT, BUF_INIT, BUF_INIT };
	struct enrolling e = {
		.form.party = s->operand[0],
		.external = a->certificate != NULL || a->pkcs12 != NULL,
		.now = s->now,
		.wait = (unsigned)s->wait,
	};
	struct held_token held = { .chain = CERT_LIST_INIT };
	struct brought brought = BROUGHT_INIT;
	struct home *home = NULL;
	struct outside_lists *lists = NULL;
	bool fresh = true;
	enum deed_status status;

	if (!key_alg_from_name(enroll_keys[a->key], &e.key) ||
	    !key_alg_from_name(enroll_deposit_keys[a->deposit_key],
			       &e.deposit_key))
		return deed_error_set(err, DEED_USAGE, "no such kind of key");
	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = read_form(a, organisation, &f, &e.form, err);
	if (status == DEED_OK)
		status = read_files(a, &f, err);
	if (status != DEED_OK)
		goto out;
	lists = outside_lists_new(home, s->now);
	if (lists == NULL) {
		status = deed_error_memory(err);
		goto out;
	}
	e.request = buf_get(&f.request);
	if (a->pkcs12 != NULL) {
		status = enroll_free(home, e.form.party, err);
		if (status == DEED_OK)
			status =
				brought_open(s, a, &e.form, buf_get(&f.anchors),
					     lists, &brought, err);
		e.pkcs8 = brought.pkcs8;
	}
	if (status != DEED_OK)
		goto out;
	/* A certificate alone is the second step of somebody enrolled. */
	if (a->certificate != NULL && a->csr == NULL)
		fresh = enroll_free(home, e.form.party, NULL) == DEED_OK;
	if (fresh && a->token != NULL)
		status = use_token(s, a, &f, &e, &held, err);
	if (status != DEED_OK)
		goto out;
	if (fresh && a->certificate != NULL && a->csr == NULL &&
	    a->token == NULL)
		status = deed_error_set(err, DEED_USAGE,
					"--certificate needs --csr, or a party "
					"that is enrolled");
	else if (fresh)
		status = new_party(s, home, a, &e, err);
	if (status == DEED_OK && a->certificate != NULL &&
	    !(fresh && s->dry_run))
		status = bring_certificate(s, home, a, &e.form, &f.certificate,
					   buf_get(&f.anchors), lists, err);
	if (status == DEED_OK && a->pkcs12 != NULL && !s->dry_run)
		status = bring_certificate(s, home, a, &e.form, &brought.pem,
					   buf_get(&f.anchors), lists, err);
out:
	listed_warn(s, lists);
	outside_lists_free(lists);
	brought_clear(&brought);
	held_clear(&held);
	sources_clear(&f);
	home_close(home);
	return status;
}
