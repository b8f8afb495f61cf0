/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_NAMES_H
#define FN_GRAPH_NAMES_H

#include <stddef.h>
#include "graph/run.h"

#define FN_NONE UINT32_MAX      /* no firm, no text */

/* Text <-> dense number, numbered in order of first appearance. Text is opaque bytes, NUL included; lookup is exact.
 * Hashing is keyed by a secret of this process (XXH3), so hostile names cost no more than others, and the order of
 * numbers never depends on it. Memory: about 28 bytes a name beside the bytes. At most 32 GiB of names. */
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
/* The text, with a NUL behind its *length bytes (length may be NULL); the names'. FN_NONE gives "". */
const char *fn_names_text(const fn_names *names, uint32_t number, size_t *length);
/* For loops that take texts in no order: ask memory for what will be needed, where `later` lies and the bytes of
 * `soon`, which was `later` some rounds ago. */
void fn_names_prefetch(const fn_names *names, uint32_t later, uint32_t soon);

/* Many at once: three times as fast where names don't fit the cache, for memory is asked ahead. */
typedef struct fn_name_query {
    const char *text;
    uint32_t length;
    uint32_t number;     /* out: FN_NONE where it is not there */
    uint32_t mark;       /* out: of its hash, for fn_names_add_sought */
} fn_name_query;

/* Any number of threads may seek while one other adds, between fn_names_share(true) and (false). What is added
 * meanwhile may be found or not. */
void fn_names_share(fn_names *names, bool shared);
void fn_names_seek(const fn_names *names, fn_name_query *query, size_t count);
/* As fn_names_add, of a text sought before. */
fn_status fn_names_add_sought(fn_run *run, fn_names *names, const fn_name_query *query, uint32_t *number);

#endif
