/* SPDX-License-Identifier: Apache-2.0 */
#include "event/acts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cms/envelope.h"
#include "key/deposit_key.h"
#include "key/pubkey.h"

/* The file of a block, enveloped. */

static char *block_path(const char *dir, uint64_t number)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "%06llu.cms",
		       (unsigned long long)number);
	return path_join(dir, name);
}

/* The keys newest first: a block that was written before the register changed
 * its key opens with an older one, and is made anew for the newest only when
 * it changes. */
static enum deed_status decrypt(struct slice cms,
				const struct deposit_key *const *keys,
				size_t count, struct buf *out,
				struct deed_error *err)
{
	struct envelope *e = calloc(1, sizeof(*e));
	enum deed_status status;
	struct secret *cek = NULL;
	size_t i;

	if (e == NULL)
		return deed_error_memory(err);
	status = envelope_parse(cms, e, err);
	if (status == DEED_OK)
		status = DEED_NOT_RECIPIENT;
	for (i = 0; i < count && status == DEED_NOT_RECIPIENT; i++)
		status = envelope_unwrap_key(
			e, slice_of(deposit_key_id(keys[i]), KEY_ID_SIZE),
			keys[i], &cek, err);
	if (status == DEED_OK)
		status = envelope_decrypt(e, cek, out, err);
	secret_free(cek);
	free(e);
	return status;
}

enum deed_status acts_read(const char *dir, uint64_t number,
			   const struct deposit_key *const *keys, size_t count,
			   struct acts *a, struct deed_error *err)
{
	struct buf cms = BUF_INIT, text = BUF_INIT;
	char *path = block_path(dir, number);
	enum deed_status status;

	*a = (struct acts)ACTS_INIT;
	if (path == NULL)
		return deed_error_memory(err);
	if (!file_exists(path)) {
		status = deed_error_set(err, DEED_NOT_FOUND, "there is no '%s'",
					path);
		goto out;
	}
	status = file_read(path, ACTS_MAX + (1 << 16), &cms, err);
	if (status == DEED_OK)
		status = decrypt(buf_get(&cms), keys, count, &text, err);
	if (status == DEED_OK)
		status = acts_parse(&text, number, a, err);
	/* Whatever is wrong with it, it is no block. */
	if (status != DEED_OK && status != DEED_NO_MEMORY)
		status = deed_error_set(err, DEED_DAMAGED,
					"'%s' is no block of the index", path);
out:
	if (text.data != NULL)
		secret_wipe(text.data, text.len);
	buf_clear(&text);
	buf_clear(&cms);
	free(path);
	return status;
}

enum deed_status acts_write(const char *dir, uint64_t number,
			    const struct dropbox_reader *to, struct slice text,
			    struct deed_error *err)
{
	char *path = block_path(dir, number);
	struct buf cms = BUF_INIT;
	struct envelope_to recipient;
	uint8_t id[KEY_ID_SIZE];
	struct slice ski = to->ski;
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	if (ski.len == 0 && spki_key_id(to->spki, id))
		ski = slice_of(id, sizeof(id));
	status = envelope_to_spki(ski, to->spki, &recipient, err);
	if (status == DEED_OK)
		status = envelope_write(&recipient, 1, NULL, text, &cms, err);
	if (status == DEED_OK)
		status = file_mkdirs(dir, 0700, err);
	if (status == DEED_OK)
		status = file_write(path, 0600, buf_get(&cms), OUTFILE_REPLACE,
				    err);
	buf_clear(&cms);
	free(path);
	return status;
}
