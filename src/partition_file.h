/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_SRC_PARTITION_FILE_H
#define FN_SRC_PARTITION_FILE_H

#include "src/command.h"

/* A table that says which cluster a firm is in, as `firmnet clusters` writes it. */
typedef struct fn_labels {
    fn_table *table;                 /* the caller's to free */
    const fn_column *firm, *cluster; /* text columns of it */
} fn_labels;
fn_status fn_labels_read(fn_call *call, const char *path, fn_labels *labels);

/* The same for the firms of a network: start[firm] is the first firm of its cluster. Firms that are not there, or have
 * no cluster there, are alone; told in a warning, as are firms that the network does not have. */
fn_status fn_labels_start(fn_call *call, const char *path, const fn_net *net, uint32_t **start);

#endif
