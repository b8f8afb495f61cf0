/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_SRC_GENERATE_H
#define FN_SRC_GENERATE_H

#include "algorithms/economy.h"
#include "algorithms/economy_stream.h"
#include "src/command.h"

/* Make an economy and write it in a format, and its plan as a table (truth_path NULL: not); both files or none. */
fn_status fn_generate_files(fn_call *call, const fn_economy_options *options, const fn_format *format, const char *path,
                            const char *truth_path);

/* Ties with planted kinds, and their truths (paths may be NULL); all files or none. */
fn_status fn_generate_kinds(fn_call *call, uint32_t firms, uint32_t clusters, const fn_format *format, const char *path,
                            const char *truth_path, const char *tie_path);

/* The same for a large one, row by row: ties (format edgelist; products: with their column) or tenders (ocds). */
fn_status fn_generate_stream(fn_call *call, const fn_stream_options *options, bool products, const fn_format *format,
                             const char *path, const char *truth_path);

/* How near a large economy of 100,000 firms is to real production networks, as a table. */
fn_status fn_generate_describe(fn_call *call);

#endif
