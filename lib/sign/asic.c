/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/asic.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asic/manifest.h"
#include "asic/names.h"
#include "asic/zip_read.h"
#include "judge/parser.h"
#include "sign/asic_draft.h"
#include "sign/cades_extend.h"

#define WINDOW 65536

/* Besides the files: media type, manifest and signature, and the manifest and
 * time-stamp of the archive that may follow. */
#define FILES (ZIP_ENTRIES - 5)

const char *asic_media_type(const char *name)
{
	static const struct {
		const char *ending, *type;
	} types[] = {
		{ ".csv", "text/csv" },
		{ ".docx", "application/vnd.openxmlformats-officedocument."
			   "wordprocessingml.document" },
		{ ".html", "text/html" },
		{ ".jpeg", "image/jpeg" },
		{ ".jpg", "image/jpeg" },
		{ ".json", "application/json" },
		{ ".odt", "application/vnd.oasis.opendocument.text" },
		{ ".p7s", "application/pkcs7-signature" },
		{ ".pdf", "application/pdf" },
		{ ".png", "image/png" },
		{ ".tst", "application/vnd.etsi.timestamp-token" },
		{ ".txt", "text/plain" },
		{ ".xlsx", "application/vnd.openxmlformats-officedocument."
			   "spreadsheetml.sheet" },
		{ ".xml", "application/xml" },
		{ ".zip", "application/zip" },
	};
	size_t i, len = strlen(name), end;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		end = strlen(types[i].ending);
		if (len > end &&
		    strcasecmp(name + len - end, types[i].ending) == 0)
			return types[i].type;
	}
	return "application/octet-stream";
}

/* Copy a file into the open entry, hashing it. */
static enum deed_status copy_file(const struct asic_file *file,
				  struct zip_writer *zip, struct digest *digest,
				  struct deed_error *err)
{
	uint8_t window[WINDOW];
	enum deed_status status;
	ssize_t got;

	for (;;) {
		got = read(file->fd, window, sizeof(window));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return deed_error_errno(err, errno, "cannot read '%s'",
						file->path);
		if (got == 0)
			return DEED_OK;
		digest_update(digest, window, (size_t)got);
		status = zip_content(zip, slice_of(window, (size_t)got), err);
		if (status != DEED_OK)
			return status;
	}
}

enum deed_status asic_add_object(const struct asic_file *file,
				 struct zip_writer *zip,
				 uint8_t sha256[SHA256_SIZE],
				 struct deed_error *err)
{
	struct digest *digest = NULL;
	enum deed_status status;
	struct stat st;

	if (fstat(file->fd, &st) != 0)
		return deed_error_errno(err, errno, "cannot read '%s'",
					file->path);
	status = digest_new(DIGEST_SHA256, &digest, err);
	if (status == DEED_OK)
		status = zip_begin(
			zip, file->name,
			S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0, err);
	if (status == DEED_OK)
		status = copy_file(file, zip, digest, err);
	if (status == DEED_OK)
		status = zip_end(zip, err);
	if (status == DEED_OK)
		digest_final(digest, sha256);
	digest_free(digest);
	return status;
}

/* Read once: hashed while it is copied, so that what is signed is what is in
 * the container. */
static enum deed_status add_file(const struct asic_file *file,
				 struct zip_writer *zip,
				 struct asic_manifest_reference *ref,
				 struct deed_error *err)
{
	enum deed_status status;

	if (!asic_name_is_object(file->name))
		return deed_error_set(err, DEED_USAGE,
				      "'%s' cannot be the name of a file in a "
				      "container",
				      file->name);
	ref->name = strdup(file->name);
	ref->mime_type = strdup(asic_media_type(file->name));
	ref->alg = DIGEST_SHA256;
	ref->digest_len = SHA256_SIZE;
	if (ref->name == NULL || ref->mime_type == NULL)
		return deed_error_memory(err);
	status = asic_add_object(file, zip, ref->digest, err);
	if (status == DEED_OK && file->sha256 != NULL)
		memcpy(file->sha256, ref->digest, SHA256_SIZE);
	return status;
}

/* The signature over a manifest; *cms is empty. */
enum deed_status asic_sign_manifest(const struct cades_params *signer,
				    const struct augment_params *augment,
				    struct slice xml, struct buf *cms,
				    struct deed_error *err)
{
	enum digest_alg alg = DIGEST_NONE;
	uint8_t hash[DIGEST_MAX];
	struct buf bare = BUF_INIT;
	struct augment_params up;
	enum deed_status status;

	status = cades_digest(signer, &alg, err);
	if (status != DEED_OK)
		return status;
	digest_once(alg, xml, hash);
	status = cades_sign_digest(signer, slice_of(hash, digest_size(alg)),
				   &bare, err);
	if (status == DEED_OK && augment != NULL) {
		up = *augment;
		/* An archive manifest covers it, not a token inside. */
		if (up.level > LEVEL_B_LT)
			up.level = LEVEL_B_LT;
		status = cades_extend(&up, buf_get(&bare), NULL, cms, err);
		buf_clear(&bare);
	} else {
		*cms = bare;
	}
	return status;
}

/* The manifest is signed as the bytes that go into the container, not made a
 * second time. */
static enum deed_status add_signature(const struct asic_manifest *m,
				      const struct cades_params *signer,
				      const struct augment_params *augment,
				      struct zip_writer *zip,
				      struct deed_error *err)
{
	struct buf xml = BUF_INIT, cms = BUF_INIT;
	enum deed_status status;

	status = asic_manifest_write(m, &xml, err);
	if (status == DEED_OK)
		status = asic_sign_manifest(signer, augment, buf_get(&xml),
					    &cms, err);
	if (status == DEED_OK)
		status = zip_add(zip, ASIC_MANIFEST, buf_get(&xml), err);
	if (status == DEED_OK)
		status = zip_add(zip, ASIC_SIGNATURE, buf_get(&cms), err);
	buf_clear(&xml);
	buf_clear(&cms);
	return status;
}

/* *out is set also where memory fails half-way, so that the caller frees what
 * there is. */
static enum deed_status manifest_new(size_t count, struct asic_manifest **out,
				     struct deed_error *err)
{
	struct asic_manifest *m = calloc(1, sizeof(*m));

	*out = m;
	if (m == NULL)
		return deed_error_memory(err);
	m->references = calloc(count + 1, sizeof(*m->references));
	m->signature = strdup(ASIC_SIGNATURE);
	return m->references == NULL || m->signature == NULL
		       ? deed_error_memory(err)
		       : DEED_OK;
}

enum deed_status asic_sign(const struct asic_file *files, size_t count,
			   const struct cades_params *signer,
			   const struct augment_params *augment,
			   const struct zip_sink *sink, struct deed_error *err)
{
	struct zip_writer *zip = NULL;
	struct asic_manifest *m = NULL;
	enum deed_status status;
	size_t i;

	if (count == 0 || count > FILES)
		return deed_error_set(err, DEED_USAGE,
				      "a container holds 1 to %d files", FILES);
	status = manifest_new(count, &m, err);
	if (status == DEED_OK)
		status = zip_writer_new(&zip, sink, signer->signing_time, err);
	if (status == DEED_OK)
		status = zip_add(zip, ASIC_MIMETYPE,
				 slice_str(ASIC_E_MEDIA_TYPE), err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		m->count = i + 1;
		status = add_file(&files[i], zip, &m->references[i], err);
	}
	if (status == DEED_OK)
		status = add_signature(m, signer, augment, zip, err);
	if (status == DEED_OK)
		status = zip_finish(zip, err);
	zip_writer_free(zip);
	asic_manifest_free(m);
	return status;
}

/* ---- is it there already? ---- */

/* An entry as it is unpacked, beside the file that it should be. */
struct comparison {
	int fd;
	const char *path;
	uint64_t at;
	bool same;
};

/* Once something differs the rest is unpacked and passed over, as a sink can
 * stop the reader only by failing. */
static enum deed_status compare(void *arg, struct slice bytes,
				struct deed_error *err)
{
	struct comparison *c = arg;
	uint8_t window[WINDOW];
	size_t step;
	ssize_t got;

	while (c->same && bytes.len > 0) {
		step = bytes.len < sizeof(window) ? bytes.len : sizeof(window);
		got = pread(c->fd, window, step, (off_t)c->at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return deed_error_errno(err, errno, "cannot read '%s'",
						c->path);
		c->same =
			got > 0 && memcmp(window, bytes.data, (size_t)got) == 0;
		c->at += (uint64_t)got;
		bytes.data += got;
		bytes.len -= (size_t)got;
	}
	return DEED_OK;
}

/* Byte by byte, as both are at hand: no digest has to be believed. */
static enum deed_status holds_file(const struct zip *zip,
				   const struct asic_file *file, bool *holds,
				   struct deed_error *err)
{
	const struct zip_entry *entry = zip_find(zip, file->name);
	struct comparison c = { file->fd, file->path, 0, true };
	struct zip_fault fault = { 0 };
	enum deed_status status;
	struct stat st;

	*holds = false;
	if (fstat(file->fd, &st) != 0)
		return deed_error_errno(err, errno, "cannot read '%s'",
					file->path);
	if (entry == NULL || entry->size != (uint64_t)st.st_size)
		return DEED_OK;
	status = zip_read(zip, entry, compare, &c, &fault, err);
	*holds = c.same && !fault.found;
	return status;
}

/* Compared with the number of files, so that a container with one more than
 * were asked for does not count as made. */
static size_t count_objects(const struct zip *zip)
{
	size_t i, n = 0;

	for (i = 0; i < zip_count(zip); i++)
		n += asic_role(zip_at(zip, i)->name) == ASIC_ROLE_OBJECT;
	return n;
}

enum deed_status asic_holds(const struct asic_source *source,
			    const struct asic_file *files, size_t count,
			    bool *holds, struct deed_error *err)
{
	enum deed_status status;
	struct zip_fault fault;
	struct zip *zip;
	size_t i;

	*holds = false;
	status = parser_open_zip(source->parser, source->fd, source->name, &zip,
				 &fault, err);
	if (status != DEED_OK || fault.found)
		return status;
	*holds = count_objects(zip) == count;
	for (i = 0; status == DEED_OK && *holds && i < count; i++)
		status = holds_file(zip, &files[i], holds, err);
	zip_close(zip);
	return status;
}
