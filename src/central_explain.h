/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_SRC_CENTRAL_EXPLAIN_H
#define FN_SRC_CENTRAL_EXPLAIN_H

#include "src/analysis.h"

/* What speaks for one firm as the head of its cluster, and what does not, in words with their figures: written to -o or
 * standard output. wanted: its key, or a name that only it has. After fn_analysis_central. */
fn_status fn_central_explain(fn_call *call, const fn_analysis *analysis, const char *wanted);

#endif
