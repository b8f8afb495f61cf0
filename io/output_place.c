/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "graph/memory.h"
#include "io/output_place.h"

enum { LINKS_MOST = 40, NAMES_TRIED = 1000 };

static fn_status fail(fn_run *run, const fn_place *place, const char *what, int cause)
{
    return fn_fail_at(run, FN_EIO, place->name, 0, -1, "%s: %s", what, strerror(cause));
}

static char *path_join(fn_run *run, const char *folder, size_t length, const char *name)
{
    size_t size = length + strlen(name) + 2;
    char *path = fn_alloc(run, size, 1);
    if (path) snprintf(path, size, "%.*s/%s", (int) length, folder, name);
    return path;
}

/* Length of the folder part of a path: "a/b" 1, "/b" 0 with root, "b" 0. */
static size_t folder_length(const char *path)
{
    size_t length = strlen(path);
    while (length > 0 && path[length - 1] != '/') length--;
    while (length > 1 && path[length - 1] == '/') length--;
    return length;
}

static char *folder_of(fn_run *run, const char *path)
{
    size_t length = folder_length(path);
    return length ? fn_copy_text(run, path, length) : fn_copy_text(run, ".", 1);
}

/* path with symbolic links at its end followed, also where the last one points to nothing yet. */
static fn_status resolve_links(fn_run *run, fn_place *place, const char *path)
{
    if (!(place->path = fn_copy_text(run, path, strlen(path)))) return FN_ENOMEM;
    for (int links = 0; ; links++) {
        struct stat about;
        char target[4096];
        if (lstat(place->path, &about) || !S_ISLNK(about.st_mode)) return FN_OK;
        if (links == LINKS_MOST) return fail(run, place, "can't be written", ELOOP);
        ssize_t length = readlink(place->path, target, sizeof target - 1);
        if (length < 0 || length == (ssize_t) sizeof target - 1)
            return fail(run, place, "can't follow the link", length < 0 ? errno : ENAMETOOLONG);
        target[length] = '\0';
        size_t folder = folder_length(place->path);
        char *next = target[0] == '/' ? fn_copy_text(run, target, (size_t) length)
                     : folder         ? path_join(run, place->path, folder, target)
                                      : fn_copy_text(run, target, (size_t) length);
        if (!next) return FN_ENOMEM;
        fn_free(place->path);
        place->path = next;
    }
}

/* The nearest folder above path that exists. */
static fn_status find_folder(fn_run *run, fn_place *place)
{
    if (!(place->folder = folder_of(run, place->path))) return FN_ENOMEM;
    for (;;) {
        struct stat about;
        if (!stat(place->folder, &about)) {
            if (S_ISDIR(about.st_mode)) return FN_OK;
            return fail(run, place, "can't be written", ENOTDIR);
        }
        if (errno != ENOENT || !strcmp(place->folder, ".") || !strcmp(place->folder, "/"))
            return fail(run, place, "can't be written", errno);
        char *above = folder_of(run, place->folder);
        if (!above) return FN_ENOMEM;
        fn_free(place->folder);
        place->folder = above;
    }
}

/* A name of our own in the folder of path: link or create by `make`, which answers 0, or -1 and errno. */
static fn_status temporary_name(fn_run *run, fn_place *place, const char *folder, int (*make)(fn_place *place))
{
    for (int number = 0; number < NAMES_TRIED; number++) {
        char name[64];
        snprintf(name, sizeof name, ".firmnet-%ld-%d.part", (long) getpid(), number);
        if (!(place->temporary = path_join(run, folder, strlen(folder), name))) return FN_ENOMEM;
        if (!make(place)) return FN_OK;
        int cause = errno;
        fn_free(place->temporary);
        place->temporary = NULL;
        if (cause != EEXIST) return fail(run, place, "can't be written", cause);
    }
    return fail(run, place, "can't be written", EEXIST);
}

static int create_named(fn_place *place)
{
    place->file = open(place->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return place->file < 0 ? -1 : 0;
}

static void descriptor_path(const fn_place *place, char path[64])
{
    snprintf(path, 64, "/proc/self/fd/%d", place->file);
}

/* Give the unseen file a name: through /proc, or by its descriptor, which the system allows to root alone. */
static int link_as(const fn_place *place, const char *name)
{
    char path[64];
    descriptor_path(place, path);
    if (!linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW)) return 0;
#ifdef AT_EMPTY_PATH
    if (errno == ENOENT && access(path, F_OK)) return linkat(place->file, "", AT_FDCWD, name, AT_EMPTY_PATH);
#endif
    return -1;
}

static int link_named(fn_place *place)
{
    return link_as(place, place->temporary);
}

/* Can a file without a name get one later? */
static bool can_be_named(const fn_place *place)
{
    char path[64];
    descriptor_path(place, path);
    if (!access(path, F_OK)) return true;
#ifdef AT_EMPTY_PATH
    /* The name tried exists, so that nothing is made: "exists" is a yes, anything else a no. */
    return linkat(place->file, "", AT_FDCWD, place->folder, AT_EMPTY_PATH) && errno == EEXIST;
#else
    return false;
#endif
}

static bool named_only_hook;

void fn_place_named_only(bool named_only)
{
    named_only_hook = named_only;
}

/* A file without a name where the system can, else one with a name that is unlinked when it is not committed. */
static fn_status open_unseen(fn_run *run, fn_place *place)
{
#ifdef O_TMPFILE
    if (!named_only_hook) place->file = open(place->folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (place->file >= 0) {
        if (can_be_named(place)) return FN_OK;
        close(place->file);
        place->file = -1;
    }
#endif
    return temporary_name(run, place, place->folder, create_named);
}

static fn_status open_regular(fn_run *run, fn_place *place, const struct stat *about)
{
    fn_status status = find_folder(run, place);
    if (!status && about && access(place->path, W_OK)) status = fail(run, place, "can't be written", errno);
    if (!status) status = open_unseen(run, place);
    if (status || !about) return status;
    /* the new file belongs to whom the old one did, as far as we may */
    place->replaces = true;
    if (fchown(place->file, about->st_uid, about->st_gid)) {}
    if (fchmod(place->file, about->st_mode & 07777)) {}
    return FN_OK;
}

static fn_status open_direct(fn_run *run, fn_place *place, const char *path)
{
    fn_free(place->path);
    place->path = NULL;
    while ((place->file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)) < 0 && errno == EINTR) {}
    return place->file < 0 ? fail(run, place, "can't be opened", errno) : FN_OK;
}

static fn_status open_standard_output(fn_run *run, fn_place *place)
{
    place->file = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    return place->file < 0 ? fail(run, place, "can't be written", errno) : FN_OK;
}

fn_status fn_place_open(fn_run *run, const char *path, fn_place *place)
{
    fn_status status;
    struct stat about, standard;
    bool standard_output = !path || !strcmp(path, "-");
    const char *name = standard_output ? "standard output" : path;
    *place = (fn_place) { .file = -1 };
    if (!(place->name = fn_copy_text(run, name, strlen(name)))) return FN_ENOMEM;
    if (standard_output) return open_standard_output(run, place);
    if (!*path) return fn_fail(run, FN_EINVAL, "the name of the output is empty");
    if (!stat(path, &about)) {
        /* /dev/stdout and the like, also where it was sent into a file */
        if (!fstat(STDOUT_FILENO, &standard) && standard.st_dev == about.st_dev && standard.st_ino == about.st_ino)
            return open_standard_output(run, place);
        if (S_ISDIR(about.st_mode)) return fail(run, place, "can't be written", EISDIR);
        if (!S_ISREG(about.st_mode)) return open_direct(run, place, path);
        if ((status = resolve_links(run, place, path))) return status;
        return open_regular(run, place, &about);
    }
    if (errno != ENOENT) return fail(run, place, "can't be written", errno);
    if (path[strlen(path) - 1] == '/') return fail(run, place, "can't be written", EISDIR);
    if ((status = resolve_links(run, place, path))) return status;
    return open_regular(run, place, NULL);
}

/* A large file is sent to the disk while the rest of it is made, so that syncing it at its end takes no time of its
 * own: whenever it has grown over a further share. It is advice; what fails is told by the sync. */
static void send_share(const fn_place *place, size_t grown)
{
#ifdef SYNC_FILE_RANGE_WRITE
    enum { SHARE = 1 << 25 };
    off_t end = lseek(place->file, 0, SEEK_CUR), before = end - (off_t) grown;
    if (end < 0 || before < 0 || end / SHARE == before / SHARE) return;
    off_t from = before / SHARE * SHARE, to = end / SHARE * SHARE;
    if (sync_file_range(place->file, from, to - from, SYNC_FILE_RANGE_WRITE)) {}
#else
    (void) place;
    (void) grown;
#endif
}

fn_status fn_place_write(fn_run *run, const fn_place *place, const char *bytes, size_t count)
{
    const size_t all = count;
    while (count > 0) {
        ssize_t wrote = write(place->file, bytes, count);
        if (wrote >= 0) {
            bytes += wrote;
            count -= (size_t) wrote;
        } else if (errno == EINTR) {
            fn_status status = fn_progress(run, "writing", -1);
            if (status) return status;
        } else if (errno == EAGAIN) {
            struct pollfd wait = { .fd = place->file, .events = POLLOUT };
            poll(&wait, 1, -1);
        } else if (errno == EPIPE) {
            return fn_fail_at(run, FN_EPIPE, place->name, 0, -1, "closed by its reader");
        } else {
            return fail(run, place, "can't be written", errno);
        }
    }
    if (place->path && all) send_share(place, all);
    return FN_OK;
}

fn_status fn_place_name(fn_run *run, fn_place *place, bool unseen, char name[FN_PLACE_NAME])
{
    char path[64];
    if (!place->path) {
        fn_fail_at(run, FN_EINVAL, place->name, 0, -1, "this format needs a file, not a pipe or a device");
        fn_hint(run, "-o FILE");
        return FN_EINVAL;
    }
    descriptor_path(place, path);
    if (!place->temporary && (!unseen || access(path, F_OK))) {
        fn_status status = temporary_name(run, place, place->folder, link_named);
        if (status) return status;
    }
    const char *found = place->temporary ? place->temporary : path;
    if (strlen(found) >= FN_PLACE_NAME) return fail(run, place, "can't be written", ENAMETOOLONG);
    strcpy(name, found);
    return FN_OK;
}

static int sync_file(int file)
{
    int answer;
    while ((answer = fsync(file)) && errno == EINTR) {}
    /* pipes, devices and some network file systems can't sync: nothing to say */
    if (answer && (errno == EINVAL || errno == EROFS || errno == ENOTSUP)) answer = 0;
    return answer;
}

fn_status fn_place_sync(fn_run *run, const fn_place *place)
{
    if (place->path && sync_file(place->file)) return fail(run, place, "can't be written", errno);
    return FN_OK;
}

static void sync_folder(const char *folder)
{
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return;
    sync_file(file);
    close(file);
}

/* Make the folders of path that are missing. */
static fn_status make_folders(fn_run *run, fn_place *place)
{
    size_t length = folder_length(place->path), at = 1;
    for (; at <= length; at++) {
        if (at < length && place->path[at] != '/') continue;
        char *folder = fn_copy_text(run, place->path, at);
        if (!folder) return FN_ENOMEM;
        bool made = !mkdir(folder, 0777);
        int cause = errno;
        char *above = made ? folder_of(run, folder) : NULL;
        if (above) sync_folder(above);
        fn_free(above);
        fn_free(folder);
        if (made && !above) return FN_ENOMEM;
        if (!made && cause != EEXIST && cause != EISDIR) return fail(run, place, "can't make its folder", cause);
    }
    return FN_OK;
}

static fn_status give_name(fn_run *run, fn_place *place)
{
    fn_status status = FN_OK;
    char *folder = NULL;
    if (!place->temporary && !place->replaces) {
        if (!link_as(place, place->path)) return FN_OK;
        if (errno != EEXIST) return fail(run, place, "can't be written", errno);
    }
    /* a link can't replace: link to a name of our own first, then rename */
    if (!place->temporary) {
        if (!(folder = folder_of(run, place->path))) return FN_ENOMEM;
        if ((status = temporary_name(run, place, folder, link_named))) goto done;
    }
    if (rename(place->temporary, place->path)) {
        status = fail(run, place, "can't be written", errno);
        goto done;
    }
    fn_free(place->temporary);
    place->temporary = NULL;
done:
    fn_free(folder);
    return status;
}

fn_status fn_place_commit(fn_run *run, fn_place *place)
{
    fn_status status = FN_OK;
    char *folder = NULL;
    if (place->path) {
        if (!(folder = folder_of(run, place->path))) return FN_ENOMEM;
        if (strcmp(folder, place->folder)) status = make_folders(run, place);
        if (!status) status = give_name(run, place);
        if (!status) sync_folder(folder);
    }
    fn_free(folder);
    if (status) return status;
    int file = place->file;
    place->file = -1;
    if (close(file) && errno != EINTR) return fail(run, place, "can't be written", errno);
    return FN_OK;
}

void fn_place_free(fn_place *place)
{
    if (place->temporary) unlink(place->temporary);
    if (place->file >= 0) close(place->file);
    fn_free(place->name);
    fn_free(place->path);
    fn_free(place->folder);
    fn_free(place->temporary);
    *place = (fn_place) { .file = -1 };
}
