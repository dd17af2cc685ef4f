/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/option.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/frame/command.h"
#include "cmd/frame/config_known.h"
#include "cmd/frame/option_rules.h"
#include "cmd/frame/option_value.h"

/* Where the parser stands. */
struct parser {
	struct session *session;
	const struct command *command;
	void *args;
	const char *const *words;
	size_t count;
	size_t at;
	size_t rows; /* of the command, and common ones */
	bool help;
	struct option_use use[2 * OPTION_MAX]; /* by the number of the row */
};

/* A row, the member it fills, and where its value is from. */
struct found {
	const struct option *option;
	void *member;
	struct option_use *use;
};

/* Row i of all that the command has, its own first; false past the end. */
static bool row(struct parser *p, size_t i, struct found *f)
{
	const struct option *own = p->command->options;
	const struct option *o;
	size_t n = 0;

	for (o = own; o != NULL && o->name != NULL; o++, n++) {
		if (n != i)
			continue;
		f->option = o;
		f->member = (char *)p->args + o->offset;
		f->use = &p->use[n];
		return true;
	}
	for (o = option_common(); o->name != NULL; o++) {
		if (!option_common_applies(o, p->command) || n++ != i)
			continue;
		f->option = o;
		f->member = (char *)p->session + o->offset;
		f->use = &p->use[i];
		return true;
	}
	return false;
}

/* Only the whole name: an abbreviation that a script uses would change its
 * meaning with the next option. */
static bool find_long(struct parser *p, const char *name, size_t len,
		      struct found *f)
{
	size_t i;

	for (i = 0; row(p, i, f); i++)
		if (strlen(f->option->name) == len &&
		    memcmp(f->option->name, name, len) == 0)
			return true;
	return false;
}

/* The command's own rows come first, but a test has seen that no letter is
 * taken twice. */
static bool find_letter(struct parser *p, char letter, struct found *f)
{
	size_t i;

	for (i = 0; row(p, i, f); i++)
		if (f->option->letter == letter)
			return true;
	return false;
}

static void hint_usage(struct parser *p, struct deed_error *err)
{
	deed_error_hint(err, "deed %s -h", p->command->name);
}

/* Up to two mistakes are near; what has more is better not guessed.  Only so
 * much of the word is repeated as a line holds. */
static enum deed_status unknown_long(struct parser *p, const char *name,
				     size_t len, struct deed_error *err)
{
	const char *nearest = NULL;
	unsigned best = 3;
	char word[64] = "";
	struct found f;
	size_t i;

	if (len < sizeof(word)) {
		memcpy(word, name, len);
		word[len] = '\0';
		for (i = 0; row(p, i, &f); i++) {
			unsigned d = option_distance(word, f.option->name);

			if (d < best) {
				best = d;
				nearest = f.option->name;
			}
		}
	}
	deed_error_set(err, DEED_USAGE, "there is no option '--%.*s'",
		       (int)(len > 64 ? 64 : len), name);
	if (nearest != NULL)
		deed_error_hint(err, "did you mean --%s?", nearest);
	hint_usage(p, err);
	return DEED_USAGE;
}

/* "--flag=no", or the first of some words, is as if it were not there. */
static bool is_on(const struct found *f)
{
	if (f->option->type == OPTION_TYPE_FLAG)
		return *(bool *)f->member;
	return f->option->type != OPTION_TYPE_CHOICE || *(int *)f->member != 0;
}

/* The row counts as given even if its value is wrong: the configuration must
 * not then fill in what the user tried to say. */
static enum deed_status set(struct parser *p, const struct found *f,
			    const char *text, struct deed_error *err)
{
	enum deed_status status;

	f->use->line = true;
	status = option_value_set(f->option, f->member, text, err);
	f->use->on = is_on(f);
	if (status == DEED_OK)
		return DEED_OK;
	deed_error_prefix(err, "--%s", f->option->name);
	hint_usage(p, err);
	return status;
}

/* An option without a value. */
static void raise_flag(const struct found *f)
{
	f->use->line = f->use->on = true;
	if (f->option->type == OPTION_TYPE_FLAG)
		*(bool *)f->member = true;
	else
		(*(unsigned *)f->member)++;
}

/* The value that follows, in this word (given) or the next. */
static enum deed_status take_value(struct parser *p, const struct found *f,
				   const char *given, struct deed_error *err)
{
	if (given == NULL && p->at < p->count)
		given = p->words[p->at++];
	if (given == NULL) {
		deed_error_set(err, DEED_USAGE, "--%s needs a value: %s",
			       f->option->name, option_argument(f->option));
		hint_usage(p, err);
		return DEED_USAGE;
	}
	return set(p, f, given, err);
}

/* A flag may have a value behind "=" alone, for the next word would be an
 * operand; what needs a value may have it either way. */
static enum deed_status parse_long(struct parser *p, const char *word,
				   struct deed_error *err)
{
	const char *equals = strchr(word, '=');
	size_t len = equals == NULL ? strlen(word) : (size_t)(equals - word);
	struct found f;

	if (len == 4 && memcmp(word, "help", 4) == 0) {
		p->help = equals == NULL;
		return p->help ? DEED_OK
			       : deed_error_set(err, DEED_USAGE,
						"--help takes no value");
	}
	if (!find_long(p, word, len, &f))
		return unknown_long(p, word, len, err);
	if (option_argument(f.option) != NULL)
		return take_value(p, &f, equals == NULL ? NULL : equals + 1,
				  err);
	if (equals != NULL)
		return set(p, &f, equals + 1, err);
	raise_flag(&f);
	return DEED_OK;
}

/* "-vvo FILE", "-oFILE". */
static enum deed_status parse_short(struct parser *p, const char *letters,
				    struct deed_error *err)
{
	struct found f;

	for (; *letters != '\0'; letters++) {
		if (*letters == 'h') {
			p->help = true;
			continue;
		}
		if (!find_letter(p, *letters, &f)) {
			deed_error_set(err, DEED_USAGE,
				       "there is no option '-%c'", *letters);
			hint_usage(p, err);
			return DEED_USAGE;
		}
		if (option_argument(f.option) != NULL)
			return take_value(
				p, &f, letters[1] == '\0' ? NULL : letters + 1,
				err);
		raise_flag(&f);
	}
	return DEED_OK;
}

/* Options may stand behind operands, and "-" alone is an operand.  Room for
 * every word is made at once, so that a word is never copied. */
static enum deed_status parse_words(struct parser *p, struct deed_error *err)
{
	struct session *s = p->session;
	enum deed_status status = DEED_OK;
	bool options = true;

	s->operand = calloc(p->count + 1, sizeof(*s->operand));
	if (s->operand == NULL)
		return deed_error_memory(err);
	while (status == DEED_OK && p->at < p->count && !p->help) {
		const char *word = p->words[p->at++];

		if (!options || word[0] != '-' || word[1] == '\0')
			s->operand[s->operand_count++] = word;
		else if (strcmp(word, "--") == 0)
			options = false;
		else if (word[1] == '-')
			status = parse_long(p, word + 2, err);
		else
			status = parse_short(p, word + 1, err);
	}
	return status;
}

/* The value of --as, after which the configuration may differ. */
static const char *acting_party(struct parser *p)
{
	struct found f;

	if (!find_long(p, "as", 2, &f) || f.option->type != OPTION_TYPE_TEXT)
		return NULL;
	return *(const char **)f.member;
}

/* What stands outside of the command line, and in *from where. */
static const char *outside(struct parser *p, const struct option *o,
			   struct buf *from)
{
	const char *party = acting_party(p), *text;

	option_environment(p->command, o, from);
	buf_byte(from, 0);
	if (buf_get(from).data == NULL)
		return NULL;
	text = getenv((const char *)from->data);
	if (text != NULL && *text != '\0')
		return text;
	if (party != NULL) {
		buf_reset(from);
		buf_printf(from, "parties.%s.", party);
		option_config_key(p->command, o, from);
		buf_byte(from, 0);
		text = from->failed
			       ? NULL
			       : session_config(p->session, (char *)from->data);
		if (text != NULL)
			return text;
	}
	buf_reset(from);
	option_config_key(p->command, o, from);
	buf_byte(from, 0);
	return from->failed ? NULL
			    : session_config(p->session, (char *)from->data);
}

/* Command line, environment, the party's configuration, the general one, the
 * default.  What is wrong outside of the command line is a fault of the
 * configuration and is told with its place. */
static enum deed_status fill(struct parser *p, const struct found *f,
			     struct deed_error *err)
{
	struct buf from = BUF_INIT;
	const char *text = NULL;
	enum deed_status status = DEED_OK;

	if (f->option->config &&
	    !option_rules_gives_way(f->option, p->use, p->rows))
		text = outside(p, f->option, &from);
	if (text != NULL) {
		status = option_value_set(f->option, f->member, text, err);
		f->use->on = is_on(f);
		if (status != DEED_OK) {
			deed_error_prefix(err, "%s", (const char *)from.data);
			if (status == DEED_USAGE && err != NULL)
				err->status = DEED_CONFIG;
			if (status == DEED_USAGE)
				status = DEED_CONFIG;
		}
	} else if (f->option->initial != NULL) {
		status = option_value_set(f->option, f->member,
					  f->option->initial, err);
	} else if (f->option->required) {
		deed_error_set(err, DEED_USAGE, "--%s %s is needed",
			       f->option->name, option_argument(f->option));
		hint_usage(p, err);
		status = DEED_USAGE;
	}
	buf_clear(&from);
	return status;
}

/* Everything the command line did not say. */
static enum deed_status fill_all(struct parser *p, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct found f;
	size_t i;

	for (i = 0; status == DEED_OK && row(p, i, &f); i++)
		if (!f.use->line)
			status = fill(p, &f, err);
	return status;
}

/* As far as it goes: an error is printed as the user likes it, too. */
static void fill_quietly(struct parser *p)
{
	struct found f;
	size_t i;

	for (; p->at < p->count && strcmp(p->words[p->at], "--"); p->at++)
		if (strcmp(p->words[p->at], "--json") == 0)
			p->session->json = true;
	for (i = 0; row(p, i, &f); i++)
		if (!f.use->line)
			(void)!fill(p, &f, NULL);
}

/* With --files-from the list decides how many there are, and it is not read
 * yet. */
static enum deed_status check_operands(struct parser *p, struct deed_error *err)
{
	const struct command *c = p->command;
	size_t count = p->session->operand_count, max = c->max_operands;

	if (p->session->files_from != NULL && max > 1)
		return DEED_OK;
	if (count < c->min_operands)
		deed_error_set(err, DEED_USAGE, "operands are missing: %s",
			       strcmp(c->operands, "[FILE ...]") == 0
				       ? "FILE ... or --files-from FILE"
				       : c->operands);
	else if (count > max && max == 0)
		deed_error_set(err, DEED_USAGE,
			       "'%s' is too much: no operand is expected",
			       p->session->operand[0]);
	else if (count > max)
		deed_error_set(err, DEED_USAGE, "'%s' is too much: expected %s",
			       p->session->operand[max], c->operands);
	else
		return DEED_OK;
	hint_usage(p, err);
	return DEED_USAGE;
}

/* What the options forbid each other. */
static enum deed_status check_rules(struct parser *p, struct deed_error *err)
{
	const struct session *s = p->session;
	enum deed_status status = option_rules_check(p->use, p->rows, err);

	if (status == DEED_OK && s->output != NULL &&
	    strcmp(s->output, "-") == 0 && s->json)
		status = deed_error_set(err, DEED_USAGE,
					"'-o -' and --json would share "
					"standard output");
	if (status != DEED_OK)
		hint_usage(p, err);
	return status;
}

/* The command's own rows come first. */
static uint64_t given(const struct parser *p)
{
	uint64_t bits = 0;
	size_t i;

	for (i = 0; i < OPTION_MAX; i++)
		bits |= (uint64_t)p->use[i].line << i;
	return bits;
}

bool option_given(const struct session *s, const char *name)
{
	const struct option *o = s->command->options;
	size_t i;

	for (i = 0; o != NULL && o[i].name != NULL; i++) {
		if (strcmp(o[i].name, name) == 0)
			return (s->given >> i & 1) != 0;
	}
	return false;
}

enum deed_status option_parse(struct session *s, void *args,
			      const char *const words[], size_t count,
			      bool *help, struct deed_error *err)
{
	struct parser p = { .session = s,
			    .command = s->command,
			    .args = args,
			    .words = words,
			    .count = count };
	enum deed_status status;
	struct found f;

	*help = false;
	for (; row(&p, p.rows, &f); p.rows++)
		f.use->option = f.option;
	status = parse_words(&p, err);
	s->given = given(&p);
	if (p.help) {
		*help = true;
		return DEED_OK;
	}
	if (status == DEED_OK)
		status = check_operands(&p, err);
	if (status == DEED_OK)
		status = fill_all(&p, err);
	else
		fill_quietly(&p);
	if (status == DEED_OK)
		config_warn_unknown(s);
	return status == DEED_OK ? check_rules(&p, err) : status;
}

void option_clear(struct session *s, void *args)
{
	const struct option *o = s->command->options;

	for (; o != NULL && args != NULL && o->name != NULL; o++)
		if (o->type == OPTION_TYPE_LIST)
			free(((struct option_list *)((char *)args + o->offset))
				     ->item);
	free(s->operand);
	s->operand = NULL;
	s->operand_count = 0;
}
