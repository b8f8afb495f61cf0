/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "src/command.h"

/* A reader of a pipe that has seen enough is no error. */
static fn_status finish(fn_run *run)
{
    if (!fflush(stdout) && !ferror(stdout)) return FN_OK;
    if (errno == EPIPE) return fn_fail(run, FN_EPIPE, "the reader of standard output went away");
    return fn_fail(run, FN_EIO, "standard output can't be written");
}

fn_status fn_help_program(fn_run *run)
{
    printf("firmnet: clusters of firms, the central company of each, and how strong the ties are\n\n"
           "  firmnet map tenders.jsonl.gz -o out/     clusters, central companies, tie strengths, Gephi file, report\n"
           "  firmnet info ties.tsv.gz                 what is in a file\n"
           "  firmnet demo                             example data, and what to type next\n\n"
           "usage: firmnet COMMAND [OPTIONS] INPUT...      INPUT: any supported file, gzip or not; - is standard input\n");
    const char *group = "";
    for (const fn_command *const *c = fn_commands; *c; c++) {
        if (strcmp((*c)->group, group) != 0) printf("\n%s\n", group = (*c)->group);
        printf("  %-11s %s\n", (*c)->name, (*c)->text);
    }
    printf("\n`firmnet help COMMAND` shows its options; `firmnet list` the algorithms and formats.\n");
    return finish(run);
}

static void print_param(const fn_param *param)
{
    char left[64];
    snprintf(left, sizeof left, "%s%c%s--%s %s", param->letter ? "-" : "", param->letter ? param->letter : ' ',
             param->letter ? ", " : "   ", param->name, param->argument ? param->argument : "");
    printf("  %-28s %s", left, param->text);
    if (param->type == FN_PARAM_CHOICE) printf(" [%s]", param->choices);
    if (param->fallback && param->type != FN_PARAM_FLAG) printf(" (default %s)", param->fallback);
    printf("\n");
}

fn_status fn_help_command(fn_run *run, const fn_command *command)
{
    printf("firmnet %s: %s\n\nusage: firmnet %s%s%s\n", command->name, command->text, command->name,
           command->usage[0] ? " " : "", command->usage);
    if (command->example) printf("\n  %s\n", command->example);
    if (command->details) printf("\n%s\n", command->details);
    const fn_param *tables[FN_TABLES_MOST];
    fn_command_tables(command, tables);
    fn_values *values = NULL;
    fn_status status = fn_values_new(run, tables, &values); /* one list without repeats */
    if (status) return status;
    printf("\noptions\n");
    for (size_t i = 0; fn_values_at(values, i); i++) print_param(fn_values_at(values, i));
    fn_values_free(values);
    return finish(run);
}

static const char *const group_names[] = {
    [FN_GROUP_CLUSTERS] = "clusters", [FN_GROUP_CENTRALITY] = "centrality", [FN_GROUP_TIES] = "ties",
    [FN_GROUP_BACKBONE] = "backbone"
};

static bool has_suffix(const fn_format *format)
{
    return format->suffixes && format->suffixes[0];
}

fn_status fn_help_list(fn_run *run)
{
    for (fn_group group = FN_GROUP_CLUSTERS; group <= FN_GROUP_BACKBONE; group++) {
        printf("%s\n", group_names[group]);
        for (const fn_algorithm *const *a = fn_algorithms; *a; a++) {
            if ((*a)->group != group) continue;
            printf("  %-14s %s\n", (*a)->name, (*a)->text ? (*a)->text : "");
            if ((*a)->gives) printf("  %-14s gives %s\n", "", (*a)->gives);
            if ((*a)->source) printf("  %-14s %s\n", "", (*a)->source);
            for (const fn_param *p = (*a)->params; p && p->name; p++)
                printf("  %-14s --%s%s%s: %s%s%s%s\n", "", p->name, p->argument ? " " : "", p->argument ? p->argument : "",
                       p->text, p->fallback ? " (default " : "", p->fallback ? p->fallback : "", p->fallback ? ")" : "");
        }
        printf("\n");
    }
    printf("formats\n");
    for (const fn_format *const *f = fn_formats; *f; f++)
        printf("  %-14s %-11s %s%s%s%s\n", (*f)->name,
               (*f)->read && ((*f)->write || (*f)->write_path) ? "read, write" : (*f)->read ? "read" : "write",
               (*f)->text ? (*f)->text : "", has_suffix(*f) ? " (" : "", has_suffix(*f) ? (*f)->suffixes : "",
               has_suffix(*f) ? ")" : "");
    return finish(run);
}
