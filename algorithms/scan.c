/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/trust.h"
#include "graph/memory.h"

enum { GRID_SHARE = 3, GRID_LEAST = 2 };

/* Two qualities nearer than this are one: they are computed from sums of up to 2^61 in double. */
static const double SAME_QUALITY = 1e-13;

/* A partition as a line: its quality at the resolution gamma is inside - gamma expected. */
typedef struct line {
    fn_partition *partition;
    double inside, expected;
    double from, to;      /* where it is the highest of all lines */
    int found;            /* searches that came to it */
    bool checked;         /* was searched at `to`, where the next line begins */
} line;

typedef struct scanning {
    const fn_view *view;
    const fn_leiden_options *options;
    fn_search *search;
    const fn_scan_options *scan;
    line *line;           /* those that are the highest somewhere, by ascending resolution */
    int lines, searches;
} scanning;

static double height(const line *l, double resolution)
{
    return l->inside - resolution * l->expected;
}

/* Where two lines meet: the later one is flatter. */
static double meeting(const line *before, const line *after)
{
    return (before->inside - after->inside) / (before->expected - after->expected);
}

static bool same_partition(const fn_partition *a, const fn_partition *b)
{
    return a->clusters == b->clusters && memcmp(a->cluster, b->cluster, a->firms * sizeof *a->cluster) == 0;
}

static fn_status line_of(fn_run *run, const scanning *s, fn_partition *partition, line *made)
{
    fn_leiden_options options = *s->options;
    double at_0, at_1, layers[FN_LAYERS_MOST];
    options.resolution = 0;
    fn_status status = fn_partition_quality(run, s->view, partition->cluster, &options, &at_0, layers);
    options.resolution = 1;
    if (!status) status = fn_partition_quality(run, s->view, partition->cluster, &options, &at_1, layers);
    *made = (line) { .partition = partition, .inside = at_0, .expected = at_0 - at_1, .found = 1 };
    return status;
}

/* The bounds of every line, from left to right. */
static void set_bounds(scanning *s)
{
    for (int i = 0; i < s->lines; i++) {
        s->line[i].from = i ? s->line[i - 1].to : s->scan->low;
        s->line[i].to = i + 1 < s->lines ? meeting(&s->line[i], &s->line[i + 1]) : s->scan->high;
    }
}

static void remove_line(scanning *s, int i)
{
    fn_partition_free(s->line[i].partition);
    s->lines--;
    memmove(&s->line[i], &s->line[i + 1], (size_t) (s->lines - i) * sizeof *s->line);
}

/* The highest of the lines at a resolution: the first whose stretch reaches there. */
static int highest_at(const scanning *s, double resolution)
{
    int i = 0;
    while (i + 1 < s->lines && s->line[i].to < resolution) i++;
    return i;
}

/* Lines that a new neighbour has topped everywhere go: line i, when its left neighbour meets its right one first. */
static void remove_topped(scanning *s, int i)
{
    double left = i > 0 ? meeting(&s->line[i - 1], &s->line[i]) : s->scan->low;
    double right = i + 1 < s->lines ? meeting(&s->line[i], &s->line[i + 1]) : s->scan->high;
    if (!(left < right)) remove_line(s, i);
}

/* Take a partition that was found at a resolution among the lines, if it is the highest there; frees it otherwise.
 * *is_new: it is. */
static fn_status take_line(fn_run *run, scanning *s, fn_partition *partition, double resolution, bool *is_new)
{
    line made;
    *is_new = false;
    for (int i = 0; i < s->lines; i++)
        if (same_partition(s->line[i].partition, partition)) {
            s->line[i].found++;
            fn_partition_free(partition);
            return FN_OK;
        }
    fn_status status = line_of(run, s, partition, &made);
    if (status || (s->lines && !(height(&made, resolution) >
                                 height(&s->line[highest_at(s, resolution)], resolution) + SAME_QUALITY))) {
        fn_partition_free(partition);
        return status;
    }
    /* Its place: by falling `expected`; those of equal slope are lower, or it would not be the highest. */
    int at = 0;
    while (at < s->lines && s->line[at].expected > made.expected) at++;
    if (at < s->lines && s->line[at].expected == made.expected) remove_line(s, at);
    memmove(&s->line[at + 1], &s->line[at], (size_t) (s->lines - at) * sizeof *s->line);
    s->line[at] = made;
    s->lines++;
    *is_new = true;
    /* Neighbours that it tops wherever they were the highest, on either side. */
    for (int before = s->lines + 1; at > 0 && s->lines < before;) {
        before = s->lines;
        remove_topped(s, at - 1);
        at -= before - s->lines;
    }
    for (int before = s->lines + 1; at + 1 < s->lines && s->lines < before;) {
        before = s->lines;
        remove_topped(s, at + 1);
    }
    for (int i = at > 0 ? at - 1 : 0; i <= at; i++) s->line[i].checked = false;
    set_bounds(s);
    return FN_OK;
}

static fn_status search_at(fn_run *run, scanning *s, double resolution, bool *is_new)
{
    fn_leiden_options options = *s->options;
    fn_partition *partition = NULL;
    fn_status status = fn_progress(run, "scanning resolutions", (double) s->searches / s->scan->searches);
    options.resolution = resolution;
    if (!status) status = fn_search_seed(run, s->view, &options, s->search, run->seed, &partition);
    if (status) return status;
    s->searches++;
    return take_line(run, s, partition, resolution, is_new);
}

/* First a grid, then every meeting of two neighbours: nothing higher there means that nothing was missed between them,
 * as far as the search can tell. The widest of the open meetings first. */
static fn_status scan_all(fn_run *run, scanning *s)
{
    const fn_scan_options *scan = s->scan;
    int grid = scan->searches / GRID_SHARE > GRID_LEAST ? scan->searches / GRID_SHARE : GRID_LEAST;
    fn_status status = FN_OK;
    bool is_new;
    for (int k = 0; k < grid && !status; k++) {
        double share = (double) k / (grid - 1);
        double at = k == 0 ? scan->low : k == grid - 1 ? scan->high : scan->low * pow(scan->high / scan->low, share);
        status = search_at(run, s, at, &is_new);
    }
    while (!status && s->searches < scan->searches) {
        int widest = -1;
        double most = 0;
        for (int i = 0; i + 1 < s->lines; i++) {
            double width = s->line[i + 1].to / s->line[i].from;
            if (s->line[i].checked || !(width > most)) continue;
            most = width;
            widest = i;
        }
        if (widest < 0) break;
        s->line[widest].checked = true;
        status = search_at(run, s, s->line[widest].to, &is_new);
    }
    return status;
}

/* --- The table --- */


static uint32_t largest_cluster(const fn_partition *partition)
{
    uint32_t size = 0;
    for (uint32_t firm = 0; firm < partition->firms; firm++) size += partition->cluster[firm] == 0;
    return size;
}

static fn_status make_table(fn_run *run, const scanning *s, fn_table *table)
{
    fn_column *from, *to, *length, *at, *clusters, *largest, *quality, *inside, *expected, *before, *next, *found;
    const fn_column_wanted wanted[] = {
        { "resolution_from", FN_COLUMN_REAL, &from, NULL }, { "resolution_to", FN_COLUMN_REAL, &to, NULL },
        { "clusters", FN_COLUMN_INT, &clusters, NULL }, { "largest", FN_COLUMN_INT, &largest, NULL },
        { "plateau", FN_COLUMN_REAL, &length, NULL }, { "resolution", FN_COLUMN_REAL, &at, NULL },
        { "quality", FN_COLUMN_REAL, &quality, NULL }, { "inside", FN_COLUMN_REAL, &inside, NULL },
        { "expected", FN_COLUMN_REAL, &expected, NULL }, { "nmi_before", FN_COLUMN_REAL, &before, NULL },
        { "nmi_next", FN_COLUMN_REAL, &next, NULL }, { "found", FN_COLUMN_INT, &found, NULL }
    };
    fn_status status = fn_table_add_all(run, table, wanted, sizeof wanted / sizeof *wanted);
    for (int i = 0; i < s->lines && !status; i++) {
        const line *l = &s->line[i];
        from->real[i] = l->from;
        to->real[i] = l->to;
        length->real[i] = log(l->to / l->from);
        at->real[i] = sqrt(l->from) * sqrt(l->to);
        clusters->integer[i] = l->partition->clusters;
        largest->integer[i] = largest_cluster(l->partition);
        quality->real[i] = height(l, at->real[i]);
        inside->real[i] = l->inside;
        expected->real[i] = l->expected;
        found->integer[i] = l->found;
        if (i == 0) continue;
        fn_agreement agreement;
        status = fn_partition_compare(run, l->partition->firms, l[-1].partition->cluster, l->partition->cluster,
                                      &agreement);
        if (!status) before->real[i] = next->real[i - 1] = agreement.nmi;
    }
    return status;
}

static fn_status check_scan(fn_run *run, const fn_scan_options *scan)
{
    if (!(scan->low > 0 && scan->high > scan->low && isfinite(scan->high)))
        return fn_fail(run, FN_EINVAL, "a scan wants 0 < LOW < HIGH, not %g and %g", scan->low, scan->high);
    if (scan->searches < GRID_LEAST)
        return fn_fail(run, FN_EINVAL, "a scan wants at least %d searches", GRID_LEAST);
    return FN_OK;
}

/* Partitions over the resolution. With each partition fixed, both qualities are linear in the resolution gamma:
 * inside - gamma expected, a straight line. The upper envelope of the lines of all partitions found gives the exact
 * stretch of resolutions in which each is the best of those found; the others are never the best (CHAMP: Weir, Emmons,
 * Gibson, Taylor and Mucha 2017, Algorithms 10:93). A long stretch, a plateau, speaks for a partition: it does not hang
 * on the resolution chosen.
 * Searches are made on a geometric grid over low … high (a third of them), then where two neighbouring lines meet, the
 * widest first: a new partition that is higher there gets its stretch, and the meetings beside it are searched in turn;
 * when nothing is higher at any meeting, or the searches are used up, it ends. Between neighbours there can be nothing
 * that the search would find, but more searches may find better partitions. Every search has the seed of the run, and
 * the options but the resolution.
 * Columns: resolution_from, resolution_to; clusters; largest, firms of the largest; plateau = log(to / from), of the
 * first and the last cut at low and high; resolution, the geometric middle, and quality there; inside, expected: the
 * line; nmi_before, nmi_next: agreement with the partitions of the rows above and below; found: searches that came to
 * this partition.
 * Without ties FN_EINVAL. O(searches (search + firms)); 4 bytes a firm and plateau. */
fn_status fn_scan(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                  const fn_scan_options *scan, fn_table **table, fn_runs *plateaus)
{
    scanning s = { .view = view, .options = options, .search = search, .scan = scan };
    fn_table *made = NULL;
    fn_status status = check_scan(run, scan);
    bool has_ties = false;
    for (size_t i = 0; i < view->ties && !has_ties; i++) {
        const fn_tie tie = fn_ties_at(fn_net_tie_rows(view->net), fn_view_tie(view, i));
        has_ties = tie.from != tie.to && view->weight[i] > 0;
    }
    if (!status && !has_ties) status = fn_fail(run, FN_EINVAL, "there are no ties to scan");
    if (!status && !(s.line = fn_alloc(run, (size_t) scan->searches + 1, sizeof *s.line))) status = FN_ENOMEM;
    if (!status) status = scan_all(run, &s);
    if (!status) status = fn_table_new(run, (size_t) s.lines, &made);
    if (!status) status = make_table(run, &s, made);
    if (!status && plateaus) {
        if (!(plateaus->partition = fn_alloc(run, (size_t) s.lines, sizeof *plateaus->partition))) status = FN_ENOMEM;
        for (int i = 0; i < s.lines && !status; i++) {
            plateaus->partition[plateaus->count++] = s.line[i].partition;
            s.line[i].partition = NULL;
        }
    }
    if (!status) {
        *table = made;
        made = NULL;
    }
    for (int i = 0; i < s.lines; i++) fn_partition_free(s.line[i].partition);
    fn_free(s.line);
    fn_table_free(made);
    return status;
}
