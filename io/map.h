/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_MAP_H
#define FN_IO_MAP_H

#include <stdbool.h>
#include <stddef.h>

/* The first size bytes of an open file as memory that can't be written; the file may be closed then. false: this can't
 * be done with it, so it has to be read. If somebody cuts the file while it is mapped, the system stops the program at
 * the first byte that is gone (SIGBUS; the program says so in plain words, src/talk.c). */
bool fn_map_open(int file, size_t size, const char **bytes);
void fn_map_close(void *bytes, size_t size);

#endif
