/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_CENTRAL_INSIDE_H
#define FN_ALGORITHMS_CENTRAL_INSIDE_H

#include "algorithms/central_company.h"
#include "algorithms/central_evidence.h"

/* Only for central_rank.c (who ranks where), central_tables.c (what is said about it) and central_company.c. */

/* What the index takes from single tenders, so that it can be made again of others of them. */
typedef struct fn_central_row {
    uint32_t product;      /* 0, 1, … of its buyer; FN_NONE: not stated, or nobody of the cluster won */
    uint64_t mark;         /* of its own, whatever the order of firms and tenders */
    double weight, share;  /* what members won of it: as products are weighed, and as a share of one award */
    bool known, competitive;
} fn_central_row;

struct fn_central_rows {
    fn_central_row *row;
    size_t rows, capacity;
    size_t *start;         /* by buyer, firms + 1 */
};

/* A number of the firm's own, whatever its number in the net. */
uint64_t fn_central_mark(const fn_net *net, uint32_t firm);

/* The part of the evidence that tenders give (central_tenders.c). in: supply by customer. */
fn_status fn_central_gather_tenders(fn_run *run, const fn_view *view, const fn_csr *in, const uint32_t *cluster,
                                    fn_central_evidence *evidence, fn_central_rows *rows);

/* Who may be a central company, and who is ranked apart. */
typedef enum fn_standing { FN_STANDS_COMPANY, FN_STANDS_AUTHORITY, FN_STANDS_OTHER } fn_standing;

/* Parts of the index that a firm or a whole cluster lacks, as bits. */
enum { FN_LACKS_SUPPLY = 1, FN_LACKS_TENDERS = 2, FN_LACKS_BIDS = 4, FN_LACKS_PRODUCTS = 8 };

typedef struct fn_candidate {
    uint32_t firm, rank;
    uint32_t cluster;                /* where it stands */
    uint32_t member_of;              /* where the partition has it */
    fn_standing standing;
    double index, in_weight;
    double complementarity, variety;
    unsigned lacks;
    uint32_t rank_low, rank_high;    /* over resamples, FN_NONE: not told */
    double support;                  /* share of resamples in which it is first, NaN: not told */
} fn_candidate;

/* How sure the first candidate of a cluster is; NaN: not told. */
typedef struct fn_central_doubt {
    double gap_low, gap_by_count, agreement;
} fn_central_doubt;

typedef struct fn_ranking {
    fn_central_evidence *evidence;   /* one a firm */
    double *inside, *centralisation; /* one a cluster */
    fn_candidate *candidate;         /* every firm, sorted by cluster, standing, rank */
    size_t *start;                   /* ranges of clusters, clusters + 1 */
    uint32_t *size;                  /* members of each cluster */
    fn_central_rows rows;
    fn_central_doubt *doubt;         /* one a cluster */
} fn_ranking;

/* One cluster judged: a range of candidates, companies first, then authorities. */
typedef struct fn_verdict {
    const fn_candidate *candidate;
    uint32_t firms;         /* members of the cluster */
    uint32_t standing, companies, authorities; /* candidates, and those of two kinds */
    double gap, gap_in_strength;
    double among_companies; /* index of the first candidate, in_share taken over what reaches companies */
    unsigned lacks;         /* parts that the whole cluster lacks */
    double competitive;     /* of the first candidate */
    fn_central_doubt doubt;
    bool has_head;
} fn_verdict;

/* Fills a ranking that starts as {0}; free it whatever comes back. */
fn_status fn_central_rank(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters,
                          uint32_t resamples, fn_ranking *ranking);
/* Indices of candidates start … end - 1 from their evidence; and their order. */
void fn_central_index(const fn_ranking *ranking, size_t start, size_t end, double inside);
int fn_central_by_rank(const void *left, const void *right);
/* central_resample.c: fills doubt, and of candidates rank_low, rank_high, support. */
fn_status fn_central_resample(fn_run *run, const fn_net *net, fn_ranking *ranking, uint32_t clusters,
                              uint32_t resamples);
void fn_central_ranking_free(fn_ranking *ranking);

void fn_central_judge(const fn_ranking *ranking, uint32_t cluster, const fn_central_options *options,
                      fn_verdict *verdict);

fn_status fn_central_write_heads(fn_run *run, const fn_view *view, const fn_ranking *ranking, uint32_t clusters,
                                 const fn_central_options *options, fn_table *table, bool *is_central);
fn_status fn_central_write_members(fn_run *run, const fn_view *view, const fn_ranking *ranking, fn_table *table);

#endif
