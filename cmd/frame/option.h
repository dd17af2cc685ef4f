/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_OPTION_H
#define DEED_CMD_FRAME_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Options as a table.  Each row names the member of the command's struct that
 * it fills:
 *
 *	struct sign_args {
 *		const char *as;
 *		bool detached;
 *		struct option_point position;
 *	};
 *	static const struct option options[] = {
 *		{ OPTION_TEXT(struct sign_args, as), .name = "as",
 *		  .argument = "PARTY", .complete = COMPLETE_PARTY,
 *		  .required = true, .help = "sign as this party" },
 *		{ OPTION_FLAG(struct sign_args, detached), .name = "detached",
 *		  .help = "write the signature alone, beside the file" },
 *		{ OPTION_POINT(struct sign_args, position), .name = "position",
 *		  .config = true, .help = "left and top edge, in millimetres" },
 *		{ 0 }
 *	};
 *
 * A member of the wrong type does not compile.  Strings point into argv, the
 * configuration or the table and live as long as the program.
 *
 * Where an option is marked config its value may also stand, in this order,
 * in the environment (DEED_SIGN_POSITION), and in the configuration, as
 * parties.PARTY.sign.position (PARTY being the value of --as) or
 * sign.position.  A default in the table comes last.  What stands there gives
 * way to an option of the command line that excludes it (option_rules.h).
 */
enum option_type {
	OPTION_TYPE_NONE,
	OPTION_TYPE_FLAG,   /* bool; takes --name, --name=yes, --name=no */
	OPTION_TYPE_COUNT,  /* unsigned; each occurrence adds one */
	OPTION_TYPE_TEXT,   /* const char *; NULL if not given; never empty */
	OPTION_TYPE_LIST,   /* struct option_list; repeatable */
	OPTION_TYPE_NUMBER, /* long, from min to max (both 0: from 0 on) */
	OPTION_TYPE_CHOICE, /* int, an index into words; 0 if not given */
	OPTION_TYPE_TIME,   /* struct option_time; RFC 3339 */
	OPTION_TYPE_LENGTH, /* struct option_length; millimetres > 0 */
	OPTION_TYPE_POINT,  /* struct option_point; X,Y in millimetres */
	OPTION_TYPE_PASSPHRASE, /* const char *; a source (secret.h) */
};

struct option_list {
	size_t count;
	const char **item;
};

struct option_time {
	bool given;
	int64_t value;
};

struct option_length {
	bool given;
	double value;
};

struct option_point {
	bool given;
	double x, y;
};

/* What the shell offers for a value or an operand. */
enum completion {
	COMPLETE_NONE,
	COMPLETE_FILE,
	COMPLETE_DIRECTORY,
	COMPLETE_PARTY, /* names in the home's register */
	COMPLETE_COMMAND,
	COMPLETE_WORDS,
};

/* Of a command, and common to all. */
#define OPTION_MAX 64

struct option {
	enum option_type type;
	size_t offset;
	const char *name; /* long name, without dashes */
	char letter;	  /* short name, or 0 */
	bool required;
	bool config;
	const char *argument; /* "FILE"; NULL: the type's own ("X,Y") */
	const char *help;     /* a line or two; lower case, no full stop */
	const char *initial;  /* as typed; shown in -h as the default */
	const char *excludes; /* names, see option_rules.h; or NULL */
	const char *needs;
	const char *const *words; /* CHOICE and COMPLETE_WORDS; ends NULL */
	long min, max;
	enum completion complete;
};

#define OPTION_ROW(kind, ctype, args, field)                                   \
	.type = (kind),                                                        \
	.offset =                                                              \
		offsetof(args, field) +                                        \
		0 * sizeof(char[__builtin_types_compatible_p(                  \
					__typeof__(((args *)0)->field), ctype) \
					? 1                                    \
					: -1])
#define OPTION_FLAG(a, f) OPTION_ROW(OPTION_TYPE_FLAG, bool, a, f)
#define OPTION_COUNT(a, f) OPTION_ROW(OPTION_TYPE_COUNT, unsigned, a, f)
#define OPTION_TEXT(a, f) OPTION_ROW(OPTION_TYPE_TEXT, const char *, a, f)
#define OPTION_LIST(a, f) OPTION_ROW(OPTION_TYPE_LIST, struct option_list, a, f)
#define OPTION_NUMBER(a, f) OPTION_ROW(OPTION_TYPE_NUMBER, long, a, f)
#define OPTION_CHOICE(a, f) OPTION_ROW(OPTION_TYPE_CHOICE, int, a, f)
#define OPTION_TIME(a, f) OPTION_ROW(OPTION_TYPE_TIME, struct option_time, a, f)
#define OPTION_LENGTH(a, f) \
	OPTION_ROW(OPTION_TYPE_LENGTH, struct option_length, a, f)
#define OPTION_POINT(a, f) \
	OPTION_ROW(OPTION_TYPE_POINT, struct option_point, a, f)
#define OPTION_PASSPHRASE(a, f) \
	OPTION_ROW(OPTION_TYPE_PASSPHRASE, const char *, a, f)

struct command;
struct session;

/* The rows of the options common to commands with these flags. */
const struct option *option_common(void);
bool option_common_applies(const struct option *o, const struct command *c);

/* "FILE", "X,Y", ... or NULL for an option without a value. */
const char *option_argument(const struct option *o);

/*
 * Read the words after the command's name into args and the session (the
 * common options, the operands).  *help is set at -h or --help: then nothing
 * else was checked.  DEED_USAGE otherwise.
 */
enum deed_status option_parse(struct session *s, void *args,
			      const char *const words[], size_t count,
			      bool *help, struct deed_error *err) DEED_MUST_USE;

/* Does the command line itself have the command's own option of that name,
 * rather than the environment or the configuration? */
bool option_given(const struct session *s, const char *name);

/* Free what lists hold. */
void option_clear(struct session *s, void *args);

/*
 * Is the table sound?  Names unique and well-formed, letters unique, each
 * with help, common names not taken again, words where they are needed,
 * defaults that parse, no more than OPTION_MAX.  Run over all commands by a
 * test.
 */
enum deed_status option_check(const struct command *c,
			      struct deed_error *err) DEED_MUST_USE;

/* "sign.position" and "DEED_SIGN_POSITION". */
void option_config_key(const struct command *c, const struct option *o,
		       struct buf *out);
void option_environment(const struct command *c, const struct option *o,
			struct buf *out);

/*
 * How far apart two words are: insertions, deletions, replacements and
 * swapped neighbours.  For "did you mean".
 */
unsigned option_distance(const char *a, const char *b);

#endif
