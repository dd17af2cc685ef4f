/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/certificate_files.h"

#include <stdlib.h>

#include "base/file.h"
#include "key/x509_name.h"

#define NAME_PART 40 /* octets of a name that go into a file's */

/* What a shell, a folder or a terminal could take for something else becomes
 * a line. */
static bool is_plain(uint8_t c, size_t at)
{
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '-' || (c == '.' && at > 0);
}

/* Allocated; NULL without memory. */
static char *path_of(const struct cert *c, const char *folder, size_t number)
{
	struct buf name = BUF_INIT, file = BUF_INIT;
	char *base, *path = NULL;
	size_t i;

	x509_name_display(cert_fields(c)->subject, &name);
	buf_printf(&file, "%02zu-", number);
	for (i = 0; i < name.len; i++) {
		/* Not in the middle of a character. */
		if (i >= NAME_PART && (name.data[i] & 0xc0) != 0x80)
			break;
		buf_byte(&file, is_plain(name.data[i], i) ? name.data[i] : '_');
	}
	buf_str(&file, ".pem");
	file.failed |= name.failed;
	base = buf_take(&file, NULL);
	if (base != NULL)
		path = path_join(folder, base);
	free(base);
	buf_clear(&name);
	return path;
}

/* Looked at before anything is written, so that a refusal leaves no half of a
 * list behind.  What appears meanwhile is refused by OUTFILE_NEW. */
static enum deed_status check_free(char *const *paths, size_t count,
				   struct deed_error *err)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (file_exists(paths[i])) {
			deed_error_set(err, DEED_EXISTS, "'%s' exists",
				       paths[i]);
			deed_error_remedy(err, "overwrite", NULL);
			return DEED_EXISTS;
		}
	}
	return DEED_OK;
}

/* 0644: a certificate is public.  The file has its name only when it is whole.
 */
static enum deed_status write_one(const struct cert *c, const char *path,
				  bool force, struct deed_error *err)
{
	struct outfile *out = NULL;
	struct buf pem = BUF_INIT;
	enum deed_status status;

	cert_pem(c, &pem);
	status = buf_status(&pem, err);
	if (status == DEED_OK)
		status = outfile_open(&out, path, 0644, err);
	if (status == DEED_OK)
		status = outfile_write(out, pem.data, pem.len, err);
	if (status == DEED_OK)
		status = outfile_commit(
			out, force ? OUTFILE_REPLACE : OUTFILE_NEW, err);
	outfile_free(out);
	buf_clear(&pem);
	return status;
}

enum deed_status certificate_files_write(const struct cert_list *list,
					 const char *folder, bool force,
					 certificate_files_fn *tell, void *arg,
					 struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char **paths;
	size_t i;

	if (list->count > CERTIFICATE_FILES_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "there are more than %d certificates",
				      CERTIFICATE_FILES_MAX);
	paths = calloc(list->count + 1, sizeof(*paths));
	if (paths == NULL)
		return deed_error_memory(err);
	for (i = 0; status == DEED_OK && i < list->count; i++) {
		paths[i] = path_of(list->items[i], folder, i + 1);
		if (paths[i] == NULL)
			status = deed_error_memory(err);
	}
	if (status == DEED_OK && !force)
		status = check_free(paths, list->count, err);
	if (status == DEED_OK)
		status = file_mkdirs(folder, 0755, err);
	for (i = 0; status == DEED_OK && i < list->count; i++) {
		status = write_one(list->items[i], paths[i], force, err);
		if (status == DEED_OK)
			tell(arg, paths[i], list->items[i]);
	}
	for (i = 0; i < list->count; i++)
		free(paths[i]);
	free(paths);
	return status;
}
