/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/heads_trust.h"

#include <stdio.h>

/* The name is cut, as it may be that of any file; heads have no other. */
static enum deed_status tell(struct audit_report *r, const char *before,
			     const char *name, const char *behind,
			     struct deed_error *err)
{
	char text[300];

	(void)snprintf(text, sizeof(text), "%s '%.64s'%s", before, name,
		       behind);
	return audit_report_add(r, DEED_INCONSISTENT, "heads", text, err);
}

static bool same(const json_t *said, const json_t *is, const char *label)
{
	return json_equal(json_object_get(said, label),
			  json_object_get(is, label)) == 1;
}

#define LIST "the trust list"

/* A list that is gone is told as well as one that nobody added: either changes
 * whom the home believes. */
static enum deed_status compare_one(const char *name, const json_t *said,
				    const json_t *is, struct audit_report *r,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (is == NULL)
		return tell(r, LIST, name, " is missing", err);
	if (said == NULL)
		return tell(r, LIST, name,
			    " is held, of which the log knows nothing", err);
	if (!same(said, is, HEADS_TRUST_LIST))
		status = tell(r, LIST, name,
			      " is another than the newest by the log", err);
	if (status == DEED_OK && !same(said, is, HEADS_TRUST_NOTE))
		status = tell(r, "the signer pinned for the trust list", name,
			      ", or where it came from, is not as the log says",
			      err);
	return status;
}

enum deed_status heads_trust_compare(const struct home *h, const json_t *heads,
				     struct audit_report *r,
				     struct deed_error *err)
{
	json_t *home = json_object(), *said, *is, *one;
	enum deed_status status;
	const char *name;

	status = home == NULL ? deed_error_memory(err)
			      : heads_trust_build(h, home, err);
	is = json_object_get(home, HEADS_TRUST);
	said = json_object_get(heads, HEADS_TRUST);
	json_object_foreach(said, name, one)
	{
		if (status == DEED_OK)
			status = compare_one(name, one,
					     json_object_get(is, name), r, err);
	}
	json_object_foreach(is, name, one)
	{
		if (status == DEED_OK && json_object_get(said, name) == NULL)
			status = compare_one(name, NULL, one, r, err);
	}
	json_decref(home);
	return status;
}
