/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "src/analysis.h"

/* Copy a column cell by cell under another name; NULL source: all rows missing. */
static fn_status copy_column(fn_run *run, fn_table *to, const char *name, fn_column_type type, const fn_column *from)
{
    fn_column *column;
    fn_status status = from && from->type == FN_COLUMN_TEXT ? fn_table_add_borrowed(run, to, name, from->pool, &column)
                     : fn_table_add(run, to, name, from ? from->type : type, &column);
    if (status || !from) return status;
    size_t rows = to->rows < from->rows ? to->rows : from->rows;
    switch (column->type) {
    case FN_COLUMN_INT: memcpy(column->integer, from->integer, rows * sizeof *column->integer); break;
    case FN_COLUMN_REAL: memcpy(column->real, from->real, rows * sizeof *column->real); break;
    case FN_COLUMN_DATE: memcpy(column->date, from->date, rows * sizeof *column->date); break;
    case FN_COLUMN_BOOL: memcpy(column->boolean, from->boolean, rows * sizeof *column->boolean); break;
    case FN_COLUMN_TEXT: memcpy(column->text, from->text, rows * sizeof *column->text); break;
    }
    return FN_OK;
}

/* Everything of `from` that `to` does not have yet. */
static fn_status copy_rest(fn_run *run, fn_table *to, const fn_table *from)
{
    for (size_t i = 0; from && i < from->columns; i++) {
        const fn_column *column = from->column[i];
        if (fn_table_find(to, column->name)) continue;
        fn_status status = copy_column(run, to, column->name, column->type, column);
        if (status) return status;
    }
    return FN_OK;
}

static fn_status add_firm_keys(fn_run *run, fn_table *table, const char *name, const fn_net *net)
{
    fn_column *column;
    fn_status status = fn_table_add_borrowed(run, table, name, fn_net_keys(net), &column);
    for (size_t f = 0; !status && f < table->rows; f++) column->text[f] = (uint32_t) f;
    return status;
}

static fn_status add_clusters(fn_run *run, fn_table *table, const fn_partition *partition)
{
    fn_column *cluster, *stability;
    fn_status status = fn_table_add(run, table, "cluster", FN_COLUMN_INT, &cluster);
    if (!status) status = fn_table_add(run, table, "stability", FN_COLUMN_REAL, &stability);
    for (size_t f = 0; !status && partition && f < table->rows; f++) {
        cluster->integer[f] = (int64_t) partition->cluster[f] + 1;
        if (partition->stability) stability->real[f] = partition->stability[f];
    }
    return status;
}

fn_status fn_firms_table(fn_call *call, fn_analysis *a)
{
    static const char *const about[] = { "name", "kind", "country", "region", "industry" };
    static const struct { const char *name; fn_column_type type; } measured[] = {
        { "ties_in", FN_COLUMN_INT }, { "ties_out", FN_COLUMN_INT }, { "value_in", FN_COLUMN_REAL },
        { "value_out", FN_COLUMN_REAL }, { "pagerank", FN_COLUMN_REAL }, { "betweenness", FN_COLUMN_REAL }
    };
    fn_run *run = &call->run;
    const fn_table *known = fn_net_firm_columns(a->net);
    fn_status status = fn_table_new(run, a->view->firms, &a->firms);
    if (!status) status = add_firm_keys(run, a->firms, "firm", a->net);
    for (size_t i = 0; !status && i < sizeof about / sizeof *about; i++)
        status = copy_column(run, a->firms, about[i], FN_COLUMN_TEXT, fn_table_find(known, about[i]));
    if (!status) status = add_clusters(run, a->firms, a->partition);
    if (!status) status = copy_column(run, a->firms, "roles", FN_COLUMN_TEXT, fn_table_find(known, "roles"));
    for (size_t i = 0; !status && i < sizeof measured / sizeof *measured; i++)
        status = copy_column(run, a->firms, measured[i].name, measured[i].type,
                             fn_table_find(a->measures, measured[i].name));
    fn_column *index, *is_central;
    if (!status) status = fn_table_add(run, a->firms, "central_index", FN_COLUMN_REAL, &index);
    if (!status) status = fn_table_add(run, a->firms, "is_central", FN_COLUMN_BOOL, &is_central);
    for (uint32_t f = 0; !status && f < a->view->firms; f++) {
        index->real[f] = a->central_index[f];
        is_central->boolean[f] = a->is_central[f];
    }
    if (!status) status = copy_rest(run, a->firms, a->measures);
    if (!status) status = copy_rest(run, a->firms, known);
    return status;
}

/* Columns of the ties themselves: what all ties have is one cell, and where the view is all of them their cells are
 * lent; the rest is copied. */
typedef struct tie_cells {
    const char *name;
    fn_column_type type;
    const fn_names *pool;
    void *cells;         /* NULL: they differ, and not as the table wants them */
    const void *usual;   /* the one cell */
    fn_column *column;
} tie_cells;
enum { FROM, TO, LAYER, VALUE, CURRENCY, COUNT, FIRST, LAST, PRODUCT, NEWMAN, TIE_CELLS };

static fn_status add_cells(fn_run *run, fn_table *table, tie_cells *c)
{
    if (c->usual) return fn_table_add_constant(run, table, c->name, c->type, c->pool, c->usual, &c->column);
    if (c->pool && c->cells) return fn_table_add_borrowed_cells(run, table, c->name, c->pool, c->cells, &c->column);
    if (c->pool) return fn_table_add_borrowed(run, table, c->name, c->pool, &c->column);
    if (c->cells) return fn_table_add_cells(run, table, c->name, c->type, c->cells, &c->column);
    return fn_table_add(run, table, c->name, c->type, &c->column);
}

static bool is_copied(const tie_cells *c)
{
    return !c->cells && !c->usual;
}

static void copy_cells(fn_run *run, const fn_view *view, const tie_cells *c)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    int threads = fn_run_threads(run), copied = 0;
    (void) threads;
    for (int k = 0; k < TIE_CELLS; k++) copied += is_copied(&c[k]);
#pragma omp parallel for schedule(static) num_threads(threads) if (copied)
    for (size_t i = 0; i < (copied ? view->ties : 0); i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        if (is_copied(&c[FROM])) c[FROM].column->text[i] = tie.from;
        if (is_copied(&c[TO])) c[TO].column->text[i] = tie.to;
        if (is_copied(&c[LAYER])) c[LAYER].column->text[i] = tie.layer;
        if (is_copied(&c[VALUE])) c[VALUE].column->real[i] = tie.value;
        if (is_copied(&c[CURRENCY])) c[CURRENCY].column->text[i] = tie.currency ? tie.currency : FN_NONE;
        if (is_copied(&c[COUNT])) c[COUNT].column->integer[i] = tie.count;
        if (is_copied(&c[FIRST])) c[FIRST].column->date[i] = tie.first;
        if (is_copied(&c[LAST])) c[LAST].column->date[i] = tie.last;
        if (is_copied(&c[PRODUCT])) c[PRODUCT].column->text[i] = tie.product;
        if (is_copied(&c[NEWMAN])) c[NEWMAN].column->real[i] = tie.weight;
    }
}

/* Further attributes that the data brought. */
static fn_status add_attributes(fn_run *run, fn_table *table, const fn_view *view)
{
    const fn_table *more = fn_net_tie_columns(view->net);
    for (size_t c = 0; c < more->columns; c++) {
        const fn_column *source = more->column[c];
        fn_column *column;
        if (fn_table_find(table, source->name)) continue;
        fn_status status = source->type == FN_COLUMN_TEXT
                               ? fn_table_add_borrowed(run, table, source->name, source->pool, &column)
                               : fn_table_add(run, table, source->name, source->type, &column);
        if (status) return status;
        for (size_t i = 0; i < view->ties; i++) {
            size_t row = fn_view_tie(view, i);
            if (column->type == FN_COLUMN_TEXT) column->text[i] = source->text[row];
            else if (column->type == FN_COLUMN_REAL) column->real[i] = source->real[row];
            else if (column->type == FN_COLUMN_INT) column->integer[i] = source->integer[row];
            else if (column->type == FN_COLUMN_DATE) column->date[i] = source->date[row];
            else column->boolean[i] = source->boolean[row];
        }
    }
    return FN_OK;
}

fn_status fn_ties_table_written(fn_call *call, fn_analysis *a)
{
    static const char *const strengths[] = {
        "overlap", "squares", "p_from", "p_to", "reciprocity", "layers", "class", "reason"
    };
    fn_run *run = &call->run;
    const fn_net *net = a->net;
    const fn_ties *t = fn_net_tie_rows(net);
    const fn_tie *usual = &t->usual;
    const uint32_t layer = usual->layer, currency = usual->currency ? usual->currency : FN_NONE;
    bool lend = !a->view->tie;
    tie_cells c[TIE_CELLS] = {
        [FROM] = { "from", FN_COLUMN_TEXT, fn_net_keys(net), lend ? t->from : NULL, NULL, NULL },
        [TO] = { "to", FN_COLUMN_TEXT, fn_net_keys(net), lend ? t->to : NULL, NULL, NULL },
        [LAYER] = { "layer", FN_COLUMN_TEXT, fn_net_layers(net), NULL, t->layer ? NULL : &layer, NULL },
        [VALUE] = { "value", FN_COLUMN_REAL, NULL, lend ? t->value : NULL, t->value ? NULL : &usual->value, NULL },
        [CURRENCY] = { "currency", FN_COLUMN_TEXT, fn_net_currencies(net), NULL, t->currency ? NULL : &currency, NULL },
        [COUNT] = { "count", FN_COLUMN_INT, NULL, lend ? t->count : NULL, t->count ? NULL : &usual->count, NULL },
        [FIRST] = { "first", FN_COLUMN_DATE, NULL, lend ? t->first : NULL, t->first ? NULL : &usual->first, NULL },
        [LAST] = { "last", FN_COLUMN_DATE, NULL, lend ? t->last : NULL, t->last ? NULL : &usual->last, NULL },
        [PRODUCT] = { "product", FN_COLUMN_TEXT, fn_net_products(net), lend ? t->product : NULL,
                      t->product ? NULL : &usual->product, NULL },
        [NEWMAN] = { "newman_weight", FN_COLUMN_REAL, NULL, lend ? t->weight : NULL,
                     t->weight ? NULL : &usual->weight, NULL }
    };
    fn_status status = fn_table_new(run, a->view->ties, &a->ties);
    for (int i = FROM; i <= LAST && !status; i++) status = add_cells(run, a->ties, &c[i]);
    for (size_t i = 0; !status && i < sizeof strengths / sizeof *strengths; i++)
        status = fn_table_take(run, a->ties, a->strength, strengths[i]);
    if (!status) status = fn_table_join_new(run, a->ties, a->strength);
    for (int i = PRODUCT; i <= NEWMAN && !status; i++) status = add_cells(run, a->ties, &c[i]);
    if (status) return status;
    copy_cells(run, a->view, c);
    return add_attributes(run, a->ties, a->view);
}

fn_status fn_ties_table(fn_call *call, fn_analysis *a)
{
    fn_status status = fn_ties_table_written(call, a);
    for (size_t c = 0; !status && c < a->ties->columns; c++)
        if (a->ties->column[c]->constant) status = fn_column_own(&call->run, a->ties->column[c]);
    return status;
}

/* ---- clusters.tsv ---- */

typedef struct inside {
    int64_t firms, ties;
    fn_sum value;
    int32_t currency;    /* -1 none, -2 several */
    double stability;
} inside;

static void count_inside(const fn_analysis *a, inside *cluster)
{
    const fn_ties *ties = fn_net_tie_rows(a->net);
    for (uint32_t f = 0; f < a->view->firms; f++) {
        inside *c = &cluster[a->partition->cluster[f]];
        c->firms++;
        if (a->partition->stability) c->stability += a->partition->stability[f];
    }
    for (size_t i = 0; i < a->view->ties; i++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(a->view, i));
        uint32_t k = a->partition->cluster[t.from];
        if (k != a->partition->cluster[t.to] || t.from == t.to) continue;
        inside *c = &cluster[k];
        c->ties++;
        if (isnan(t.value)) continue;
        if (c->currency == -1) c->currency = t.currency;
        else if (c->currency != t.currency) c->currency = -2;
        fn_sum_add(&c->value, t.value);
    }
}

/* Tied pairs of a cluster over all its pairs, direction ignored. */
static fn_status count_pairs(fn_run *run, const fn_analysis *a, int64_t *pairs)
{
    fn_csr *both;
    fn_status status = fn_view_csr(run, a->view, -1, FN_CSR_BOTH, true, &both);
    if (status) return status;
    for (uint32_t u = 0; u < both->firms; u++)
        for (size_t i = both->offset[u]; i < both->offset[u + 1]; i++)
            if (both->target[i] > u && a->partition->cluster[u] == a->partition->cluster[both->target[i]])
                pairs[a->partition->cluster[u]]++;
    fn_csr_free(both);
    return FN_OK;
}

fn_status fn_clusters_table(fn_call *call, fn_analysis *a)
{
    static const struct { const char *name; fn_column_type type; } head[] = {
        { "central_company", FN_COLUMN_TEXT }, { "central_name", FN_COLUMN_TEXT }, { "central_index", FN_COLUMN_REAL },
        { "gap", FN_COLUMN_REAL }
    };
    fn_run *run = &call->run;
    uint32_t n = a->partition->clusters;
    inside *cluster = fn_alloc(run, n, sizeof *cluster);
    int64_t *pairs = fn_alloc(run, n, sizeof *pairs);
    fn_column *number, *firms, *ties, *value, *currency, *density, *stability;
    fn_status status = cluster && pairs ? fn_table_new(run, n, &a->clusters) : FN_ENOMEM;
    fn_table *table = a->clusters;
    if (!status) status = count_pairs(run, a, pairs);
    if (!status) status = fn_table_add(run, table, "cluster", FN_COLUMN_INT, &number);
    if (!status) status = fn_table_add(run, table, "firms", FN_COLUMN_INT, &firms);
    if (!status) status = fn_table_add(run, table, "ties", FN_COLUMN_INT, &ties);
    if (!status) status = fn_table_add(run, table, "internal_value", FN_COLUMN_REAL, &value);
    if (!status) status = fn_table_add_borrowed(run, table, "currency", fn_net_currencies(a->net), &currency);
    for (size_t i = 0; !status && i < sizeof head / sizeof *head; i++) {
        const fn_column *source = fn_table_find(a->heads, head[i].name);
        if (!source && strncmp(head[i].name, "central_", 8) == 0) source = fn_table_find(a->heads, head[i].name + 8);
        status = copy_column(run, table, head[i].name, head[i].type, source);
    }
    if (!status) status = fn_table_add(run, table, "density", FN_COLUMN_REAL, &density);
    if (!status) status = fn_table_add(run, table, "stability", FN_COLUMN_REAL, &stability);
    if (!status) {
        for (uint32_t k = 0; k < n; k++) cluster[k].currency = -1;
        count_inside(a, cluster);
        for (uint32_t k = 0; k < n; k++) {
            const inside *c = &cluster[k];
            number->integer[k] = k + 1;
            firms->integer[k] = c->firms;
            ties->integer[k] = c->ties;
            if (c->currency >= 0) value->real[k] = fn_sum_value(&c->value); /* several currencies are never added */
            if (c->currency > 0) currency->text[k] = (uint32_t) c->currency;
            if (c->firms > 1) density->real[k] = (double) pairs[k] / ((double) c->firms * (double) (c->firms - 1) / 2);
            if (a->partition->stability) stability->real[k] = c->stability / (double) c->firms;
        }
        /* The evidence behind the central company; `index` stands as central_index already. */
        for (size_t i = 0; !status && i < a->heads->columns; i++) {
            const fn_column *column = a->heads->column[i];
            if (strcmp(column->name, "index") == 0 || fn_table_find(table, column->name)) continue;
            status = copy_column(run, table, column->name, column->type, column);
        }
    }
    fn_free(cluster);
    fn_free(pairs);
    return status;
}
