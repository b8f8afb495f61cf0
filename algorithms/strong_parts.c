/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/strong_parts.h"
#include "graph/memory.h"
#include "graph/names.h"

typedef struct search {
    const fn_csr *out;
    uint32_t *number, *low;  /* order of discovery, lowest reached; FN_NONE: not seen yet */
    size_t *next;            /* arc to follow next */
    uint32_t *path, *open;   /* firms of the walk, firms whose part is not closed yet */
    uint32_t *part;
    uint32_t path_length, open_count, seen, parts;
} search;

static void enter(search *s, uint32_t u)
{
    s->number[u] = s->low[u] = s->seen++;
    s->next[u] = s->out->offset[u];
    s->path[s->path_length++] = u;
    s->open[s->open_count++] = u;
}

static void leave(search *s)
{
    uint32_t u = s->path[--s->path_length], v;
    if (s->low[u] == s->number[u]) {
        do {
            v = s->open[--s->open_count];
            s->part[v] = s->parts;
        } while (v != u);
        s->parts++;
    }
    if (s->path_length == 0) return;
    uint32_t above = s->path[s->path_length - 1];
    if (s->low[u] < s->low[above]) s->low[above] = s->low[u];
}

static void walk(search *s, uint32_t root)
{
    enter(s, root);
    while (s->path_length > 0) {
        uint32_t u = s->path[s->path_length - 1];
        if (s->next[u] == s->out->offset[u + 1]) {
            leave(s);
            continue;
        }
        uint32_t v = s->out->target[s->next[u]++];
        if (s->number[v] == FN_NONE) enter(s, v);
        else if (s->part[v] == FN_NONE && s->number[v] < s->low[u]) s->low[u] = s->number[v];
    }
}

fn_status fn_strong_parts(fn_run *run, const fn_csr *out, uint32_t *part, uint32_t *parts)
{
    uint32_t firms = out->firms;
    search s = {
        .out = out, .part = part, .number = fn_alloc_bare(run, firms, sizeof *s.number),
        .low = fn_alloc_bare(run, firms, sizeof *s.low), .next = fn_alloc_bare(run, firms, sizeof *s.next),
        .path = fn_alloc_bare(run, firms, sizeof *s.path), .open = fn_alloc_bare(run, firms, sizeof *s.open)
    };
    fn_status status = s.number && s.low && s.next && s.path && s.open ? FN_OK : FN_ENOMEM;
    if (!status) {
        for (uint32_t u = 0; u < firms; u++) s.number[u] = part[u] = FN_NONE;
        for (uint32_t u = 0; u < firms; u++)
            if (s.number[u] == FN_NONE) walk(&s, u);
        *parts = s.parts;
    }
    fn_free(s.number);
    fn_free(s.low);
    fn_free(s.next);
    fn_free(s.path);
    fn_free(s.open);
    return status;
}
