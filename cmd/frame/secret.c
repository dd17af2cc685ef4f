/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/secret_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "cmd/frame/output.h"

#define LINE_MAX_BYTES 4096

enum source {
	SOURCE_TTY,
	SOURCE_FD,
	SOURCE_FILE,
	SOURCE_ENV,
	SOURCE_CREDENTIAL,
	SOURCE_ASKPASS,
	SOURCE_BAD,
};

static const struct {
	const char *word;
	enum source source;
	bool argument;
} forms[] = {
	{ "tty", SOURCE_TTY, false },
	{ "fd:", SOURCE_FD, true },
	{ "file:", SOURCE_FILE, true },
	{ "env:", SOURCE_ENV, true },
	{ "credential:", SOURCE_CREDENTIAL, true },
	{ "askpass", SOURCE_ASKPASS, false },
};

/* A form with ":" needs something behind it, one without must end there:
 * "tty2" and "env:" are no sources. */
static enum source parse(const char *text, const char **argument)
{
	size_t i, len;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		len = strlen(forms[i].word);
		*argument = text + len;
		if (strncmp(text, forms[i].word, len) == 0 &&
		    (text[len] != '\0') == forms[i].argument)
			return forms[i].source;
	}
	return SOURCE_BAD;
}

/* A descriptor's number; -1 if it is none. */
static int parse_fd(const char *text)
{
	char *end;
	long fd = strtol(text, &end, 10);

	return *text < '0' || *text > '9' || *end != '\0' || fd > 65535
		       ? -1
		       : (int)fd;
}

enum deed_status passphrase_check(const char *source, struct deed_error *err)
{
	const char *argument;
	enum source kind = parse(source, &argument);

	if (kind == SOURCE_BAD ||
	    (kind == SOURCE_FD && parse_fd(argument) < 0) ||
	    (kind == SOURCE_CREDENTIAL && strchr(argument, '/') != NULL))
		return deed_error_set(err, DEED_USAGE,
				      "not a source of a passphrase: expected "
				      "tty, fd:N, file:PATH, env:NAME, "
				      "credential:NAME or askpass");
	return DEED_OK;
}

/* The first line of a descriptor, byte by byte: the next line is another's. */
enum deed_status secret_read_line(int fd, const char *name, struct secret **out,
				  struct deed_error *err)
{
	struct secret *s = NULL;
	enum deed_status status;
	size_t len = 0;
	ssize_t got = 0;

	*out = NULL;
	status = secret_new(LINE_MAX_BYTES, &s, err);
	if (status != DEED_OK)
		return status;
	while (len < LINE_MAX_BYTES) {
		got = read(fd, secret_data(s) + len, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || secret_data(s)[len] == '\n')
			break;
		len++;
	}
	if (got < 0)
		status = deed_error_errno(err, errno, "cannot read %s", name);
	else if (len == LINE_MAX_BYTES)
		status = deed_error_set(err, DEED_NO_PASSPHRASE,
					"the passphrase from %s is over %d "
					"bytes",
					name, LINE_MAX_BYTES - 1);
	else if (len == 0)
		status =
			deed_error_set(err, DEED_NO_PASSPHRASE,
				       "the passphrase from %s is empty", name);
	if (status != DEED_OK) {
		secret_free(s);
		return status;
	}
	secret_shrink(s, len);
	*out = s;
	return DEED_OK;
}

/* One newline at the end is an editor's, not part of the passphrase. */
static enum deed_status cut_newline(const char *path, struct secret **s,
				    struct deed_error *err)
{
	size_t len = secret_len(*s);

	if (len > 0 && secret_bytes(*s)[len - 1] == '\n')
		len--;
	if (len > 0 && secret_bytes(*s)[len - 1] == '\r' &&
	    len < secret_len(*s))
		len--;
	if (len > 0) {
		secret_shrink(*s, len);
		return DEED_OK;
	}
	secret_free(*s);
	*s = NULL;
	return deed_error_set(err, DEED_NO_PASSPHRASE,
			      "the passphrase in '%s' is empty", path);
}

/* An empty file holds no passphrase, and the exit code tells of it as such.
 * One that others may read is refused. */
static enum deed_status from_file(const char *path, struct secret **out,
				  struct deed_error *err)
{
	enum deed_status status = file_read_secret(path, out, err);

	if (status == DEED_MALFORMED) {
		if (err != NULL)
			err->status = DEED_NO_PASSPHRASE;
		return DEED_NO_PASSPHRASE;
	}
	return status == DEED_OK ? cut_newline(path, out, err) : status;
}

/* An empty variable is as none: an unset one of a script comes so. */
static enum deed_status from_env(const char *name, struct secret **out,
				 struct deed_error *err)
{
	const char *text = getenv(name);

	if (text == NULL || *text == '\0')
		return deed_error_set(err, DEED_NO_PASSPHRASE,
				      "the environment has no '%s'", name);
	return secret_copy(text, strlen(text), out, err);
}

/* Only an absolute path, as systemd sets it: a relative one would be looked
 * for in the folder that deed is run in. */
static char *credential_path(const char *prefix, const char *name)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	struct buf b = BUF_INIT;

	if (dir == NULL || *dir != '/')
		return NULL;
	buf_printf(&b, "%s/%s%s", dir, prefix, name);
	return buf_take(&b, NULL);
}

/* systemd puts them where only the service may read, and the file is held to
 * that as any other. */
static enum deed_status from_credential(const char *name, struct secret **out,
					struct deed_error *err)
{
	char *path = credential_path("", name);
	enum deed_status status;

	if (path == NULL)
		return deed_error_set(err, DEED_NO_PASSPHRASE,
				      "there is no credential '%s': "
				      "CREDENTIALS_DIRECTORY is not set",
				      name);
	status = from_file(path, out, err);
	free(path);
	return status;
}

/* Only the owner's name can come from elsewhere, and is cleaned for the
 * terminal. */
void secret_prompt(const struct passphrase_request *r, bool again,
		   struct buf *b)
{
	buf_str(b, again	     ? "Again: "
		   : r->create	     ? "New passphrase of "
		   : r->word == NULL ? "Passphrase of "
				     : "Secret of ");
	if (!again) {
		output_clean(r->owner, b);
		buf_str(b, ": ");
	}
}

/* Only a path, never a name to be sought in PATH. A program that ends in
 * failure gave no passphrase, even if it printed one: so does one whose window
 * was closed. */
static enum deed_status from_askpass(const struct passphrase_request *r,
				     struct secret **out,
				     struct deed_error *err)
{
	const char *argv[3] = { getenv("DEED_ASKPASS"), NULL, NULL };
	struct buf prompt = BUF_INIT;
	struct process *p = NULL;
	enum deed_status status;
	int code = 0;

	if (argv[0] == NULL || *argv[0] == '\0')
		argv[0] = getenv("SSH_ASKPASS");
	if (argv[0] == NULL || strchr(argv[0], '/') == NULL)
		return deed_error_set(err, DEED_NO_PASSPHRASE,
				      "neither DEED_ASKPASS nor SSH_ASKPASS "
				      "is the path of a program");
	secret_prompt(r, false, &prompt);
	buf_byte(&prompt, 0);
	argv[1] = (const char *)prompt.data;
	status = prompt.failed ? deed_error_memory(err)
			       : process_start(argv, &p, err);
	if (status == DEED_OK)
		status = secret_read_line(process_output(p), "askpass", out,
					  err);
	if (status == DEED_OK)
		status = process_wait(p, &code, err);
	if (status == DEED_OK && code != 0)
		status = deed_error_set(err, DEED_NO_PASSPHRASE,
					"'%s' gave no passphrase", argv[0]);
	if (status != DEED_OK) {
		secret_free(*out);
		*out = NULL;
	}
	process_free(p);
	buf_clear(&prompt);
	return status;
}

/* In characters, not octets. */
enum deed_status secret_check_length(const struct passphrase_request *r,
				     const struct secret *s,
				     struct deed_error *err)
{
	size_t count = 0, i;

	for (i = 0; i < secret_len(s); i++)
		count += (secret_bytes(s)[i] & 0xc0) != 0x80;
	if (count >= r->least)
		return DEED_OK;
	return deed_error_set(err, DEED_REFUSED,
			      "the new passphrase of %s has too few "
			      "characters, expected at least %zu",
			      r->owner, r->least);
}

/* At once and with the ways that there are: a service that waited for a
 * terminal would wait for ever. */
static enum deed_status no_way(const struct passphrase_request *r,
			       const char *why, struct deed_error *err)
{
	deed_error_set(err, DEED_NO_PASSPHRASE,
		       "no %s of '%s': no source was given and %s",
		       r->word == NULL ? "passphrase" : r->word, r->owner, why);
	deed_error_hint(err,
			"%s file:PATH; or tty, fd:N, env:NAME, "
			"credential:NAME, askpass",
			r->option);
	deed_error_hint(err, "a systemd unit: LoadCredential=deed.%s:PATH",
			r->key);
	return DEED_NO_PASSPHRASE;
}

/* The terminal itself and not standard input, which may be a document or a
 * list.  It is not made the controlling one. */
static enum deed_status from_tty(struct session *s,
				 const struct passphrase_request *r,
				 struct secret **out, struct deed_error *err)
{
	enum deed_status status;
	int fd;

	if (s->no_input)
		return no_way(r, "--no-input forbids asking", err);
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return no_way(r, "there is no terminal", err);
	status = secret_ask(s, fd, r, out, err);
	(void)close(fd);
	return status;
}

/* A credential that is there but unfit is an error: to ask instead would hang
 * a service that was set up wrongly. */
static enum deed_status from_default(struct session *s,
				     const struct passphrase_request *r,
				     struct secret **out,
				     struct deed_error *err)
{
	char *path = credential_path("deed.", r->key);
	enum deed_status status;

	if (path != NULL && file_exists(path))
		status = from_file(path, out, err);
	else
		status = from_tty(s, r, out, err);
	free(path);
	return status;
}

/* A source that is named is the only one tried.  Those of options were checked
 * when these were read; one that is inherited from the configuration, such as
 * timestamp.tsa-passphrase, is checked here. */
static enum deed_status get(struct session *s,
			    const struct passphrase_request *r,
			    struct secret **out, struct deed_error *err)
{
	char name[32];
	const char *argument = "";

	if (r->source == NULL)
		return from_default(s, r, out, err);
	switch (parse(r->source, &argument)) {
	case SOURCE_TTY:
		return from_tty(s, r, out, err);
	case SOURCE_FD:
		(void)snprintf(name, sizeof(name), "descriptor %d",
			       parse_fd(argument));
		return secret_read_line(parse_fd(argument), name, out, err);
	case SOURCE_FILE:
		return from_file(argument, out, err);
	case SOURCE_ENV:
		return from_env(argument, out, err);
	case SOURCE_CREDENTIAL:
		return from_credential(argument, out, err);
	case SOURCE_ASKPASS:
		if (s->no_input)
			return no_way(r, "--no-input forbids asking", err);
		return from_askpass(r, out, err);
	default:
		return passphrase_check(r->source, err);
	}
}

enum deed_status passphrase_get(struct session *s,
				const struct passphrase_request *request,
				struct secret **out, struct deed_error *err)
{
	enum deed_status status;

	*out = NULL;
	status = get(s, request, out, err);
	if (status == DEED_OK && request->create)
		status = secret_check_length(request, *out, err);
	if (status != DEED_OK) {
		secret_free(*out);
		*out = NULL;
	}
	if (status != DEED_OK && request->source != NULL)
		deed_error_prefix(err, "%s", request->option);
	return status;
}

enum deed_status document_password(struct session *s, const char *source,
				   struct secret **out, struct deed_error *err)
{
	const struct passphrase_request request = {
		.source = source,
		.option = "--document-passphrase",
		.key = "document",
		.owner = "the document",
	};

	*out = NULL;
	if (source == NULL)
		return DEED_OK;
	return passphrase_get(s, &request, out, err);
}
