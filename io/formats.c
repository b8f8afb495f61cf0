/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "io/format.h"

extern const fn_format fn_format_edgelist;
extern const fn_format fn_format_fnet;
extern const fn_format fn_format_ocds;
extern const fn_format fn_format_it_l190;
extern const fn_format fn_format_gexf;
extern const fn_format fn_format_graphml;
extern const fn_format fn_format_gephi_csv;
extern const fn_format fn_format_matrix_market;
extern const fn_format fn_format_metis;
extern const fn_format fn_format_hdf5;

const fn_format *const fn_formats[] = {
    &fn_format_edgelist,
    &fn_format_fnet,
    &fn_format_ocds,
    &fn_format_it_l190,
    &fn_format_gexf,
    &fn_format_graphml,
    &fn_format_gephi_csv,
    &fn_format_matrix_market,
    &fn_format_metis,
    &fn_format_hdf5,
    NULL
};

const fn_format *fn_format_find(const char *name)
{
    for (const fn_format *const *f = fn_formats; *f; f++)
        if (strcmp((*f)->name, name) == 0) return *f;
    return NULL;
}

/* Does path end in suffix, with or without ".gz" behind it? Answers how long the suffix is, 0: no. */
static size_t ends_in(const char *path, const char *suffix, size_t length)
{
    size_t path_length = strlen(path);
    if (path_length > 3 && strcmp(path + path_length - 3, ".gz") == 0) path_length -= 3;
    return path_length > length && memcmp(path + path_length - length, suffix, length) == 0 ? length : 0;
}

const fn_format *fn_format_for_output(const char *path)
{
    const fn_format *best = NULL;
    size_t longest = 0;
    for (const fn_format *const *f = fn_formats; *f; f++) {
        if (!(*f)->write && !(*f)->write_path) continue;
        for (const char *at = (*f)->suffixes; at && *at;) {
            size_t length = strcspn(at, ","), found = ends_in(path, at, length);
            if (found > longest) {
                longest = found;
                best = *f;
            }
            at += length;
            if (*at) at++;
        }
    }
    return best;
}
