/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/enroll/enroll.h"

#include "base/file.h"
#include "cmd/enroll/listed.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "codec/pem.h"

enum deed_status enroll_ask(struct session *s, const char *passphrase_source,
			    const char *pin_source, struct secret **passphrase,
			    struct secret **pin, struct deed_error *err)
{
	const struct passphrase_request of_party = {
		.source = passphrase_source,
		.option = "--passphrase",
		.key = s->operand[0],
		.owner = s->operand[0],
		.opens = passphrase_opens_party,
	};
	const struct passphrase_request of_token = {
		.source = pin_source,
		.option = "--pin",
		.key = "pin",
		.owner = "the token",
	};
	enum deed_status status;

	status = passphrase_get(s, &of_party, passphrase, err);
	if (status == DEED_OK && pin_source != NULL)
		status = passphrase_get(s, &of_token, pin, err);
	return status;
}

/* What is there already is not written again. */
static bool holds(const char *path, const struct buf *text)
{
	struct buf held = BUF_INIT;
	bool same = file_exists(path) &&
		    file_read(path, text->len, &held, NULL) == DEED_OK &&
		    slice_equal(buf_get(&held), buf_get(text));

	buf_clear(&held);
	return same;
}

enum deed_status enroll_write_request(const char *path, const struct buf *der,
				      enum outfile_mode mode,
				      struct deed_error *err)
{
	struct buf pem = BUF_INIT;
	enum deed_status status;

	pem_encode(&pem, "CERTIFICATE REQUEST", buf_get(der));
	status = buf_status(&pem, err);
	if (status == DEED_OK && !holds(path, &pem))
		status = file_write(path, 0644, buf_get(&pem), mode, err);
	buf_clear(&pem);
	return status;
}

void enroll_tell(struct session *s, const struct outside_verdict *v)
{
	static const char *const by[] = {
		[OUTSIDE_NAME_UNJUDGED] = "unjudged",
		[OUTSIDE_NAME_BY_IDENTIFIER] = "identifier",
		[OUTSIDE_NAME_EQUAL] = "name",
		[OUTSIDE_NAME_SAID] = "name-in-certificate",
	};

	output_set(s, "name_by", json_string(by[v->name]));
	if (v->differs[0] != '\0') {
		output_line(s, "name in certificate: %s", v->differs);
		output_set(s, "name_in_certificate", output_text(v->differs));
	}
	listed_show(s, &v->listed);
	output_set(s, "revocation_checked", json_boolean(!v->unchecked));
	if (v->unchecked)
		session_warn(s, "nothing at hand tells whether the certificate "
				"was revoked");
}
