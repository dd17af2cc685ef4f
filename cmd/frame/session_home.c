/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cmd/frame/command.h"
#include "cmd/frame/crl_watch.h"
#include "office/home.h"

/* It goes into certificates: an absolute URL of one line of ASCII, without
 * what has a meaning after a folder. */
static bool is_folder_url(const char *url)
{
	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return false;
	for (const char *p = url; *p != '\0'; p++) {
		if (*p <= ' ' || *p > '~' ||
		    strchr("\"<>\\^`{|}?#", *p) != NULL)
			return false;
	}
	return strlen(url) <= 1024 && strchr(url, ':')[3] != '\0';
}

enum deed_status session_ca_urls(struct session *s, const char **crl,
				 const char **issuer, struct deed_error *err)
{
	static const char *const keys[] = { "ca.crl-url", "ca.issuer-url" };
	const char *value[2];

	for (size_t i = 0; i < 2; i++) {
		value[i] = session_config(s, keys[i]);
		if (value[i] != NULL && !is_folder_url(value[i]))
			return deed_error_set(err, DEED_CONFIG,
					      "%s '%s': expected a folder, "
					      "http://HOST/FOLDER/",
					      keys[i], value[i]);
	}
	*crl = value[0];
	*issuer = value[1];
	return DEED_OK;
}

enum deed_status session_open_home(struct session *s, struct home **out,
				   struct deed_error *err)
{
	enum deed_status status = home_open(session_home(s), out, err);

	if (status != DEED_OK)
		return status;
	(*out)->timestamps = s->timestamps;
	(*out)->places = s->places;
	if ((s->command->flags & COMMAND_WRITES) != 0)
		status = session_ca_urls(s, &(*out)->crl_url,
					 &(*out)->issuer_url, err);
	if (status != DEED_OK) {
		home_close(*out);
		*out = NULL;
		return status;
	}
	crl_watch(s, *out);
	return DEED_OK;
}
