/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <dirent.h>
#include <string.h>
#include "graph/random.h"
#include "tests/fuzz/fuzz.h"

/* Run a fuzz target without a fuzzer: NAME [FILE…]; without files over its corpus. FUZZ_ROUNDS: changes of each
 * file. */

enum { FILES_MOST = 1000, CUTS_MOST = 200, GROWTH = 64 };

static long inputs;

static void run_one(const uint8_t *bytes, size_t size)
{
    /* a copy of its own, so that a read behind its end is seen */
    uint8_t *copy = malloc(size ? size : 1);
    FUZZ_MUST(copy != NULL);
    if (size) memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    inputs++;
}

static void run_cuts(const uint8_t *bytes, size_t size)
{
    size_t step = size / CUTS_MOST + 1;
    for (size_t cut = 0; cut < size; cut += step) run_one(bytes, cut);
}

/* One of: flip a bit, another byte, a byte more, a stretch less, a stretch twice. */
static size_t change(uint8_t *bytes, size_t size, uint64_t seed, uint64_t index)
{
    static const uint8_t odd[] = { 0, '\n', '"', ',', '\t', '{', '}', '[', ']', '-', '.', '9', '\\', 0x80, 0xff, '#', 'e' };
    if (size == 0) return 0;
    size_t at = fn_random_below(seed, 2, index, size), part = 1 + fn_random_below(seed, 3, index, GROWTH / 2);
    uint64_t lot = fn_random(seed, 4, index);
    if (part > size - at) part = size - at;
    switch (fn_random_below(seed, 1, index, 5)) {
    case 0: bytes[at] ^= (uint8_t) (1 << lot % 8); return size;
    case 1: bytes[at] = lot % 2 ? odd[lot / 2 % sizeof odd] : (uint8_t) (lot / 2); return size;
    case 2:
        memmove(bytes + at + 1, bytes + at, size - at);
        bytes[at] = odd[lot % sizeof odd];
        return size + 1;
    case 3: memmove(bytes + at, bytes + at + part, size - at - part); return size - part;
    default: memmove(bytes + at + part, bytes + at, size - at); return size + part;
    }
}

static void run_changes(const uint8_t *bytes, size_t size, long rounds)
{
    enum { CHANGES = 8 };
    uint8_t *copy = malloc(size + CHANGES * GROWTH);
    FUZZ_MUST(copy != NULL);
    for (long round = 0; round < rounds; round++) {
        size_t now = size;
        uint64_t changes = 1 + fn_random_below(1, 5, (uint64_t) round, CHANGES);
        memcpy(copy, bytes, size);
        for (uint64_t i = 0; i < changes; i++) now = change(copy, now, size, (uint64_t) round * CHANGES + i);
        run_one(copy, now);
    }
    free(copy);
}

static void run_all_forms(const uint8_t *bytes, size_t size, long rounds)
{
    run_one(bytes, size);
    if (rounds == 0) return;
    run_cuts(bytes, size);
    run_changes(bytes, size, rounds);
}

static void run_file(const char *path, long rounds)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "%s can't be opened\n", path);
        exit(1);
    }
    enum { MOST = 1 << 20 };
    uint8_t *bytes = malloc(MOST);
    FUZZ_MUST(bytes != NULL);
    size_t size = fread(bytes, 1, MOST, file);
    fclose(file);
    run_all_forms(bytes, size, rounds);
    free(bytes);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(char *const *) left, *(char *const *) right);
}

/* Every file of a folder, in order of names. */
static void run_folder(const char *folder, long rounds)
{
    DIR *directory = opendir(folder);
    if (!directory) {
        fprintf(stderr, "%s can't be opened\n", folder);
        exit(1);
    }
    char *name[FILES_MOST];
    int files = 0;
    for (struct dirent *entry; (entry = readdir(directory)) && files < FILES_MOST;)
        if (entry->d_name[0] != '.') FUZZ_MUST((name[files++] = strdup(entry->d_name)) != NULL);
    closedir(directory);
    qsort(name, (size_t) files, sizeof *name, by_name);
    for (int i = 0; i < files; i++) {
        char path[8192];
        snprintf(path, sizeof path, "%s/%s", folder, name[i]);
        run_file(path, rounds);
        free(name[i]);
    }
    FUZZ_MUST(files > 0);
}

int main(int words, char **word)
{
    const char *rounds = getenv("FUZZ_ROUNDS"), *top = getenv("TOP_SRCDIR");
    if (words > 1) {
        for (int i = 1; i < words; i++) run_file(word[i], 0);
    } else {
        char folder[4096];
        long changes = rounds ? strtol(rounds, NULL, 10) : 200;
        snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/" FUZZ_NAME, top ? top : ".");
        run_folder(folder, changes);
        size_t size;
        uint8_t *own = fuzz_own_input(&size);
        if (own) run_all_forms(own, size, changes);
        free(own);
    }
    printf(FUZZ_NAME ": %ld inputs\n", inputs);
    return 0;
}
