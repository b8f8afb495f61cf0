/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_RUN_H
#define FN_GRAPH_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include "graph/status.h"

/* Why a run stopped. The first cause wins; nobody overwrites it. */
typedef struct fn_error {
    fn_status status;
    int64_t line;       /* line in the file, 0: none applies */
    int64_t offset;     /* byte in the file where there are no lines, -1: none applies */
    char file[256];     /* input at fault, "": none */
    char message[512];  /* what is wrong, in words */
    char hint[256];     /* what to try, "": nothing */
} fn_error;

typedef enum fn_level { FN_LOG_DETAIL, FN_LOG_NOTE, FN_LOG_WARNING } fn_level;

/* Passed first to everything that can take time or fail. Fill with FN_RUN_INIT, then set what you need.
 * threads: 0 = all cores. progress: stage in the user's words, done 0..1 or below 0 when unknown; answers false to
 * cancel; called often, so it must be cheap. log: warnings and notes, one line without newline. */
typedef struct fn_run {
    fn_error error;
    uint64_t seed;
    int threads;
    bool (*progress)(void *user, const char *stage, double done);
    void (*log)(void *user, fn_level level, const char *text);
    void *user;
} fn_run;

#define FN_RUN_INIT { .error = { .offset = -1 }, .seed = 1, .threads = 1 }

/* Record why (if nothing is recorded yet) and return status: `return fn_fail(run, FN_EPARSE, "…", …);` */
fn_status fn_fail(fn_run *run, fn_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same with the place: line 0 = none; offset is used where line is 0 and offset >= 0. */
fn_status fn_fail_at(fn_run *run, fn_status status, const char *file, int64_t line, int64_t offset,
                     const char *format, ...) __attribute__((format(printf, 6, 7)));
/* What the user may try. Kept only beside the error recorded by the fn_fail before it. */
void fn_hint(fn_run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

void fn_warn(fn_run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));
void fn_note(fn_run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Tell how far a stage is; FN_ECANCEL (recorded) when the caller wants to stop. */
fn_status fn_progress(fn_run *run, const char *stage, double done);

/* Threads to use in a parallel region: run->threads, or all cores where that is 0. */
int fn_run_threads(const fn_run *run);

#endif
