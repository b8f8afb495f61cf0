/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_BENCH_MEASURE_H
#define FN_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "graph/random.h"

/* What all measuring programs share: their command line, the clock, the facts that a result must agree with, and the
 * one line that each measurement prints:
 *   who, task, list, threads, repeat, wall s, CPU s, peak MiB of the process, verdict, remarks (key=value …)
 * separated by tabs. A result that the oracle refuses prints no time and ends the program with status 1. */

/* What is true of a list of ties, found without firmnet (bench/facts.c). Money in cents. The digests are sums over the
 * rows, modulo 2^64, of bench_pair_hash times cents: equal however rows are ordered, and merged or not. */
typedef struct bench_facts {
    uint64_t bytes, rows, records;  /* of the text; its rows; their counts added up */
    uint64_t firms, ties;           /* different ids; different pairs within a layer and currency */
    uint64_t pairs, self_pairs;     /* different pairs; those of a firm with itself */
    uint64_t cents, self_cents;
    uint64_t digest, self_digest;
} bench_facts;

static inline uint64_t bench_text_hash(const char *text, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325ULL;
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char) text[i]) * 0x100000001b3ULL;
    return fn_mix64(hash);
}

/* Undirected: the same both ways. */
static inline uint64_t bench_pair_hash(uint64_t from, uint64_t to, bool directed)
{
    return directed || from < to ? fn_mix64(from + 3 * fn_mix64(to + 1)) : fn_mix64(to + 3 * fn_mix64(from + 1));
}

/* A row of LIST.ties: a list as numbers, firms in order of first appearance, rows as they stand. */
typedef struct bench_tie {
    uint32_t from, to;
    int64_t cents;
} bench_tie;

/* -l LIST -t THREADS -r REPEAT -f FACTS -n NAME -o OUTPUT -w WHO -c WORDS, then TASK [INPUT]. */
typedef struct bench_call {
    const char *who;
    const char *task, *name;        /* what to do, and what it is called in the results (else the task) */
    const char *list, *input, *output, *words;
    int threads, repeat;
    char **rest;                    /* what follows TASK, NULL-ended */
    bench_facts facts;              /* all 0 without -f */
} bench_call;

bench_call bench_start(int argc, char **argv, const char *who);

/* A table of tasks that ends with an empty row; runs the one that was asked for. */
typedef struct bench_task {
    const char *name;
    void (*run)(bench_call *call);
} bench_task;
int bench_run(bench_call *call, const bench_task *tasks);

typedef struct bench_cost {
    double wall, cpu;               /* seconds; CPU of all threads */
    double peak;                    /* MiB, of the process so far */
} bench_cost;
bench_cost bench_now(void);
/* What it cost since then; take it before checking, so that the check's memory does not count. */
bench_cost bench_since(bench_cost start);

void bench_print(const bench_call *call, const char *name, bench_cost cost, const char *remarks, ...)
    __attribute__((format(printf, 4, 5)));
/* The oracle says no. */
void bench_refuse(const bench_call *call, const char *why, ...) __attribute__((format(printf, 2, 3), noreturn));
void bench_expect(const bench_call *call, const char *what, uint64_t found, uint64_t wanted);
/* It can't be measured: status 2. */
void bench_stop(const char *why, ...) __attribute__((format(printf, 1, 2), noreturn));

void *bench_alloc(size_t count, size_t size);
/* A whole file, mapped and read once, so that it comes from memory when it is timed. */
char *bench_map(const char *path, size_t *size);
void bench_facts_read(const char *path, bench_facts *facts);

/* Ascending, by bytes: 8 passes at most, bytes that are alike everywhere cost nothing. spare has room for as many. */
void bench_sort(uint64_t *key, uint64_t *spare, size_t count);

#endif
