/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/frame.h"
#include "fuzz/fuzz.h"
#include "net/store_frames.h"
#include "net/store_target.h"
#include "net/store_url.h"
#include "net/store_wire.h"

/* What is read of an order can be asked, and is written as it was. */
static void check_order(struct slice body)
{
	struct buf again = BUF_INIT, url = BUF_INIT;
	struct store_order order;

	if (store_wire_get_order(body, &order, NULL) == DEED_OK) {
		store_wire_put_order(&order, &again);
		if (!slice_equal(buf_get(&again), body) ||
		    store_request_check(&order.request, NULL) != DEED_OK)
			abort();
		store_url_put("https://h", "b", &order.request, &url);
	}
	buf_clear(&again);
	buf_clear(&url);
}

static void check_target(struct slice body)
{
	struct buf again = BUF_INIT;
	struct store_target target;
	uint32_t id;

	if (store_wire_get_target(body, &id, &target, NULL) == DEED_OK) {
		store_wire_put_target(id, &target, &again);
		if (!slice_equal(buf_get(&again), body))
			abort();
	}
	buf_clear(&again);
}

static void check_answer(struct slice body)
{
	struct store_answer answer = STORE_ANSWER_INIT;
	struct store_wire_answer head;

	if (store_wire_get_answer(body, &head, &answer, NULL) == DEED_OK &&
	    (strlen(answer.code) >= sizeof(answer.code) ||
	     strlen(answer.version) >= sizeof(answer.version)))
		abort();
}

static void check_items(struct slice body)
{
	struct store_answer answer = STORE_ANSWER_INIT;
	struct buf text = BUF_INIT;
	size_t i;

	buf_slice(&text, body);
	if (store_wire_get_items(&text, 100, &answer, NULL) == DEED_OK)
		for (i = 0; i < answer.item_count; i++)
			if (strlen(answer.item[i].key) > STORE_KEY_MAX)
				abort();
	store_answer_clear(&answer);
	buf_clear(&text);
}

/* Both directions, and the frames as they come in bit by bit. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct store_frames frames = { .type = FRAME_END };
	struct store_wire_client client;
	bool whole = true, end = false;
	int fd = memfd_create("frames", MFD_CLOEXEC);

	if (fd < 0 || (size > 0 && write(fd, data, size) != (ssize_t)size))
		abort();
	(void)lseek(fd, 0, SEEK_SET);
	while (whole &&
	       store_frames_next(&frames, fd, &whole, &end, NULL) == DEED_OK) {
		if (!whole)
			break;
		check_order(buf_get(&frames.body));
		check_target(buf_get(&frames.body));
		check_answer(buf_get(&frames.body));
		check_items(buf_get(&frames.body));
		(void)!store_wire_get_client(buf_get(&frames.body), &client,
					     NULL);
	}
	store_frames_clear(&frames);
	(void)close(fd);
	return 0;
}
