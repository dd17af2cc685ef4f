/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "base/clock.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "office/party/authority.h"
#include "office/party/publish.h"

struct crl_args {
	int ca;
	const char *root_key;
	const char *publish;
	const char *operator_passphrase;
	const char *root_passphrase;
};

enum { CA_OF_PARTIES, CA_OF_ROOT };

static const char *const authorities[] = { "issuing", "root", NULL };

static const struct option options[] = {
	{ OPTION_CHOICE(struct crl_args, ca), .name = "ca",
	  .words = authorities, .initial = "issuing",
	  .help = "whose list to make" },
	{ OPTION_TEXT(struct crl_args, root_key), .name = "root-key",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "the root's key, if init put it outside the home" },
	{ OPTION_TEXT(struct crl_args, publish), .name = "publish",
	  .argument = "DIR", .complete = COMPLETE_DIRECTORY,
	  .help = "write root, CA certificates, lists and bundle there, for a "
		  "web server" },
	{ OPTION_PASSPHRASE(struct crl_args, operator_passphrase),
	  .name = "operator-passphrase", .config = true,
	  .help = "opens the issuing CA's key" },
	{ OPTION_PASSPHRASE(struct crl_args, root_passphrase),
	  .name = "root-passphrase", .help = "opens the root's key" },
	{ 0 }
};

/* Of an issuing CA that another has taken the place of. */
static json_t *report_earlier(struct session *s, const struct authority_list *l)
{
	char until[CLOCK_TEXT];

	clock_format(l->next_update, until);
	if (s->dry_run) {
		session_say(s,
			    "a list of issuing CA %u would be made, valid to "
			    "%s",
			    l->generation, until);
		return json_pack("{s:I,s:s}", "generation",
				 (json_int_t)l->generation, "next_update",
				 until);
	}
	session_say(s,
		    "revocation list %llu of issuing CA %u names %zu "
		    "certificates, valid to %s",
		    (unsigned long long)l->number, l->generation, l->revoked,
		    until);
	return json_pack("{s:I,s:I,s:I,s:s}", "generation",
			 (json_int_t)l->generation, "number",
			 (json_int_t)l->number, "revoked",
			 (json_int_t)l->revoked, "next_update", until);
}

/* The first list is the present CA's; those of CAs that were replaced follow,
 * for their certificates are valid still. */
static void report(struct session *s, const struct authority_crl *c)
{
	const struct authority_list *l = &c->list[0];
	json_t *earlier = json_array();
	char until[CLOCK_TEXT];

	clock_format(l->next_update, until);
	if (s->dry_run)
		session_say(s, "a revocation list would be made, valid to %s",
			    until);
	else
		session_say(s,
			    "revocation list %llu names %zu certificates, "
			    "valid to %s; log entry %llu",
			    (unsigned long long)l->number, l->revoked, until,
			    (unsigned long long)c->index);
	for (size_t i = 1; i < c->lists; i++)
		json_array_append_new(earlier, report_earlier(s, &c->list[i]));
	output_set(s, "ca", json_string(authorities[c->root]));
	/* Known under the lock alone. */
	if (!s->dry_run) {
		output_set(s, "number", json_integer((json_int_t)l->number));
		output_set(s, "revoked", json_integer((json_int_t)l->revoked));
	}
	output_set(s, "next_update", output_time(l->next_update));
	output_set(s, "earlier", earlier);
	if (!s->dry_run)
		output_set(s, "log_index", json_integer((json_int_t)c->index));
}

/* The list is made, whatever becomes of this. */
static enum deed_status publish(struct session *s, const struct home *home,
				const char *folder, struct deed_error *err)
{
	size_t count = 0;
	enum deed_status status;

	status = publish_files(home, folder, &count, err);
	if (status != DEED_OK)
		return status;
	session_say(s, "%zu files for a web server are in '%s'", count, folder);
	output_set(s, "published", output_text(folder));
	return DEED_OK;
}

/* A passphrase for a key in a file cannot be tried beforehand, so that it is
 * asked for once there.  Publishing comes last and only copies what is in the
 * home. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct crl_args *a = args;
	const bool root = a->ca == CA_OF_ROOT;
	const struct passphrase_request request = {
		.source = root ? a->root_passphrase : a->operator_passphrase,
		.option = root ? "--root-passphrase" : "--operator-passphrase",
		.key = root ? "root" : "operator",
		.owner = root ? "the root CA" : "the operator",
		.opens = !root		       ? passphrase_opens_office
			 : a->root_key == NULL ? passphrase_opens_root
					       : NULL,
	};
	struct authority_crl crl = {
		.root = root,
		.root_key = a->root_key,
		.dry_run = s->dry_run,
		.now = s->now,
		.wait = (unsigned)s->wait,
	};
	struct home *home = NULL;
	struct secret *passphrase = NULL;
	enum deed_status status;

	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = passphrase_get(s, &request, &passphrase, err);
	if (status == DEED_OK) {
		crl.passphrase = passphrase;
		status = authority_crl(home, &crl, err);
	}
	if (status == DEED_OK)
		report(s, &crl);
	if (status == DEED_OK && a->publish != NULL && !s->dry_run)
		status = publish(s, home, a->publish, err);
	secret_free(passphrase);
	home_close(home);
	return status;
}

const struct command command_ca_crl = {
	.name = "ca crl",
	.operands = "",
	.summary = "make a new certificate revocation list",
	.options = options,
	.args_size = sizeof(struct crl_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.run = run,
};
