/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bench/central/fit.h"
#include "bench/measure.h"
#include "graph/memory.h"
#include "io/folder.h"
#include "io/identity.h"
#include "io/it_l190.h"

/* consortia [--fit] FOLDER|TABLE...: are real heads found? For every joint bid with exactly one head in tables after
 * the Italian law 190 (io/it_l190.h): is the head ranked first among its members, by the index of algorithms/lead.h and
 * by single measures? Counted from all other lots (rate), from those of them in which not exactly the same firms bid
 * together (rate_new_groups; lots of one tender are often bid for alike), and, for measures that know no roles, with
 * the lot itself (rate_with_lot). Members that have as much share the hit. --fit tells instead which weights fit these
 * groups best, and how well weights do that were fitted to other buyers. */

typedef struct joint {
    uint32_t lot, buyer, head;
    size_t first, members;
} joint;

typedef struct evaluation {
    fn_lead_book *book;
    joint *group;
    size_t groups, group_capacity;
    uint32_t *member;
    size_t members, member_capacity;
    uint32_t buyers;
} evaluation;

static void must(const fn_run *run, fn_status status)
{
    if (status) bench_stop("%s%s%s", run->error.file, *run->error.file ? ": " : "", run->error.message);
}

/* ---- the tables ---- */

static void read_table(fn_run *run, fn_l190 *l190, const char *path)
{
    fn_source *source = NULL;
    const char *head;
    size_t length;
    must(run, fn_source_open(run, path, &source));
    must(run, fn_source_peek(run, source, 65536, &head, &length));
    if (fn_l190_sniff(head, length)) must(run, fn_l190_read(run, l190, source));
    fn_source_close(source);
}

static void read_tables(fn_run *run, fn_l190 *l190, char **input)
{
    fn_names *path = NULL;
    must(run, fn_names_new(run, &path));
    for (; *input; input++) {
        if (fn_folder_is(*input)) must(run, fn_folder_files(run, *input, path));
        else must(run, fn_names_add(run, path, *input, strlen(*input), &(uint32_t) { 0 }, NULL));
    }
    for (uint32_t p = 0; p < fn_names_count(path); p++) read_table(run, l190, fn_names_text(path, p, NULL));
    fn_names_free(path);
    must(run, fn_l190_join(run, l190));
}

/* Which firm each row is about, by the rules of firmnet's import; FN_NONE: nobody knows. */
static uint32_t *identify(fn_run *run, const fn_l190 *l190, fn_account *account, uint32_t *firms)
{
    uint32_t *who = bench_alloc(l190->rows, sizeof *who);
    const fn_words publisher = { "it-l190", 7 };
    fn_identity *identity = NULL;
    must(run, fn_identity_new(run, &identity));
    for (size_t l = 0; l < l190->lots; l++)
        for (size_t i = l190->lot[l].first_row; i < l190->lot[l].first_row + l190->lot[l].rows; i++) {
            fn_identifier room[2];
            fn_party party = fn_l190_party(l190, &l190->row[i], room);
            must(run, fn_identity_mention(run, identity, publisher, &party, (uint32_t) l, &who[i]));
        }
    must(run, fn_identity_resolve(run, identity, account));
    for (size_t i = 0; i < l190->rows; i++)
        if (who[i] != FN_NONE) who[i] = fn_identity_of(identity, who[i]);
    *firms = fn_identity_count(identity);
    fn_identity_free(identity);
    return who;
}

/* ---- the groups ---- */

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *) left, b = *(const uint32_t *) right;
    return (a > b) - (a < b);
}

/* The known firms of rows first … end, ascending; *head is the only one of them that the roles call head. */
static size_t firms_of(const fn_l190 *l190, const uint32_t *who, size_t first, size_t end, uint32_t *firm,
                       uint32_t *head)
{
    size_t count = 0, kept = 0, heads = 0;
    *head = FN_NONE;
    for (size_t i = first; i < end; i++) {
        if (l190->row[i].head && ++heads) *head = who[i];
        if (who[i] != FN_NONE) firm[count++] = who[i];
    }
    if (count > 1) qsort(firm, count, sizeof *firm, by_number);
    for (size_t i = 0; i < count; i++)
        if (!kept || firm[kept - 1] != firm[i]) firm[kept++] = firm[i];
    if (heads != 1 || kept < 2) *head = FN_NONE;
    return kept;
}

static void keep_group(fn_run *run, evaluation *e, uint32_t lot, uint32_t buyer, const uint32_t *firm, size_t count,
                       uint32_t head)
{
    e->group = fn_grow(run, e->group, &e->group_capacity, e->groups + 1, sizeof *e->group);
    e->member = fn_grow(run, e->member, &e->member_capacity, e->members + count, sizeof *e->member);
    if (!e->group || !e->member) bench_stop("out of memory");
    e->group[e->groups++] = (joint) { lot, buyer, head, e->members, count };
    memcpy(e->member + e->members, firm, count * sizeof *firm);
    e->members += count;
}

static void take_lot(fn_run *run, evaluation *e, const fn_l190 *l190, const uint32_t *who, uint32_t l, uint32_t buyer)
{
    const fn_l190_lot *lot = &l190->lot[l];
    uint32_t *firm = bench_alloc(lot->rows, sizeof *firm), head;
    size_t winners = 0;
    for (size_t i = lot->first_row; i < lot->first_row + lot->rows; i++)
        winners += l190->row[i].won && who[i] != FN_NONE;
    for (size_t i = lot->first_row, end; i < lot->first_row + lot->rows; i = end) {
        end = fn_l190_group_end(l190, lot, i);
        size_t count = firms_of(l190, who, i, end, firm, &head);
        for (size_t k = 0; k < count && l190->row[i].won; k++)
            must(run, fn_lead_add_win(run, e->book, l, firm[k], lot->value / (double) winners));
        if (l190->row[i].won || !count) continue;
        must(run, fn_lead_add_bid(run, e->book, l, buyer, firm, count, head));
        if (head != FN_NONE) keep_group(run, e, l, buyer, firm, count, head);
    }
    free(firm);
}

static void take_lots(fn_run *run, evaluation *e, const fn_l190 *l190, const uint32_t *who, uint32_t firms)
{
    uint32_t *buyer = bench_alloc(l190->lots, sizeof *buyer);
    for (size_t l = 0; l < l190->lots; l++)
        buyer[l] = l && l190->lot[l].set == l190->lot[l - 1].set ? buyer[l - 1] : e->buyers++;
    must(run, fn_lead_book_new(run, firms, e->buyers, &e->book));
    for (size_t l = 0; l < l190->lots; l++) take_lot(run, e, l190, who, (uint32_t) l, buyer[l]);
    must(run, fn_lead_book_close(run, e->book));
    free(buyer);
}

/* ---- judging ---- */

static double by_chance(const fn_lead_evidence *e) { (void) e; return 0; }
static double by_role(const fn_lead_evidence *e) { return (e->headed + 0.5) / (e->headed + e->followed + 1.0); }
static double by_headed(const fn_lead_evidence *e) { return e->headed; }
static double by_them(const fn_lead_evidence *e) { return (double) e->headed_them - (double) e->followed_them; }
static double by_bids(const fn_lead_evidence *e) { return e->bids; }
static double by_alone(const fn_lead_evidence *e) { return e->alone; }
static double by_buyers(const fn_lead_evidence *e) { return e->buyers; }
static double by_wins(const fn_lead_evidence *e) { return e->wins; }
static double by_awarded(const fn_lead_evidence *e) { return e->awarded; }
static double by_cobidders(const fn_lead_evidence *e) { return e->cobidders; }
static double by_partners(const fn_lead_evidence *e) { return e->partners; }

static const struct measure {
    const char *name;
    double (*score)(const fn_lead_evidence *evidence);
    bool roles;                 /* with the lot itself it would know the answer */
} measures[] = {
    { "index", fn_lead_index, true },
    { "share_headed", by_role, true },
    { "headed", by_headed, true },
    { "headed_these_members", by_them, true },
    { "bids", by_bids, false },
    { "bids_alone", by_alone, false },
    { "buyers", by_buyers, false },
    { "wins", by_wins, false },
    { "awarded_value", by_awarded, false },
    { "cobidding_degree", by_cobidders, false },
    { "partners", by_partners, false },
    { "random", by_chance, false }
};
enum { MEASURES = sizeof measures / sizeof *measures };

static size_t head_place(const evaluation *e, const joint *g)
{
    size_t place = 0;
    while (e->member[g->first + place] != g->head) place++;
    return place;
}

static void judge(evaluation *e)
{
    enum { OTHER_LOTS, NEW_GROUPS, WITH_LOT, WAYS };
    double hits[MEASURES][WAYS] = { { 0 } };
    fn_lead_evidence *evidence = bench_alloc(e->members, sizeof *evidence);
    double *score = bench_alloc(e->members, sizeof *score);
    for (size_t g = 0; g < e->groups; g++)
        for (int way = 0; way < WAYS; way++) {
            const joint *at = &e->group[g];
            const fn_lead_without without = { way == WITH_LOT ? FN_NONE : at->lot, way == NEW_GROUPS };
            fn_lead_gather(e->book, e->member + at->first, at->members, without, evidence);
            for (size_t m = 0; m < MEASURES; m++) {
                for (size_t i = 0; i < at->members; i++) score[i] = measures[m].score(&evidence[i]);
                hits[m][way] += fit_hit(score, at->members, head_place(e, at));
            }
        }
    double groups = (double) e->groups;
    printf("measure\tgroups\thits\trate\trate_new_groups\trate_with_lot\n");
    for (size_t m = 0; m < MEASURES; m++) {
        printf("%s\t%zu\t%.1f\t%.4f\t%.4f\t", measures[m].name, e->groups, hits[m][OTHER_LOTS],
               hits[m][OTHER_LOTS] / groups, hits[m][NEW_GROUPS] / groups);
        if (measures[m].roles) printf("\n");
        else printf("%.4f\n", hits[m][WITH_LOT] / groups);
    }
    free(evidence);
    free(score);
}

static void fit(evaluation *e)
{
    const double ridge = 1e-3;
    fit_group *group = bench_alloc(e->groups, sizeof *group);
    fn_lead_evidence *evidence = bench_alloc(e->members, sizeof *evidence);
    double *term = bench_alloc(e->members, FN_LEAD_TERMS * sizeof *term), weight[FN_LEAD_TERMS];
    for (size_t g = 0; g < e->groups; g++) {
        const joint *at = &e->group[g];
        fn_lead_gather(e->book, e->member + at->first, at->members, (fn_lead_without) { .lot = at->lot }, evidence);
        for (size_t i = 0; i < at->members; i++) fn_lead_terms(&evidence[i], term + (at->first + i) * FN_LEAD_TERMS);
        group[g] = (fit_group) { at->buyer, at->first, at->members, head_place(e, at) };
    }
    fit_weights(group, e->groups, term, NULL, ridge, weight);
    printf("what\tvalue\n");
    for (int t = 0; t < FN_LEAD_TERMS; t++) printf("weight of %s\t%.4f\n", fn_lead_term_name[t], weight[t]);
    double half = 0;
    enum { SPLITS = 10 };
    for (uint64_t seed = 1; seed <= SPLITS; seed++)
        half += fit_cross_validate(group, e->groups, term, e->buyers, 2, seed, ridge) / SPLITS;
    printf("rate, weights of the other half of buyers (mean of %d splits)\t%.4f\n", SPLITS, half / (double) e->groups);
    printf("rate, weights of all other buyers\t%.4f\n",
           fit_cross_validate(group, e->groups, term, e->buyers, (int) e->buyers, 1, ridge) / (double) e->groups);
    free(group);
    free(evidence);
    free(term);
}

int main(int argc, char **argv)
{
    static const fn_read_options options = { .since = FN_DAY_NONE, .until = FN_DAY_NONE };
    fn_run run = FN_RUN_INIT;
    fn_import import = { .options = &options };
    fn_l190 *l190 = NULL;
    evaluation e = { 0 };
    uint32_t firms;
    bool fits = argc > 1 && strcmp(argv[1], "--fit") == 0;
    if (argc < 2 + fits) bench_stop("consortia [--fit] FOLDER|TABLE...");
    must(&run, fn_net_new(&run, &import.net));
    import.account = fn_net_account(import.net);
    must(&run, fn_l190_new(&run, &import, &l190));
    read_tables(&run, l190, argv + 1 + fits);
    uint32_t *who = identify(&run, l190, import.account, &firms);
    take_lots(&run, &e, l190, who, firms);
    if (!e.groups) bench_stop("no joint bid with one head in %s", argv[1 + fits]);
    if (fits) fit(&e);
    else judge(&e);
    free(who);
    fn_lead_book_free(e.book);
    fn_free(e.group);
    fn_free(e.member);
    fn_l190_free(l190);
    fn_net_free(import.net);
    return 0;
}
