/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_PIPELINE_H
#define FN_GRAPH_PIPELINE_H

#include <stddef.h>
#include "graph/run.h"

/* A stream worked on by all threads, piece by piece, with the same result as by one:
 *   take  fills the next piece; one piece at a time, in order
 *   work  does what needs nothing of other pieces; in parallel
 *   give  hands the result on; one piece at a time, in the order of take
 * While one thread takes, others work and one gives. There are three times as many pieces as threads, used again and
 * again.
 *
 * take and work get a run of their own piece: what goes wrong there is recorded there and reported when the piece is
 * given, so the first fault in the order of the stream wins at any number of threads. They must not log or tell
 * progress. give gets the caller's run and may do both, on whatever thread it happens to be. take and give may run at
 * the same moment: what both touch needs a place in the piece. work must not change `user`.
 * Every piece that take filled without a fault is worked on, in the order of take; so take and work may wait for the
 * work on pieces before. */
typedef struct fn_pipeline {
    size_t piece_size;                                                       /* bytes of a piece; zeroed at first */
    fn_status (*take)(fn_run *run, void *user, void *piece, bool *more);     /* *more false: the stream has ended */
    fn_status (*work)(fn_run *run, const void *user, void *piece);           /* NULL: nothing */
    fn_status (*give)(fn_run *run, void *user, void *piece);
    void (*end)(void *piece);                                                /* free what a piece holds; may be NULL */
} fn_pipeline;

/* Until the stream has ended or something went wrong. fn_run_threads threads, fewer where they can't be made. */
fn_status fn_pipeline_run(fn_run *run, const fn_pipeline *steps, void *user);

#endif
