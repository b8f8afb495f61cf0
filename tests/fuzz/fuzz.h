/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_FUZZ_H
#define FN_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* A target per reader: whatever the bytes are, it must not crash, leak or break what the reader promises. Built with
 * clang and --enable-fuzzing each is a libFuzzer program; otherwise replay.c runs it over tests/fuzz/corpus/NAME, over
 * cuts of those files and over changes that are the same in every run. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One more input, made by the program itself (for formats that it writes): the caller frees it. NULL: none. */
uint8_t *fuzz_own_input(size_t *size);

#define FUZZ_MUST(what)                                                            \
    do {                                                                           \
        if (!(what)) {                                                             \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what);     \
            abort();                                                               \
        }                                                                          \
    } while (0)

#endif
