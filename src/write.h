/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_SRC_WRITE_H
#define FN_SRC_WRITE_H

#include "src/analysis.h"

/* Parts of an analysis as files. */
fn_status fn_write_tsv(fn_call *call, const fn_table *table, fn_output *output);
fn_status fn_write_report(fn_call *call, fn_analysis *a, fn_output *output);
/* In a graph format, to an open output. */
fn_status fn_write_network(fn_call *call, fn_analysis *a, const char *format, fn_output *output);
/* The same by the name of the file, for formats of several files, too. */
fn_status fn_write_network_to(fn_call *call, fn_analysis *a, const fn_format *format, const char *path);

#endif
