/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "io/report.h"
#include "tests/suite.h"

Suite *suite_report(void);

typedef struct page {
    fn_run run;
    fn_net *net;
    fn_view *view;
    fn_table *firms, *ties, *clusters;
    double layer_quality[FN_LAYERS_MOST];
    fn_report report;
} page;

static const char evil[] = "<script>alert(\"1\")</script> & Co 'x' ]]> \x0b\xff";
static const char *const warnings[] = { "two currencies <b>", NULL };
static const char *const inputs[] = { "dump.jsonl.gz, 12 bytes, XXH3 0123", NULL };
static const char *const parameters[] = { "seed = 1", NULL };

static void add_firms(page *p)
{
    uint32_t firms = fn_net_firms(p->net);
    fn_column *x, *y, *size, *cluster, *central;
    fn_table_new(&p->run, firms, &p->firms);
    fn_table_add(&p->run, p->firms, "x", FN_COLUMN_REAL, &x);
    fn_table_add(&p->run, p->firms, "y", FN_COLUMN_REAL, &y);
    fn_table_add(&p->run, p->firms, "size", FN_COLUMN_REAL, &size);
    fn_table_add(&p->run, p->firms, "cluster", FN_COLUMN_INT, &cluster);
    fn_table_add(&p->run, p->firms, "is_central", FN_COLUMN_BOOL, &central);
    for (uint32_t u = 0; u < firms; u++) {
        cluster->integer[u] = u % 3 + 1;
        x->real[u] = 1000.0 * (u % 3) + 40 * cos(u);
        y->real[u] = 300.0 * (u % 3) + 40 * sin(u);
        size->real[u] = 4 + u % 7;
        central->boolean[u] = u < 2;
    }
}

static void add_results(page *p)
{
    fn_column *class, *number, *firms, *head, *name, *index, *share, *reason;
    fn_table_new(&p->run, p->view->ties, &p->ties);
    fn_table_add(&p->run, p->ties, "class", FN_COLUMN_TEXT, &class);
    static const char *const classes[] = { "strong", "weak", "bridge", "weak" };
    for (size_t k = 0; k < p->view->ties; k++)
        fn_column_set_text(&p->run, class, k, classes[k % 4], strlen(classes[k % 4]));
    fn_table_new(&p->run, 3, &p->clusters);
    fn_table_add(&p->run, p->clusters, "cluster", FN_COLUMN_INT, &number);
    fn_table_add(&p->run, p->clusters, "firms", FN_COLUMN_INT, &firms);
    fn_table_add_borrowed(&p->run, p->clusters, "central_company", fn_net_keys(p->net), &head);
    fn_table_add(&p->run, p->clusters, "central_name", FN_COLUMN_TEXT, &name);
    fn_table_add(&p->run, p->clusters, "central_index", FN_COLUMN_REAL, &index);
    fn_table_add(&p->run, p->clusters, "in_share", FN_COLUMN_REAL, &share);
    fn_table_add(&p->run, p->clusters, "reason", FN_COLUMN_TEXT, &reason);
    for (uint32_t c = 0; c < 3; c++) {
        number->integer[c] = c + 1;
        firms->integer[c] = fn_net_firms(p->net) / 3;
        if (c < 2) {
            head->text[c] = c;
            fn_column_set_text(&p->run, name, c, evil, sizeof evil - 1);
            index->real[c] = 0.995 + c * 0.001;
            share->real[c] = 0.126;
        } else {
            fn_column_set_text(&p->run, reason, c, "the lead is too small", 21);
        }
    }
}

static page page_new(uint32_t firms, size_t ties)
{
    page p = { .run = support_run() };
    p.net = support_random_net(&p.run, 5, firms, ties, true);
    fn_net *named;
    /* The same ties with a name that wants to be a program. */
    ck_assert_int_eq(fn_net_new(&p.run, &named), FN_OK);
    for (uint32_t u = 0; u < firms; u++) {
        uint32_t firm;
        size_t length;
        const char *key = fn_names_text(fn_net_keys(p.net), u, &length);
        ck_assert_int_eq(fn_net_firm(&p.run, named, key, length, &firm), FN_OK);
        fn_net_set_firm_text(&p.run, named, firm, "name", evil, sizeof evil - 1);
    }
    for (size_t t = 0; t < fn_net_ties(p.net); t++) {
        fn_tie tie = fn_net_tie_at(p.net, t);
        tie.first = 15000 + (int32_t) t;
        tie.last = 15100 + (int32_t) t;
        ck_assert_int_eq(fn_net_add(&p.run, named, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(&p.run, named), FN_OK);
    fn_net_free(p.net);
    p.net = named;
    p.view = support_view(&p.run, p.net);
    add_firms(&p);
    if (firms >= 3) add_results(&p);
    fn_account *account = fn_net_account(p.net);
    fn_account_count(&p.run, account, "award", FN_READ, "", "", 1915, NULL, 0, NULL);
    fn_account_count(&p.run, account, "award", FN_KEPT, "", "", 1903, NULL, 0, NULL);
    fn_account_count(&p.run, account, "award", FN_REJECTED, "negative", "below <zero>", 12, "a<b>.json", 7, evil);
    fn_account_money(&p.run, account, "awarded", "EUR", 132558956.77);
    for (int k = 0; k < FN_LAYERS_MOST; k++) p.layer_quality[k] = NAN;
    p.layer_quality[0] = 0.4198;
    p.report = (fn_report) {
        .title = "Title <i> & more", .net = p.net, .view = p.view, .firms = p.firms, .ties = p.ties,
        .clusters = p.clusters, .quality = 0.5125, .layer_quality = p.layer_quality, .warnings = warnings,
        .inputs = inputs, .parameters = parameters, .version = "0.1.0"
    };
    return p;
}

static void page_free(page *p)
{
    fn_table_free(p->firms);
    fn_table_free(p->ties);
    fn_table_free(p->clusters);
    fn_view_free(p->view);
    fn_net_free(p->net);
}

static char *written(page *p)
{
    const char *path = support_scratch("report.html");
    fn_output *output;
    ck_assert_int_eq(fn_output_open(&p->run, path, &output), FN_OK);
    if (p->report.layer_quality) p->report.layer_quality = p->layer_quality; /* the page may have been copied */
    fn_status status = fn_report_write(&p->run, output, &p->report);
    ck_assert_msg(status == FN_OK, "%s", p->run.error.message);
    ck_assert_int_eq(fn_output_commit(&p->run, output), FN_OK);
    FILE *file = fopen(path, "rb");
    ck_assert(file != NULL);
    char *text = calloc(1, 4000000);
    ck_assert_uint_lt(fread(text, 1, 3999999, file), 3999999);
    fclose(file);
    unlink(path);
    return text;
}

/* Every element that is opened is closed, in order. */
static void check_balance(const char *text)
{
    char open[64][16];
    size_t depth = 0;
    for (const char *at = strchr(text, '<'); at; at = strchr(at + 1, '<')) {
        char name[16] = "";
        bool closes = at[1] == '/';
        size_t length = strspn(at + 1 + closes, "abcdefghijklmnopqrstuvwxyz0123456789");
        if (length == 0) continue;
        ck_assert_uint_lt(length, sizeof name);
        memcpy(name, at + 1 + closes, length);
        const char *end = strchr(at, '>');
        ck_assert(end != NULL);
        if (end[-1] == '/' || strcmp(name, "meta") == 0 || strcmp(name, "br") == 0) continue;
        if (closes) {
            ck_assert_msg(depth > 0 && strcmp(open[depth - 1], name) == 0, "</%s> closes <%s>", name,
                          depth ? open[depth - 1] : "");
            depth--;
        } else {
            ck_assert_uint_lt(depth, 64);
            strcpy(open[depth++], name);
        }
    }
    ck_assert_uint_eq(depth, 0);
}

static size_t occurrences(const char *text, const char *what)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, what)); at++) count++;
    return count;
}

START_TEST(the_page_is_whole_and_has_its_sections)
{
    static const char *const parts[] = {
        "<html lang=\"en\">", "default-src 'none'; style-src 'unsafe-inline'", "<h2 id=\"h-clusters\">", "<h2 id=\"h-map\">",
        "<h2 id=\"h-ties\">", "<h2 id=\"h-layers\">", "<h2 id=\"h-sizes\">", "<h2 id=\"h-read\">", "<h2 id=\"h-warnings\">",
        "<footer>", "seed = 1",
        "XXH3 0123", "firmnet 0.1.0", "0.512", "0.42", "the lead is too small", "@page"
    };
    page p = page_new(60, 200);
    char *text = written(&p);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        ck_assert_msg(strstr(text, parts[i]) != NULL, "no %s", parts[i]);
    ck_assert_uint_eq(occurrences(text, "<h1"), 1);
    ck_assert_uint_eq(occurrences(text, "<svg "), occurrences(text, "role=\"img\""));
    ck_assert_uint_eq(occurrences(text, "<svg "), occurrences(text, "<desc id="));
    ck_assert_uint_ge(occurrences(text, "<figure"), 5);
    check_balance(text);
    free(text);
    page_free(&p);
}
END_TEST

START_TEST(no_name_becomes_a_program)
{
    page p = page_new(60, 200);
    char *text = written(&p);
    ck_assert_ptr_null(strstr(text, "<script"));
    ck_assert_ptr_null(strstr(text, "<b>."));
    ck_assert_ptr_null(strstr(text, "<i> &"));
    ck_assert_ptr_nonnull(strstr(text, "&lt;script&gt;alert(&quot;1&quot;)"));
    ck_assert_ptr_nonnull(strstr(text, "<bdi dir=\"auto\">"));
    ck_assert(fn_utf8_valid(text, strlen(text)));
    ck_assert_ptr_null(strchr(text, '\x0b'));
    free(text);
    page_free(&p);
}
END_TEST

START_TEST(nothing_is_loaded_from_outside)
{
    page p = page_new(60, 200);
    char *text = written(&p);
    static const char *const outside[] = { "src=", "url(", "@import", "<link", "<iframe", "<object", "javascript:" };
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) ck_assert_ptr_null(strstr(text, outside[i]));
    ck_assert_uint_eq(occurrences(text, "http"), occurrences(text, "http://www.w3.org/2000/svg") + 1); /* http-equiv */
    ck_assert_uint_eq(occurrences(text, "href="), occurrences(text, "href=\"#"));
    free(text);
    page_free(&p);
}
END_TEST

START_TEST(what_was_read_is_stated_exactly)
{
    page p = page_new(60, 200);
    char *text = written(&p);
    ck_assert_ptr_nonnull(strstr(text, "132\xe2\x80\xaf" "558\xe2\x80\xaf" "956.77"));
    ck_assert_ptr_nonnull(strstr(text, "<th scope=\"row\">awards</th><td class=\"n\">1\xe2\x80\xaf" "915</td><td class=\"n\">"
                                 "1\xe2\x80\xaf" "903</td><td class=\"n\">0</td><td class=\"n\">12</td>"));
    ck_assert_ptr_nonnull(strstr(text, "below &lt;zero&gt;"));
    /* 0.995 and 0.996 round to 1.00, 0.126 to 0.13 */
    ck_assert_ptr_nonnull(strstr(text, "<td class=\"n\">1.00</td>"));
    ck_assert_ptr_nonnull(strstr(text, "<td class=\"n\">0.13</td>"));
    free(text);
    page_free(&p);
}
END_TEST

START_TEST(the_page_comes_twice_byte_for_byte)
{
    page p = page_new(80, 300), q = page_new(80, 300);
    q.run.threads = 2;
    char *one = written(&p), *two = written(&q);
    ck_assert_str_eq(one, two);
    free(one);
    free(two);
    page_free(&p);
    page_free(&q);
}
END_TEST

START_TEST(missing_parts_are_said_to_be_missing)
{
    static const struct { uint32_t firms; size_t ties; } sizes[] = { { 0, 0 }, { 1, 1 }, { 2, 3 }, { 30, 0 }, { 30, 60 } };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        page p = page_new(sizes[i].firms, sizes[i].ties);
        char *text = written(&p);
        check_balance(text);
        ck_assert(!strstr(text, "nan\"") && !strstr(text, ">nan") && !strstr(text, " nan") && !strstr(text, "inf\""));
        free(text);
        p.report = (fn_report) { .net = p.net, .view = p.view, .quality = NAN };
        text = written(&p);
        check_balance(text);
        ck_assert_ptr_nonnull(strstr(text, "Clusters were not computed"));
        ck_assert_ptr_nonnull(strstr(text, "Tie strengths were not computed"));
        free(text);
        page_free(&p);
    }
}
END_TEST

START_TEST(a_large_network_gives_a_page_of_bounded_size)
{
    page p = page_new(9000, 30000);
    char *text = written(&p);
    ck_assert_uint_lt(strlen(text), 400000);
    ck_assert_ptr_nonnull(strstr(text, "of 9\xe2\x80\xaf"));
    free(text);
    page_free(&p);
}
END_TEST

START_TEST(every_failing_allocation_of_the_report_is_an_error)
{
    page p = page_new(40, 90);
    fn_status status = FN_ENOMEM;
    p.report.layer_quality = p.layer_quality;
    for (long k = 0; status; k++) {
        fn_output *output = NULL;
        p.run = support_run();
        fn_memory_fail_at(k, false);
        status = fn_output_open(&p.run, support_scratch("failing.html"), &output);
        if (!status) status = fn_report_write(&p.run, output, &p.report);
        fn_memory_fail_at(-1, false);
        fn_output_abort(output);
        ck_assert(status == FN_OK || status == FN_ENOMEM);
        ck_assert_int_lt(k, 1000);
    }
    page_free(&p);
}
END_TEST

Suite *suite_report(void)
{
    Suite *suite = suite_create("report");
    TCase *tests = tcase_create("report");
    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, the_page_is_whole_and_has_its_sections);
    tcase_add_test(tests, no_name_becomes_a_program);
    tcase_add_test(tests, nothing_is_loaded_from_outside);
    tcase_add_test(tests, what_was_read_is_stated_exactly);
    tcase_add_test(tests, the_page_comes_twice_byte_for_byte);
    tcase_add_test(tests, missing_parts_are_said_to_be_missing);
    tcase_add_test(tests, a_large_network_gives_a_page_of_bounded_size);
    tcase_add_test(tests, every_failing_allocation_of_the_report_is_an_error);
    suite_add_tcase(suite, tests);
    return suite;
}
