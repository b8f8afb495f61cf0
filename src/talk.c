/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "src/command.h"

static volatile sig_atomic_t interrupted;

static struct {
    bool quiet, verbose, terminal, shown;
    struct timespec started, last, stage_started;
    char stage[64];
} talk;

static void on_signal(int number)
{
    (void) number;
    interrupted = 1;
}

/* A network file is used where it lies on the disk. When somebody cuts it meanwhile, or the disk fails, the system
 * sends this signal, after which nothing but an end is left; outputs have no name yet. */
static void on_lost_file(int number, siginfo_t *what, void *context)
{
    static const char words[] = "firmnet: a network file was cut or can't be read any more while it was in use\n"
                                "  try: run it again on a copy that nothing else writes to\n";
    (void) context;
    if (what->si_code != BUS_ADRERR) {
        signal(number, SIG_DFL);
        return;
    }
    ssize_t written = talk.shown ? write(STDERR_FILENO, "\r\033[K", 4) : 0;
    written += write(STDERR_FILENO, words, sizeof words - 1);
    (void) written; /* what can't be said can't be helped */
    _exit(3);
}

bool fn_talk_interrupted(void)
{
    return interrupted;
}

static double since(const struct timespec *then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double) (now.tv_sec - then->tv_sec) + (double) (now.tv_nsec - then->tv_nsec) * 1e-9;
}

static void clear_line(void)
{
    if (talk.shown) fputs("\r\033[K", stderr);
    talk.shown = false;
}

/* One line on a terminal, after half a second, at most ten times a second: stage, share, time left. */
static bool on_progress(void *user, const char *stage, double done)
{
    (void) user;
    if (interrupted) return false;
    if (!talk.terminal || talk.quiet) return true;
    if (strncmp(talk.stage, stage, sizeof talk.stage - 1) != 0) {
        snprintf(talk.stage, sizeof talk.stage, "%s", stage);
        clock_gettime(CLOCK_MONOTONIC, &talk.stage_started);
    }
    if (since(&talk.started) < 0.5 || since(&talk.last) < 0.1) return true;
    clock_gettime(CLOCK_MONOTONIC, &talk.last);
    double spent = since(&talk.stage_started);
    clear_line();
    if (done > 0 && done <= 1)
        fprintf(stderr, "%s: %.0f %%, %.0f s, about %.0f s left", stage, 100 * done, spent, spent * (1 - done) / done);
    else
        fprintf(stderr, "%s: %.0f s", stage, spent);
    fflush(stderr);
    talk.shown = true;
    return true;
}

/* Terminal escapes and other controls never reach the terminal: neither bytes below blank, nor the controls U+0080 to
 * U+009F, of which one begins an escape, nor bytes that are not UTF-8. */
static void put_clean(const char *text)
{
    for (size_t left = strlen(text), step; left; text += step, left -= step) {
        size_t length = fn_utf8_length(text, left);
        step = length ? length : 1;
        const unsigned char *c = (const unsigned char *) text;
        if (!length) fputc('?', stderr);
        else if (c[0] < 0x20 || c[0] == 0x7f || (c[0] == 0xc2 && c[1] < 0xa0)) fputc(' ', stderr);
        else fwrite(text, 1, length, stderr);
    }
}

static void keep_warning(fn_call *call, const char *text)
{
    fn_run scratch = FN_RUN_INIT; /* a full memory must not hide the warning itself */
    char **grown = fn_grow(&scratch, call->warning, &call->warning_capacity, call->warnings + 2, sizeof *grown);
    if (!grown) return;
    call->warning = grown;
    char *copy = fn_copy_text(&scratch, text, strlen(text));
    if (!copy) return;
    grown[call->warnings++] = copy;
    grown[call->warnings] = NULL;
}

static void on_log(void *user, fn_level level, const char *text)
{
    fn_call *call = user;
    if (level == FN_LOG_WARNING) keep_warning(call, text);
    if (talk.quiet || (level == FN_LOG_DETAIL && !talk.verbose)) return;
    clear_line();
    fprintf(stderr, "firmnet %s: %s", call->command ? call->command->name : "",
            level == FN_LOG_WARNING ? "warning: " : "");
    put_clean(text);
    fputc('\n', stderr);
}

void fn_talk_start(fn_call *call)
{
    talk.terminal = isatty(STDERR_FILENO);
    clock_gettime(CLOCK_MONOTONIC, &talk.started);
    talk.stage_started = talk.last = talk.started;
    struct sigaction action = { .sa_handler = on_signal };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    struct sigaction lost = { .sa_sigaction = on_lost_file, .sa_flags = SA_SIGINFO };
    sigemptyset(&lost.sa_mask);
    sigaction(SIGBUS, &lost, NULL);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe comes back as a failed write */
    signal(SIGXFSZ, SIG_IGN); /* so does a file size limit */
    call->run.progress = on_progress;
    call->run.log = on_log;
    call->run.user = call;
    if (call->values) {
        talk.quiet = fn_values_flag(call->values, "quiet");
        talk.verbose = fn_values_flag(call->values, "verbose");
    }
}

/* firmnet COMMAND: FILE:LINE: what is wrong, then what to try. */
void fn_talk_error(const fn_call *call)
{
    const fn_error *error = &call->run.error;
    clear_line();
    fputs("firmnet", stderr);
    if (call->command) fprintf(stderr, " %s", call->command->name);
    fputs(": ", stderr);
    if (error->file[0]) {
        put_clean(error->file);
        if (error->line > 0) fprintf(stderr, ":%lld", (long long) error->line);
        else if (error->offset >= 0) fprintf(stderr, ": byte %lld", (long long) error->offset);
        fputs(": ", stderr);
    }
    put_clean(error->message);
    fputc('\n', stderr);
    if (error->hint[0]) {
        fputs("  try: ", stderr);
        put_clean(error->hint);
        fputc('\n', stderr);
    }
}

void fn_talk_end(fn_call *call)
{
    clear_line();
    for (size_t i = 0; i < call->warnings; i++) fn_free(call->warning[i]);
    fn_free(call->warning);
    call->warning = NULL;
    call->warnings = 0;
}
