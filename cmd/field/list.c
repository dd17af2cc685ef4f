/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "cmd/frame/batch.h"
#include "cmd/frame/command.h"
#include "cmd/frame/secret.h"
#include "cmd/signing/signing_options.h"
#include "judge/parser.h"
#include "sign/pades_field.h"

struct list_args {
	const char *document_passphrase;
};

static const struct option options[] = {
	DOCUMENT_PASSPHRASE_OPTION(struct list_args, document_passphrase),
	{ 0 },
};

struct job {
	struct secret *password;
	struct parser *parser;
};

/* A hundredth of a millimetre is as much as anybody measures. */
static json_t *mm(double v)
{
	return json_real(round(v * 100) / 100);
}

/* The number is the place in the order of signing, from 1, as field add
 * --before arranges it.  What is not said is left out, but for flags. */
static void put_json(json_t *list, const struct pades_field *f, size_t order)
{
	json_t *o = json_object();

	(void)json_object_set_new(o, "order", json_integer((json_int_t)order));
	(void)json_object_set_new(o, "name", output_text(f->name));
	(void)json_object_set_new(o, "signed", json_boolean(f->is_signed));
	if (f->has_place) {
		(void)json_object_set_new(o, "page",
					  json_integer((json_int_t)f->page));
		(void)json_object_set_new(
			o, "position",
			json_pack("[o,o]", mm(f->x_mm), mm(f->y_mm)));
		(void)json_object_set_new(o, "width", mm(f->width_mm));
		(void)json_object_set_new(o, "height", mm(f->height_mm));
	}
	if (*f->tooltip != '\0')
		(void)json_object_set_new(o, "tooltip",
					  output_text(f->tooltip));
	if (*f->lock != '\0')
		(void)json_object_set_new(o, "lock", output_text(f->lock));
	(void)json_object_set_new(o, "final", json_boolean(f->final));
	(void)json_object_set_new(o, "seed", json_boolean(f->seed));
	(void)json_array_append_new(list, o);
}

/* Names and tooltips are the document's and are cleaned. */
static void put_text(struct buf *out, const struct pades_field *f, size_t n)
{
	buf_printf(out, "  %zu. ", n);
	output_clean(f->name, out);
	buf_str(out, f->is_signed ? ": signed" : ": empty");
	if (f->has_place)
		buf_printf(out, ", page %zu at %.1f,%.1f mm, %.1f by %.1f",
			   f->page, f->x_mm, f->y_mm, f->width_mm,
			   f->height_mm);
	if (*f->lock != '\0') {
		buf_str(out, ", locks ");
		output_clean(f->lock, out);
	}
	if (f->final)
		buf_str(out, ", final");
	if (f->seed)
		buf_str(out, ", asks for something");
	if (*f->tooltip != '\0') {
		buf_str(out, " (");
		output_clean(f->tooltip, out);
		buf_byte(out, ')');
	}
	buf_byte(out, '\n');
}

/* The input is closed before anything is said: the fields are copies.  They
 * are the document's as it is now, signed or not. */
static enum deed_status work(void *arg, struct batch_item *item,
			     struct deed_error *err)
{
	const struct job *job = arg;
	json_t *list = json_array();
	struct pades_fields fields;
	struct pdf_input *in = NULL;
	enum deed_status status;
	size_t i;

	status = pdf_input_open(item->path, &in, err);
	if (status == DEED_OK) {
		pdf_input_set_password(in, job->password);
		status = pades_field_list(job->parser, in, &fields, err);
	}
	pdf_input_close(in);
	if (status != DEED_OK) {
		json_decref(list);
		return status;
	}
	output_clean(item->input, &item->text);
	buf_printf(&item->text, ": %zu signature field%s\n", fields.count,
		   fields.count == 1 ? "" : "s");
	for (i = 0; i < fields.count; i++) {
		put_json(list, &fields.list[i], i + 1);
		put_text(&item->text, &fields.list[i], i + 1);
	}
	(void)json_object_set_new(item->json, "fields", list);
	pades_fields_clear(&fields);
	return DEED_OK;
}

/* One parser, and one password, for all documents. */
static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	static const struct batch batch = {
		.array = "documents",
		.work = work,
	};
	const struct list_args *args = arguments;
	struct job job = { .password = NULL };
	enum deed_status status;

	status = document_password(s, args->document_passphrase, &job.password,
				   err);
	if (status == DEED_OK)
		status = parser_new(&job.parser, err);
	if (status == DEED_OK)
		status = batch_run(s, &batch, &job, err);
	parser_free(job.parser);
	secret_free(job.password);
	return status;
}

const struct command command_field_list = {
	.name = "field list",
	.operands = "[FILE ...]",
	.summary = "list the signature fields of PDFs",
	.options = options,
	.args_size = sizeof(struct list_args),
	.flags = COMMAND_BATCH,
	.min_operands = 1,
	.max_operands = COMMAND_MANY,
	.complete = COMPLETE_FILE,
	.run = run,
};
