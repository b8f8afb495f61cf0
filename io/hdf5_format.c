/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include <strings.h>
#include "io/hdf5_format.h"

/* HDF5, where configure found libhdf5; elsewhere the format is known and says what is missing. */

extern const fn_format fn_format_hdf5;

static fn_status write_hdf5(fn_run *run, const char *path, fn_export *what)
{
    size_t length = path ? strlen(path) : 0;
    if (length > 3 && strcasecmp(path + length - 3, ".gz") == 0) {
        fn_fail(run, FN_EINVAL, "%s: HDF5 is compressed already", path);
        fn_hint(run, "-o %.*s", (int) (length - 3), path);
        return FN_EINVAL;
    }
#ifdef HAVE_HDF5
    return fn_hdf5_write(run, path, what);
#else
    (void) what;
    fn_fail(run, FN_EINVAL, "this firmnet was built without HDF5");
    fn_hint(run, "install libhdf5 with its headers (Debian: libhdf5-dev), then configure and build again");
    return FN_EINVAL;
#endif
}

const fn_format fn_format_hdf5 = {
    .name = "hdf5", .suffixes = ".h5,.hdf5",
    .text = "HDF5 for R, Python and Julia: firms and ties, a dataset a column (where built with libhdf5)",
    .write_path = write_hdf5
};
