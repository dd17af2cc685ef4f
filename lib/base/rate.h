/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_RATE_H
#define DEED_BASE_RATE_H

#include <pthread.h>
#include <stdint.h>

/*
 * Holding a long piece of work to so many bytes a second, so that it leaves
 * the disks to others.  Any number of threads may share one.
 */
struct rate {
	uint64_t bytes; /* a second; 0: as fast as it goes */
	pthread_mutex_t mutex;
	double due; /* when the next piece may begin, by the monotonic clock */
};

#define RATE_INIT(bytes_a_second)                                             \
	{                                                                     \
		.bytes = (bytes_a_second), .mutex = PTHREAD_MUTEX_INITIALIZER \
	}

/* So many bytes were read or written: wait until that is no more than what
 * the rate allows.  NULL is no limit. */
void rate_take(struct rate *r, uint64_t count);

#endif
