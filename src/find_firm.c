/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "src/command.h"

enum { SHOWN = 3, NEAREST_MOST = 200000 };

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char) (letter + 32) : letter;
}

/* Does it stand in the text, whatever the case of its Latin letters? */
static bool is_within(const char *text, size_t length, const char *wanted, size_t letters)
{
    for (size_t at = 0; at + letters <= length; at++) {
        size_t same = 0;
        while (same < letters && lower(text[at + same]) == lower(wanted[same])) same++;
        if (same == letters) return true;
    }
    return false;
}

/* Firms whose names hold what was typed, the first few; how many there are. */
static size_t firms_with(const fn_net *net, uint32_t firms, const char *wanted, size_t length, uint32_t shown[SHOWN])
{
    size_t count = 0, n;
    for (uint32_t f = 0; length && f < firms; f++) {
        const char *name = fn_net_firm_name(net, f, &n);
        if (!is_within(name, n, wanted, length)) continue;
        if (count < SHOWN) shown[count] = f;
        count++;
    }
    return count;
}

static uint32_t nearest_firm(fn_run *run, const fn_net *net, uint32_t firms, const char *wanted)
{
    const char **name = firms < NEAREST_MOST ? fn_alloc(run, firms, sizeof *name) : NULL;
    uint32_t found = FN_NONE;
    if (!name) return FN_NONE;
    for (uint32_t f = 0; f < firms; f++) name[f] = fn_net_firm_name(net, f, NULL);
    const char *near = fn_nearest(wanted, name, firms);
    for (uint32_t f = 0; near && f < firms; f++)
        if (name[f] == near) {
            found = f;
            break;
        }
    fn_free(name);
    return found;
}

static void hint(fn_run *run, const fn_net *net, uint32_t firms, const char *wanted)
{
    uint32_t shown[SHOWN];
    char list[SHOWN * (FN_QUOTE_TEXT + 128)] = "";
    size_t used = 0, count = firms_with(net, firms, wanted, strlen(wanted), shown);
    if (!count && (shown[0] = nearest_firm(run, net, firms, wanted)) != FN_NONE) count = 1;
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        char quoted[FN_QUOTE_TEXT];
        size_t length;
        const char *name = fn_net_firm_name(net, shown[i], &length);
        used += (size_t) snprintf(list + used, sizeof list - used, "%s%.100s (%s)", i ? ", " : "",
                                  fn_names_text(fn_net_keys(net), shown[i], NULL), fn_quote(name, length, quoted));
    }
    if (!count) fn_hint(run, "`firmnet central --all` lists the firms with their keys");
    else if (count > SHOWN) fn_hint(run, "%s, or %zu more (`firmnet central --all` lists them)", list, count - SHOWN);
    else fn_hint(run, "%s", list);
}

fn_status fn_call_find_firm(fn_call *call, const fn_net *net, uint32_t firms, const char *wanted, uint32_t *firm)
{
    size_t length = strlen(wanted), n, found = 0;
    *firm = fn_names_find(fn_net_keys(net), wanted, length);
    if (*firm != FN_NONE) return FN_OK;
    for (uint32_t f = 0; f < firms; f++) {
        const char *name = fn_net_firm_name(net, f, &n);
        if (n == length && memcmp(name, wanted, n) == 0 && ++found == 1) *firm = f;
    }
    if (found == 1) return FN_OK;
    char quoted[FN_QUOTE_TEXT];
    fn_fail(&call->run, FN_EINVAL, found ? "several firms are called %s" : "there is no firm %s",
            fn_quote(wanted, length, quoted));
    hint(&call->run, net, firms, wanted);
    return FN_EINVAL;
}
