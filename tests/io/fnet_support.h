/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_IO_FNET_SUPPORT_H
#define FN_TESTS_IO_FNET_SUPPORT_H

#include "io/format.h"
#include "tests/support.h"

/* What the tests of the network file share. */

extern const fn_read_options fnet_plain;

void fnet_must(const fn_run *run, fn_status status);
/* A whole file of up to 1 MiB, to be freed; a file of these bytes. */
char *fnet_file_bytes(const char *path, size_t *size);
void fnet_write_bytes(const char *path, const char *bytes, size_t size);
/* A net as a network file, and back. */
fn_status fnet_write(fn_run *run, const fn_net *net, const char *path);
fn_net *fnet_read(const char *path);
/* A small net with something of everything, and the file of it (to be freed). */
fn_net *fnet_rich_net(fn_run *run, bool frozen);
char *fnet_rich_file(size_t *size);
/* Make all checksums of a small file right again, as somebody who means harm would. */
void fnet_seal_again(char *bytes);
/* Read a file that lies in memory: as the only input (used in place) or as one of several (added). *net is to be freed
 * whatever comes. */
fn_status fnet_read_memory(fn_run *run, const char *bytes, size_t size, bool only, fn_net **net);

#endif
