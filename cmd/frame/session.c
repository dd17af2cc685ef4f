/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/session.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/frame/command.h"
#include "cmd/frame/config.h"
#include "cmd/frame/output.h"
#include "cmd/frame/progress.h"
#include "cmd/frame/remedy.h"
#include "cmd/frame/session_run.h"

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* One line of standard error at a time. */
static pthread_mutex_t stderr_mutex = PTHREAD_MUTEX_INITIALIZER;

/* "home/" is "home". */
static char *without_slashes(const char *home)
{
	size_t len = strlen(home);

	while (len > 1 && home[len - 1] == '/')
		len--;
	return strndup(home, len);
}

const char *session_home(struct session *s)
{
	const char *base;

	if (s->home != NULL)
		return s->home;
	if (s->home_option != NULL) {
		s->home = without_slashes(s->home_option);
		return s->home;
	}
	base = getenv("XDG_DATA_HOME");
	if (base != NULL && *base == '/') {
		s->home = path_join(base, "deed");
		return s->home;
	}
	base = getenv("HOME");
	if (base != NULL && *base == '/')
		s->home = path_join(base, ".local/share/deed");
	return s->home;
}

const char *session_temporary(void)
{
	const char *dir = getenv("TMPDIR");

	return dir != NULL && *dir == '/' ? dir : "/tmp";
}

const char *session_config(struct session *s, const char *key)
{
	return config_value(s->config, key, NULL);
}

/* May standard error be coloured? */
static bool may_color(const struct session *s)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (s->color != COLOR_AUTO)
		return s->color == COLOR_ALWAYS;
	if (no_color != NULL && *no_color != '\0')
		return false;
	return isatty(STDERR_FILENO) &&
	       (term == NULL || strcmp(term, "dumb") != 0);
}

/* "deed sign: error: text", the marked word in colour. */
static void put_line(const struct session *s, const char *color,
		     const char *mark, const char *text, struct buf *b)
{
	bool colored = color != NULL && may_color(s);

	if (s->command != NULL)
		buf_printf(b, "deed %s: ", s->command->name);
	else
		buf_str(b, "deed: ");
	if (mark != NULL)
		buf_printf(b, "%s%s%s ", colored ? color : "", mark,
			   colored ? "\033[0m" : "");
	output_clean(text, b);
	buf_byte(b, '\n');
}

/* An error and its hints go out together: no thread's line comes between them.
 * Without memory for the hints there is the error alone. */
static void print(const struct buf *line, const struct buf *hints)
{
	progress_clear();
	(void)pthread_mutex_lock(&stderr_mutex);
	if (!line->failed && line->len > 0)
		(void)fwrite(line->data, 1, line->len, stderr);
	if (!hints->failed && hints->len > 0)
		(void)fwrite(hints->data, 1, hints->len, stderr);
	(void)pthread_mutex_unlock(&stderr_mutex);
}

static void print_line(const struct session *s, const char *color,
		       const char *mark, const char *text)
{
	const struct buf none = BUF_INIT;
	struct buf b = BUF_INIT;

	put_line(s, color, mark, text, &b);
	print(&b, &none);
	buf_clear(&b);
}

/* Apart from the message, which names the fault: a hint is what can be done,
 * and is not marked with the command. */
static void put_hint(const struct session *s, const char *hint, struct buf *b)
{
	buf_str(b, "hint: ");
	remedy_text(s, hint, b);
	buf_byte(b, '\n');
}

void session_remedy(struct session *s, const char *word)
{
	struct buf line = BUF_INIT, b = BUF_INIT;
	char hint[64];

	if (s->quiet)
		return;
	(void)snprintf(hint, sizeof(hint), "%c%s", DEED_ERROR_REMEDY, word);
	put_hint(s, hint, &b);
	print(&line, &b);
	buf_clear(&b);
}

static void DEED_PRINTF(4, 0)
	print_args(const struct session *s, const char *color, const char *word,
		   const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		return;
	print_line(s, color, word, text);
	free(text);
}

void session_say(struct session *s, const char *fmt, ...)
{
	va_list args;

	if (s->quiet)
		return;
	va_start(args, fmt);
	print_args(s, NULL, NULL, fmt, args);
	va_end(args);
}

void session_note(struct session *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_args(s, NULL, NULL, fmt, args);
	va_end(args);
}

void session_warn(struct session *s, const char *fmt, ...)
{
	va_list args;

	if (s->quiet)
		return;
	va_start(args, fmt);
	print_args(s, "\033[1;35m", "warning:", fmt, args);
	va_end(args);
}

/* The same hints as on the terminal, as texts of a list; "file" is there only
 * where the error is about one. */
static json_t *error_json(const struct session *s, const char *about,
			  const struct deed_error *err)
{
	json_t *hints = json_array();
	struct buf b = BUF_INIT;
	int i;

	for (i = 0; i < DEED_ERROR_HINTS; i++) {
		buf_reset(&b);
		if (err->hint[i][0] == '\0')
			continue;
		remedy_text(s, err->hint[i], &b);
		(void)json_array_append_new(
			hints, json_stringn((const char *)b.data, b.len));
	}
	buf_clear(&b);
	return json_pack(
		"{s:s, s:o, s:o*, s:o}", "id", deed_status_id(err->status),
		"message", output_text(err->message), "file",
		about == NULL ? NULL : output_text(about), "hints", hints);
}

void session_error(struct session *s, const char *about,
		   const struct deed_error *err)
{
	struct buf line = BUF_INIT, hints = BUF_INIT;
	int i;

	if (err->message[0] == '\0')
		return;
	put_line(s, "\033[1;31m", "error:", err->message, &line);
	for (i = 0; i < DEED_ERROR_HINTS; i++)
		if (err->hint[i][0] != '\0')
			put_hint(s, err->hint[i], &hints);
	print(&line, &hints);
	buf_clear(&line);
	buf_clear(&hints);
	/* Of each of very many deposits there may be one. */
	if (s->json || s->keep_items)
		(void)json_array_append_new(s->errors,
					    error_json(s, about, err));
}

void session_log(void *arg, enum log_level level, const char *message)
{
	struct session *s = arg;

	if (level == LOG_WARNING)
		session_warn(s, "%s", message);
	else if (s->verbose >= (level == LOG_STEP ? 1U : 2U))
		print_line(s, NULL, NULL, message);
}

enum deed_status session_init(struct session *s, const struct command *c,
			      int64_t now, struct deed_error *err)
{
	memset(s, 0, sizeof(*s));
	s->command = c;
	s->now = now;
	s->report = json_object();
	s->errors = json_array();
	if (s->report == NULL || s->errors == NULL)
		return deed_error_memory(err);
	return config_load(&s->config, err);
}

void session_clear(struct session *s)
{
	json_decref(s->report);
	json_decref(s->errors);
	config_free(s->config);
	free(s->home);
	memset(s, 0, sizeof(*s));
}
