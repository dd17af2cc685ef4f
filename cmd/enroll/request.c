/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/enroll/enroll.h"

#include "base/clock.h"
#include "base/file.h"
#include "cmd/enroll/cas.h"
#include "cmd/enroll/listed.h"
#include "cmd/frame/output.h"
#include "cmd/frame/secret.h"
#include "codec/pem.h"

#define ANSWER_MAX 1048576

struct request_args {
	const char *ca, *ca_passphrase, *passphrase, *pin;
	const char *csr_out, *certificate;
	const char *name_in_certificate;
	bool anew;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct request_args, ca), .name = "ca",
	  .argument = "NAME", .required = true,
	  .help = "the CA, as the configuration has it under cas" },
	{ OPTION_PASSPHRASE(struct request_args, ca_passphrase),
	  .name = "ca-passphrase", .config = true,
	  .help = "the office's passphrase at the CA, or of its key there" },
	{ OPTION_PASSPHRASE(struct request_args, passphrase),
	  .name = "passphrase", .config = true,
	  .help = "opens the party's keys" },
	{ OPTION_PASSPHRASE(struct request_args, pin), .name = "pin",
	  .help = "where the token's PIN comes from" },
	{ OPTION_TEXT(struct request_args, csr_out), .name = "csr-out",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "of a CA that is asked by files: write the request here" },
	{ OPTION_TEXT(struct request_args, certificate), .name = "certificate",
	  .argument = "FILE", .complete = COMPLETE_FILE,
	  .help = "of a CA that is asked by files: its answer, PEM or DER" },
	{ OPTION_FLAG(struct request_args, anew), .name = "anew",
	  .help = "forget what is pending, and ask for another certificate" },
	{ OPTION_TEXT(struct request_args, name_in_certificate),
	  .name = "name-in-certificate", .argument = "TEXT",
	  .help = "what the certificate calls the party, where that is not "
		  "the real name" },
	{ 0 }
};

/* Told with -q, too, as a note: somebody has to do something.  How long to
 * wait is the CA's wish, reckoned from the time of this run. */
static void report_pending(struct session *s, const struct enroll_request *r)
{
	char again[CLOCK_TEXT];

	output_set(s, "state", json_string("pending"));
	if (r->protocol == NULL) {
		session_note(s,
			     "CA '%s' is to get the request; --certificate "
			     "FILE brings its answer",
			     r->account->name);
		return;
	}
	if (r->retry_after == 0) {
		session_note(s, "CA '%s' has not decided yet",
			     r->account->name);
		return;
	}
	clock_format(r->now + r->retry_after, again);
	output_set(s, "retry_at", output_time(r->now + r->retry_after));
	session_note(s,
		     "CA '%s' has not decided yet; it wants to be asked again "
		     "after %s",
		     r->account->name, again);
}

/* What is pending is 3, what is refused 1. */
static enum deed_status report(struct session *s,
			       const struct enroll_request *r,
			       struct deed_error *err)
{
	output_set(s, "resumed", json_boolean(r->resumed));
	if (r->replaced)
		session_warn(s,
			     "what CA '%s' was asked for before was for "
			     "another key; the request is made anew",
			     r->account->name);
	if (r->words[0] != '\0')
		output_set(s, "words", output_text(r->words));
	if (r->outcome != CA_REMOTE_REFUSED && r->words[0] != '\0')
		session_warn(s, "CA '%s' says: %s", r->account->name, r->words);
	if (r->outcome == CA_REMOTE_PENDING) {
		report_pending(s, r);
		return DEED_INDETERMINATE;
	}
	if (r->outcome == CA_REMOTE_REFUSED) {
		output_set(s, "state", json_string("refused"));
		return deed_error_set(err, DEED_NO, "CA '%s' refuses: %s",
				      r->account->name, r->words);
	}
	output_set(s, "state", json_string("issued"));
	output_set(s, "certificate", output_sha256(r->sha256));
	if (r->kept_before) {
		session_say(s,
			    "the certificate of party '%s' from CA '%s' was "
			    "kept before",
			    r->party, r->account->name);
		return DEED_OK;
	}
	output_set(s, "log_index", json_integer((json_int_t)r->index));
	enroll_tell(s, &r->verdict);
	session_say(s,
		    "the certificate of party '%s' from CA '%s' is kept; log "
		    "entry %llu",
		    r->party, r->account->name, (unsigned long long)r->index);
	return DEED_OK;
}

/* Exactly one of the two: with --csr-out the request goes out, with
 * --certificate the answer comes in; a run does one of them. */
static enum deed_status check_files(const struct request_args *a,
				    const struct cas *c, struct deed_error *err)
{
	if (c->protocol != NULL &&
	    (a->csr_out != NULL || a->certificate != NULL))
		return deed_error_set(
			err, DEED_USAGE,
			"CA '%s' is not asked by files: leave out "
			"--csr-out and --certificate",
			a->ca);
	if (c->protocol == NULL &&
	    (a->csr_out == NULL) == (a->certificate == NULL))
		return deed_error_set(err, DEED_USAGE,
				      "CA '%s' is asked by files: expected "
				      "--csr-out FILE, or --certificate FILE",
				      a->ca);
	return DEED_OK;
}

/* The answer is read and the client made before the home is changed; the
 * request is written last, when the home knows of it. */
static enum deed_status request(struct session *s, const struct home *home,
				const struct request_args *a,
				const struct cas *c, struct enroll_request *r,
				struct deed_error *err)
{
	struct buf answer = BUF_INIT, der = BUF_INIT;
	struct http_client *http = NULL;
	enum deed_status status = check_files(a, c, err);

	if (status == DEED_OK && a->certificate != NULL)
		status = enroll_read_operand(a->certificate, ANSWER_MAX,
					     &answer, err);
	if (status == DEED_OK && c->protocol != NULL)
		status = cas_client(s, c, &http, err);
	r->http = http;
	r->answer = buf_get(&answer);
	r->answer_name = a->certificate;
	r->request_out = &der;
	if (status == DEED_OK)
		status = enroll_request(home, r, err);
	listed_warn(s, r->lists);
	if (status == DEED_OK && a->csr_out != NULL && !s->dry_run)
		status = enroll_write_request(
			a->csr_out, &der,
			s->force ? OUTFILE_REPLACE : OUTFILE_NEW, err);
	http_client_free(http);
	buf_clear(&answer);
	buf_clear(&der);
	return status;
}

/* Party and CA are put into the report before the CA is asked, so that a
 * failure tells whose it was. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const struct request_args *a = args;
	struct secret *party = NULL, *pin = NULL;
	struct outside_lists *lists = NULL;
	struct cas c = CAS_INIT;
	struct home *home = NULL;
	enum deed_status status;

	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = cas_open(s, a->ca, a->ca_passphrase, &c, err);
	if (status == DEED_OK)
		status =
			enroll_ask(s, a->passphrase, a->pin, &party, &pin, err);
	if (status == DEED_OK) {
		lists = outside_lists_new(home, s->now);
		if (lists == NULL)
			status = deed_error_memory(err);
	}
	if (status == DEED_OK) {
		struct enroll_request r = {
			.party = s->operand[0],
			.account = &c.account,
			.protocol = c.protocol,
			.anchors_name = c.anchors_file,
			.lists = lists,
			.subject = c.subject,
			.subject_count = c.subject_count,
			.name_in_certificate = a->name_in_certificate,
			.passphrase = party,
			.pin = pin,
			.anew = a->anew,
			.dry_run = s->dry_run,
			.now = s->now,
			.clock = clock_now,
			.wait = (unsigned)s->wait,
		};

		output_set(s, "party", output_text(r.party));
		output_set(s, "ca", output_text(a->ca));
		status = request(s, home, a, &c, &r, err);
		if (status == DEED_OK && s->dry_run && a->certificate != NULL)
			session_say(s,
				    "the certificate of party '%s' from CA "
				    "'%s' would be kept",
				    r.party, a->ca);
		else if (status == DEED_OK && s->dry_run)
			session_say(s, "CA '%s' would be asked%s", a->ca,
				    r.resumed ? " again" : "");
		else if (status == DEED_OK)
			status = report(s, &r, err);
	}
	outside_lists_free(lists);
	secret_free(party);
	secret_free(pin);
	cas_clear(&c);
	home_close(home);
	return status;
}

const struct command command_enroll_request = {
	.name = "enroll request",
	.operands = "PARTY",
	.summary = "get a party's certificate from a CA elsewhere",
	.options = options,
	.args_size = sizeof(struct request_args),
	.flags = COMMAND_HOME | COMMAND_WRITES | COMMAND_FORCE,
	.min_operands = 1,
	.max_operands = 1,
	.complete = COMPLETE_PARTY,
	.run = run,
};
