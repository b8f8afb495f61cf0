/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_OUTPUT_PLACE_H
#define FN_IO_OUTPUT_PLACE_H

#include <stdbool.h>
#include "graph/run.h"

/* Where an output goes: the descriptor that is written, and how it gets its name in the end. */
typedef struct fn_place {
    char *name;       /* for messages */
    char *path;       /* the regular file to make or replace, links resolved; NULL: written directly */
    char *folder;     /* nearest folder of path that exists: there lies the file without a name */
    char *temporary;  /* its name while it has one (file systems without unnamed files) */
    int file;
    bool replaces;    /* there is a file at path now */
} fn_place;

fn_status fn_place_open(fn_run *run, const char *path, fn_place *place);
/* Bytes to the descriptor; FN_EPIPE when the reader of a pipe went away. */
fn_status fn_place_write(fn_run *run, const fn_place *place, const char *bytes, size_t count);
/* For libraries that open a file by its name: a name for the descriptor of a regular file. unseen: one below /proc, so
 * that the file itself stays without a name (a link to nothing, for who follows it); false, or where there is no
 * /proc: its temporary name, which it gets now if it has none. FN_EINVAL: what is written directly has none. */
enum { FN_PLACE_NAME = 4096 };
fn_status fn_place_name(fn_run *run, fn_place *place, bool unseen, char name[FN_PLACE_NAME]);
/* Everything on the disk, as far as the disk says so. */
fn_status fn_place_sync(fn_run *run, const fn_place *place);
/* Give the file its name (or close what was written directly). The place must still be freed. */
fn_status fn_place_commit(fn_run *run, fn_place *place);
/* Test hook: behave as on a file system or a machine (no /proc) where files without a name can't be. */
void fn_place_named_only(bool named_only);
/* Close and forget; what was not committed leaves no trace. */
void fn_place_free(fn_place *place);

#endif
