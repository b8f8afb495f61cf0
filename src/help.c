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
           "usage: firmnet COMMAND [OPTIONS] INPUT...      INPUT: any supported file, gzip or not; - is standard "
           "input\n");
    const char *group = "";
    for (const fn_command *const *c = fn_commands; *c; c++) {
        if (strcmp((*c)->group, group) != 0) printf("\n%s\n", group = (*c)->group);
        printf("  %-14s %s\n", (*c)->name, (*c)->text);
    }
    printf("\n`firmnet help COMMAND` shows its options; `firmnet list` the algorithms and formats.\n");
    return finish(run);
}

enum { LINE_MOST = 110 };

/* Characters of a text, so many columns wide. */
static size_t width_of(const char *text, size_t length)
{
    size_t width = 0;
    for (size_t i = 0; i < length; i++) width += (text[i] & 0xc0) != 0x80;
    return width;
}

/* One entry of a list: left in its column, the text beside it, wrapped; below it where left takes more room. */
static void print_entry(const char *left, size_t indent, const char *text)
{
    size_t at = 2 + width_of(left, strlen(left));
    printf("  %s", left);
    if (at + 1 > indent) {
        printf("\n");
        at = 0;
    }
    printf("%*s", (int) (indent - at), "");
    at = indent;
    for (const char *word = text; *word;) {
        size_t length = strcspn(word, " "), width = width_of(word, length);
        if (at > indent && at + 1 + width > LINE_MOST) {
            printf("\n%*s", (int) indent, "");
            at = indent;
        }
        printf("%s%.*s", at > indent ? " " : "", (int) length, word);
        at += width + (at > indent);
        word += length;
        word += strspn(word, " ");
    }
    printf("\n");
}

static void print_param(const fn_param *param)
{
    char left[64], text[512];
    snprintf(left, sizeof left, "%s%c%s--%s%s%s", param->letter ? "-" : "", param->letter ? param->letter : ' ',
             param->letter ? ", " : "   ", param->name, param->argument ? " " : "",
             param->argument ? param->argument : "");
    bool choice = param->type == FN_PARAM_CHOICE, with_default = param->fallback && param->type != FN_PARAM_FLAG;
    snprintf(text, sizeof text, "%s%s%s%s%s%s%s", param->text, choice ? " [" : "", choice ? param->choices : "",
             choice ? "]" : "", with_default ? " (default " : "", with_default ? param->fallback : "",
             with_default ? ")" : "");
    print_entry(left, 31, text);
}

static void print_columns(const fn_column_help *column)
{
    printf("\ncolumns\n");
    for (; column->text; column++) {
        if (column->name) print_entry(column->name, 24, column->text);
        else printf("  -- %s\n", column->text);
    }
}

fn_status fn_help_command(fn_run *run, const fn_command *command)
{
    printf("firmnet %s: %s\n\nusage: firmnet %s%s%s\n", command->name, command->text, command->name,
           command->usage[0] ? " " : "", command->usage);
    if (command->example) printf("\n  %s\n", command->example);
    if (command->details) printf("\n%s\n", command->details);
    if (command->columns) print_columns(command->columns);
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
                printf("  %-14s --%s%s%s: %s%s%s%s\n", "", p->name, p->argument ? " " : "",
                       p->argument ? p->argument : "", p->text, p->fallback ? " (default " : "",
                       p->fallback ? p->fallback : "", p->fallback ? ")" : "");
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
