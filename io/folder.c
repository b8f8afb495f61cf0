/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "io/bytes.h"
#include "io/folder.h"

enum { FOLDERS_DEEP = 32 };

bool fn_folder_is(const char *path)
{
    struct stat what;
    return stat(path, &what) == 0 && S_ISDIR(what.st_mode);
}

static bool is_left_out(const char *name)
{
    size_t length = strlen(name);
    return name[0] == '.' || strncmp(name, "README", 6) == 0 || strncmp(name, "LICEN", 5) == 0 ||
           (length > 3 && strcmp(name + length - 3, ".md") == 0);
}

/* Not alphasort, which follows the locale. */
static int by_name(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

static fn_status take_folder(fn_run *run, const char *path, int deep, fn_names *paths);

static fn_status take_entry(fn_run *run, const char *folder, const char *name, int deep, fn_names *paths)
{
    fn_bytes path = { 0 };
    fn_status status = fn_bytes_text(run, &path, folder);
    if (!status && path.length && path.text[path.length - 1] != '/') status = fn_bytes_text(run, &path, "/");
    if (!status) status = fn_bytes_text(run, &path, name);
    if (!status && fn_folder_is(path.text)) status = take_folder(run, path.text, deep + 1, paths);
    else if (!status && is_left_out(name)) fn_note(run, "%s: not read", path.text);
    else if (!status) status = fn_names_add(run, paths, path.text, path.length, &(uint32_t) { 0 }, NULL);
    fn_bytes_free(&path);
    return status;
}

static fn_status take_folder(fn_run *run, const char *path, int deep, fn_names *paths)
{
    struct dirent **entry = NULL;
    if (deep > FOLDERS_DEEP) return fn_fail_at(run, FN_EIO, path, 0, -1, "folders in folders, %d deep", FOLDERS_DEEP);
    int count = scandir(path, &entry, NULL, by_name);
    if (count < 0) return fn_fail_at(run, FN_EIO, path, 0, -1, "the folder can't be read: %s", strerror(errno));
    fn_status status = FN_OK;
    for (int i = 0; i < count; i++) {
        bool itself = strcmp(entry[i]->d_name, ".") == 0 || strcmp(entry[i]->d_name, "..") == 0;
        if (!status && !itself) status = take_entry(run, path, entry[i]->d_name, deep, paths);
        free(entry[i]);
    }
    free(entry);
    return status;
}

fn_status fn_folder_files(fn_run *run, const char *path, fn_names *paths)
{
    uint32_t before = fn_names_count(paths);
    fn_status status = take_folder(run, path, 0, paths);
    if (status || fn_names_count(paths) > before) return status;
    return fn_fail_at(run, FN_EIO, path, 0, -1, "the folder holds no files");
}
