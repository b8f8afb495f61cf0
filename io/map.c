/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <sys/mman.h>
#include "io/map.h"

bool fn_map_open(int file, size_t size, const char **bytes)
{
    void *mapped = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (mapped == MAP_FAILED) return false;
    *bytes = mapped;
    return true;
}

void fn_map_close(void *bytes, size_t size)
{
    munmap(bytes, size);
}
