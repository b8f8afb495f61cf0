/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "io/format.h"

extern const fn_format fn_format_edgelist;
extern const fn_format fn_format_fnet;
extern const fn_format fn_format_ocds;
extern const fn_format fn_format_gexf;
extern const fn_format fn_format_graphml;
extern const fn_format fn_format_gephi_csv;

const fn_format *const fn_formats[] = {
    &fn_format_edgelist,
    &fn_format_fnet,
    &fn_format_ocds,
    &fn_format_gexf,
    &fn_format_graphml,
    &fn_format_gephi_csv,
    NULL
};

const fn_format *fn_format_find(const char *name)
{
    for (const fn_format *const *f = fn_formats; *f; f++)
        if (strcmp((*f)->name, name) == 0) return *f;
    return NULL;
}
