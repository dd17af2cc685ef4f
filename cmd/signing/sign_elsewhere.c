/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/sign_elsewhere.h"

#include <stdlib.h>

#include "base/file.h"
#include "cmd/frame/operands.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "codec/hex.h"
#include "office/document/sign_elsewhere.h"

/* A CMS that somebody sends us. */
#define CMS_FILE_MAX ((size_t)4 << 20)
#define CERTIFICATE_MAX ((size_t)1 << 20)

enum deed_status elsewhere_check(const struct session *s,
				 const struct elsewhere_args *args,
				 const struct signing_args *signing,
				 struct deed_error *err)
{
	size_t wanted = args->complete ? 2 : 1;

	if (!args->prepare && !args->complete) {
		if (signing->as != NULL)
			return DEED_OK;
		return deed_error_set(err, DEED_USAGE,
				      "--as PARTY is needed, or --prepare or "
				      "--complete");
	}
	if (s->operand_count != wanted || s->files_from != NULL)
		return deed_error_set(err, DEED_USAGE,
				      args->complete
					      ? "--complete expects two "
						"files: the prepared PDF, and "
						"the CMS"
					      : "--prepare expects one FILE");
	if (strcmp(s->operand[0], "-") == 0 ||
	    strcmp(s->operand[wanted - 1], "-") == 0)
		return deed_error_set(err, DEED_USAGE,
				      "--prepare and --complete read files, "
				      "not standard input");
	if (s->output_directory != NULL ||
	    (s->output != NULL && strcmp(s->output, "-") == 0))
		return deed_error_set(err, DEED_USAGE,
				      "--prepare and --complete write to -o "
				      "FILE");
	return DEED_OK;
}

/* Not needed: with it the signed attributes can be made here, and who signs
 * elsewhere needs to sign no more than those. */
static enum deed_status load_certificate(const char *path,
					 struct cert_list *list,
					 struct deed_error *err)
{
	struct buf data = BUF_INIT;
	enum deed_status status;

	if (path == NULL)
		return DEED_OK;
	status = file_read(path, CERTIFICATE_MAX, &data, err);
	if (status == DEED_OK)
		status = cert_list_load(list, buf_get(&data), path, err);
	if (status == DEED_OK && list->count == 0)
		status = deed_error_set(err, DEED_MALFORMED,
					"'%s' holds no certificate", path);
	buf_clear(&data);
	return status;
}

/* Where it goes; allocated. */
static enum deed_status name_output(const struct session *s, const char *mark,
				    char **out, struct deed_error *err)
{
	const char *input = s->operand[0];

	if (s->in_place)
		*out = strdup(input);
	else if (s->output != NULL)
		*out = strdup(s->output);
	else
		*out = operand_marked(input, mark);
	if (*out == NULL)
		return deed_error_memory(err);
	if (s->in_place)
		return DEED_OK;
	if (file_same(*out, input))
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is the input and the output", *out);
	if (!s->force && file_exists(*out)) {
		deed_error_set(err, DEED_EXISTS, "'%s' exists", *out);
		deed_error_hint(err, "--force overwrites it");
		return DEED_EXISTS;
	}
	return DEED_OK;
}

/* As a line and as a member under the same name, so that both forms can be
 * copied into the other program. */
static enum deed_status put_hex(struct session *s, const char *key,
				const char *name, struct slice bytes,
				struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status;

	buf_str(&text, name);
	hex_encode(bytes, &text);
	buf_byte(&text, '\0');
	status = buf_status(&text, err);
	if (status == DEED_OK) {
		output_line(s, "%s: %s", key, (const char *)text.data);
		output_set(s, key, json_string((const char *)text.data));
	}
	buf_clear(&text);
	return status;
}

/* The digest is that of the bytes without the place; of the attributes it is
 * what a signer that takes only digests is given. */
static enum deed_status put_place(struct session *s, const struct sign_place *p,
				  struct deed_error *err)
{
	const uint64_t *r = p->byte_range;
	uint8_t hash[DIGEST_MAX];
	enum deed_status status;
	char name[32];

	snprintf(name, sizeof(name), "%s:", digest_name(p->alg));
	output_line(s, "field: %s", p->field);
	output_set(s, "field", output_text(p->field));
	output_line(s, "byte_range: %llu %llu %llu %llu",
		    (unsigned long long)r[0], (unsigned long long)r[1],
		    (unsigned long long)r[2], (unsigned long long)r[3]);
	output_set(s, "byte_range",
		   json_pack("[I,I,I,I]", (json_int_t)r[0], (json_int_t)r[1],
			     (json_int_t)r[2], (json_int_t)r[3]));
	status = put_hex(s, "digest", name,
			 slice_of(p->digest, digest_size(p->alg)), err);
	if (status != DEED_OK || p->attributes.len == 0)
		return status;
	digest_once(p->alg, buf_get(&p->attributes), hash);
	status = put_hex(s, "attributes", "", buf_get(&p->attributes), err);
	if (status == DEED_OK)
		status = put_hex(s, "attributes_digest", name,
				 slice_of(hash, digest_size(p->alg)), err);
	return status;
}

/* Nothing is logged: the document is not signed yet, and by whom is not known
 * here. */
static enum deed_status prepare(struct session *s, struct sign_elsewhere *e,
				struct deed_error *err)
{
	json_t *warnings = json_array();
	struct sign_place place;
	enum deed_status status;

	status = sign_prepare(e, &place, err);
	signing_hint_despite(&place.told, err);
	if (status == DEED_OK) {
		signing_warn_shadow(s, &place.shadow, e->input, warnings);
		output_set(s, "warnings", json_incref(warnings));
		status = put_place(s, &place, err);
	}
	if (status == DEED_OK)
		session_say(s,
			    e->dry_run ? "'%s' could keep a place for a "
					 "signature in the field '%s'"
				       : "'%s' keeps a place for a signature "
					 "in the field '%s'",
			    e->dry_run ? e->input : e->output, place.field);
	json_decref(warnings);
	sign_place_clear(&place);
	return status;
}

/* The field is the one of the prepared document: --complete names none. */
static void put_completed(struct session *s, const struct sign_elsewhere *e,
			  const char *field, const uint8_t sha256[SHA256_SIZE])
{
	output_set(s, "field", output_text(field));
	output_set(s, "sha256", output_sha256(sha256));
	if (e->dry_run)
		session_say(s, "the signature fits '%s' and holds", e->input);
	else
		session_say(s, "the signature stands in the field '%s' of '%s'",
			    field, e->output);
}

/* Of somebody who is no party of the home: the signature is checked and put
 * in, and no log tells of it. */
static enum deed_status complete(struct session *s, struct sign_elsewhere *e,
				 struct deed_error *err)
{
	struct sign_place place;
	enum deed_status status;

	status = sign_complete(e, &place, err);
	signing_hint_despite(&place.told, err);
	if (status == DEED_OK)
		put_completed(s, e, place.field, place.sha256);
	sign_place_clear(&place);
	return status;
}

/* For a party of the home: the log tells of it. */
static enum deed_status complete_as(struct signing *w,
				    const struct sign_elsewhere *e,
				    struct deed_error *err)
{
	const struct sign_item item = {
		.format = SIGN_PDF,
		.input = e->input,
		.output = e->output,
		.mode = e->mode,
		.dry_run = e->dry_run,
		.document_password = e->document_password,
		.foreign = &e->cms,
		.despite = e->despite,
	};
	struct sign_result result = SIGN_RESULT_INIT;
	struct sign_result *results[] = { &result };
	enum deed_status status;

	sign_group_add(w->group, &item, &result);
	if (result.status == DEED_OK)
		sign_group_commit(w->group, results, 1);
	status = result.status;
	if (status != DEED_OK && err != NULL)
		*err = result.error;
	signing_hint_despite(&result.told, err);
	if (status == DEED_OK && !e->dry_run)
		output_set(w->session, "event",
			   json_integer((json_int_t)result.log_index));
	if (status == DEED_OK)
		put_completed(w->session, e, result.field, result.sha256);
	sign_result_clear(&result);
	return status;
}

/* The CMS comes from elsewhere: it is bounded here, and judged in its place
 * before the output has its name. */
static enum deed_status run_with(struct signing *w,
				 const struct elsewhere_args *args,
				 struct sign_elsewhere *e,
				 struct deed_error *err)
{
	struct session *s = w->session;
	struct buf cms = BUF_INIT;
	enum deed_status status;

	if (args->prepare)
		return prepare(s, e, err);
	status = file_read(s->operand[1], CMS_FILE_MAX, &cms, err);
	e->cms = buf_get(&cms);
	if (status == DEED_OK)
		status = w->args->as != NULL ? complete_as(w, e, err)
					     : complete(s, e, err);
	buf_clear(&cms);
	return status;
}

enum deed_status elsewhere_run(struct signing *w,
			       const struct elsewhere_args *args,
			       struct deed_error *err)
{
	struct session *s = w->session;
	struct cert_list certificates = CERT_LIST_INIT;
	struct secret *password = NULL;
	struct sign_elsewhere e = {
		.input = s->operand[0],
		.mode = s->force || s->in_place ? OUTFILE_REPLACE : OUTFILE_NEW,
		.dry_run = s->dry_run,
		.now = s->now,
		.field = w->args->field,
		.reason = w->args->reason,
		.location = w->args->location,
		.certify = w->args->certify == 0 ? 0 : w->args->certify + 1,
		.final = w->args->final,
		.refuse_shadow = w->args->refuse_shadow,
		.despite = { .list = w->args->despite.item,
			     .count = w->args->despite.count },
		.space = (size_t)args->space,
	};
	enum deed_status status;
	char *output = NULL;

	status = signing_check_despite(w->args, err);
	if (status == DEED_OK)
		status = name_output(s, args->prepare ? "prepared" : "signed",
				     &output, err);
	e.output = output;
	if (status == DEED_OK)
		status =
			load_certificate(args->certificate, &certificates, err);
	if (certificates.count > 0)
		e.certificate = certificates.items[0];
	if (status == DEED_OK && w->args->as != NULL)
		status = signing_open(w, err);
	else if (status == DEED_OK)
		status = document_password(s, w->args->document_passphrase,
					   &password, err);
	e.document_password =
		w->args->as != NULL ? w->document_password : password;
	output_set(s, "file", output_text(e.input));
	if (status == DEED_OK && !s->dry_run)
		output_set(s, "output", output_text(output));
	if (status == DEED_OK)
		status = run_with(w, args, &e, err);
	secret_free(password);
	cert_list_clear(&certificates);
	free(output);
	return status;
}
