/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/place.h"

#include <stdlib.h>

#include "archive/place/backend.h"

static const struct place_backend *const backends[] = { &place_directory,
							&place_s3 };
#define BACKENDS (sizeof(backends) / sizeof(backends[0]))

#define DIGITS 32 /* of a deposit's folder */

/* No slash and no full stop at the beginning: a name cannot lead out of its
 * place, nor be taken for a temporary. */
static bool name_valid(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

	return len > 0 && len <= PLACE_NAME && name[len] == '\0' &&
	       name[0] != '.';
}

enum deed_status place_check_name(const char *folder, const char *name,
				  struct deed_error *err)
{
	if (name_valid(folder) && (name == NULL || name_valid(name)))
		return DEED_OK;
	return deed_error_set(err, DEED_MALFORMED,
			      "'%s/%s' is no name of an object", folder,
			      name == NULL ? "" : name);
}

bool place_is_failure(enum deed_status status)
{
	return status == DEED_REMOTE || status == DEED_DENIED ||
	       status == DEED_IO;
}

enum deed_status place_note(struct place *p, bool failed,
			    enum deed_status status,
			    const struct deed_error *why,
			    struct deed_error *err)
{
	if (status == DEED_OK)
		return DEED_OK;
	if (failed) {
		(void)pthread_mutex_lock(&p->mutex);
		p->failure = *why;
		(void)pthread_mutex_unlock(&p->mutex);
	}
	if (err != NULL)
		*err = *why;
	return status;
}

void place_failure(struct place *p, struct deed_error *out)
{
	(void)pthread_mutex_lock(&p->mutex);
	*out = p->failure;
	(void)pthread_mutex_unlock(&p->mutex);
}

/* By the scheme alone, which no other begins with. */
static const struct place_backend *find_backend(const char *where)
{
	for (size_t i = 0; i < BACKENDS; i++)
		if (!strncmp(where, backends[i]->scheme,
			     strlen(backends[i]->scheme)))
			return backends[i];
	return NULL;
}

/* Nothing is connected to and nothing looked for: a place that is away can be
 * opened and named. */
enum deed_status place_open(const char *name, const struct place_description *d,
			    const char *base, const struct place_means *means,
			    struct place **out, struct deed_error *err)
{
	const struct place_backend *backend = find_backend(d->where);
	enum deed_status status;
	struct place *p;

	*out = NULL;
	if (backend == NULL)
		return deed_error_set(err, DEED_CONFIG,
				      "'%s' is no place: expected dir:PATH or "
				      "s3:BUCKET/PREFIX",
				      d->where);
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return deed_error_memory(err);
	p->backend = backend;
	(void)pthread_mutex_init(&p->mutex, NULL);
	p->transfers = 1;
	p->read_back = means != NULL && means->read_back;
	p->tally = means == NULL ? NULL : means->tally;
	p->name = strdup(name);
	status = p->name == NULL ? deed_error_memory(err)
				 : backend->open(p, d, base, means, err);
	if (status == DEED_OK)
		*out = p;
	else
		place_close(p);
	return status;
}

void place_traffic_add(struct place_traffic *to,
		       const struct place_traffic *what)
{
	to->put += what->put;
	to->get += what->get;
	to->head += what->head;
	to->list += what->list;
	to->remove += what->remove;
	to->sent += what->sent;
	to->received += what->received;
}

/* When a place is closed, so that of an archive which is opened several times
 * in a run all is counted once. */
static void tally(const struct place *p)
{
	struct place_tally *t = p->tally;
	struct place_traffic mine;

	if (t == NULL)
		return;
	place_traffic(p, &mine);
	(void)pthread_mutex_lock(&t->mutex);
	place_traffic_add(p->backend->local ? &t->local : &t->remote, &mine);
	(void)pthread_mutex_unlock(&t->mutex);
}

void place_close(struct place *p)
{
	if (p == NULL)
		return;
	p->backend->close(p);
	tally(p);
	(void)pthread_mutex_destroy(&p->mutex);
	free(p->name);
	free(p->where);
	free(p);
}

const char *place_name(const struct place *p)
{
	return p->name;
}

const char *place_location(const struct place *p)
{
	return p->where;
}

unsigned place_transfers(const struct place *p)
{
	return p->transfers;
}

bool place_is_local(const struct place *p)
{
	return p->backend->local;
}

const char *place_endpoint(const struct place *p, size_t number)
{
	return number < p->endpoint_count ? p->endpoint[number] : NULL;
}

enum deed_status place_examine(struct place *p, const char *folder,
			       const char *name, struct place_traits *out,
			       struct deed_error *err)
{
	*out = (struct place_traits){ .condition = PLACE_CONDITION_UNKNOWN };
	return p->backend->examine == NULL
		       ? DEED_OK
		       : p->backend->examine(p, folder, name, out, err);
}

bool place_is_deposit(const char *folder)
{
	return strspn(folder, "0123456789abcdef") == DIGITS &&
	       folder[DIGITS] == '\0';
}

enum deed_status place_probe(struct place *p, struct deed_error *err)
{
	return p->backend->probe(p, err);
}

enum deed_status place_head_beneath(struct place *p, const char *beneath,
				    const char *folder, const char *name,
				    struct deed_error *err)
{
	enum deed_status status = place_check_name(folder, name, err);

	if (status == DEED_OK && p->backend->head_beneath == NULL)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "nothing lies within '%s'", p->where);
	if (status == DEED_OK)
		status =
			p->backend->head_beneath(p, beneath, folder, name, err);
	return status;
}

enum deed_status place_make_new(struct place *p, const char **marker,
				struct deed_error *err)
{
	*marker = NULL;
	return p->backend->make(p, marker, err);
}

enum deed_status place_make(struct place *p, struct deed_error *err)
{
	const char *marker;

	return place_make_new(p, &marker, err);
}

enum deed_status place_sync(struct place *p, struct deed_error *err)
{
	return p->backend->sync(p, err);
}

enum deed_status place_remove_folder(struct place *p, const char *folder,
				     struct deed_error *err)
{
	enum deed_status status = place_check_name(folder, NULL, err);

	if (status == DEED_OK)
		status = p->backend->remove_folder(p, folder, err);
	return status;
}

enum deed_status place_list(struct place *p, const char *folder, place_fn *fn,
			    void *arg, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = DEED_OK;

	if (folder != NULL)
		status = place_check_name(folder, NULL, err);
	if (status != DEED_OK)
		return status;
	status = p->backend->list(p, folder, fn, arg, &why);
	return place_note(p, place_is_failure(status) || status == DEED_DAMAGED,
			  status, &why, err);
}

enum deed_status place_sizes(struct place *p, const char *folder,
			     place_walk_fn *fn, void *arg,
			     struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = place_check_name(folder, NULL, err);

	if (status != DEED_OK)
		return status;
	status = p->backend->sizes(p, folder, fn, arg, &why);
	return place_note(p, place_is_failure(status) || status == DEED_DAMAGED,
			  status, &why, err);
}

enum deed_status place_walk(struct place *p, const char *after,
			    place_walk_fn *fn, void *arg,
			    struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = p->backend->walk(p, after, fn, arg, &why);

	return place_note(p, place_is_failure(status) || status == DEED_DAMAGED,
			  status, &why, err);
}

void place_ascending(struct place *p, bool on)
{
	if (p->backend->ascending != NULL)
		p->backend->ascending(p, on);
}

void place_fresh(struct place *p, bool on)
{
	if (p->backend->fresh != NULL)
		p->backend->fresh(p, on);
}

void place_read_back(struct place *p, bool on)
{
	p->read_back = on;
}

void place_count(struct place *p, enum place_operation operation,
		 uint64_t requests, uint64_t sent, uint64_t received)
{
	atomic_fetch_add(&p->count[operation], requests);
	atomic_fetch_add(&p->sent, sent);
	atomic_fetch_add(&p->received, received);
}

void place_traffic(const struct place *p, struct place_traffic *out)
{
	*out = (struct place_traffic){
		.put = atomic_load(&p->count[PLACE_PUT]),
		.get = atomic_load(&p->count[PLACE_GET]),
		.head = atomic_load(&p->count[PLACE_HEAD]),
		.list = atomic_load(&p->count[PLACE_LIST]),
		.remove = atomic_load(&p->count[PLACE_REMOVE]),
		.sent = atomic_load(&p->sent),
		.received = atomic_load(&p->received),
	};
}
