/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/get_part.h"

#include <inttypes.h>

#include "cmd/frame/output.h"
#include "cmd/shard/get_out.h"
#include "cmd/shard/shard.h"
#include "office/deposit/deposit_proof.h"

/* Decimal, below 2^53; false where there is no digit. */
static bool read_number(const char **text, uint64_t *out)
{
	const char *start = *text;

	*out = 0;
	for (; **text >= '0' && **text <= '9'; (*text)++) {
		*out = 10 * *out + (uint64_t)(**text - '0');
		if (*out >= UINT64_C(1) << 53)
			return false;
	}
	return *text > start;
}

enum deed_status get_range_parse(const char *text, uint64_t *from, uint64_t *to,
				 struct deed_error *err)
{
	const char *at = text;
	bool good = read_number(&at, from) && *at++ == '-';

	*to = UINT64_MAX;
	if (good && *at != '\0')
		good = read_number(&at, to) && *at == '\0' && *from <= *to;
	if (good)
		return DEED_OK;
	return deed_error_set(
		err, DEED_USAGE,
		"'%s' is no range of bytes: FROM-TO, both counted "
		"from 0 and included, or FROM-",
		text);
}

enum deed_status get_number_parse(char *operand, size_t *number,
				  struct deed_error *err)
{
	char *slash = strchr(operand, '/');
	const char *at;
	uint64_t n;

	*number = 0;
	if (slash == NULL)
		return DEED_OK;
	at = slash + 1;
	if (*at == '0' || !read_number(&at, &n) || *at != '\0' ||
	    n >= INDEX_FILES)
		return deed_error_set(err, DEED_USAGE,
				      "'%s' names no document: ID/N, N from 1",
				      operand);
	*slash = '\0';
	*number = (size_t)n;
	return DEED_OK;
}

/* The file of the index that was asked for. */
static enum deed_status choose(const struct get_part *g, size_t *number,
			       struct deed_error *err)
{
	const struct index *x = members_index(g->members);

	*number = g->number == 0 ? 1 : g->number;
	if (*number < x->count)
		return DEED_OK;
	return deed_error_set(err, DEED_NOT_FOUND,
			      "the deposit has %zu documents, none of number "
			      "%zu",
			      x->count - 1, *number);
}

/* A members_fn. */
static enum deed_status to_file(void *arg, struct slice part,
				struct deed_error *err)
{
	return outfile_write(arg, part.data, part.len, err);
}

/* Past the end a range is cut, as HTTP does it, but one that begins there is a
 * mistake.  No hash speaks for a part: each chunk opens only as what was
 * encrypted, and only in its place. */
static enum deed_status get_bytes(const struct get_part *g, size_t number,
				  const struct index_file *f,
				  struct outfile *out, struct deed_error *err)
{
	enum deed_status status;
	uint64_t from, to;

	if (g->range == NULL)
		return members_get(g->members, number, to_file, out, err);
	status = get_range_parse(g->range, &from, &to, err);
	if (status == DEED_OK && from >= f->size)
		status = deed_error_set(err, DEED_USAGE,
					"the document has %" PRIu64
					" bytes, none from %" PRIu64,
					f->size, from);
	if (status != DEED_OK)
		return status;
	if (to >= f->size)
		to = f->size - 1;
	return members_range(g->members, number, from, to - from + 1, to_file,
			     out, err);
}

json_t *get_file_json(const struct index_file *f, size_t number)
{
	return json_pack("{s:I, s:o, s:I, s:o}", "number", (json_int_t)number,
			 "name", output_text(f->name), "size",
			 (json_int_t)f->size, "sha256",
			 output_sha256(f->sha256));
}

static void set_id(const struct get_part *g)
{
	char id[DEPOSIT_ID + 1];

	shard_id_text(g->stored->id, id);
	output_set(g->s, "id", json_string(id));
}

/* Of a pack: of one document the log has the hash itself. */
static enum deed_status prove(const struct get_part *g, size_t number,
			      struct outfile **out, struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status;

	if (g->proof == NULL)
		return DEED_OK;
	status = get_out_open(g->s, g->proof, out, err);
	if (status == DEED_OK)
		status = deposit_prove(members_index(g->members), number, &text,
				       err);
	if (status == DEED_OK)
		status = outfile_write(*out, text.data, text.len, err);
	buf_clear(&text);
	return status;
}

enum deed_status get_one(const struct get_part *g, struct deed_error *err)
{
	const struct index_file *f;
	struct outfile *out = NULL, *proof = NULL;
	enum deed_status status;
	size_t number;

	status = choose(g, &number, err);
	if (status != DEED_OK)
		return status;
	f = &members_index(g->members)->file[number];
	status = get_out_document(g->s, path_base(f->name), g->folder, &out,
				  err);
	if (status == DEED_OK)
		status = prove(g, number, &proof, err);
	if (status == DEED_OK)
		status = get_bytes(g, number, f, out, err);
	if (status == DEED_OK && proof != NULL)
		status = get_out_finish(g->s, proof, false, err);
	if (status == DEED_OK)
		status = get_out_finish(g->s, out, true, err);
	if (status == DEED_OK) {
		set_id(g);
		output_set(g->s, "files",
			   json_pack("[o]", get_file_json(f, number)));
		if (!get_out_is_stdout(g->s))
			session_say(g->s, "%s is in '%s'",
				    g->range == NULL ? "the document"
						     : "what was asked for",
				    outfile_target(out));
	}
	outfile_free(proof);
	outfile_free(out);
	return status;
}

enum deed_status get_list(const struct get_part *g, struct deed_error *err)
{
	const struct index *x = members_index(g->members);
	size_t i;

	(void)err;
	set_id(g);
	output_stream(g->s, "files");
	for (i = 1; i < x->count; i++) {
		const struct index_file *f = &x->file[i];

		output_line(g->s, "%zu  %" PRIu64 "  %s", i, f->size, f->name);
		output_item(g->s, "files", get_file_json(f, i));
	}
	return DEED_OK;
}
