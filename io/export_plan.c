/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include <strings.h>
#include "graph/memory.h"
#include "io/export_plan.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Identifiers and names ------------------------------------------------------------------------------------------- */

static bool runs_as_formula(const char *text, size_t length)
{
    size_t i = 0;
    while (i < length && text[i] == ' ') i++;
    return i < length && strchr("=+-@\t\r", text[i]) != NULL && text[i] != '\0';
}

static bool is_plain(const char *text, size_t length)
{
    if (length == 0 || (unsigned char) text[0] <= ' ' || (unsigned char) text[length - 1] <= ' ') return false;
    for (size_t i = 0, step; i < length; i += step)
        if ((step = fn_xml_length(text + i, length - i)) == 0) return false;
    return true;
}

/* Text without what XML forbids and without blanks at its ends, with mark and a number behind it. */
static char *make_plain(fn_run *run, const char *text, size_t length, const char *front, uint32_t number,
                        int64_t *replaced)
{
    while (length > 0 && (unsigned char) text[0] <= ' ' && text[0]) text++, length--;
    while (length > 0 && (unsigned char) text[length - 1] <= ' ' && text[length - 1]) length--;
    char *plain = fn_alloc(run, length * 3 + 48, 1), *to = plain;
    if (!plain) return NULL;
    while (*front) *to++ = *front++;
    for (size_t i = 0, step; i < length; i += step) {
        step = fn_xml_length(text + i, length - i);
        memcpy(to, step ? text + i : REPLACEMENT, step ? step : 3);
        to += step ? step : 3;
        if (step == 0) {
            step = fn_utf8_length(text + i, length - i);
            if (step == 0) step = 1;
            ++*replaced;
        }
    }
    *to++ = '~';
    char digits[12], *at = digits + sizeof digits;
    do *--at = (char) ('0' + number % 10); while (number /= 10);
    memcpy(to, at, (size_t) (digits + sizeof digits - at));
    to[digits + sizeof digits - at] = '\0';
    return plain;
}

/* Numbers make odd identifiers distinct from each other; `~` more keeps them from any key. */
static fn_status plan_ids(fn_run *run, fn_export_plan *plan, bool safe_for_spreadsheets)
{
    const fn_names *keys = fn_net_keys(plan->what->net);
    uint32_t firms = fn_net_firms(plan->what->net);
    for (uint32_t u = 0; u < firms; u++) {
        size_t length;
        const char *key = fn_names_text(keys, u, &length);
        bool formula = safe_for_spreadsheets && runs_as_formula(key, length);
        if (!formula && is_plain(key, length)) continue;
        if (!plan->odd_id && !(plan->odd_id = fn_alloc(run, firms, sizeof *plan->odd_id))) return FN_ENOMEM;
        char *id = make_plain(run, key, length, formula ? "'" : "", u + 1, &plan->what->replaced);
        if (!id) return FN_ENOMEM;
        plan->odd_id[u] = id;
        size_t used = strlen(id), capacity = used + 1;
        while (fn_names_find(keys, plan->odd_id[u], used) != FN_NONE) {
            id = fn_grow(run, plan->odd_id[u], &capacity, used + 2, 1);
            if (!id) return FN_ENOMEM;
            plan->odd_id[u] = id;
            id[used++] = '~';
            id[used] = '\0';
        }
    }
    return FN_OK;
}

/* Names of layers or currencies. With several currencies "layer (currency)" must not be another layer's name. */
static fn_status plan_names(fn_run *run, fn_export_plan *plan, const fn_names *names, bool layers, char ***plain)
{
    uint32_t count = fn_names_count(names);
    bool several = fn_names_count(fn_net_currencies(plan->what->net)) > 1;
    *plain = fn_alloc(run, (size_t) count + 1, sizeof **plain);
    if (!*plain) return FN_ENOMEM;
    for (uint32_t i = 0; i < count; i++) {
        size_t length;
        const char *text = fn_names_text(names, i, &length);
        bool clash = layers && several && length > 0 && text[length - 1] == ')';
        bool empty_currency = !layers && length == 0;
        (*plain)[i] = (is_plain(text, length) && !clash) || empty_currency ? fn_copy_text(run, text, length)
                      : make_plain(run, text, length, "", i + 1, &plan->what->replaced);
        if (!(*plain)[i]) return FN_ENOMEM;
    }
    return FN_OK;
}

/* Columns --------------------------------------------------------------------------------------------------------- */

static const char *const reserved_firm[] = {
    "id", "label", "timeset", "x", "y", "z", "size", "color", "r", "g", "b", "weight", "key", "name", "shape",
    "start", "end", "spells", "viz", NULL
};
static const char *const reserved_tie[] = {
    "id", "label", "timeset", "weight", "kind", "type", "source", "target", "color", "thickness", "shape", "key",
    "start", "end", "spells", "viz", "tie_type", "layer", "value", "currency", "count", "first", "last", "product",
    "symmetric", NULL
};
/* Names stand in the label only, where Gephi leaves their letters alone; other spellings stay in the tables. */
static const char *const firm_names[] = { "name", "aliases", NULL };
static const char *const known_tie[] = { "from", "to", "layer", "value", "currency", "count", "first", "last", NULL };

static bool among(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0) return true;
    return false;
}

static bool taken(const char *name, const fn_export_column *column, size_t columns)
{
    for (size_t i = 0; i < columns; i++)
        if (strcmp(name, column[i].name) == 0) return true;
    return false;
}

/* Lower-case ASCII letters, digits and _; a prefix, then a number, keep it from reserved and earlier names. */
static char *column_name(fn_run *run, const char *name, const char *prefix, const char *const *reserved,
                         const fn_export_column *column, size_t columns)
{
    size_t front = strlen(prefix), length = strlen(name), out = front;
    char *made = fn_alloc(run, front + length + 16, 1);
    if (!made) return NULL;
    memcpy(made, prefix, front);
    for (size_t i = 0; i < length; i++) {
        char c = name[i];
        if (c >= 'A' && c <= 'Z') c = (char) (c - 'A' + 'a');
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (fits) made[out++] = c;
        else if (out > front && made[out - 1] != '_') made[out++] = '_';
    }
    const char *bare = made + front;
    bool usable = *bare && !(*bare >= '0' && *bare <= '9') && !among(bare, reserved) && !taken(bare, column, columns);
    if (usable) memmove(made, bare, out - front + 1);
    for (int number = 2; taken(made, column, columns) || among(made, reserved); number++) {
        char *at = made + out, digits[12], *digit = digits + sizeof digits;
        int rest = number;
        do *--digit = (char) ('0' + rest % 10); while (rest /= 10);
        *at++ = '_';
        memcpy(at, digit, (size_t) (digits + sizeof digits - digit));
        at[digits + sizeof digits - digit] = '\0';
    }
    return made;
}

static bool is_wide(const fn_column *column)
{
    if (column->type != FN_COLUMN_INT) return false;
    for (size_t row = 0; row < column->rows; row++)
        if (column->integer[row] != FN_INT_NONE &&
            (column->integer[row] > INT32_MAX || column->integer[row] < INT32_MIN)) return true;
    return false;
}

static fn_status add_column(fn_run *run, fn_export_column **list, size_t *count, const fn_column *column,
                            const char *called, bool by_tie, const char *prefix, const char *const *reserved)
{
    size_t capacity = *count;
    fn_export_column *grown = fn_grow(run, *list, &capacity, *count + 1, sizeof **list);
    if (!grown) return FN_ENOMEM;
    *list = grown;
    char *name = column_name(run, called, prefix, reserved, grown, *count);
    if (!name) return FN_ENOMEM;
    grown[(*count)++] = (fn_export_column) { name, column, by_tie, is_wide(column) };
    return FN_OK;
}

static fn_status plan_firm_columns(fn_run *run, fn_export_plan *plan)
{
    const fn_net *net = plan->what->net;
    const fn_table *table[2] = { plan->what->firms, fn_net_firm_columns(net) };
    for (int t = 0; t < 2; t++) {
        for (size_t i = 0; table[t] && i < table[t]->columns; i++) {
            const fn_column *column = table[t]->column[i];
            bool is_key = column->type == FN_COLUMN_TEXT && column->pool == fn_net_keys(net);
            bool drawn = column == plan->x || column == plan->y || column == plan->size;
            /* A firm's own size (say, its staff) is not the size it is drawn with. */
            const fn_column *same = t == 1 && table[0] ? fn_table_find(table[0], column->name) : NULL;
            bool again = same && same != plan->size;
            if (is_key || drawn || again || among(column->name, firm_names)) continue;
            fn_status status = add_column(run, &plan->firm_column, &plan->firm_columns, column,
                                          column == plan->color ? "cluster_color" : column->name, false, "firm_",
                                          reserved_firm);
            if (status) return status;
        }
    }
    return FN_OK;
}

static fn_status plan_tie_columns(fn_run *run, fn_export_plan *plan)
{
    const fn_table *table[2] = { plan->what->ties, fn_net_tie_columns(plan->what->net) };
    for (int t = 0; t < 2; t++) {
        for (size_t i = 0; table[t] && i < table[t]->columns; i++) {
            const fn_column *column = table[t]->column[i];
            bool again = t == 1 && table[0] && fn_table_find(table[0], column->name);
            if (again || (t == 0 && among(column->name, known_tie))) continue;
            fn_status status = add_column(run, &plan->tie_column, &plan->tie_columns, column, column->name, t == 1,
                                          "tie_", reserved_tie);
            if (status) return status;
        }
    }
    return FN_OK;
}

static const fn_column *drawn_column(const fn_table *table, const char *name, fn_column_type type)
{
    const fn_column *column = table ? fn_table_find(table, name) : NULL;
    return column && column->type == type ? column : NULL;
}

/* Plan ------------------------------------------------------------------------------------------------------------ */

/* Gephi loses what stands before an entity in the text of a default. */
static bool fits_default(const char *text)
{
    return text[strcspn(text, "&<>\"'\t\r\n")] == '\0';
}

fn_status fn_plan_new(fn_run *run, fn_export *what, bool safe_for_spreadsheets, fn_export_plan **made)
{
    fn_status status;
    fn_export_plan *plan = fn_alloc(run, 1, sizeof *plan);
    *made = NULL;
    if (!plan) return FN_ENOMEM;
    plan->what = what;
    plan->ties = what->tie ? what->tie_count : fn_net_ties(what->net);
    plan->x = drawn_column(what->firms, "x", FN_COLUMN_REAL);
    plan->y = drawn_column(what->firms, "y", FN_COLUMN_REAL);
    plan->size = drawn_column(what->firms, "size", FN_COLUMN_REAL);
    plan->color = drawn_column(what->firms, "color", FN_COLUMN_TEXT);
    plan->name[0] = drawn_column(what->firms, "name", FN_COLUMN_TEXT);
    plan->name[1] = drawn_column(fn_net_firm_columns(what->net), "name", FN_COLUMN_TEXT);
    if (!plan->x || !plan->y) plan->x = plan->y = NULL;
    if (plan->ties) plan->first = fn_net_tie_at(what->net, fn_plan_number(plan, 0));
    plan->one_layer = plan->one_currency = plan->one_count = plan->ties > 0;
    for (size_t row = 0; row < plan->ties; row++) {
        fn_tie tie = fn_net_tie_at(what->net, fn_plan_number(plan, row));
        fn_spell spell;
        plan->one_layer &= tie.layer == plan->first.layer;
        plan->one_currency &= tie.currency == plan->first.currency;
        plan->one_count &= tie.count == plan->first.count;
        plan->dated |= fn_plan_tie_spell(&tie, &spell);
        plan->undirected |= fn_plan_symmetric(&tie);
        plan->products |= tie.product != FN_NONE;
    }
    if ((status = plan_ids(run, plan, safe_for_spreadsheets))) goto done;
    if ((status = plan_names(run, plan, fn_net_layers(what->net), true, &plan->layer))) goto done;
    if ((status = plan_names(run, plan, fn_net_currencies(what->net), false, &plan->currency))) goto done;
    plan->one_layer &= fits_default(plan->layer[plan->first.layer]);
    plan->one_currency &= fits_default(plan->currency[plan->first.currency]);
    if ((status = plan_firm_columns(run, plan))) goto done;
    if ((status = plan_tie_columns(run, plan))) goto done;
    if ((status = fn_plan_weigh(run, plan))) goto done;
    if (plan->dated) status = fn_plan_spells(run, plan);
done:
    if (status) fn_export_plan_free(plan);
    else *made = plan;
    return status;
}

static void free_texts(char **text, size_t count)
{
    for (size_t i = 0; text && i < count; i++) fn_free(text[i]);
    fn_free(text);
}

static void free_columns(fn_export_column *column, size_t count)
{
    for (size_t i = 0; i < count; i++) fn_free(column[i].name);
    fn_free(column);
}

void fn_export_plan_free(fn_export_plan *plan)
{
    if (!plan) return;
    free_texts(plan->odd_id, fn_net_firms(plan->what->net));
    free_texts(plan->layer, fn_names_count(fn_net_layers(plan->what->net)));
    free_texts(plan->currency, fn_names_count(fn_net_currencies(plan->what->net)));
    free_columns(plan->firm_column, plan->firm_columns);
    free_columns(plan->tie_column, plan->tie_columns);
    fn_free(plan->spell_from);
    fn_free(plan->spell);
    fn_free(plan);
}
