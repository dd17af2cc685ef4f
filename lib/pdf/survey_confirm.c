/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/hex.h"
#include "pdf/survey.h"

/* The digits of a hexadecimal string against bytes, window by window. */
struct gap {
	struct slice want; /* what is still to come */
	uint64_t at, len;  /* in the gap */
	int high;	   /* the first digit of a pair, -1 */
	bool differs;
	bool more; /* behind it, what is no padding */
};

static bool is_space(uint8_t c)
{
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' ||
	       c == ' ';
}

/* One byte of the string: the next of the contents, or what follows them. */
static void take_byte(struct gap *g, uint8_t byte)
{
	if (g->want.len == 0) {
		g->more = g->more || byte != 0;
		return;
	}
	g->differs = g->differs || byte != g->want.data[0];
	g->want = slice_of(g->want.data + 1, g->want.len - 1);
}

/* The gap is the string with its brackets.  White space between digits is
 * allowed (7.3.4.3); nothing else is. */
static void take_char(struct gap *g, uint8_t c)
{
	uint64_t at = g->at++;
	int value = hex_digit(c);

	if (at == 0 || at == g->len - 1) {
		g->differs = g->differs || c != (at == 0 ? '<' : '>');
	} else if (value < 0) {
		g->differs = g->differs || !is_space(c);
	} else if (g->high < 0) {
		g->high = value;
	} else {
		take_byte(g, (uint8_t)(g->high << 4 | value));
		g->high = -1;
	}
}

/* Pairs of digits inside the brackets, the usual case. */
static size_t take_pairs(struct gap *g, const uint8_t *c, size_t len)
{
	size_t i;
	int high, low;

	if (g->at == 0 || g->at + 1 >= g->len || g->high >= 0)
		return 0;
	if (len > g->len - 1 - g->at)
		len = (size_t)(g->len - 1 - g->at);
	for (i = 0; i + 1 < len && !g->differs; i += 2) {
		high = hex_digit(c[i]);
		low = hex_digit(c[i + 1]);
		if (high < 0 || low < 0)
			break;
		take_byte(g, (uint8_t)(high << 4 | low));
	}
	g->at += i;
	return i;
}

/* A difference ends the comparing; the rest of the gap is read and passed
 * over. */
static enum deed_status take_window(void *arg, struct slice window,
				    struct deed_error *err)
{
	struct gap *g = arg;
	size_t i;

	(void)err;
	for (i = 0; i < window.len && !g->differs; i++) {
		i += take_pairs(g, window.data + i, window.len - i);
		if (i < window.len)
			take_char(g, window.data[i]);
	}
	return DEED_OK;
}

/* Each number is bounded before it is added to, as they come from whoever made
 * the survey.  A gap of fewer than two bytes has no room for the brackets. */
static bool range_fits(const struct pdf_survey_signature *sig, uint64_t size)
{
	const uint64_t *r = sig->byte_range;

	if (r[0] != 0 || r[1] > size || r[2] > size || r[2] < r[1] + 2 ||
	    r[3] > size - r[2])
		return false;
	return sig->coverage != PDF_COVERS_FILE || r[2] + r[3] == size;
}

/* One reading of the gap tells that it holds these contents, and whether
 * anything but zeros follows them. */
static enum deed_status confirm(const struct pdf_survey_signature *sig,
				const struct pdf_input *in, bool *fits,
				struct deed_error *err)
{
	struct gap g = { .want = sig->contents, .high = -1 };
	enum deed_status status;

	*fits = range_fits(sig, pdf_input_size(in));
	if (!*fits)
		return DEED_OK;
	g.len = sig->byte_range[2] - sig->byte_range[1];
	status = pdf_input_each(in, sig->byte_range[1], g.len, take_window, &g,
				err);
	/* A last digit alone stands for itself and a zero. */
	if (g.high >= 0)
		take_byte(&g, (uint8_t)(g.high << 4));
	*fits = !g.differs && g.want.len == 0 && g.more == sig->has_more;
	return status;
}

/* The parser read a hostile file and may have been taken over: what it says of
 * bytes is held against the bytes, by code that parses nothing else. */
enum deed_status pdf_survey_confirm(const struct pdf_survey *s,
				    const struct pdf_input *in,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool fits = true;
	size_t i;

	for (i = 0; status == DEED_OK && fits && i < s->signature_count; i++) {
		if (s->signatures[i].sound)
			status = confirm(&s->signatures[i], in, &fits, err);
	}
	if (status == DEED_OK && !fits)
		return deed_error_set(err, DEED_INDETERMINATE,
				      "the parser of '%s' does not say the "
				      "truth",
				      pdf_input_name(in));
	return status;
}
