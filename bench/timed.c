/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "bench/measure.h"

/* timed [-w WHO -l LIST -t THREADS -r REPEAT -o OUTPUT -c WORDS] NAME COMMAND [ARGUMENT...]: what a whole command
 * costs. Its standard output goes to OUTPUT and must have a line that starts with WORDS. */

static bool has_line(const char *path, const char *words)
{
    char line[4096];
    FILE *file = fopen(path, "r");
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file)) found = strncmp(line, words, strlen(words)) == 0;
    if (file) fclose(file);
    return found;
}

int main(int argc, char **argv)
{
    bench_call call = bench_start(argc, argv, "firmnet");
    if (!call.input) bench_stop("timed: no command");
    const char *output = call.output ? call.output : "/dev/null";
    struct rusage used;
    int status;
    bench_cost start = bench_now();
    pid_t child = fork();
    if (child == 0) {
        int file = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
        if (file < 0 || dup2(file, STDOUT_FILENO) < 0) _exit(126);
        execvp(call.rest[0], call.rest);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) < 0) bench_stop("%s can't be started", call.rest[0]);
    bench_cost cost = bench_since(start);
    cost.cpu = (double) (used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
               1e-6 * (double) (used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    cost.peak = (double) used.ru_maxrss / 1024;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) bench_stop("%s ended with status %d", call.rest[0], status);
    if (call.words && !has_line(output, call.words)) bench_refuse(&call, "no line \"%s\"", call.words);
    bench_print(&call, call.name, cost, "command");
    return 0;
}
