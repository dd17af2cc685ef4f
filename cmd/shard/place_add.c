/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/place/describe.h"
#include "archive/places.h"
#include "base/file.h"
#include "cmd/frame/command.h"
#include "cmd/frame/output.h"
#include "office/home.h"

#define SOURCE_FILE "file:"

struct add_args {
	struct option_list endpoint;
	const char *region;
	const char *access_key;
	const char *secret;
	const char *ca;
	const char *proxy;
	long transfers;
	bool insecure;
};

static const struct option options[] = {
	{ OPTION_LIST(struct add_args, endpoint), .name = "endpoint",
	  .argument = "URL",
	  .help = "where the bucket's store is asked; several are taken in "
		  "turn" },
	{ OPTION_TEXT(struct add_args, region), .name = "region",
	  .argument = "REGION",
	  .help = "the store's region, which is signed; us-east-1 if not "
		  "said" },
	{ OPTION_TEXT(struct add_args, access_key), .name = "access-key",
	  .argument = "ID", .help = "who asks" },
	{ OPTION_PASSPHRASE(struct add_args, secret), .name = "secret",
	  .help = "where the secret of the access key comes from, in each "
		  "run" },
	{ OPTION_TEXT(struct add_args, ca), .name = "ca", .argument = "FILE",
	  .complete = COMPLETE_FILE,
	  .help = "the store's certificate leads to these, in PEM" },
	{ OPTION_TEXT(struct add_args, proxy), .name = "proxy",
	  .argument = "URL", .help = "an HTTP proxy that leads to the store" },
	{ OPTION_NUMBER(struct add_args, transfers), .name = "transfers",
	  .min = 1, .max = STORE_TRANSFERS_MAX,
	  .help = "so many requests at the same time" },
	{ OPTION_FLAG(struct add_args, insecure), .name = "insecure",
	  .help = "ask over http, too, where anybody can read along" },
	{ 0 },
};

/* From any folder it is to be the same file: a new text, or NULL. */
static char *absolute(const char *path)
{
	char *here = path[0] == '/' ? NULL : getcwd(NULL, 0);
	char *text = path[0] == '/' ? strdup(path)
		     : here == NULL ? NULL
				    : path_join(here, path);

	free(here);
	return text;
}

/* Only a file has a path to be made absolute; what other sources name is the
 * same from any folder. */
static char *absolute_source(const char *source)
{
	size_t len = strlen(SOURCE_FILE);
	struct buf text = BUF_INIT;
	char *path;

	if (strncmp(source, SOURCE_FILE, len) != 0)
		return strdup(source);
	path = absolute(source + len);
	if (path == NULL)
		return NULL;
	buf_printf(&text, SOURCE_FILE "%s", path);
	free(path);
	return buf_take(&text, NULL);
}

/* The description that operands and options make, and what of it is ours. */
struct described {
	struct place_description place;
	char *ca, *secret;
};

/* Each is either of a bucket or of a folder: an option that the other kind
 * would pass over is refused, or a place would be less protected than its
 * owner thinks. */
static enum deed_status check_options(const struct add_args *a,
				      const struct place_description *d,
				      struct deed_error *err)
{
	if (place_description_is_bucket(d) && a->access_key == NULL)
		return deed_error_set(err, DEED_USAGE,
				      "a place in a bucket needs --access-key");
	if (a->endpoint.count > STORE_ENDPOINTS)
		return deed_error_set(err, DEED_USAGE,
				      "a place has at most %d endpoints",
				      STORE_ENDPOINTS);
	if (!place_description_is_bucket(d) &&
	    (a->endpoint.count > 0 || a->region != NULL ||
	     a->access_key != NULL || a->secret != NULL || a->ca != NULL ||
	     a->proxy != NULL || a->transfers != 0 || a->insecure))
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is in no bucket: --endpoint, "
				      "--region, --access-key, --secret, --ca, "
				      "--proxy, --transfers and --insecure are "
				      "for s3:BUCKET/PREFIX",
				      d->where);
	return DEED_OK;
}

/* The source of the secret is written down, never the secret: it is asked for
 * in each run. */
static enum deed_status describe(const struct session *s,
				 const struct add_args *a,
				 struct described *out, struct deed_error *err)
{
	struct place_description *d = &out->place;
	enum deed_status status;

	*out = (struct described){ .place.where = s->operand[1] };
	status = check_options(a, d, err);
	if (status != DEED_OK)
		return status;
	for (size_t i = 0; i < a->endpoint.count; i++)
		d->endpoint[d->endpoint_count++] = a->endpoint.item[i];
	out->ca = a->ca == NULL ? NULL : absolute(a->ca);
	out->secret = a->secret == NULL ? NULL : absolute_source(a->secret);
	if ((a->ca != NULL && out->ca == NULL) ||
	    (a->secret != NULL && out->secret == NULL))
		return deed_error_memory(err);
	d->region = a->region;
	d->access_key = a->access_key;
	d->secret = out->secret;
	d->ca = out->ca;
	d->proxy = a->proxy;
	d->transfers = (unsigned)a->transfers;
	d->insecure = a->insecure;
	return place_description_check(d, err);
}

/* Deposits that are there stay where they are: only new ones take the place
 * in, until a rebalance. */
static enum deed_status run_add(struct session *s, const void *args,
				struct deed_error *err)
{
	const char *name = s->operand[0];
	struct described d;
	struct home *home = NULL;
	enum deed_status status = describe(s, args, &d, err);

	if (status == DEED_OK)
		status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = places_add(home->archive, name, &d.place, home->places,
				    (unsigned)s->wait, s->dry_run, err);
	if (status == DEED_OK) {
		session_say(s, "place %s %s added: new deposits lie there, too",
			    name, s->dry_run ? "would be" : "is");
		output_set(s, "name", output_text(name));
	}
	home_close(home);
	free(d.ca);
	free(d.secret);
	return status;
}

const struct command command_shard_place_add = {
	.name = "shard place add",
	.operands = "NAME dir:PATH|s3:BUCKET/PREFIX",
	.summary = "add a place for new deposits",
	.options = options,
	.args_size = sizeof(struct add_args),
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 2,
	.max_operands = 2,
	.run = run_add,
};
