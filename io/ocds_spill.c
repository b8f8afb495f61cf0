/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "io/ocds_inside.h"

/* Where the releases of large inputs wait for the last input: a file without a name in $TMPDIR, else /tmp. It goes
 * with the program, however that ends. */

static fn_status fail(fn_run *run, const char *folder, const char *what)
{
    fn_fail(run, FN_EIO, "%s: a temporary file for releases %s: %s", folder, what, strerror(errno));
    fn_hint(run, "TMPDIR=FOLDER names another place for temporary files");
    return FN_EIO;
}

static const char *temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

static fn_status open_spill(fn_run *run, fn_ocds *ocds)
{
    const char *folder = temporary_folder();
#ifdef O_TMPFILE
    ocds->spill = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (ocds->spill >= 0) return FN_OK;
#endif
    size_t size = strlen(folder) + sizeof "/firmnet-XXXXXX";
    char *path = fn_alloc(run, size, 1);
    if (!path) return FN_ENOMEM;
    snprintf(path, size, "%s/firmnet-XXXXXX", folder);
    ocds->spill = mkstemp(path);
    fn_status status = ocds->spill >= 0 ? FN_OK : fail(run, folder, "can't be made");
    if (!status) unlink(path);
    fn_free(path);
    return status;
}

fn_status fn_ocds_spill(fn_run *run, fn_ocds *ocds)
{
    fn_ocds_bytes *all = &ocds->bytes;
    if (ocds->spill < 0) {
        fn_status status = open_spill(run, ocds);
        if (status) return status;
    }
    for (size_t done = 0; done < all->length;) {
        ssize_t put = pwrite(ocds->spill, all->data + done, all->length - done, (off_t) (ocds->spilled + done));
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return fail(run, temporary_folder(), "can't be written");
        done += (size_t) put;
    }
    ocds->spilled += all->length;
    all->length = 0;
    return FN_OK;
}

fn_status fn_ocds_stored(fn_run *run, fn_ocds *ocds, const fn_ocds_entry *entry, const char **bytes)
{
    if (entry->at >= ocds->spilled) {
        *bytes = ocds->bytes.data + (entry->at - ocds->spilled);
        return FN_OK;
    }
    char *copy = fn_arena_take(run, &ocds->arena, entry->length, 1);
    if (!copy) return FN_ENOMEM;
    for (size_t done = 0; done < entry->length;) {
        ssize_t got = pread(ocds->spill, copy + done, entry->length - done, (off_t) (entry->at + done));
        if (got < 0 && errno == EINTR) continue;
        if (got == 0) errno = EIO;
        if (got <= 0) return fail(run, temporary_folder(), "can't be read");
        done += (size_t) got;
    }
    *bytes = copy;
    return FN_OK;
}
