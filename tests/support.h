/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_SUPPORT_H
#define FN_TESTS_SUPPORT_H

#include "graph/view.h"

/* What several test files need. Each aborts the test (ck_assert) when firmnet itself fails. */

/* A fresh run that keeps its last warning in support_warning(). */
fn_run support_run(void);
const char *support_warning(void);
int support_warnings(void);

/* Nets from arrays: ties[k] = {from, to}, firms are called "0", "1", …; weight NULL = no value. All in layer supply. */
fn_net *support_net(fn_run *run, uint32_t firms, size_t ties, const uint32_t (*pair)[2], const double *weight);
/* Random directed net: each of `ties` draws two firms; weights 1 … 9 where weighted; self and parallel ties happen. */
fn_net *support_random_net(fn_run *run, uint64_t seed, uint32_t firms, size_t ties, bool weighted);
/* The view of everything, by value. */
fn_view *support_view(fn_run *run, const fn_net *net);

/* Firm number of a key; aborts when it is not there. */
uint32_t support_firm(const fn_net *net, const char *key);

/* For run.progress: wants to stop at once. */
bool support_stop(void *user, const char *stage, double done);
/* For run.progress of work that knows how far it is, with run.user an int: goes on so often, then wants to stop. */
bool support_stop_later(void *user, const char *stage, double done);

/* One attempt with its first allocation failing, one with its second, and so on, until none fails: FN_ENOMEM, also in
 * the run, each time but the last. An attempt frees what it makes. Returns how many have failed. */
typedef fn_status support_attempt(fn_run *run, void *user);
long support_fail_each(support_attempt *attempt, void *user);

/* found is within tolerance of wanted; what names it where it is not. */
void support_near(double found, double wanted, double tolerance, const char *what);

/* Real data beside the project: the path of a file in $FIRMNET_DATA, or NULL after printing
 * "skipped: TEST (no FILE in FIRMNET_DATA)". */
const char *support_data(const char *test, const char *file);
/* Path of a file of the source tree. */
const char *support_source(const char *file);
/* A fresh file name below the build folder for scratch output; the same slot is used by one test program only. */
const char *support_scratch(const char *name);
/* Remove what test programs that were killed left there: of processes that are no more. */
void support_sweep(void);

/* Undirected graph in METIS format (known graphs of the literature) as a net. */
fn_net *support_metis(fn_run *run, const char *path);

#endif
