/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/online.h"

#include "cmd/frame/option.h"
#include "cmd/signing/timestamping.h"

enum deed_status online_client(struct session *s, const struct online_args *a,
			       struct http_client **out, struct deed_error *err)
{
	struct buf hosts = BUF_INIT;
	enum deed_status status;
	size_t i;

	*out = NULL;
	for (i = 0; i < a->hosts.count; i++) {
		buf_str(&hosts, a->hosts.item[i]);
		buf_byte(&hosts, ' ');
	}
	buf_byte(&hosts, 0);
	status = buf_status(&hosts, err);
	if (status == DEED_OK)
		status = session_http(s, (const char *)hosts.data, out, err);
	buf_clear(&hosts);
	return status;
}

void online_hint(struct session *s, bool refused)
{
	if (refused)
		session_remedy(s, "address");
}
