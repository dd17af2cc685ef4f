/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/enroll/cas.h"

#include <string.h>

#include "base/file.h"
#include "cmd/frame/secret.h"

#define ANCHORS_MAX 4194304

/* cas.NAME.KEY; NULL where it is unset or does not fit. */
static const char *value(struct session *s, const char *name, const char *key)
{
	const char *text = NULL;
	struct buf path = BUF_INIT;

	buf_printf(&path, CAS_KEY "%s.%s", name, key);
	buf_byte(&path, 0);
	if (!path.failed)
		text = session_config(s, (const char *)path.data);
	buf_clear(&path);
	return text;
}

static enum deed_status lacks(const char *name, const char *key,
			      const char *expected, struct deed_error *err)
{
	return deed_error_set(err, DEED_CONFIG,
			      CAS_KEY "%s has no %s: expected %s", name, key,
			      expected);
}

/* A list is a value for each of its places. */
static void read_subject(struct session *s, const char *name, struct cas *c)
{
	char key[32];

	while (c->subject_count <= ENROLL_SUBJECT_MAX) {
		(void)snprintf(key, sizeof(key), "subject.%zu",
			       c->subject_count);
		c->subject[c->subject_count] = value(s, name, key);
		if (c->subject[c->subject_count] == NULL)
			break;
		c->subject_count++;
	}
}

/* Without a protocol there is no such CA: it is the one key that every account
 * has.  NULL stands for a CA that is asked by files. */
static enum deed_status read_protocol(const char *name, const char *protocol,
				      struct cas *c, struct deed_error *err)
{
	c->account.name = name;
	c->account.protocol = protocol;
	if (protocol == NULL) {
		deed_error_set(err, DEED_NOT_FOUND,
			       "the configuration has no CA '%s' "
			       "(" CAS_KEY "%s.protocol)",
			       name, name);
		deed_error_remedy(err, "cas", NULL);
		return DEED_NOT_FOUND;
	}
	c->protocol = enroll_protocol(protocol);
	if (c->protocol == NULL && strcmp(protocol, CA_PROTOCOL_FILE) != 0)
		return deed_error_set(err, DEED_CONFIG,
				      CAS_KEY "%s.protocol '%.40s': expected "
					      "est, cmp or file",
				      name, protocol);
	return DEED_OK;
}

/* All of it before a passphrase is asked for.  The server is checked only by
 * the certificates that are named here, never by those of the system: what is
 * sent to it are names and numbers of people. */
static enum deed_status check(const char *name, const struct cas *c,
			      struct deed_error *err)
{
	const struct ca_account *a = &c->account;

	if (c->anchors_file == NULL)
		return lacks(name, "anchors",
			     "a file of the CA's own certificates", err);
	if (c->protocol == NULL)
		return DEED_OK;
	if (a->url == NULL)
		return lacks(name, "url", "where it is asked", err);
	if (c->tls_ca == NULL)
		return lacks(name, "tls-ca",
			     "a file of certificates that its server is "
			     "checked by",
			     err);
	if (a->certificate == NULL && a->key != NULL)
		return lacks(name, "certificate", "that of the key", err);
	/* A server of EST may know the office by nothing but its network. */
	if (a->user == NULL && a->certificate == NULL &&
	    strcmp(a->protocol, "cmp") == 0)
		return lacks(name, "user and no certificate",
			     "what the CA calls the office, whose passphrase "
			     "it shares, or a certificate that signs",
			     err);
	return DEED_OK;
}

/* A file of certificates, before a CA is troubled with a request that could
 * come to nothing. */
static enum deed_status read_file(const char *name, const char *key,
				  const char *path, struct buf *out,
				  struct deed_error *err)
{
	struct cert_list list = CERT_LIST_INIT;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = file_read(path, ANCHORS_MAX, out, &why);

	if (status == DEED_OK) {
		status = cert_list_load(&list, buf_get(out), path, &why);
		if (status != DEED_OK && status != DEED_NO_MEMORY)
			status = DEED_CONFIG;
	}
	cert_list_clear(&list);
	return status == DEED_OK
		       ? DEED_OK
		       : deed_error_set(err, status, CAS_KEY "%s.%s: %s", name,
					key, why.message);
}

/* Those of the server are read for the check alone; the client reads them
 * itself. */
static enum deed_status read_files(const char *name, struct cas *c,
				   struct deed_error *err)
{
	struct buf tls = BUF_INIT;
	enum deed_status status;

	status = read_file(name, "anchors", c->anchors_file, &c->anchors, err);
	if (status == DEED_OK && c->protocol != NULL)
		status = read_file(name, "tls-ca", c->tls_ca, &tls, err);
	buf_clear(&tls);
	return status;
}

/* With a user it is the passphrase that is shared with the CA, else that of
 * the office's key there, which is asked for only where a source is named. */
static enum deed_status ask(struct session *s, const char *source,
			    struct cas *c, struct deed_error *err)
{
	struct passphrase_request request = {
		.source = source,
		.option = "--ca-passphrase",
		.owner = c->account.name,
	};
	struct buf key = BUF_INIT;
	enum deed_status status;

	if (c->protocol == NULL || (source == NULL && c->account.user == NULL))
		return DEED_OK;
	buf_printf(&key, "ca-%s", c->account.name);
	buf_byte(&key, 0);
	status = buf_status(&key, err);
	request.key = (const char *)key.data;
	if (status == DEED_OK)
		status = passphrase_get(s, &request, &c->passphrase, err);
	buf_clear(&key);
	if (c->account.user != NULL)
		c->account.passphrase = c->passphrase;
	else
		c->account.key_passphrase = c->passphrase;
	return status;
}

enum deed_status cas_open(struct session *s, const char *name,
			  const char *source, struct cas *out,
			  struct deed_error *err)
{
	enum deed_status status = home_check_party(name, NULL);

	if (status != DEED_OK || strchr(name, '.') != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "'%.64s' is no name of a CA: expected "
				      "a-z, 0-9, _ and -",
				      name);
	status = read_protocol(name, value(s, name, "protocol"), out, err);
	if (status != DEED_OK)
		return status;
	out->account.url = value(s, name, "url");
	out->account.user = value(s, name, "user");
	out->account.certificate = value(s, name, "certificate");
	out->account.key = value(s, name, "key");
	out->account.now = s->now;
	out->tls_ca = value(s, name, "tls-ca");
	out->anchors_file = value(s, name, "anchors");
	read_subject(s, name, out);
	status = check(name, out, err);
	if (status == DEED_OK)
		status = read_files(name, out, err);
	out->account.anchors = buf_get(&out->anchors);
	return status == DEED_OK ? ask(s, source, out, err) : status;
}

void cas_clear(struct cas *c)
{
	secret_free(c->passphrase);
	buf_clear(&c->anchors);
}

enum deed_status cas_client(const struct session *s, const struct cas *c,
			    struct http_client **out, struct deed_error *err)
{
	const struct http_options options = {
		.offline = s->offline,
		.ca = c->tls_ca,
	};

	return http_client_new(&options, out, err);
}
