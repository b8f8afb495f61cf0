/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_EDGELIST_SUPPORT_H
#define FN_TESTS_EDGELIST_SUPPORT_H

#include "io/format.h"
#include "tests/suite.h"

/* What the tests of edge lists share. Each aborts the test when firmnet does not do what the name says. */

extern const fn_read_options edges_plain; /* nothing asked for */

/* A scratch file with these bytes; its path. */
const char *edges_scratch(const char *name, const char *bytes, size_t length);
fn_status edges_read_once(fn_run *run, const char *bytes, size_t length, const fn_read_options *options, fn_net **net);
extern bool edges_once; /* set: for other formats, whose readers have one way only */
void edges_read_once_only(void);
/* Of an edge list: read in several ways, which must agree. */
fn_status edges_read_bytes(fn_run *run, const char *bytes, size_t length, const fn_read_options *options, fn_net **net);
fn_net *edges_read_good(const char *text, const fn_read_options *options);
/* The run must stop with FN_EPARSE at the line, and say these words. */
void edges_check_refused(const char *bytes, size_t length, const fn_read_options *options, int64_t line,
                         const char *words);
void edges_refuse(const char *text, int64_t line, const char *words);
/* "from>to:layer:value:count:first:last;…" of every tie. */
void edges_check_ties(const fn_net *net, const char *expected);
void edges_check_reads(const char *text, const char *expected);
/* Rows of that outcome and reason in the import report. */
int64_t edges_total(const fn_net *net, fn_outcome outcome, const char *reason);

#endif
