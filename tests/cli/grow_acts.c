/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grow_acts HOME N GROUP: N more signatures in the log of a home, GROUP a
 * transaction, as deed sign logs them: number I is of the file contract-I.pdf
 * that holds "input I", and its output holds "output I".  For tests of how
 * acts are found.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/hex.h"
#include "crypto/digest.h"
#include "office/party/home_events.h"

#define TIME INT64_C(1795435200)

static enum deed_status commit_digest(struct event *ev, int entry,
				      const char *label, uint64_t number,
				      struct deed_error *err)
{
	char text[64], hex[2 * SHA256_SIZE + 1];
	uint8_t hash[SHA256_SIZE];

	(void)snprintf(text, sizeof(text), "%s %" PRIu64,
		       strcmp(label, "document") == 0 ? "output" : label,
		       number);
	sha256(slice_str(text), hash);
	hex_text(slice_of(hash, sizeof(hash)), hex);
	return event_commit(ev, entry, EVENT_ALL, label, slice_str(hex), err);
}

static enum deed_status add(struct event *ev, uint64_t number,
			    struct deed_error *err)
{
	enum deed_status status;
	char file[64];
	int entry;

	(void)snprintf(file, sizeof(file), "contract-%" PRIu64 ".pdf", number);
	status = event_entry(ev, "sign", &entry, err);
	if (status == DEED_OK)
		status = event_commit(
			ev, entry, EVENT_ALL, "party",
			slice_str(number % 2 == 0 ? "wang" : "li"), err);
	if (status == DEED_OK)
		status = commit_digest(ev, entry, "document", number, err);
	if (status == DEED_OK)
		status = commit_digest(ev, entry, "certificate", 0, err);
	if (status == DEED_OK)
		status = commit_digest(ev, entry, "input", number, err);
	return status == DEED_OK ? event_commit(ev, entry, EVENT_ALL, "file",
						slice_str(file), err)
				 : status;
}

static enum deed_status grow(const struct event_home *home, uint64_t count,
			     uint64_t group, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	uint64_t done = 0, first, i;
	struct event *ev;

	while (status == DEED_OK && done < count) {
		/* A second an entry. */
		status = event_begin(home, TIME + (int64_t)done, &ev, err);
		for (i = 0; status == DEED_OK && i < group && done < count; i++)
			status = add(ev, done++, err);
		if (status == DEED_OK)
			status = event_finish(ev, NULL, NULL, &first, err);
		event_free(ev);
	}
	return status;
}

int main(int argc, char *argv[])
{
	struct deed_error err = DEED_ERROR_INIT;
	struct event_home *log = NULL;
	struct home *home = NULL;
	enum deed_status status;

	if (argc != 4)
		return 2;
	status = home_open(argv[1], &home, &err);
	if (status == DEED_OK)
		status = home_events_open(home, 10, &log, &err);
	if (status == DEED_OK)
		status = grow(log, strtoull(argv[2], NULL, 10),
			      strtoull(argv[3], NULL, 10), &err);
	if (status != DEED_OK)
		(void)fprintf(stderr, "grow_acts: %s\n", err.message);
	home_events_close(log);
	home_close(home);
	return deed_status_exit(status);
}
