/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_NAMES_H
#define FN_GRAPH_NAMES_H

#include <stddef.h>
#include "graph/run.h"

#define FN_NONE UINT32_MAX      /* no firm, no text */

/* Text <-> dense number, numbered in order of first appearance. Text is opaque bytes, NUL included; lookup is exact.
 * Hashing is keyed (XXH3, secret from the first name and the process-independent seed), so hostile names cost no more
 * than others, and the order of numbers never depends on it. Memory: about 16 bytes a name beside the bytes. */
typedef struct fn_names fn_names;

fn_status fn_names_new(fn_run *run, fn_names **names);
void fn_names_free(fn_names *names);

/* Make names that have none yet those of a list that belongs to somebody else and outlives them: count + 1 ascending
 * offsets into bytes, a NUL behind each name, all distinct. Nothing is copied; the first search makes an index of them,
 * the first addition makes them own (FN_EPARSE there: one stands twice). Not on several threads at once. */
fn_status fn_names_borrow(fn_run *run, fn_names *names, const uint64_t *offsets, const char *bytes, uint32_t count);

uint32_t fn_names_count(const fn_names *names);
/* Number of text, added if it is new. *is_new may be NULL. */
fn_status fn_names_add(fn_run *run, fn_names *names, const char *text, size_t length, uint32_t *number, bool *is_new);
/* Number of text, FN_NONE if it is not there. */
uint32_t fn_names_find(const fn_names *names, const char *text, size_t length);
/* The text, with a NUL behind its *length bytes (length may be NULL); valid until the next add. FN_NONE gives "". */
const char *fn_names_text(const fn_names *names, uint32_t number, size_t *length);

#endif
