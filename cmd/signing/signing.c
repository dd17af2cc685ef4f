/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/signing.h"

#include "cmd/frame/batch.h"
#include "cmd/frame/secret.h"
#include "office/home.h"

const char *const signing_certify[] = { "no", "form", "annotate", NULL };

enum deed_status signing_page(const char *text, long *page,
			      struct deed_error *err)
{
	if (batch_manifest_page(text, page))
		return DEED_OK;
	return deed_error_set(err, DEED_USAGE,
			      "--page '%s': expected a number from 1, or from "
			      "-1 for the last, or last",
			      text);
}

/* For a text: any page, unless one is named for it. */
static enum deed_status text_page(struct signing *w, const char *text,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (!w->by_text)
		return DEED_OK;
	if (strcmp(text, "last") != 0 || option_given(w->session, "page"))
		status = signing_page(text, &w->text_page, err);
	if (status == DEED_OK)
		status = look_new(&w->look, err);
	return status;
}

enum deed_status signing_check_despite(const struct signing_args *args,
				       struct deed_error *err)
{
	size_t i;

	for (i = 0; i < args->despite.count; i++) {
		const char *id = args->despite.item[i];

		if (!despite_words_valid(id) || strchr(id, ' ') != NULL)
			return deed_error_set(err, DEED_USAGE,
					      "--despite '%s': expected the id "
					      "of a reason, as the refusal "
					      "names it",
					      id);
	}
	return DEED_OK;
}

void signing_hint_despite(const struct despite_told *told,
			  struct deed_error *err)
{
	const char *at = told->refused;
	struct buf text = BUF_INIT;

	while (*at != '\0') {
		size_t len = strcspn(at, " ");

		buf_printf(&text, "%s--despite %.*s", text.len > 0 ? " " : "",
			   (int)len, at);
		at += len + strspn(at + len, " ");
	}
	buf_byte(&text, '\0');
	if (told->refused[0] != '\0' && !text.failed)
		deed_error_hint(err,
				"%s goes on all the same, and the log "
				"says so",
				(const char *)text.data);
	buf_clear(&text);
}

/* The table cannot say it, for with --manifest there are none. */
static enum deed_status no_operands(const struct session *s,
				    struct deed_error *err)
{
	deed_error_set(err, DEED_USAGE,
		       "operands are missing: FILE ..., --files-from FILE or "
		       "--manifest FILE");
	deed_error_hint(err, "deed %s -h", s->command->name);
	return DEED_USAGE;
}

/* A round seal is that of an organisation; a person's own is square and shows
 * the name alone. */
static enum deed_status may_seal(const struct signing *w,
				 struct deed_error *err)
{
	enum deed_status status = sign_group_may_seal(w->group, err);

	if (status == DEED_REFUSED)
		deed_error_hint(err, "--shape square is the seal of a "
				     "person's name");
	return status;
}

enum deed_status signing_open(struct signing *w, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	status = signing_check_despite(w->args, err);
	if (status != DEED_OK)
		return status;
	if (w->args->manifest != NULL)
		status = signing_manifest_open(w, err);
	else if (w->session->operand_count == 0 &&
		 w->session->files_from == NULL)
		status = no_operands(w->session, err);
	if (status == DEED_OK)
		status = session_open_home(w->session, &w->home, err);
	if (status == DEED_OK)
		status = sign_group_open(w->home, w->args->as, w->session->now,
					 (unsigned)w->session->wait, &w->group,
					 err);
	if (status == DEED_OK && w->seal && !w->name_seal)
		status = may_seal(w, err);
	if (status == DEED_OK)
		signing_check_purposes(w);
	if (status == DEED_OK)
		status = document_password(w->session,
					   w->args->document_passphrase,
					   &w->document_password, err);
	if (status == DEED_OK)
		status = level_open(w->session, w->level_args, &w->level, err);
	if (status == DEED_OK)
		status = signing_check_outside(w, err);
	if (status == DEED_OK && w->level.params.level > LEVEL_B_B)
		sign_group_augment(w->group, &w->level.params, w->level.online);
	return status;
}

static enum deed_status draw(struct signing *w,
			     const struct seal_design *design,
			     struct deed_error *err)
{
	struct seal_text text = signing_text(w);
	enum deed_status status;

	if (w->manifest != NULL)
		return signing_manifest_draw(w, design, err);
	if (!w->visible)
		return DEED_OK;
	text.reason = w->args->reason;
	text.location = w->args->location;
	status = sealer_new(&w->sealer, design, err);
	if (status == DEED_OK)
		status = sealer_draw(w->sealer, &text, &w->appearance, err);
	return status;
}

enum deed_status signing_ready(struct signing *w, const char *page,
			       struct seal_design *design,
			       struct deed_error *err)
{
	enum deed_status status = signing_page(page, &design->page, err);

	if (status == DEED_OK)
		status = text_page(w, page, err);
	if (status == DEED_OK)
		status = signing_open(w, err);
	if (status == DEED_OK)
		status = draw(w, design, err);
	return status;
}

enum deed_status signing_unlock(struct signing *w, struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = w->args->passphrase,
		.option = "--passphrase",
		.key = w->args->as,
		.owner = w->args->as,
		.opens = passphrase_opens_party,
	};
	struct secret *passphrase = NULL;
	enum deed_status status;
	bool asks;

	status = sign_group_asks(w->group, &asks, err);
	if (status == DEED_OK && (asks || request.source != NULL))
		status = passphrase_get(w->session, &request, &passphrase, err);
	if (status == DEED_OK)
		status = sign_group_unlock(w->group, passphrase, err);
	if (status == DEED_OK && w->args->rsa_pss)
		sign_group_prefer_pss(w->group);
	secret_free(passphrase);
	return status;
}

void signing_close(struct signing *w)
{
	online_hint(w->session, online_refused(w->level.online));
	level_close(&w->level);
	secret_free(w->document_password);
	look_free(w->look);
	signing_manifest_free(w->manifest);
	sealer_free(w->sealer);
	sign_group_close(w->group);
	home_close(w->home);
}
