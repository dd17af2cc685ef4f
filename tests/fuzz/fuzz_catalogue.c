/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/catalogue.h"
#include "archive/object.h"
#include "archive/place/place.h"
#include "base/file.h"
#include "codec/hex.h"

/*
 * The catalogue's file as somebody may have left it; or, where the bytes are
 * no database, a manifest at a place from which it is made anew.  Whatever it
 * is, it opens, and what it lists is what it finds.
 */
#define FOLDER "000102030405060708090a0b0c0d0e0f"

static char dir[64], path[128], journal[160], lock[128];
static struct archive *archive;

static void clean(void)
{
	(void)unlink(path);
	(void)unlink(journal);
	(void)unlink(lock);
}

static void remove_all(void)
{
	char place[128];

	clean();
	archive_close(archive);
	for (int i = 1; i <= ARCHIVE_PLACES; i++) {
		/* A place may keep folders in one of their first digits. */
		snprintf(place, sizeof(place), "%s/places/%d/%.2s", dir, i,
			 FOLDER);
		(void)rmdir(place);
		snprintf(place, sizeof(place), "%s/places/%d", dir, i);
		(void)rmdir(place);
	}
	snprintf(place, sizeof(place), "%s/places", dir);
	(void)rmdir(place);
	snprintf(place, sizeof(place), "%s/places.json", dir);
	(void)unlink(place);
	(void)rmdir(dir);
}

static void make_archive(void)
{
	snprintf(dir, sizeof(dir), "%s/deed-fuzz-catalogue-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(dir) == NULL || archive_create(dir, NULL) != DEED_OK ||
	    archive_open(dir, NULL, &archive, NULL) != DEED_OK)
		abort();
	snprintf(path, sizeof(path), "%s/catalogue.db", dir);
	snprintf(journal, sizeof(journal), "%s-journal", path);
	snprintf(lock, sizeof(lock), "%s/catalogue.lock", dir);
	(void)atexit(remove_all);
}

static void put_file(const uint8_t *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || file_write_fd(fd, path, data, size, NULL) != DEED_OK)
		abort();
	(void)close(fd);
}

struct listing {
	struct catalogue *c;
	size_t count;
};

static enum deed_status see(void *arg, const struct catalogue_item *item,
			    struct deed_error *err)
{
	struct listing *l = arg;
	struct catalogue_item again;

	(void)err;
	assert(strlen(item->id) == CATALOGUE_ID);
	assert(item->k >= 1 && item->k <= item->n && item->n <= ERASURE_MAX);
	assert(item->recipients >= 1 && item->state < CATALOGUE_STATES);
	if (l->count++ < 4 &&
	    catalogue_find(l->c, item->id, &again, NULL) == DEED_OK)
		assert(!strcmp(again.id, item->id));
	return DEED_OK;
}

static void must(enum deed_status status, const struct deed_error *err)
{
	if (status == DEED_OK)
		return;
	fprintf(stderr, "%s: %s\n", deed_status_id(status), err->message);
	abort();
}

static void use(size_t *count)
{
	static const uint8_t label[SHA256_SIZE] = { 17 };
	struct catalogue_key key = { .len = 20 };
	const struct catalogue_query all = { .limit = 0 },
				     some = { .label = label },
				     mine = { .key = &key, .key_count = 1 },
				     ill = { .has_state = true,
					     .state = CATALOGUE_DEGRADED };
	struct deed_error err = DEED_ERROR_INIT;
	struct listing l = { .count = 0 };

	must(catalogue_open(archive, &l.c, &err), &err);
	must(catalogue_list(l.c, &all, see, &l, &err), &err);
	*count = l.count;
	(void)!catalogue_list(l.c, &some, see, &l, NULL);
	(void)!catalogue_list(l.c, &mine, see, &l, NULL);
	(void)!catalogue_list(l.c, &ill, see, &l, NULL);
	catalogue_close(l.c);
}

/* It is entered if it can be read, and found at no other place. */
static void rebuild(struct slice cms)
{
	struct object_name o = { .kind = OBJECT_MANIFEST, .number = 1 };
	struct place *p = archive->place[0];
	uint8_t id[SHA256_SIZE];
	char name[PLACE_NAME + 1];
	struct manifest *m = NULL;
	size_t count;
	bool readable = manifest_peek(cms, &m, id, NULL) == DEED_OK;

	manifest_free(m);
	sha256(cms, o.sha256);
	object_format(&o, name);
	if (place_put(p, FOLDER, name, cms, NULL) != DEED_OK)
		abort();
	use(&count);
	if (count != readable)
		abort();
	if (place_remove(p, FOLDER, name, NULL) != DEED_OK ||
	    place_remove_folder(p, FOLDER, NULL) != DEED_OK)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t count;

	if (archive == NULL)
		make_archive();
	clean();
	if (size >= 6 && !memcmp(data, "SQLite", 6)) {
		put_file(data, size);
		use(&count);
	} else if (size > 0 && size <= 1u << 20) {
		rebuild(slice_of(data, size));
	}
	return 0;
}
