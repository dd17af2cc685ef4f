/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/proof.h"

#include <inttypes.h>

#include "tlog/text.h"
#include "codec/base64.h"

#define MAGIC "c2sp.org/tlog-proof@v1"
#define EXTRA "extra "
#define INDEX "index "
#define OLD "old "

void proof_file_clear(struct proof_file *p)
{
	buf_clear(&p->extra);
	*p = (struct proof_file)PROOF_FILE_INIT;
}

static bool has_prefix(struct slice s, const char *prefix)
{
	return s.len >= strlen(prefix) &&
	       !memcmp(s.data, prefix, strlen(prefix));
}

static struct slice after(struct slice s, const char *prefix)
{
	return slice_of(s.data + strlen(prefix), s.len - strlen(prefix));
}

bool proof_is_inclusion(struct slice bytes)
{
	return has_prefix(bytes, MAGIC "\n");
}

static enum deed_status malformed(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_MALFORMED, "no proof: %s", what);
}

/* Hashes up to the empty line; what follows is the checkpoint. */
static enum deed_status parse_rest(struct slice rest, struct proof_file *p,
				   struct deed_error *err)
{
	struct slice line;

	for (;;) {
		if (!text_line(&rest, &line))
			return malformed(err, "it ends before its checkpoint");
		if (line.len == 0)
			break;
		if (p->proof.count == TREE_PROOF_MAX)
			return deed_error_set(err, DEED_LIMIT,
					      "the proof has too many hashes");
		if (!text_hash(line, p->proof.hash[p->proof.count].bytes))
			return malformed(err, "a line is not a hash");
		p->proof.count++;
	}
	p->checkpoint = rest;
	return DEED_OK;
}

enum deed_status proof_parse_inclusion(struct slice bytes, struct proof_file *p,
				       struct deed_error *err)
{
	struct slice rest = bytes, line;

	*p = (struct proof_file)PROOF_FILE_INIT;
	if (bytes.len > PROOF_MAX)
		return deed_error_set(err, DEED_LIMIT, "the proof is too long");
	if (!text_line(&rest, &line) || !slice_equal_str(line, MAGIC))
		return malformed(err, "it does not begin with " MAGIC);
	if (!text_line(&rest, &line))
		return malformed(err, "it has no index");
	if (has_prefix(line, EXTRA)) {
		if (!base64_decode(after(line, EXTRA), &p->extra) ||
		    p->extra.len == 0)
			return malformed(err, "its extra line is not base64");
		if (!text_line(&rest, &line))
			return malformed(err, "it has no index");
	}
	if (!has_prefix(line, INDEX) ||
	    !text_number(after(line, INDEX), &p->index))
		return malformed(err, "it has no index");
	return parse_rest(rest, p, err);
}

enum deed_status proof_parse_consistency(struct slice bytes,
					 struct proof_file *p,
					 struct deed_error *err)
{
	struct slice rest = bytes, line;

	*p = (struct proof_file)PROOF_FILE_INIT;
	if (bytes.len > PROOF_MAX)
		return deed_error_set(err, DEED_LIMIT, "the proof is too long");
	if (!text_line(&rest, &line) || !has_prefix(line, OLD) ||
	    !text_number(after(line, OLD), &p->index))
		return malformed(err, "it does not begin with an old size");
	return parse_rest(rest, p, err);
}

/* Both forms end so; the checkpoint is put as it was signed, for its signature
 * is over these very bytes. */
static void format_rest(const struct proof_file *p, struct buf *out)
{
	size_t i;

	for (i = 0; i < p->proof.count; i++) {
		base64_encode(slice_of(p->proof.hash[i].bytes, TREE_HASH), out);
		buf_byte(out, '\n');
	}
	buf_byte(out, '\n');
	buf_slice(out, p->checkpoint);
}

void proof_format_inclusion(const struct proof_file *p, struct buf *out)
{
	buf_str(out, MAGIC "\n");
	if (p->extra.len > 0) {
		buf_str(out, EXTRA);
		base64_encode(buf_get(&p->extra), out);
		buf_byte(out, '\n');
	}
	buf_printf(out, INDEX "%" PRIu64 "\n", p->index);
	format_rest(p, out);
}

void proof_format_consistency(const struct proof_file *p, struct buf *out)
{
	buf_printf(out, OLD "%" PRIu64 "\n", p->index);
	format_rest(p, out);
}
