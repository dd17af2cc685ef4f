/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/place.h"

#include <stdlib.h>

#include "archive/place/backend.h"

static const struct place_backend *const backends[] = { &place_directory,
							&place_s3 };
#define BACKENDS (sizeof(backends) / sizeof(backends[0]))

#define DIGITS 32 /* of a deposit's folder */

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

/* What is an object's matter, or this machine's, is not the place's. */
static bool is_failure(enum deed_status status)
{
	return status == DEED_REMOTE || status == DEED_DENIED ||
	       status == DEED_IO;
}

/* Keep why it failed; *err gets it as well. */
static enum deed_status noted(struct place *p, bool failed,
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

static const struct place_backend *find_backend(const char *where)
{
	for (size_t i = 0; i < BACKENDS; i++)
		if (!strncmp(where, backends[i]->scheme,
			     strlen(backends[i]->scheme)))
			return backends[i];
	return NULL;
}

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

enum deed_status place_make(struct place *p, struct deed_error *err)
{
	return p->backend->make(p, err);
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
	return noted(p, is_failure(status) || status == DEED_DAMAGED, status,
		     &why, err);
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
	return noted(p, is_failure(status) || status == DEED_DAMAGED, status,
		     &why, err);
}

enum deed_status place_walk(struct place *p, const char *after,
			    place_walk_fn *fn, void *arg,
			    struct deed_error *err)
{
	return p->backend->walk(p, after, fn, arg, err);
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

/* ---- transfers ---- */

static enum deed_status
new_ticket(struct place *p, enum place_operation operation, const char *folder,
	   const char *name, struct place_ticket **out, struct deed_error *err)
{
	enum deed_status status = place_check_name(folder, name, err);
	struct place_ticket *t;

	*out = NULL;
	if (status != DEED_OK)
		return status;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return deed_error_memory(err);
	t->place = p;
	t->operation = operation;
	memcpy(t->folder, folder, strlen(folder) + 1);
	memcpy(t->name, name, strlen(name) + 1);
	*out = t;
	return DEED_OK;
}

static enum deed_status begin(struct place_ticket *t, struct place_ticket **out,
			      struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = t->place->backend->begin(t, &why);

	(void)!noted(t->place, is_failure(status), status, &why, err);
	t->bytes = SLICE_NONE;
	if (status == DEED_OK) {
		*out = t;
		return DEED_OK;
	}
	*out = NULL;
	free(t);
	return status;
}

enum deed_status place_put_begin(struct place *p, const char *folder,
				 const char *name, struct slice bytes,
				 struct place_ticket **out,
				 struct deed_error *err)
{
	enum deed_status status =
		new_ticket(p, PLACE_PUT, folder, name, out, err);
	struct place_ticket *t = *out;

	if (status != DEED_OK)
		return status;
	t->bytes = bytes;
	t->len = bytes.len;
	if (p->read_back)
		sha256(bytes, t->sha256);
	return begin(t, out, err);
}

static enum deed_status get_begin(struct place *p, const char *folder,
				  const char *name,
				  const struct place_ticket *what,
				  struct place_ticket **ticket,
				  struct deed_error *err)
{
	enum deed_status status =
		new_ticket(p, PLACE_GET, folder, name, ticket, err);
	struct place_ticket *t = *ticket;

	if (status != DEED_OK)
		return status;
	t->from = what->from;
	t->max = what->max;
	t->whole = what->whole;
	t->out = what->out;
	t->into = what->into;
	t->known = what->known;
	memcpy(t->sha256, what->sha256, SHA256_SIZE);
	return begin(t, ticket, err);
}

enum deed_status place_get_begin(struct place *p, const char *folder,
				 const char *name, uint64_t from, size_t max,
				 struct buf *out, struct place_ticket **ticket,
				 struct deed_error *err)
{
	const struct place_ticket what = {
		.from = from, .max = max, .whole = true, .out = out
	};

	return get_begin(p, folder, name, &what, ticket, err);
}

enum deed_status place_get_known_begin(struct place *p, const char *folder,
				       const char *name,
				       const uint8_t sha256[SHA256_SIZE],
				       size_t max, struct buf *out,
				       struct place_ticket **ticket,
				       struct deed_error *err)
{
	struct place_ticket what = {
		.max = max, .whole = true, .out = out, .known = true
	};

	memcpy(what.sha256, sha256, SHA256_SIZE);
	return get_begin(p, folder, name, &what, ticket, err);
}

enum deed_status
place_fill_begin(struct place *p, const char *folder, const char *name,
		 const uint8_t sha256[SHA256_SIZE], uint8_t *into, size_t size,
		 struct place_ticket **ticket, struct deed_error *err)
{
	struct place_ticket what = {
		.max = size, .whole = true, .into = into, .known = true
	};

	memcpy(what.sha256, sha256, SHA256_SIZE);
	return get_begin(p, folder, name, &what, ticket, err);
}

enum deed_status place_head_begin(struct place *p, const char *folder,
				  const char *name, uint64_t *size,
				  struct place_ticket **out,
				  struct deed_error *err)
{
	enum deed_status status =
		new_ticket(p, PLACE_HEAD, folder, name, out, err);

	if (status != DEED_OK)
		return status;
	(*out)->size = size;
	return begin(*out, out, err);
}

enum deed_status place_remove_begin(struct place *p, const char *folder,
				    const char *name, struct place_ticket **out,
				    struct deed_error *err)
{
	enum deed_status status =
		new_ticket(p, PLACE_REMOVE, folder, name, out, err);

	return status == DEED_OK ? begin(*out, out, err) : status;
}

/* ---- their end ---- */

void place_settle(struct place_ticket *t)
{
	const struct place *p;
	uint8_t *into;

	if (t == NULL || t->settled)
		return;
	p = t->place;
	if (t->operation != PLACE_PUT || !p->read_back)
		return;
	t->settled = true;
	t->status = p->backend->finish(t, &t->why);
	if (t->status != DEED_OK)
		return;
	into = buf_reserve(&t->again, t->len);
	t->status = into == NULL ? deed_error_memory(&t->why)
				 : place_fill_begin(t->place, t->folder,
						    t->name, t->sha256, into,
						    t->len, &t->back, &t->why);
}

size_t place_settle_size(const struct place_ticket *t)
{
	return t->operation == PLACE_PUT && t->place->read_back ? t->len : 0;
}

/* What came back. */
static enum deed_status compare(const struct place_ticket *t,
				enum deed_status status, struct deed_error *err)
{
	if (status == DEED_NOT_FOUND)
		return deed_error_set(err, DEED_REMOTE,
				      "'%s' was written, and is not there",
				      t->name);
	if (status != DEED_DAMAGED && status != DEED_LIMIT)
		return status;
	return deed_error_set(err, DEED_DAMAGED,
			      "'%s' was written, and comes back changed",
			      t->name);
}

static enum deed_status finish_settled(struct place_ticket *t,
				       struct deed_error *err)
{
	enum deed_status status = t->status;

	if (t->back != NULL)
		status = compare(t, place_finish(t->back, err), err);
	else if (err != NULL)
		*err = t->why;
	if (t->again.data != NULL)
		secret_wipe(t->again.data, t->len);
	buf_clear(&t->again);
	return status;
}

/* Behind `before`, or where it was filled in. */
static bool is_known(const struct place_ticket *t, size_t before)
{
	uint8_t hash[SHA256_SIZE];

	if (t->into != NULL)
		sha256(slice_of(t->into, t->filled), hash);
	else
		sha256(slice_of(t->out->data + before, t->out->len - before),
		       hash);
	return memcmp(hash, t->sha256, SHA256_SIZE) == 0 &&
	       (t->into == NULL || t->filled == t->max);
}

/* As the back end's finish; nothing is left of what is not what it must be. */
static enum deed_status try_known(struct place_ticket *t, bool *good,
				  struct deed_error *err)
{
	size_t before = t->out != NULL ? t->out->len : 0;
	enum deed_status status = t->place->backend->finish(t, err);

	*good = status == DEED_OK && is_known(t, before);
	if (!*good && t->out != NULL)
		t->out->len = before;
	return status;
}

static enum deed_status finish_known(struct place_ticket *t,
				     struct deed_error *err)
{
	bool good;
	enum deed_status status = try_known(t, &good, err);

	if (status == DEED_OK && !good && !t->place->backend->local) {
		t->doubted = true;
		status = t->place->backend->begin(t, err);
		if (status == DEED_OK)
			status = try_known(t, &good, err);
	}
	if (status != DEED_OK || good)
		return status;
	return deed_error_set(err, DEED_DAMAGED,
			      "'%s' at place %s does not hold what its name "
			      "says",
			      t->name, t->place->name);
}

enum deed_status place_finish(struct place_ticket *t, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	if (t == NULL)
		return DEED_OK;
	place_settle(t);
	if (t->settled)
		status = finish_settled(t, &why);
	else if (t->known)
		status = finish_known(t, &why);
	else
		status = t->place->backend->finish(t, &why);
	(void)!noted(t->place, is_failure(status), status, &why, err);
	free(t);
	return status;
}

/* ---- at once ---- */

enum deed_status place_put(struct place *p, const char *folder,
			   const char *name, struct slice bytes,
			   struct deed_error *err)
{
	struct place_ticket *t;
	enum deed_status status =
		place_put_begin(p, folder, name, bytes, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}

enum deed_status place_get(struct place *p, const char *folder,
			   const char *name, size_t max, struct buf *out,
			   struct deed_error *err)
{
	struct place_ticket *t;
	enum deed_status status =
		place_get_begin(p, folder, name, 0, max, out, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}

enum deed_status place_get_range(struct place *p, const char *folder,
				 const char *name, uint64_t from, size_t len,
				 struct buf *out, struct deed_error *err)
{
	const struct place_ticket what = { .from = from,
					   .max = len,
					   .out = out };
	struct place_ticket *t;
	enum deed_status status = get_begin(p, folder, name, &what, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}

enum deed_status place_head(struct place *p, const char *folder,
			    const char *name, uint64_t *size,
			    struct deed_error *err)
{
	struct place_ticket *t;
	enum deed_status status =
		place_head_begin(p, folder, name, size, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}

enum deed_status place_remove(struct place *p, const char *folder,
			      const char *name, struct deed_error *err)
{
	struct place_ticket *t;
	enum deed_status status = place_remove_begin(p, folder, name, &t, err);

	return status == DEED_OK ? place_finish(t, err) : status;
}
