/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/standing.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "ca/certificate.h"

/* The length is bounded for see, which copies the name into an array. */
static int is_certificate(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 4 && len - 4 < CA_SERIAL_TEXT &&
	       strcmp(e->d_name + len - 4, ".cer") == 0;
}

/* A certificate stands until it ends or is revoked. */
static enum deed_status see(const struct ca_store *store, const char *name,
			    int64_t now, ca_standing_fn *fn, void *arg,
			    struct deed_error *err)
{
	char serial[CA_SERIAL_TEXT];
	struct cert *c = NULL;
	bool revoked = false;
	enum deed_status status;

	memcpy(serial, name, strlen(name) - 4);
	serial[strlen(name) - 4] = '\0';
	status = ca_store_find(store, serial, &c, err);
	if (status == DEED_OK)
		status = ca_store_is_revoked(store, c, &revoked, err);
	if (status == DEED_OK && !revoked && now <= cert_fields(c)->not_after)
		status = fn(arg, serial, c, err);
	cert_free(c);
	return status;
}

enum deed_status ca_standing_each(const char *dir, int64_t now,
				  ca_standing_fn *fn, void *arg,
				  struct deed_error *err)
{
	struct dirent **names = NULL;
	struct ca_store *store = NULL;
	char *issued = path_join(dir, "issued");
	enum deed_status status = ca_store_open(dir, &store, err);
	int n = 0;

	if (status == DEED_OK && issued == NULL)
		status = deed_error_memory(err);
	if (status == DEED_OK)
		n = scandir(issued, &names, is_certificate, alphasort);
	if (n < 0 && errno != ENOENT)
		status = deed_error_errno(err, errno, "cannot read '%s'",
					  issued);
	for (int i = 0; i < n; i++) {
		if (status == DEED_OK)
			status =
				see(store, names[i]->d_name, now, fn, arg, err);
		free(names[i]);
	}
	free(names);
	free(issued);
	ca_store_close(store);
	return status;
}
