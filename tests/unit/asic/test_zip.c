/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "asic/names.h"
#include "asic/zip_format.h"
#include "asic/zip_read.h"
#include "asic/zip_wire.h"
#include "asic/zip_write.h"

/* A sink into a buffer. */
static enum deed_status sink_write(void *arg, struct slice bytes,
				   struct deed_error *err)
{
	buf_slice(arg, bytes);
	return buf_status(arg, err);
}

static enum deed_status sink_patch(void *arg, uint64_t at, struct slice bytes,
				   struct deed_error *err)
{
	struct buf *b = arg;

	(void)err;
	memcpy(b->data + at, bytes.data, bytes.len);
	return DEED_OK;
}

static const char text[] = "the contract";

/* mimetype, a.txt streamed, META-INF/x. */
static void make(struct buf *out)
{
	const struct zip_sink sink = { sink_write, sink_patch, out };
	struct zip_writer *w;

	assert_ok(zip_writer_new(&w, &sink, 1795392000, err));
	assert_ok(zip_add(w, "mimetype", slice_str(ASIC_E_MEDIA_TYPE), err));
	assert_ok(zip_begin(w, "a.txt", strlen(text), err));
	assert_ok(zip_content(w, slice_of(text, 4), err));
	assert_ok(zip_content(w, slice_str(text + 4), err));
	assert_ok(zip_end(w, err));
	assert_ok(zip_add(w, "META-INF/x", SLICE_NONE, err));
	assert_int_equal(zip_add(w, "a.txt", SLICE_NONE, NULL), DEED_USAGE);
	assert_ok(zip_finish(w, err));
	zip_writer_free(w);
}

/* Open bytes as a container; the fault's id, or NULL. */
static const char *open_bytes(struct slice bytes, struct zip **z, FILE **file,
			      struct zip_fault *fault)
{
	*file = tmpfile();
	assert_non_null(*file);
	assert_int_equal(fwrite(bytes.data, 1, bytes.len, *file), bytes.len);
	assert_int_equal(fflush(*file), 0);
	assert_ok(zip_open(fileno(*file), "test", z, fault, err));
	return fault->found ? fault->id : NULL;
}

static const char *fault_of(struct slice bytes)
{
	static struct zip_fault fault;
	struct zip *z;
	FILE *file;

	(void)open_bytes(bytes, &z, &file, &fault);
	zip_close(z);
	(void)fclose(file);
	return fault.found ? fault.id : "none";
}

static void test_written_is_read(void **state)
{
	struct buf b = BUF_INIT, content = BUF_INIT;
	struct zip_fault fault;
	struct zip *z;
	FILE *file;

	(void)state;
	make(&b);
	assert_memory_equal(b.data + 38, ASIC_E_MEDIA_TYPE,
			    strlen(ASIC_E_MEDIA_TYPE));
	assert_null(open_bytes(buf_get(&b), &z, &file, &fault));
	assert_int_equal(zip_count(z), 3);
	assert_string_equal(zip_at(z, 0)->name, "mimetype");
	assert_false(zip_at(z, 0)->extra);
	assert_ok(zip_read_all(z, zip_find(z, "a.txt"), 100, &content, &fault,
			       err));
	assert_false(fault.found);
	assert_true(slice_equal_str(buf_get(&content), text));
	assert_null(zip_find(z, "A.TXT"));
	assert_ok(zip_read_all(z, zip_find(z, "a.txt"), 5, &content, &fault,
			       err));
	assert_string_equal(fault.id, "zip-limit");
	zip_close(z);
	(void)fclose(file);
	buf_clear(&b);
	buf_clear(&content);
}

/* A copied entry is the same, under another name. */
static void test_copy(void **state)
{
	struct buf b = BUF_INIT, copy = BUF_INIT, content = BUF_INIT;
	const struct zip_sink sink = { sink_write, sink_patch, &copy };
	struct zip_fault fault;
	struct zip_writer *w;
	FILE *file, *other;
	struct zip *z, *c;

	(void)state;
	make(&b);
	assert_null(open_bytes(buf_get(&b), &z, &file, &fault));
	assert_ok(zip_writer_new(&w, &sink, 1795392000, err));
	assert_ok(zip_copy(w, z, zip_at(z, 0), "mimetype", err));
	assert_ok(zip_copy(w, z, zip_find(z, "a.txt"), "b.txt", err));
	assert_status(DEED_USAGE, zip_copy(w, z, zip_at(z, 0), "b.txt", err));
	assert_ok(zip_add(w, "c.txt", slice_str("more"), err));
	assert_ok(zip_finish(w, err));
	zip_writer_free(w);
	assert_null(open_bytes(buf_get(&copy), &c, &other, &fault));
	assert_int_equal(zip_count(c), 3);
	assert_ok(zip_read_all(c, zip_find(c, "b.txt"), 100, &content, &fault,
			       err));
	assert_false(fault.found);
	assert_true(slice_equal_str(buf_get(&content), text));
	assert_memory_equal(copy.data, b.data, 69);
	zip_close(z);
	zip_close(c);
	(void)fclose(file);
	(void)fclose(other);
	buf_clear(&b);
	buf_clear(&copy);
	buf_clear(&content);
}

/* Every byte changed: never a crash, and what is read is what was written
 * unless a fault says otherwise. */
static void test_every_byte(void **state)
{
	struct buf b = BUF_INIT;
	size_t i, clean = 0;

	(void)state;
	make(&b);
	for (i = 0; i < b.len; i++) {
		struct buf content = BUF_INIT;
		struct zip_fault fault;
		const struct zip_entry *e;
		struct zip *z;
		FILE *file;

		b.data[i] ^= 0x21;
		if (open_bytes(buf_get(&b), &z, &file, &fault) == NULL) {
			e = zip_find(z, "a.txt");
			if (e != NULL)
				assert_ok(zip_read_all(z, e, 100, &content,
						       &fault, err));
			if (e != NULL && !fault.found) {
				assert_true(slice_equal_str(buf_get(&content),
							    text));
				clean++;
			}
		}
		zip_close(z);
		(void)fclose(file);
		buf_clear(&content);
		b.data[i] ^= 0x21;
	}
	/* Times, versions and attributes say nothing of the content. */
	assert_true(clean > 0 && clean < b.len / 2);
	buf_clear(&b);
}

static void test_every_length(void **state)
{
	struct buf b = BUF_INIT;
	size_t len;

	(void)state;
	make(&b);
	for (len = 0; len < b.len; len++)
		assert_string_not_equal(fault_of(slice_of(b.data, len)),
					"none");
	buf_byte(&b, 0);
	assert_string_equal(fault_of(buf_get(&b)), "zip-end");
	buf_clear(&b);
}

static size_t find(const struct buf *b, const char *what, size_t from)
{
	const uint8_t *at =
		memmem(b->data + from, b->len - from, what, strlen(what));

	assert_non_null(at);
	return (size_t)(at - b->data);
}

static void put32(struct buf *b, size_t at, size_t value)
{
	int i;

	for (i = 0; i < 4; i++)
		b->data[at + (size_t)i] = (uint8_t)(value >> 8 * i);
}

/* Make room at an offset, keeping the end record's numbers right. */
static void insert(struct buf *b, size_t at, const char *bytes)
{
	size_t end = b->len - ZIP_END_SIZE;
	size_t dir = zip_u32(b->data + end + 16), len = strlen(bytes);

	buf_insert(b, at, bytes, len);
	end += len;
	if (at <= dir)
		put32(b, end + 16, dir + len);
	else
		put32(b, end + 12, zip_u32(b->data + end + 12) + len);
}

/* What a second reader could see differently. */
static void test_ambiguous(void **state)
{
	struct buf b = BUF_INIT;
	size_t dir;

	(void)state;
	make(&b);
	insert(&b, 0, "before");
	assert_string_equal(fault_of(buf_get(&b)), "zip-ambiguous");
	buf_clear(&b);

	make(&b);
	insert(&b, find(&b, "the contract", 0) + strlen(text), "between");
	assert_string_not_equal(fault_of(buf_get(&b)), "none");
	buf_clear(&b);

	make(&b);
	dir = zip_u32(b.data + b.len - 6);
	insert(&b, dir, "hidden");
	assert_string_not_equal(fault_of(buf_get(&b)), "none");
	buf_clear(&b);

	/* Another name locally than in the directory. */
	make(&b);
	b.data[find(&b, "a.txt", 0)] = 'b';
	assert_string_equal(fault_of(buf_get(&b)), "zip-ambiguous");
	buf_clear(&b);

	/* The same name twice. */
	make(&b);
	memcpy(b.data + find(&b, "META-INF/x", 0), "aaaaaaaaaa", 10);
	dir = zip_u32(b.data + b.len - 6);
	memcpy(b.data + find(&b, "META-INF/x", dir), "aaaaaaaaaa", 10);
	assert_string_equal(fault_of(buf_get(&b)), "none");
	buf_clear(&b);
	make(&b);
	dir = zip_u32(b.data + b.len - 6);
	memcpy(b.data + find(&b, "a.txt", dir), "../.x", 5);
	assert_string_equal(fault_of(buf_get(&b)), "zip-name");
	buf_clear(&b);
}

static void test_duplicate(void **state)
{
	struct buf b = BUF_INIT;
	const struct zip_sink sink = { sink_write, sink_patch, &b };
	struct zip_writer *w;
	size_t at = 0, dir;

	(void)state;
	assert_ok(zip_writer_new(&w, &sink, 0, err));
	assert_ok(zip_add(w, "one", slice_str("1"), err));
	assert_ok(zip_add(w, "two", slice_str("2"), err));
	assert_ok(zip_finish(w, err));
	zip_writer_free(w);
	dir = zip_u32(b.data + b.len - 6);
	memcpy(b.data + find(&b, "two", at), "one", 3);
	memcpy(b.data + find(&b, "two", dir), "one", 3);
	assert_string_equal(fault_of(buf_get(&b)), "zip-duplicate");
	buf_clear(&b);
}

/* A directory goes over the wire; a bent one is refused, or leads to places
 * in the file. */
static void test_wire(void **state)
{
	struct buf b = BUF_INIT, wire = BUF_INIT, content = BUF_INIT;
	size_t i, k, refused = 0;
	struct zip *z, *again;
	struct zip_fault fault;
	FILE *file;
	uint8_t was;

	(void)state;
	make(&b);
	assert_null(open_bytes(buf_get(&b), &z, &file, &fault));
	zip_directory_write(z, &fault, &wire);
	assert_ok(zip_directory_read(buf_get(&wire), fileno(file), "test",
				     &again, &fault, err));
	assert_false(fault.found);
	assert_int_equal(zip_count(again), zip_count(z));
	assert_ok(zip_read_all(again, zip_find(again, "a.txt"), 100, &content,
			       &fault, err));
	assert_true(slice_equal_str(buf_get(&content), text));
	zip_close(again);
	for (i = 0; i < wire.len; i++)
		assert_status(DEED_MALFORMED,
			      zip_directory_read(slice_of(wire.data, i),
						 fileno(file), "test", &again,
						 &fault, err));
	for (i = 0; i < wire.len; i++) {
		was = wire.data[i];
		wire.data[i] ^= 0xff;
		if (zip_directory_read(buf_get(&wire), fileno(file), "test",
				       &again, &fault, NULL) != DEED_OK)
			refused++;
		for (k = 0; again != NULL && k < zip_count(again); k++) {
			const struct zip_entry *e = zip_at(again, k);

			assert_true(e->data <= b.len &&
				    e->packed <= b.len - e->data);
		}
		zip_close(again);
		wire.data[i] = was;
	}
	assert_true(refused > wire.len / 2);
	fault = (struct zip_fault){ true, "zip-gap", "there is a gap" };
	buf_reset(&wire);
	zip_directory_write(NULL, &fault, &wire);
	assert_ok(zip_directory_read(buf_get(&wire), fileno(file), "test",
				     &again, &fault, err));
	assert_null(again);
	assert_true(fault.found);
	assert_string_equal(fault.id, "zip-gap");
	zip_close(z);
	(void)fclose(file);
	buf_clear(&b);
	buf_clear(&wire);
	buf_clear(&content);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_is_read),
		cmocka_unit_test(test_wire),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_duplicate),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
