/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_SRC_COMMAND_H
#define FN_SRC_COMMAND_H

#include "algorithms/algorithm.h"
#include "graph/params.h"
#include "io/format.h"
#include "io/table.h"

/* The program. A command is a file cmd_NAME.c that ends in one constant, and a row in commands.c; parsing, help and
 * the manual are made from it. */

/* Groups of options that several commands share (options.c). */
enum {
    FN_TAKES_TABLE = 1,      /* --csv --json */
    FN_TAKES_READING = 2,    /* how inputs are read */
    FN_TAKES_SELECTION = 4,  /* layers, period, kinds of firms */
    FN_TAKES_CLUSTERS = 8,   /* the parameters of the cluster algorithms */
    FN_TAKES_CENTRALITY = 16,/* the parameters of the measures */
    FN_TAKES_TIES = 32,      /* the parameters of tie strength */
    FN_TAKES_CENTRAL = 64,   /* thresholds of the central company */
    FN_TAKES_WEIGHT = 128,   /* what weighs a tie */
    FN_TAKES_TIE_MEASURES = 256, /* the parameters of all measures of ties, tie strength among them */
    FN_TAKES_BACKBONE = 512, /* which ties are kept, and the parameters of the tests */
    FN_TAKES_TESTS = 1024    /* the parameters of the tests alone */
};

typedef struct fn_command fn_command;

/* One call of the program. */
typedef struct fn_call {
    fn_run run;
    const fn_command *command;
    fn_values *values;
    const char **input;        /* as typed; once read, the files of a folder in its place */
    size_t inputs;
    fn_names *folder_files;    /* their paths, NULL: no folder was given */
    const char **firm_tables;  /* --firms, NULL-ended */
    size_t firm_table_count;
    char **warning;            /* all that were said, NULL-ended, for the outputs */
    size_t warnings, warning_capacity;
    uint64_t *digest, *bytes;  /* of each input, filled by fn_call_read */
    fn_output *rejects;        /* --rejects, put in place when the command is done */
} fn_call;

/* One column of a command's tables; name NULL: a heading, both NULL: the end. */
typedef struct fn_column_help { const char *name, *text; } fn_column_help;

struct fn_command {
    const char *name;
    const char *group;         /* heading in `firmnet help` */
    const char *usage;         /* what follows the name */
    const char *text;          /* one line */
    const char *details;       /* paragraphs for `help COMMAND`, NULL: none */
    const char *example;
    const fn_column_help *columns; /* what `help COMMAND` says of its columns, NULL: nothing */
    unsigned takes;
    const fn_param *params;    /* its own, NULL: none */
    size_t inputs_least, inputs_most;
    bool needs_output;
    fn_status (*run)(fn_call *call);
};

/* NULL-ended. */
extern const fn_command *const fn_commands[];
const fn_command *fn_command_find(const char *name);
/* The name most like this one, NULL: none is. */
const char *fn_command_nearest(const char *name);
extern const fn_command fn_command_convert;

/* column_help.c */
extern const fn_column_help fn_columns_central[], fn_columns_ties[], fn_columns_roles[], fn_columns_centralisation[],
    fn_columns_backbone[], fn_columns_map[];

/* options.c: which parameter tables a command has (NULL-ended, at most FN_TABLES_MOST); parse the words after it. */
enum { FN_TABLES_MOST = 24 };
void fn_command_tables(const fn_command *command, const fn_param *tables[FN_TABLES_MOST]);
fn_status fn_call_parse(fn_call *call, int words, char **word);

/* check.c: what is wrong with a call as a whole: options that contradict each other, an output on top of an input. */
fn_status fn_call_check(fn_call *call);
/* The same for outputs of these names in a folder. */
fn_status fn_call_check_folder(fn_call *call, const char *folder, const char *const *names, size_t count);

/* help.c; all write to standard output. */
fn_status fn_help_program(fn_run *run);
fn_status fn_help_command(fn_run *run, const fn_command *command);
fn_status fn_help_list(fn_run *run);

/* talk.c: warnings, notes and progress on standard error; interruption. */
void fn_talk_start(fn_call *call);
void fn_talk_error(const fn_call *call);
void fn_talk_end(fn_call *call);
bool fn_talk_interrupted(void);

/* threads.c: as many threads as are asked for and can be made. */
void fn_call_threads(fn_call *call);

/* load.c: the inputs as one frozen net, and what is analysed of it. */
fn_status fn_call_read(fn_call *call, fn_net **net);
fn_status fn_call_view(fn_call *call, const fn_net *net, fn_view **view);
/* find_firm.c: the firm of this key, or the only one of this name; FN_EINVAL with those that may be meant. */
fn_status fn_call_find_firm(fn_call *call, const fn_net *net, uint32_t firms, const char *wanted, uint32_t *firm);
/* Rows or awards read, as `info` and the run record say. */
int64_t fn_call_records(const fn_net *net);
/* Write a table in the form asked for to -o or standard output. */
fn_status fn_call_table(fn_call *call, const fn_table *table);
const char *fn_call_output(const fn_call *call);
/* The last day of --until: 2024 is the whole year, 2024-05 the whole month. */
int32_t fn_call_until(const fn_call *call);
/* The ties selected, as a network of its own: the network file holds all of a network. */
fn_status fn_call_keep_selected(fn_call *call, fn_net *net);

/* record.c: the run record, and the same as lines for reports and exported files. */
fn_status fn_record_json(fn_call *call, fn_output *output, const fn_net *net, size_t clusters, size_t ties_selected);
fn_status fn_record_lines(fn_call *call, char ***inputs, char ***parameters);
char *fn_record_provenance(fn_call *call);
void fn_lines_free(char **lines);

#endif
