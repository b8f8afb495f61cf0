/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/central_company.h"
#include "algorithms/clusters.h"
#include "algorithms/economy.h"
#include "graph/memory.h"
#include "io/ocds_write.h"
#include "io/table.h"
#include "tests/suite.h"

Suite *suite_ocds_write(void);

/* A net as sorted lines of text that name firms by their keys, so that nets can be compared whatever their order. */
typedef struct lines { char **line; size_t count, room; } lines;

static void add_line(lines *l, const char *text)
{
    if (l->count == l->room) {
        l->room = l->room ? 2 * l->room : 1024;
        l->line = realloc(l->line, l->room * sizeof *l->line);
    }
    l->line[l->count++] = strdup(text);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

static void free_lines(lines *l)
{
    for (size_t k = 0; k < l->count; k++) free(l->line[k]);
    free(l->line);
}

static const char *key(const fn_net *net, uint32_t firm)
{
    return fn_names_text(fn_net_keys(net), firm, NULL);
}

static void list_firms(const fn_net *net, lines *out)
{
    for (uint32_t f = 0; f < fn_net_firms(net); f++) {
        char text[1024];
        snprintf(text, sizeof text, "firm %s|%s|%s|%s|%s", key(net, f), fn_net_firm_text(net, f, "name", NULL),
                 fn_net_firm_text(net, f, "kind", NULL), fn_net_firm_text(net, f, "country", NULL),
                 fn_net_firm_text(net, f, "region", NULL));
        add_line(out, text);
    }
}

static void list_ties(const fn_net *net, lines *out)
{
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie *t = FN_TIE(net, e);
        const char *from = key(net, t->from), *to = key(net, t->to);
        bool swap = !fn_net_layer_directed(t->layer) && strcmp(from, to) > 0;
        bool money = t->layer == FN_LAYER_SUPPLY;
        char text[1024];
        snprintf(text, sizeof text, "tie %s %s %s %.17g %s %lld %d %d %.9f", swap ? to : from, swap ? from : to,
                 fn_names_text(fn_net_layers(net), t->layer, NULL), money ? t->value : 0,
                 money ? fn_names_text(fn_net_currencies(net), t->currency, NULL) : "", (long long) t->count, t->first,
                 t->last, t->layer == FN_LAYER_COBID ? t->weight : 0);
        add_line(out, text);
    }
}

static void join_firms(const fn_net *net, size_t first, size_t count, char *text, size_t room)
{
    const char *sorted[32];
    ck_assert_uint_le(count, 32);
    for (size_t k = 0; k < count; k++) sorted[k] = key(net, fn_net_tender_firms(net)[first + k]);
    qsort(sorted, count, sizeof *sorted, by_text);
    for (size_t k = 0; k < count; k++) {
        size_t used = strlen(text);
        snprintf(text + used, room - used, "%s%s", k ? "," : " ", sorted[k]);
    }
}

static void list_tenders(const fn_net *net, lines *out)
{
    for (size_t k = 0; k < fn_net_tenders(net); k++) {
        const fn_tender *t = &fn_net_tender(net)[k];
        char text[2048];
        snprintf(text, sizeof text, "tender %s %s %d %d %.17g", key(net, t->buyer),
                 fn_names_text(fn_net_products(net), t->product, NULL), t->day, t->bids_known,
                 t->winners ? t->value : 0);
        join_firms(net, t->first_bidder, t->bidders, text, sizeof text);
        strcat(text, " |");
        join_firms(net, t->first_winner, t->winners, text, sizeof text);
        add_line(out, text);
    }
}

static lines list(const fn_net *net)
{
    lines out = { 0 };
    list_firms(net, &out);
    list_ties(net, &out);
    list_tenders(net, &out);
    qsort(out.line, out.count, sizeof *out.line, by_text);
    return out;
}

static fn_status write_net(fn_run *run, const fn_net *net, const char *path)
{
    fn_output *output;
    fn_export export_ = { .net = net, .tie_count = fn_net_ties(net) };
    fn_status status = fn_output_open(run, path, &output);
    if (status) return status;
    status = fn_ocds_write(run, output, &export_);
    if (!status) return fn_output_commit(run, output);
    fn_output_abort(output);
    return status;
}

static fn_net *economy(fn_run *run, uint64_t seed)
{
    fn_economy_options options = { .firms = 160, .clusters = 4, .tenders = 700, .noise = 0.1 };
    fn_net *net;
    fn_table *truth;
    run->seed = seed;
    ck_assert_int_eq(fn_economy(run, &options, &net, &truth), FN_OK);
    fn_table_free(truth);
    return net;
}

static void compare(const fn_net *written, const fn_net *read)
{
    lines a = list(written), b = list(read);
    for (size_t k = 0; k < a.count && k < b.count; k++)
        ck_assert_msg(strcmp(a.line[k], b.line[k]) == 0, "written %s\nread    %s", a.line[k], b.line[k]);
    ck_assert_uint_eq(a.count, b.count);
    free_lines(&a);
    free_lines(&b);
}

START_TEST(written_tenders_read_back_as_the_same_network)
{
    fn_run run = support_run();
    fn_net *net = economy(&run, (uint64_t) _i), *back;
    char path[4096];
    snprintf(path, sizeof path, "%s", support_scratch(_i % 2 ? "economy.jsonl" : "economy.jsonl.gz"));
    fn_read_options options = { .since = FN_DAY_NONE, .until = FN_DAY_NONE };
    ck_assert_int_eq(write_net(&run, net, path), FN_OK);
    const char *paths[] = { path };
    fn_status status = fn_read(&run, paths, 1, &options, &back, NULL, NULL);
    ck_assert_msg(status == FN_OK, "%s", run.error.message);
    ck_assert_uint_eq(fn_net_firms(back), 160);
    compare(net, back);
    fn_net_free(back);
    fn_net_free(net);
}
END_TEST

/* The whole text of a file, unpacked. */
static char *text_of(fn_run *run, const char *path, size_t *length)
{
    fn_source *source;
    char *text = NULL;
    const char *bytes;
    size_t got;
    *length = 0;
    fn_status status = fn_source_open(run, path, &source);
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
    for (;;) {
        ck_assert_int_eq(fn_source_next(run, source, &bytes, &got), FN_OK);
        if (!got) break;
        text = realloc(text, *length + got);
        memcpy(text + *length, bytes, got);
        *length += got;
    }
    fn_source_close(source);
    return text;
}

static void same_text(fn_run *run, const char *a_path, const char *b_path)
{
    size_t a_length, b_length;
    char *a = text_of(run, a_path, &a_length), *b = text_of(run, b_path, &b_length);
    ck_assert_uint_eq(a_length, b_length);
    ck_assert_int_eq(memcmp(a, b, a_length), 0);
    free(a);
    free(b);
}

/* Compressed bytes depend on the version of zlib, the text does not. */
START_TEST(bundled_tenders_can_be_made_again)
{
    fn_run run = support_run();
    fn_economy_options options;
    fn_net *net;
    fn_table *truth;
    fn_output *output;
    char made[4096];
    fn_economy_defaults(&options);
    ck_assert_int_eq(fn_economy(&run, &options, &net, &truth), FN_OK);
    snprintf(made, sizeof made, "%s", support_scratch("bundled.jsonl"));
    ck_assert_int_eq(write_net(&run, net, made), FN_OK);
    same_text(&run, made, support_source("datasets/tenders.jsonl.gz"));
    snprintf(made, sizeof made, "%s", support_scratch("bundled.truth.tsv"));
    ck_assert_int_eq(fn_output_open(&run, made, &output), FN_OK);
    ck_assert_int_eq(fn_table_write(&run, output, truth, FN_TABLE_TSV, NULL), FN_OK);
    ck_assert_int_eq(fn_output_commit(&run, output), FN_OK);
    same_text(&run, made, support_source("datasets/tenders.truth.tsv"));
    fn_table_free(truth);
    fn_net_free(net);
}
END_TEST

static fn_table *read_truth(fn_run *run)
{
    fn_source *source;
    fn_table *truth;
    ck_assert_int_eq(fn_source_open(run, support_source("datasets/tenders.truth.tsv"), &source), FN_OK);
    ck_assert_int_eq(fn_table_read(run, source, &truth), FN_OK);
    fn_source_close(source);
    return truth;
}

/* From the raw dump to clusters and their heads, all by default. */
START_TEST(bundled_tenders_give_back_the_plan)
{
    fn_run run = support_run();
    const char *paths[] = { support_source("datasets/tenders.jsonl.gz") };
    fn_read_options options = { .since = FN_DAY_NONE, .until = FN_DAY_NONE };
    fn_leiden_options leiden;
    fn_central_options central;
    fn_net *net;
    fn_partition *partition;
    fn_table *heads, *members, *truth;
    fn_agreement agreement;
    bool is_central[600];
    uint32_t planned[600], found[600], hits = 0, compared = 0;

    fn_leiden_defaults(&leiden);
    fn_central_defaults(&central);
    fn_status status = fn_read(&run, paths, 1, &options, &net, NULL, NULL);
    ck_assert_msg(status == FN_OK, "%s", run.error.message);
    truth = read_truth(&run);
    ck_assert_uint_eq(fn_net_firms(net), 600);
    ck_assert_uint_eq(truth->rows, 600);
    fn_view *view = support_view(&run, net);
    ck_assert_int_eq(fn_leiden(&run, view, &leiden, &partition), FN_OK);
    ck_assert_int_eq(fn_central_company(&run, view, partition->cluster, partition->clusters, &central, &heads, &members,
                                        is_central, NULL), FN_OK);
    for (size_t k = 0; k < 600; k++) {
        uint32_t firm = support_firm(net, fn_column_text(fn_table_find(truth, "firm"), k, NULL));
        const char *cluster = fn_column_text(fn_table_find(truth, "cluster"), k, NULL);
        hits += is_central[firm] && strcmp(fn_column_text(fn_table_find(truth, "role"), k, NULL), "central") == 0;
        if (!*cluster) continue;
        planned[compared] = (uint32_t) atoi(cluster) - 1;
        found[compared++] = partition->cluster[firm];
    }
    ck_assert_int_eq(fn_partition_compare(&run, compared, planned, found, &agreement), FN_OK);
    ck_assert_uint_ge(compared, 590);
    ck_assert_uint_ge(hits, 11);
    ck_assert_double_ge(agreement.nmi, 0.9);
    fn_partition_free(partition);
    fn_table_free(heads);
    fn_table_free(members);
    fn_table_free(truth);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(a_network_without_tenders_is_refused)
{
    static const uint32_t pair[][2] = { { 0, 1 } };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 2, 1, pair, NULL);
    ck_assert_int_eq(write_net(&run, net, support_scratch("none.jsonl")), FN_EINVAL);
    ck_assert_str_eq(run.error.message, "the network has no tenders to write");
    fn_net_free(net);
}
END_TEST

START_TEST(ties_that_no_tender_tells_of_are_warned_about)
{
    fn_run run = support_run();
    fn_net *net;
    uint32_t firm;
    ck_assert_int_eq(fn_net_new(&run, &net), FN_OK);
    for (uint32_t k = 0; k < 3; k++) ck_assert_int_eq(fn_net_firm(&run, net, &"abc"[k], 1, &firm), FN_OK);
    for (uint32_t k = 1; k < 3; k++) {
        fn_tie tie = { .from = k, .to = 0, .product = FN_NONE, .layer = FN_LAYER_SUPPLY, .value = 4, .weight = NAN,
                       .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        ck_assert_int_eq(fn_net_add(&run, net, &tie, NULL), FN_OK);
    }
    fn_tender t = { .buyer = 0, .product = FN_NONE, .bids_known = true, .day = FN_DAY_NONE, .value = NAN };
    ck_assert_int_eq(fn_net_add_tender(&run, net, &t, (uint32_t[]) { 1 }, 1, (uint32_t[]) { 1 }, 1), FN_OK);
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    ck_assert_int_eq(write_net(&run, net, support_scratch("untold.jsonl")), FN_OK);
    ck_assert_str_eq(support_warning(), "1 ties are not written: no tender tells of them");
    fn_net_free(net);
}
END_TEST

START_TEST(failing_allocations_leave_no_file)
{
    fn_run run = support_run();
    fn_economy_options options = { .firms = 16, .clusters = 1, .tenders = 16, .noise = 0 };
    fn_net *net;
    fn_table *truth;
    char path[4096];
    snprintf(path, sizeof path, "%s", support_scratch("scarce.jsonl"));
    ck_assert_int_eq(fn_economy(&run, &options, &net, &truth), FN_OK);
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        remove(path);
        run = support_run();
        fn_memory_fail_at(k, k % 2);
        status = write_net(&run, net, path);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || status == FN_ENOMEM);
        FILE *file = fopen(path, "r");
        ck_assert((file != NULL) == (status == FN_OK));
        if (file) fclose(file);
    }
    fn_table_free(truth);
    fn_net_free(net);
}
END_TEST

Suite *suite_ocds_write(void)
{
    Suite *suite = suite_create("ocds_write");
    TCase *cases = tcase_create("tenders written");
    tcase_add_loop_test(cases, written_tenders_read_back_as_the_same_network, 1, 4);
    tcase_add_test(cases, bundled_tenders_can_be_made_again);
    tcase_add_test(cases, bundled_tenders_give_back_the_plan);
    tcase_add_test(cases, a_network_without_tenders_is_refused);
    tcase_add_test(cases, ties_that_no_tender_tells_of_are_warned_about);
    tcase_add_test(cases, failing_allocations_leave_no_file);
    suite_add_tcase(suite, cases);
    return suite;
}
