/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_HDF5_FORMAT_H
#define FN_IO_HDF5_FORMAT_H

#include "io/format.h"

/* Write the network to an HDF5 file, which appears whole or not at all. Only where libhdf5 was found. */
fn_status fn_hdf5_write(fn_run *run, const char *path, fn_export *what);

#endif
