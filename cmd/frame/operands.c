/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/operands.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "office/document/sign.h"

/* A million names of 256 bytes. */
#define LIST_MAX ((size_t)256 * OPERANDS_MAX)

static enum deed_status read_list(const struct session *s, struct buf *text,
				  struct deed_error *err)
{
	if (strcmp(s->files_from, "-") == 0)
		return file_read_fd(STDIN_FILENO, "-", LIST_MAX, text, err);
	return file_read(s->files_from, LIST_MAX, text, err);
}

/* Cut the text into strings at end; count them, store them if item is set. */
static size_t cut(char *text, size_t len, char end, const char **item)
{
	size_t count = 0, start = 0, i;

	for (i = 0; i < len; i++) {
		if (text[i] != end && text[i] != '\0')
			continue;
		if (i > start) {
			if (item != NULL)
				item[count] = text + start;
			count++;
		}
		text[i] = item != NULL ? '\0' : text[i];
		start = i + 1;
	}
	return count;
}

enum deed_status operands_read(const struct session *s, struct operands *out,
			       struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char end = s->nul ? '\0' : '\n';
	size_t listed = 0;

	if (s->files_from != NULL) {
		status = read_list(s, &out->text, err);
		buf_byte(&out->text, (uint8_t)end);
		if (status == DEED_OK)
			status = buf_status(&out->text, err);
		if (status != DEED_OK)
			return status;
		listed = cut((char *)out->text.data, out->text.len, end, NULL);
	}
	if (s->operand_count + listed > OPERANDS_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "a batch takes at most %d operands",
				      OPERANDS_MAX);
	out->item = calloc(s->operand_count + listed + 1, sizeof(*out->item));
	if (out->item == NULL)
		return deed_error_memory(err);
	if (s->operand_count > 0)
		memcpy(out->item, s->operand,
		       s->operand_count * sizeof(*out->item));
	out->count = s->operand_count;
	if (listed > 0)
		out->count += cut((char *)out->text.data, out->text.len, end,
				  out->item + out->count);
	return DEED_OK;
}

void operands_free(struct operands *o)
{
	free(o->item);
	buf_clear(&o->text);
	o->item = NULL;
	o->count = 0;
}

bool operand_has_suffix(const char *name, const char *suffix)
{
	size_t len = strlen(name), end = strlen(suffix);

	return len > end && strcasecmp(name + len - end, suffix) == 0;
}

/* "contract.signed.2" has the mark "signed" and the number 2, 0 none. */
static size_t marked_length(const char *name, size_t len, const char *mark,
			    unsigned long *number)
{
	size_t at = len, digits = 0, end = strlen(mark);

	while (at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9') {
		at--;
		digits++;
	}
	*number = 1;
	if (digits > 0 && digits < 9 && at > 1 && name[at - 1] == '.') {
		*number = strtoul(name + at, NULL, 10);
		len = at - 1;
	}
	if (len > end + 1 && name[len - end - 1] == '.' &&
	    memcmp(name + len - end, mark, end) == 0)
		return len;
	return 0;
}

char *operand_marked(const char *input, const char *mark)
{
	const char *base = path_base(input), *dot = strrchr(base, '.');
	size_t stem, marked;
	unsigned long number;
	struct buf b = BUF_INIT;

	if (dot == NULL || dot == base)
		dot = base + strlen(base);
	stem = (size_t)(dot - input);
	marked = marked_length(input, stem, mark, &number);
	if (marked > 0)
		buf_printf(&b, "%.*s.%lu%s", (int)marked, input, number + 1,
			   dot);
	else
		buf_printf(&b, "%.*s.%s%s", (int)stem, input, mark, dot);
	return buf_take(&b, NULL);
}

bool operand_is_marked(const char *input, const char *mark)
{
	const char *base = path_base(input), *dot = strrchr(base, '.');
	unsigned long number;

	if (dot == NULL || dot == base)
		dot = base + strlen(base);
	return marked_length(input, (size_t)(dot - input), mark, &number) > 0;
}

char *operand_suffixed(const char *input, const char *suffix)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s%s", input, suffix);
	return buf_take(&b, NULL);
}

enum deed_status operand_check_kind(const struct operand_kind *k,
				    struct deed_error *err)
{
	const char *why = NULL;

	if (k->pdf)
		return DEED_OK;
	if (operand_has_suffix(k->name, ".pdf"))
		why = sign_not_pdf(k->path);
	if (why != NULL)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is no PDF: %s", k->name, why);
	if (k->output != NULL && operand_has_suffix(k->output, ".pdf"))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' would be no PDF: what comes of "
				      "'%s' is none",
				      k->output, k->name);
	if (k->option != NULL)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is no PDF: --%s is for PDFs alone",
				      k->name, k->option);
	return DEED_OK;
}

const char *operand_given(const struct session *s, const char *const *options)
{
	for (; *options != NULL; options++) {
		if (option_given(s, *options))
			return *options;
	}
	return NULL;
}
