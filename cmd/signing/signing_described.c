/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/signing.h"

#include "cmd/frame/output.h"

/* It can be signed, and who verifies it would not take it. */
#define PURPOSES                                                           \
	"the certificate of '%s' is not for signing documents (its "       \
	"critical extKeyUsage is %s): by deed's own policy verify leaves " \
	"such a signature INDETERMINATE"

void signing_check_purposes(struct signing *w)
{
	if (!sign_group_fits(w->group, w->purposes))
		session_warn(w->session, PURPOSES, w->args->as, w->purposes);
	else
		w->purposes[0] = '\0';
}

/* With -n there is no entry of the log that could be named. */
static void describe_json(const struct signing *w, const struct sign_result *r,
			  json_t *json)
{
	if (r->field != NULL)
		(void)json_object_set_new(json, "field", output_text(r->field));
	(void)json_object_set_new(json, "sha256", output_sha256(r->sha256));
	(void)json_object_set_new(json, "size",
				  json_integer((json_int_t)r->size));
	placing_json(r, json);
	if (!w->session->dry_run)
		(void)json_object_set_new(
			json, "event", json_integer((json_int_t)r->log_index));
}

void signing_warn_shadow(struct session *s, const struct pdf_shadow *shadow,
			 const char *input, json_t *list)
{
	size_t i;

	for (i = 0; i < shadow->count; i++) {
		session_warn(s,
			     "'%s' may be prepared to show something else: %s",
			     input, shadow->list[i].text);
		(void)json_array_append_new(
			list, json_pack("{s:s,s:o}", "id", shadow->list[i].id,
					"message",
					output_text(shadow->list[i].text)));
	}
}

/* Of the certificate the words are said already. */
static void warn(const struct signing *w, const struct sign_result *r,
		 const char *input, json_t *json)
{
	json_t *list = json_array();

	if (r->shadow != NULL)
		signing_warn_shadow(w->session, r->shadow, input, list);
	if (w->purposes[0] != '\0')
		(void)json_array_append_new(
			list,
			json_pack("{s:s,s:o}", "id", "key-purpose", "message",
				  json_sprintf(PURPOSES, w->args->as,
					       w->purposes)));
	(void)json_object_set_new(json, "warnings", list);
	signing_warn_beneath(w, &r->beneath, input, json);
}

void signing_describe(const struct signing *w, const struct sign_result *r,
		      const char *input, const char *output, json_t *json,
		      struct buf *said)
{
	if (w->session->json)
		describe_json(w, r, json);
	warn(w, r, input, json);
	if (r->told.passed[0] != '\0') {
		session_warn(w->session, "'%s' is signed despite: %s", input,
			     r->told.passed);
		(void)json_object_set_new(json, "despite",
					  output_text(r->told.passed));
	}
	if (w->session->dry_run) {
		buf_printf(said, "'%s' would be %s as %s: '%s'", input,
			   w->seal ? "sealed" : "signed", w->args->as, output);
		return;
	}
	buf_printf(said, "%s '%s' as %s: '%s', event %llu",
		   w->seal ? "sealed" : "signed", input, w->args->as, output,
		   (unsigned long long)r->log_index);
}
