/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/signing.h"

#include <time.h>

struct seal_text signing_text(const struct signing *w)
{
	time_t now = (time_t)w->session->now;
	struct tm local;

	if (localtime_r(&now, &local) == NULL)
		local.tm_gmtoff = 0;
	return (struct seal_text){
		.name = sign_group_name(w->group),
		.certificate = sign_group_certificate(w->group),
		.organisation = sign_group_is_organisation(w->group),
		.signer = w->signer,
		.time = w->session->now,
		.offset = (int)(local.tm_gmtoff / 60),
	};
}

void signing_warn_beneath(const struct signing *w,
			  const struct pades_beneath *beneath,
			  const char *input, json_t *json)
{
	static const char *const kinds[] = { "text", "a drawing", "a picture",
					     "a shading", "something unknown" };
	const char *what = w->seal ? "seal" : "box";
	struct buf text = BUF_INIT;
	json_t *list = json_object_get(json, "warnings");

	if (!beneath->any || (w->seal && !beneath->hidden))
		return;
	buf_printf(&text, "the %s lies over %s, ", what, kinds[beneath->kind]);
	if (beneath->hidden)
		buf_str(&text, "and hides it, as the document's PDF/A allows "
			       "no ink that lets it through: who verifies an "
			       "earlier signature is told so");
	else
		buf_str(&text, "which shows through it: it is hard to read");
	buf_byte(&text, '\0');
	if (list == NULL) {
		list = json_array();
		(void)json_object_set_new(json, "warnings", list);
	}
	if (!text.failed) {
		session_warn(w->session, "'%s': %s", input,
			     (const char *)text.data);
		(void)json_array_append_new(
			list, json_pack("{s:s,s:s}", "id", "covers", "message",
					(const char *)text.data));
	}
	buf_clear(&text);
}
