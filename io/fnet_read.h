/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_FNET_READ_H
#define FN_IO_FNET_READ_H

#include "io/format.h"

/* Read a network file (io/fnet.h) into the import, alone or together with other inputs: its ties count as records there,
 * its import report is added. A file that is cut, damaged, of another byte order or of a later version is refused; every
 * length is checked against the bytes that are there, every number against its range. Holds the file in memory. */
fn_status fn_fnet_read(fn_run *run, fn_source *source, fn_import *import);

#endif
