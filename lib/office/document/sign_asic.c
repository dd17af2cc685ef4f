/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/sign_group.h"

#include <stdlib.h>
#include <unistd.h>

#include "sign/asic.h"

/* The files of one container, open. */
struct bundle {
	struct sign_source *sources;
	struct asic_file *files;
	size_t count;
};

/* Only what bundle_open came to is counted, and so closed. */
static void bundle_close(struct bundle *b)
{
	size_t i;

	for (i = 0; i < b->count; i++)
		sign_source_close(&b->sources[i]);
	free(b->sources);
	free(b->files);
}

/* p, or NULL, learns what the files are. */
static enum deed_status bundle_open(const struct sign_item *item,
				    struct sign_pending *p, struct bundle *b,
				    struct deed_error *err)
{
	size_t count = item->file_count > 0 ? item->file_count : 1, i;
	enum deed_status status = DEED_OK;

	memset(b, 0, sizeof(*b));
	b->sources = calloc(count, sizeof(*b->sources));
	b->files = calloc(count, sizeof(*b->files));
	if (b->sources == NULL || b->files == NULL)
		return deed_error_memory(err);
	if (p != NULL)
		status = sign_inputs_new(p, item, err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		const char *path =
			item->file_count > 0 ? item->files[i] : item->input;
		const char *name = item->file_count > 0 ? path : item->name;

		b->count = i + 1;
		status = sign_source_open(path, name, &b->sources[i], err);
		b->files[i].fd = b->sources[i].fd;
		b->files[i].path = b->sources[i].name;
		b->files[i].name = path_base(b->sources[i].name);
		if (p != NULL && i < p->inputs)
			b->files[i].sha256 = p->input[i].sha256;
	}
	return status;
}

enum deed_status sign_asic(const struct sign_group *g,
			   const struct sign_item *item, struct sign_pending *p,
			   struct sign_result *r, struct deed_error *err)
{
	struct zip_sink sink;
	struct augment_params augment = { .level = LEVEL_NONE };
	struct cades_params signer;
	struct bundle bundle;
	enum deed_status status;

	sign_cades_params(g, &signer);
	if (sign_is_raised(g, item))
		sign_augment_params(g, item, &augment);
	status = bundle_open(item, p, &bundle, err);
	if (status == DEED_OK && !item->dry_run)
		status = sign_output_open(item, 0666, p, err);
	sink = sign_zip_sink(p->out);
	if (status == DEED_OK)
		status =
			asic_sign(bundle.files, bundle.count, &signer,
				  augment.level == LEVEL_NONE ? NULL : &augment,
				  &sink, err);
	if (status == DEED_OK)
		status = sign_raise_asic(g, item, p, err);
	/* Sizes are patched in afterwards, so it is hashed when it is whole. */
	if (status == DEED_OK && p->out != NULL) {
		r->size = outfile_size(p->out);
		status = digest_fd(DIGEST_SHA256, outfile_fd(p->out),
				   item->output, r->sha256, err);
		memcpy(p->document, r->sha256, SHA256_SIZE);
	}
	bundle_close(&bundle);
	return status;
}

enum deed_status sign_asic_already(const struct sign_group *g,
				   const struct sign_item *item, bool *already,
				   struct deed_error *err)
{
	struct asic_source container = { -1, item->output, g->parser };
	struct sign_source output = { .fd = -1 };
	struct bundle bundle;
	enum deed_status status;
	bool same = false;

	*already = false;
	status = bundle_open(item, NULL, &bundle, err);
	if (status == DEED_OK)
		status = sign_source_open(item->output, NULL, &output, err);
	container.fd = output.fd;
	if (status == DEED_OK)
		status = asic_holds(&container, bundle.files, bundle.count,
				    &same, err);
	if (status == DEED_OK && same)
		status = sign_one_intact(g, item, NULL, already, err);
	sign_source_close(&output);
	bundle_close(&bundle);
	return status;
}
