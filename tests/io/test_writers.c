/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "io/format.h"
#include "tests/suite.h"

Suite *suite_writers(void);

/* Reading back ---------------------------------------------------------------------------------------------------- */

static char *file_text(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s is not there", path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t) size + 1);
    ck_assert(fread(text, 1, (size_t) size, file) == (size_t) size);
    text[size] = '\0';
    fclose(file);
    unlink(path);
    if (length) *length = (size_t) size;
    return text;
}

static const fn_format *format_named(const char *name)
{
    const fn_format *format = fn_format_find(name);
    ck_assert_msg(format != NULL, "no format %s", name);
    return format;
}

static char *written(fn_run *run, const char *format, fn_export *what, size_t *length)
{
    const char *path = support_scratch("writers.out");
    fn_output *output;
    ck_assert_int_eq(fn_output_open(run, path, &output), FN_OK);
    fn_status status = format_named(format)->write(run, output, what);
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
    ck_assert_int_eq(fn_output_commit(run, output), FN_OK);
    return file_text(path, length);
}

/* The next start tag `<name ` from *at on, its text up to the closing >, NULL when there is none. */
static char *next_tag(const char **at, const char *name)
{
    char start[64];
    snprintf(start, sizeof start, "<%s ", name);
    const char *found = strstr(*at, start);
    if (!found) return NULL;
    const char *end = strchr(found, '>');
    ck_assert(end != NULL);
    *at = end + 1;
    return strndup(found, (size_t) (end - found) + 1);
}

/* Value of an attribute with the five entities and decimal references undone; NULL: not there. */
static char *attribute(const char *tag, const char *name)
{
    static const struct { const char *entity; char character; } entities[] = {
        { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' }, { "&#39;", '\'' },
        { "&#9;", '\t' }, { "&#10;", '\n' }, { "&#13;", '\r' }
    };
    char start[64];
    snprintf(start, sizeof start, " %s=\"", name);
    const char *found = strstr(tag, start);
    if (!found) return NULL;
    found += strlen(start);
    const char *end = strchr(found, '"');
    ck_assert(end != NULL);
    char *value = calloc((size_t) (end - found) + 1, 1), *to = value;
    while (found < end) {
        size_t known = 0;
        for (size_t e = 0; *found == '&' && e < sizeof entities / sizeof *entities; e++) {
            if (strncmp(found, entities[e].entity, strlen(entities[e].entity)) != 0) continue;
            *to++ = entities[e].character;
            known = strlen(entities[e].entity);
        }
        ck_assert_msg(*found != '&' || known > 0, "unknown entity in %s", tag);
        ck_assert_msg(*found != '<', "< in an attribute of %s", tag);
        if (known == 0) *to++ = *found++;
        found += known;
    }
    return value;
}

typedef struct words { char *word[512]; size_t count; } words;

static void words_add_once(words *list, char *word, const char *what)
{
    for (size_t i = 0; i < list->count; i++)
        ck_assert_msg(strcmp(list->word[i], word) != 0, "%s \"%s\" twice", what, word);
    ck_assert(list->count < 512);
    list->word[list->count++] = word;
}

static bool words_have(const words *list, const char *word)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->word[i], word) == 0) return true;
    return false;
}

static void words_free(words *list)
{
    for (size_t i = 0; i < list->count; i++) free(list->word[i]);
}

/* The rules of Gephi ---------------------------------------------------------------------------------------------- */

static void check_code_points(const char *text, size_t length)
{
    ck_assert(fn_utf8_valid(text, length));
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char) text[i];
        ck_assert_msg(c >= 0x20 || c == '\n', "control character %02x in the file", c);
        ck_assert(!(c == 0xef && (unsigned char) text[i + 1] == 0xbf && (unsigned char) text[i + 2] >= 0xbe));
    }
}

static void check_declarations(const char *text)
{
    const char *at = text;
    for (int class = 0; class < 2; class++) {
        const char *block = strstr(at, "<attributes class="), *end = block ? strstr(block, "</attributes>") : NULL;
        ck_assert(block != NULL && end != NULL);
        words names = { 0 };
        for (const char *from = block; ; ) {
            char *tag = next_tag(&from, "attribute");
            if (!tag || from > end) {
                free(tag);
                break;
            }
            char *id = attribute(tag, "id"), *title = attribute(tag, "title"), *type = attribute(tag, "type");
            ck_assert_str_eq(id, title);
            ck_assert_msg(strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(id), "attribute id %s", id);
            ck_assert(strcmp(id, "id") && strcmp(id, "label") && strcmp(id, "timeset") && strcmp(id, "weight"));
            ck_assert(strcmp(type, "anyURI") != 0 && strncmp(type, "list", 4) != 0);
            words_add_once(&names, id, "attribute id");
            free(tag);
            free(title);
            free(type);
        }
        words_free(&names);
        at = end;
    }
}

static void check_spells(const char *text)
{
    for (const char *at = text; (at = strstr(at, "<spells>")) != NULL; ) {
        const char *end = strstr(at, "</spells>");
        char before[16] = "";
        char *tag;
        for (const char *from = at; (tag = next_tag(&from, "spell")) && from <= end; free(tag)) {
            char *start = attribute(tag, "start"), *stop = attribute(tag, "end");
            ck_assert_uint_eq(strlen(start), 10);
            /* Half open: the next may begin only after a gap. ISO dates sort as text. */
            ck_assert_msg(strcmp(start, before) > 0, "spells overlap at %s", start);
            if (stop) ck_assert_msg(strcmp(stop, start) > 0, "spell %s ends at %s", start, stop);
            snprintf(before, sizeof before, "%s", stop ? stop : "9999-12-31");
            free(start);
            free(stop);
        }
        free(tag);
        at = end;
    }
}

static void check_drawing(const char *text, size_t nodes)
{
    const char *at = text;
    double least = INFINITY, most = 0, east = 0, north = 0;
    size_t sizes = 0;
    char *tag;
    ck_assert(!strstr(text, "hex="));
    for (; (tag = next_tag(&at, "viz:size")); free(tag), sizes++) {
        double size = atof(strchr(tag, '"') + 1);
        least = fmin(least, size);
        most = fmax(most, size);
    }
    if (sizes == 0) return;
    ck_assert_uint_eq(sizes, nodes);
    ck_assert_double_eq(least, 4);
    ck_assert(nodes < 2 || most == 100);
    for (at = text; (tag = next_tag(&at, "viz:position")); free(tag)) {
        char *x = attribute(tag, "x"), *y = attribute(tag, "y");
        ck_assert(fabs(atof(x)) <= 5000 && fabs(atof(y)) <= 5000);
        east += atof(x) / (double) nodes;
        north += atof(y) / (double) nodes;
        free(x);
        free(y);
    }
    ck_assert(fabs(east) < 0.01 && fabs(north) < 0.01);
}

static void check_edges(const char *text, const words *nodes, size_t ties)
{
    words ids = { 0 }, kinds = { 0 };
    const char *at = text;
    char *tag;
    for (; (tag = next_tag(&at, "edge")); free(tag)) {
        char *source = attribute(tag, "source"), *target = attribute(tag, "target"), *kind = attribute(tag, "kind");
        char *weight = attribute(tag, "weight"), *id = attribute(tag, "id"), *pair = NULL;
        ck_assert(source && target && kind && weight && id);
        ck_assert(words_have(nodes, source) && words_have(nodes, target));
        ck_assert(isfinite(atof(weight)) && (float) atof(weight) > 0);
        ck_assert(!strstr(tag, " type="));
        ck_assert(asprintf(&pair, "%s\n%s\n%s", source, target, kind) > 0);
        words_add_once(&ids, id, "edge id");
        words_add_once(&kinds, pair, "pair and kind");
        free(source);
        free(target);
        free(kind);
        free(weight);
    }
    ck_assert_uint_eq(ids.count, ties);
    words_free(&ids);
    words_free(&kinds);
}

/* Every rule at once. */
static void check_gexf(const char *text, size_t length, uint32_t firms, size_t ties)
{
    ck_assert(strncmp(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", 39) == 0);
    ck_assert(strstr(text, "xmlns=\"http://gexf.net/1.3\" xmlns:viz=\"http://gexf.net/1.3/viz\" version=\"1.3\""));
    ck_assert(strstr(text, "defaultedgetype=\"directed\""));
    for (const char *at = text; (at = strstr(at, "<default>")); at++) { /* without entities, which Gephi loses there */
        const char *close = strstr(at, "</default>");
        ck_assert(close > at + 9 && !memchr(at, '&', (size_t) (close - at)));
    }
    const char *description = strstr(text, "<description>"), *end = strstr(text, "</description>");
    for (const char *c = description + 13; c < end; c++) ck_assert(*c != '&' && *c != '<');
    check_code_points(text, length);
    check_declarations(text);
    check_spells(text);
    words nodes = { 0 };
    const char *at = text;
    for (char *tag; (tag = next_tag(&at, "node")); free(tag)) {
        char *id = attribute(tag, "id"), *label = attribute(tag, "label");
        ck_assert(id && *id && label && *label);
        ck_assert(id[0] > ' ' || id[0] < 0);
        ck_assert(id[strlen(id) - 1] != ' ' && id[strlen(id) - 1] != '\n');
        words_add_once(&nodes, id, "node id");
        free(label);
    }
    ck_assert_uint_eq(nodes.count, firms);
    check_edges(text, &nodes, ties);
    check_drawing(text, nodes.count);
    words_free(&nodes);
}

/* A hostile network ----------------------------------------------------------------------------------------------- */

static const struct { const char *text; size_t length; } hostile[] = {
#define TEXT(literal) { literal, sizeof literal - 1 }
    TEXT("INFINEON AG"), TEXT("NULL"), TEXT("ООО «Ромашка» & Co <1>"), TEXT("tab\tand\vvertical tab"),
    TEXT("\xf0\x9f\x8f\xad emoji"), TEXT("شركة البناء"), TEXT("a]]>b"), TEXT("\"quoted\" 'twice'"),
    TEXT("bad \xff\xfe utf-8"), TEXT("bad \xfe\xff utf-8"), TEXT(" leading"), TEXT("trailing \n"), TEXT(""),
    TEXT("nul\0inside"), TEXT("=1+1"), TEXT("'=1+1"), TEXT("line\nbreak"), TEXT("\xef\xbf\xbf"), TEXT("leading~11"),
    TEXT("<script>alert(1)</script>"), TEXT("semi;colon,comma"), TEXT("cut \xe2\x82")
#undef TEXT
};
enum { HOSTILE = sizeof hostile / sizeof *hostile };

typedef struct case_net {
    fn_run run;
    fn_net *net;
    fn_table *firms, *ties;
    fn_export what;
} case_net;

static void add(case_net *c, uint32_t from, uint32_t to, const char *layer, const char *currency, double value,
                int32_t first, int32_t last)
{
    fn_tie tie = { .from = from, .to = to, .product = FN_NONE, .value = value, .weight = NAN, .count = 2,
                   .first = first, .last = last };
    ck_assert_int_eq(fn_net_layer(&c->run, c->net, layer, strlen(layer), &tie.layer), FN_OK);
    ck_assert_int_eq(fn_net_currency(&c->run, c->net, currency, strlen(currency), &tie.currency), FN_OK);
    if (tie.layer == FN_LAYER_COBID) tie.weight = 0.25;
    ck_assert_int_eq(fn_net_product(&c->run, c->net, "45000000", 8, &tie.product), FN_OK);
    ck_assert_int_eq(fn_net_add(&c->run, c->net, &tie, NULL), FN_OK);
}

/* Columns as the main job makes them; every kind of column, with missing places. */
static void add_columns(case_net *c)
{
    uint32_t firms = fn_net_firms(c->net);
    fn_column *x, *y, *size, *color, *cluster, *share, *flag, *day, *word, *class;
    ck_assert_int_eq(fn_table_new(&c->run, firms, &c->firms), FN_OK);
    fn_table_add(&c->run, c->firms, "x", FN_COLUMN_REAL, &x);
    fn_table_add(&c->run, c->firms, "y", FN_COLUMN_REAL, &y);
    fn_table_add(&c->run, c->firms, "size", FN_COLUMN_REAL, &size);
    fn_table_add(&c->run, c->firms, "color", FN_COLUMN_TEXT, &color);
    fn_table_add(&c->run, c->firms, "cluster", FN_COLUMN_INT, &cluster);
    fn_table_add(&c->run, c->firms, "Share of I/O", FN_COLUMN_REAL, &share);
    fn_table_add(&c->run, c->firms, "is_central", FN_COLUMN_BOOL, &flag);
    fn_table_add(&c->run, c->firms, "label", FN_COLUMN_DATE, &day);
    fn_table_add(&c->run, c->firms, "Label", FN_COLUMN_TEXT, &word);
    for (uint32_t u = 0; u < firms; u++) {
        x->real[u] = firms > 1 ? 1000.0 * u / (firms - 1) - 500 : 0;
        y->real[u] = -x->real[u];
        size->real[u] = firms > 1 ? 4 + 96.0 * u / (firms - 1) : 4;
        fn_column_set_text(&c->run, color, u, "#0072B2", 7);
        if (u % 3) cluster->integer[u] = u == 4 ? 5000000000 : u;
        if (u % 2) share->real[u] = 1.0 / (u + 3);
        if (u % 4) flag->boolean[u] = u % 8 == 1;
        if (u % 5) day->date[u] = (int32_t) u * 365;
        if (u % 2 == 0 && hostile[u % HOSTILE].length)
            fn_column_set_text(&c->run, word, u, hostile[u % HOSTILE].text, hostile[u % HOSTILE].length);
    }
    ck_assert_int_eq(fn_table_new(&c->run, fn_net_ties(c->net), &c->ties), FN_OK);
    fn_table_add_borrowed(&c->run, c->ties, "from", fn_net_keys(c->net), &word);
    fn_table_add(&c->run, c->ties, "class", FN_COLUMN_TEXT, &class);
    fn_table_add(&c->run, c->ties, "weight", FN_COLUMN_REAL, &share);
    for (size_t t = 0; t < fn_net_ties(c->net); t++) {
        fn_column_set_text(&c->run, class, t, "strong", 6);
        share->real[t] = (double) t;
    }
    c->what = (fn_export) { .net = c->net, .firms = c->firms, .ties = c->ties,
                            .provenance = "firmnet map <dump> & more --seed 1 \"quoted\"\x01" };
}

static case_net hostile_case(void)
{
    case_net c = { .run = support_run() };
    ck_assert_int_eq(fn_net_new(&c.run, &c.net), FN_OK);
    for (uint32_t u = 0; u < HOSTILE; u++) {
        uint32_t firm;
        ck_assert_int_eq(fn_net_firm(&c.run, c.net, hostile[u].text, hostile[u].length, &firm), FN_OK);
        ck_assert_uint_eq(firm, u);
        if (u % 3 == 0)
            fn_net_set_firm_text(&c.run, c.net, u, "name", hostile[(u + 5) % HOSTILE].text,
                                 hostile[(u + 5) % HOSTILE].length);
        if (u % 2 == 0) fn_net_set_firm_text(&c.run, c.net, u, "industry", u ? "4520" : "0111", 4);
        fn_net_set_firm_text(&c.run, c.net, u, "size", "12 persons", 10);
    }
    add(&c, 0, 1, "supply", "EUR", 1000.25, 16000, 16100);
    add(&c, 0, 1, "supply", "USD", 70.5, 16050, 16400);
    add(&c, 0, 1, "supply", "", 1, FN_DAY_NONE, FN_DAY_NONE);
    add(&c, 0, 1, "cobid", "", NAN, 16000, 16001);
    add(&c, 1, 0, "supply", "EUR", 0, 16000, 16000);
    add(&c, 2, 3, "supply", "EUR", 5, 16000, 16010);
    add(&c, 2, 4, "supply", "EUR", 5, 16011, 16020);
    add(&c, 2, 5, "supply", "EUR", 5, 16100, 2932896);
    add(&c, 6, 6, "supply", "EUR", 123456789012.34, 16000, FN_DAY_NONE);
    add(&c, 7, 8, "board (old)", "EUR", -5, FN_DAY_NONE, 16000);
    add(&c, 8, 9, "bad \xff layer", "E\x01R", 1e-300, FN_DAY_NONE, FN_DAY_NONE);
    add(&c, 8, 9, "bad \xfe layer", "E\x02R", 1e300, FN_DAY_NONE, FN_DAY_NONE);
    for (uint32_t u = 10; u + 1 < HOSTILE; u++) add(&c, u, u + 1, "consortium", "", NAN, 16000, 16000);
    ck_assert_int_eq(fn_net_freeze(&c.run, c.net), FN_OK);
    add_columns(&c);
    return c;
}

static void case_free(case_net *c)
{
    fn_table_free(c->firms);
    fn_table_free(c->ties);
    fn_net_free(c->net);
}

START_TEST(gexf_of_hostile_names_keeps_every_rule_of_gephi)
{
    case_net c = hostile_case();
    size_t length;
    char *text = written(&c.run, "gexf", &c.what, &length);
    check_gexf(text, length, HOSTILE, fn_net_ties(c.net));
    ck_assert(c.what.replaced > 0);
    free(text);
    case_free(&c);
}
END_TEST

START_TEST(names_survive_in_labels)
{
    case_net c = hostile_case();
    char *text = written(&c.run, "gexf", &c.what, NULL);
    ck_assert_ptr_nonnull(strstr(text, "id=\"INFINEON AG\""));
    ck_assert_ptr_nonnull(strstr(text, "<node id=\"NULL\" label=\"NULL\">"));
    ck_assert_ptr_nonnull(strstr(text, "ООО «Ромашка» &amp; Co &lt;1&gt;"));
    ck_assert_ptr_nonnull(strstr(text, "شركة البناء"));
    ck_assert_ptr_nonnull(strstr(text, "\xf0\x9f\x8f\xad emoji"));
    ck_assert_ptr_nonnull(strstr(text, "a]]&gt;b"));
    ck_assert_ptr_nonnull(strstr(text, "tab&#9;and\xef\xbf\xbdvertical tab"));
    ck_assert_ptr_null(strstr(text, "<script>"));
    free(text);
    case_free(&c);
}
END_TEST

START_TEST(keys_that_are_no_identifiers_get_a_readable_one)
{
    case_net c = hostile_case();
    char *text = written(&c.run, "gexf", &c.what, NULL);
    ck_assert_ptr_nonnull(strstr(text, "<node id=\"bad \xef\xbf\xbd\xef\xbf\xbd utf-8~9\""));
    ck_assert_ptr_nonnull(strstr(text, "<node id=\"bad \xef\xbf\xbd\xef\xbf\xbd utf-8~10\""));
    /* " leading" is firm 11, and "leading~11" is another firm's key */
    ck_assert_ptr_nonnull(strstr(text, "<node id=\"leading~11~\""));
    ck_assert_ptr_nonnull(strstr(text, "<attvalue for=\"key\" value=\" leading\"/>"));
    free(text);
    case_free(&c);
}
END_TEST

START_TEST(money_of_two_currencies_is_never_merged_by_gephi)
{
    case_net c = hostile_case();
    char *text = written(&c.run, "gexf", &c.what, NULL);
    ck_assert_ptr_nonnull(strstr(text, "kind=\"supply (EUR)\""));
    ck_assert_ptr_nonnull(strstr(text, "kind=\"supply (USD)\""));
    ck_assert_ptr_nonnull(strstr(text, "kind=\"supply\""));
    ck_assert_ptr_nonnull(strstr(text, "<attvalue for=\"value\" value=\"1000.25\"/>"
                                 "<attvalue for=\"currency\" value=\"EUR\"/>"));
    ck_assert_ptr_nonnull(strstr(text, "<attvalue for=\"value\" value=\"123456789012.34\"/>"));
    free(text);
    case_free(&c);
}
END_TEST

START_TEST(life_times_are_half_open_and_united)
{
    case_net c = hostile_case();
    char *text = written(&c.run, "gexf", &c.what, NULL);
    ck_assert_ptr_nonnull(strstr(text, "mode=\"dynamic\" timeformat=\"date\" timerepresentation=\"interval\" "
                                 "timezone=\"UTC\""));
    /* 16000 … 16010 and 16011 … 16020 are one life; 16100 … 9999-12-31 has no end */
    ck_assert_ptr_nonnull(strstr(text, "<spells><spell start=\"2013-10-22\" end=\"2013-11-12\"/>"
                                 "<spell start=\"2014-01-30\"/></spells>"));
    /* a firm with an undated tie lives always */
    const char *node = strstr(text, "<node id=\"NULL\"");
    ck_assert(strstr(node, "</node>") < strstr(node, "<spells>"));
    free(text);
    case_free(&c);
}
END_TEST

START_TEST(every_column_is_written_with_its_type)
{
    case_net c = hostile_case();
    char *text = written(&c.run, "gexf", &c.what, NULL);
    static const char *const declared[] = {
        "id=\"cluster\" title=\"cluster\" type=\"long\"", "id=\"share_of_i_o\" title=\"share_of_i_o\" type=\"double\"",
        "id=\"is_central\" title=\"is_central\" type=\"boolean\"", "id=\"firm_label\"", "id=\"firm_label_2\"",
        "id=\"cluster_color\"", "id=\"industry\"", "id=\"firm_size\"", "id=\"class\"", "id=\"tie_weight\"",
        "id=\"symmetric\" title=\"symmetric\" type=\"boolean\"", "id=\"product\""
    };
    for (size_t i = 0; i < sizeof declared / sizeof *declared; i++)
        ck_assert_msg(strstr(text, declared[i]) != NULL, "no %s", declared[i]);
    ck_assert_ptr_nonnull(strstr(text, "for=\"cluster\" value=\"5000000000\""));
    ck_assert_ptr_nonnull(strstr(text, "for=\"share_of_i_o\" value=\"0.166666667\""));
    ck_assert_ptr_nonnull(strstr(text, "for=\"is_central\" value=\"true\""));
    ck_assert_ptr_nonnull(strstr(text, "<viz:color r=\"0\" g=\"114\" b=\"178\"/>"));
    free(text);
    case_free(&c);
}
END_TEST

START_TEST(what_gephi_will_change_is_said)
{
    case_net c = hostile_case();
    char *text = written(&c.run, "gexf", &c.what, NULL);
    ck_assert_int_ge(support_warnings(), 2);
    ck_assert_ptr_nonnull(strstr(support_warning(), "replaced by U+FFFD"));
    free(text);
    case_free(&c);
}
END_TEST

START_TEST(small_networks_are_written)
{
    static const uint32_t pair[][2] = { { 0, 0 }, { 1, 1 }, { 0, 1 } };
    static const struct { uint32_t firms; size_t ties; } sizes[] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 2, 2 }, { 2, 3 } };
    static const char *const formats[] = { "gexf", "graphml" };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int f = 0; f < 2; f++) {
            case_net c = { .run = support_run() };
            size_t length;
            c.net = support_net(&c.run, sizes[i].firms, sizes[i].ties, pair, NULL);
            add_columns(&c);
            char *text = written(&c.run, formats[f], &c.what, &length);
            check_code_points(text, length);
            if (f == 0) check_gexf(text, length, sizes[i].firms, sizes[i].ties);
            if (f == 0) ck_assert(!strstr(text, "<spell") && strstr(text, "mode=\"static\""));
            free(text);
            c.what.firms = c.what.ties = NULL;
            text = written(&c.run, formats[f], &c.what, &length);
            ck_assert(!strstr(text, "viz:size") && !strstr(text, "viz:color") && !strstr(text, "viz:position"));
            free(text);
            case_free(&c);
        }
    }
}
END_TEST

START_TEST(weights_are_relative_to_the_mean_of_their_layer)
{
    static const uint32_t pair[][2] = { { 0, 1 }, { 1, 2 }, { 2, 0 } };
    static const double value[] = { 1e6, 3e6, 0 };
    case_net c = { .run = support_run() };
    c.net = support_net(&c.run, 3, 3, pair, value);
    c.what.net = c.net;
    char *text = written(&c.run, "gexf", &c.what, NULL);
    ck_assert_ptr_nonnull(strstr(text, "source=\"0\" target=\"1\" kind=\"supply\" weight=\"0.5\""));
    ck_assert_ptr_nonnull(strstr(text, "source=\"1\" target=\"2\" kind=\"supply\" weight=\"1.5\""));
    const char *zero = strstr(text, "source=\"2\" target=\"0\"");
    ck_assert(zero && atof(strstr(zero, "weight=") + 8) == 1e-6);
    free(text);
    case_free(&c);
}
END_TEST

START_TEST(a_selection_of_ties_is_written)
{
    static const uint32_t chosen[] = { 1, 4 };
    static const double weight[] = { 2, NAN };
    case_net c = hostile_case();
    size_t length;
    c.what.ties = NULL;
    c.what.tie = chosen;
    c.what.tie_count = 2;
    c.what.weight = weight;
    char *text = written(&c.run, "gexf", &c.what, &length);
    check_gexf(text, length, HOSTILE, 2);
    ck_assert_ptr_nonnull(strstr(text, "kind=\"supply\""));
    ck_assert_ptr_null(strstr(text, "kind=\"supply (USD)\""));
    free(text);
    case_free(&c);
}
END_TEST

START_TEST(graphml_is_typed_and_escaped)
{
    case_net c = hostile_case();
    size_t length;
    char *text = written(&c.run, "graphml", &c.what, &length);
    check_code_points(text, length);
    ck_assert_ptr_nonnull(strstr(text, "<key id=\"node_cluster\" for=\"node\" attr.name=\"cluster\" attr.type=\"long\"/>"));
    ck_assert_ptr_nonnull(strstr(text, "<data key=\"node_color\">#0072B2</data>"));
    ck_assert_ptr_nonnull(strstr(text, "<data key=\"symmetric\">true</data>"));
    ck_assert_ptr_nonnull(strstr(text, "<!-- firmnet map <dump> & more - -seed 1"));
    ck_assert_ptr_null(strstr(text, "<script>"));
    words keys = { 0 };
    const char *at = text;
    for (char *tag; (tag = next_tag(&at, "key")); free(tag)) words_add_once(&keys, attribute(tag, "id"), "key");
    words_free(&keys);
    free(text);
    case_free(&c);
}
END_TEST

START_TEST(csv_pair_is_safe_for_spreadsheets)
{
    case_net c = hostile_case();
    char *path = strdup(support_scratch("pair.csv")), other[4096];
    ck_assert_int_eq(format_named("gephi-csv")->write_path(&c.run, path, &c.what), FN_OK);
    snprintf(other, sizeof other, "%.*s.nodes.csv", (int) (strlen(path) - 4), path);
    size_t length;
    char *text = file_text(other, &length);
    ck_assert(fn_utf8_valid(text, length));
    ck_assert(strncmp(text, "Id,Label,x,y,size,", 18) == 0);
    ck_assert_ptr_nonnull(strstr(text, "\n'=1+1~15,'=1+1,"));
    ck_assert_ptr_nonnull(strstr(text, "\n'=1+1,"));
    ck_assert_ptr_nonnull(strstr(text, "\"\"\"quoted\"\" 'twice'\""));
    ck_assert_ptr_nonnull(strstr(text, ",industry_0111,"));
    ck_assert_ptr_nonnull(strstr(text, ",100.0,"));
    ck_assert_ptr_nonnull(strstr(text, "\"<[2013-10-22, 2013-11-12]; [2014-01-30, Infinity]>\""));
    free(text);
    snprintf(other, sizeof other, "%.*s.edges.csv", (int) (strlen(path) - 4), path);
    text = file_text(other, &length);
    ck_assert(strncmp(text, "Source,Target,Type,Kind,Id,Label,Weight,value,", 46) == 0);
    ck_assert_ptr_nonnull(strstr(text, "INFINEON AG,NULL,Directed,supply (EUR),"));
    free(text);
    free(path);
    case_free(&c);
}
END_TEST

START_TEST(the_same_bytes_come_twice)
{
    static const char *const formats[] = { "gexf", "graphml" };
    for (int f = 0; f < 2; f++) {
        case_net c = hostile_case(), d = hostile_case();
        size_t one, two;
        d.run.threads = 2;
        char *first = written(&c.run, formats[f], &c.what, &one), *second = written(&d.run, formats[f], &d.what, &two);
        ck_assert_uint_eq(one, two);
        ck_assert_mem_eq(first, second, one);
        free(first);
        free(second);
        case_free(&c);
        case_free(&d);
    }
}
END_TEST

START_TEST(every_failing_allocation_of_a_writer_is_an_error)
{
    static const char *const formats[] = { "gexf", "graphml", "gephi-csv" };
    case_net c = hostile_case();
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        c.run = support_run();
        fn_output *output = NULL;
        const fn_format *format = format_named(formats[_i]);
        fn_memory_fail_at(k, false);
        if (format->write_path) {
            status = format->write_path(&c.run, support_scratch("failing.csv"), &c.what);
        } else {
            status = fn_output_open(&c.run, support_scratch("failing.out"), &output);
            if (!status) status = format->write(&c.run, output, &c.what);
            fn_output_abort(output);
        }
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || status == FN_ENOMEM);
        ck_assert_int_lt(k, 2000);
    }
    if (!format_named(formats[_i])->write) {
        free(file_text(support_scratch("failing.nodes.csv"), NULL));
        free(file_text(support_scratch("failing.edges.csv"), NULL));
    }
    case_free(&c);
}
END_TEST

START_TEST(a_full_disk_is_an_error)
{
    case_net c = hostile_case();
    fn_output *output;
    ck_assert_int_eq(fn_output_open(&c.run, "/dev/full", &output), FN_OK);
    fn_status status = format_named("gexf")->write(&c.run, output, &c.what);
    if (status) fn_output_abort(output);
    else status = fn_output_commit(&c.run, output);
    ck_assert_int_eq(status, FN_EIO);
    case_free(&c);
}
END_TEST

Suite *suite_writers(void)
{
    Suite *suite = suite_create("writers");
    TCase *tests = tcase_create("writers");
    tcase_add_test(tests, gexf_of_hostile_names_keeps_every_rule_of_gephi);
    tcase_add_test(tests, names_survive_in_labels);
    tcase_add_test(tests, keys_that_are_no_identifiers_get_a_readable_one);
    tcase_add_test(tests, money_of_two_currencies_is_never_merged_by_gephi);
    tcase_add_test(tests, life_times_are_half_open_and_united);
    tcase_add_test(tests, every_column_is_written_with_its_type);
    tcase_add_test(tests, what_gephi_will_change_is_said);
    tcase_add_test(tests, small_networks_are_written);
    tcase_add_test(tests, weights_are_relative_to_the_mean_of_their_layer);
    tcase_add_test(tests, a_selection_of_ties_is_written);
    tcase_add_test(tests, graphml_is_typed_and_escaped);
    tcase_add_test(tests, csv_pair_is_safe_for_spreadsheets);
    tcase_add_test(tests, the_same_bytes_come_twice);
    tcase_add_loop_test(tests, every_failing_allocation_of_a_writer_is_an_error, 0, 3);
    tcase_add_test(tests, a_full_disk_is_an_error);
    suite_add_tcase(suite, tests);
    return suite;
}
