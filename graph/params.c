/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <assert.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/params.h"
#include "graph/text.h"

typedef struct value {
    const fn_param *param;
    bool given, flag;
    int64_t integer;
    double real;
    int32_t date;
    char *text;
} value;

struct fn_values {
    value *value;
    size_t count;
};

static value *find(const fn_values *values, const char *name)
{
    for (size_t i = 0; i < values->count; i++)
        if (strcmp(values->value[i].param->name, name) == 0) return &values->value[i];
    return NULL;
}

static value *get(const fn_values *values, const char *name)
{
    value *v = find(values, name);
    assert(v && "no table has this parameter");
    return v;
}

/* One of "a|b|c". */
static bool is_choice(const char *choices, const char *text)
{
    size_t length = strlen(text);
    for (const char *at = choices; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (strncmp(at, text, length) == 0 && (at[length] == '|' || at[length] == '\0')) return true;
    return false;
}

static fn_status refuse(fn_run *run, const fn_param *param, const char *text, const char *wanted)
{
    char quoted[FN_QUOTE_TEXT];
    return fn_fail(run, FN_EINVAL, "option --%s wants %s, not %s", param->name, wanted,
                   fn_quote(text, strlen(text), quoted));
}

static fn_status out_of_range(fn_run *run, const fn_param *param, const char *text)
{
    char quoted[FN_QUOTE_TEXT], low[FN_REAL_TEXT], high[FN_REAL_TEXT];
    fn_real_format(param->low, low);
    fn_real_format(param->high, high);
    return fn_fail(run, FN_EINVAL, "option --%s wants a number from %s to %s, not %s", param->name, low, high,
                   fn_quote(text, strlen(text), quoted));
}

static fn_status parse(fn_run *run, value *v, const char *text)
{
    const fn_param *param = v->param;
    size_t length = strlen(text);
    switch (param->type) {
    case FN_PARAM_FLAG:
        v->flag = true;
        return FN_OK;
    case FN_PARAM_INT:
        if (!fn_int_parse(text, length, &v->integer)) return refuse(run, param, text, "a whole number");
        if ((double) v->integer < param->low || (double) v->integer > param->high)
            return out_of_range(run, param, text);
        break;
    case FN_PARAM_REAL:
        if (!fn_real_parse(text, length, &v->real)) return refuse(run, param, text, "a number");
        if (!(v->real >= param->low && v->real <= param->high)) return out_of_range(run, param, text);
        break;
    case FN_PARAM_CHOICE:
        if (!is_choice(param->choices, text)) return refuse(run, param, text, param->choices);
        break;
    case FN_PARAM_DATE:
        if (!fn_date_parse(text, length, &v->date, NULL)) return refuse(run, param, text, "a date (YYYY-MM-DD)");
        break;
    case FN_PARAM_TEXT:
        break;
    }
    char *copy = fn_copy_text(run, text, length);
    if (!copy) return FN_ENOMEM;
    fn_free(v->text);
    v->text = copy;
    return FN_OK;
}

fn_status fn_values_new(fn_run *run, const fn_param *const *tables, fn_values **values)
{
    *values = NULL;
    size_t count = 0;
    for (const fn_param *const *t = tables; *t; t++)
        for (const fn_param *p = *t; p->name; p++) count++;
    fn_values *made = fn_alloc(run, 1, sizeof *made);
    if (!made) return FN_ENOMEM;
    made->value = fn_alloc(run, count, sizeof *made->value);
    fn_status status = made->value ? FN_OK : FN_ENOMEM;
    for (const fn_param *const *t = tables; !status && *t; t++) {
        for (const fn_param *p = *t; !status && p->name; p++) {
            if (find(made, p->name)) continue; /* shared by two tables: the first describes it */
            value *v = &made->value[made->count++];
            *v = (value) { .param = p, .real = NAN, .date = FN_DAY_NONE };
            if (p->fallback) status = parse(run, v, p->fallback);
        }
    }
    if (status) fn_values_free(made);
    else *values = made;
    return status;
}

void fn_values_free(fn_values *values)
{
    if (!values) return;
    for (size_t i = 0; i < values->count; i++) fn_free(values->value[i].text);
    fn_free(values->value);
    fn_free(values);
}

const fn_param *fn_values_param(const fn_values *values, const char *name)
{
    const value *v = find(values, name);
    return v ? v->param : NULL;
}

const fn_param *fn_values_param_letter(const fn_values *values, char letter)
{
    for (size_t i = 0; letter && i < values->count; i++)
        if (values->value[i].param->letter == letter) return values->value[i].param;
    return NULL;
}

fn_status fn_values_set(fn_run *run, fn_values *values, const char *name, const char *text)
{
    value *v = get(values, name);
    fn_status status = parse(run, v, text);
    if (!status) v->given = true;
    return status;
}

bool fn_values_given(const fn_values *values, const char *name)
{
    return get(values, name)->given;
}

bool fn_values_flag(const fn_values *values, const char *name)
{
    return get(values, name)->flag;
}

int64_t fn_values_int(const fn_values *values, const char *name)
{
    return get(values, name)->integer;
}

double fn_values_real(const fn_values *values, const char *name)
{
    return get(values, name)->real;
}

int32_t fn_values_date(const fn_values *values, const char *name)
{
    return get(values, name)->date;
}

const char *fn_values_text(const fn_values *values, const char *name)
{
    return get(values, name)->text;
}

const fn_param *fn_values_at(const fn_values *values, size_t index)
{
    return index < values->count ? values->value[index].param : NULL;
}
