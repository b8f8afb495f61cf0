/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_FOLDER_H
#define FN_IO_FOLDER_H

#include "graph/names.h"

/* Is it a folder? */
bool fn_folder_is(const char *path);
/* The files of a folder and of all folders in it, in byte order of their names, added to paths. Left out, and said so
 * in a note: hidden ones, and those that tell people about the data (README…, LICENSE…, *.md). */
fn_status fn_folder_files(fn_run *run, const char *path, fn_names *paths);

#endif
