/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "src/command.h"

extern const fn_command fn_command_map, fn_command_report, fn_command_demo;
extern const fn_command fn_command_import, fn_command_info, fn_command_generate;
extern const fn_command fn_command_clusters, fn_command_centrality, fn_command_central, fn_command_ties;
extern const fn_command fn_command_roles, fn_command_centralisation;
extern const fn_command fn_command_backbone;
extern const fn_command fn_command_profile, fn_command_compare, fn_command_export, fn_command_convert;
extern const fn_command fn_command_list, fn_command_help;

const fn_command *const fn_commands[] = {
    &fn_command_map,
    &fn_command_report,
    &fn_command_demo,
    &fn_command_import,
    &fn_command_info,
    &fn_command_generate,
    &fn_command_clusters,
    &fn_command_central,
    &fn_command_centrality,
    &fn_command_ties,
    &fn_command_roles,
    &fn_command_centralisation,
    &fn_command_backbone,
    &fn_command_profile,
    &fn_command_compare,
    &fn_command_export,
    &fn_command_convert,
    &fn_command_list,
    &fn_command_help,
    NULL
};

const fn_command *fn_command_find(const char *name)
{
    for (const fn_command *const *c = fn_commands; *c; c++)
        if (strcmp((*c)->name, name) == 0) return *c;
    return NULL;
}

const char *fn_command_nearest(const char *name)
{
    const char *names[64];
    size_t count = 0;
    for (const fn_command *const *c = fn_commands; *c && count < 64; c++) names[count++] = (*c)->name;
    return fn_nearest(name, names, count);
}
