/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_FUZZ_FUZZ_H
#define DEED_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/*
 * A fuzz target defines this function alone.  It feeds data to one parser,
 * asserts what must hold whatever the data, and returns 0.
 *
 *	tests/fuzz/fuzz_NAME.c		the target
 *	tests/fuzz/corpus/NAME/		its corpus, small files
 *
 * "make check" replays the corpus, each file as it is and a few hundred times
 * changed (replay.c); with --enable-fuzzing, CC=clang, the program is a
 * libFuzzer binary instead:
 *
 *	./tests/fuzz/fuzz_NAME -max_total_time=60 NEW tests/fuzz/corpus/NAME
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
