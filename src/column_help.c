/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "src/command.h"

/* What the columns of tables mean, as `help COMMAND` and the manual say it. tests/cli/columns.sh checks that none is
 * forgotten. A row without a name is a heading. */

const fn_column_help fn_columns_central[] = {
    { "cluster", "number of the cluster, 1 = largest" },
    { "firms", "its members" },
    { "central_company", "key of the firm that heads it; empty: no single head, see reason" },
    { "central_name", "its name" },
    { "index", "in_share * competitive * complementarity * variety of the first candidate, 0 to 1; a part that the "
               "data lacks for the whole cluster is left out, and reason says which" },
    { "gap", "its lead over the runner-up, (first - second) / first: 0 none, 1 nobody else is in question" },
    { NULL, "Evidence of the first candidate (with --all: of every member)" },
    { "in_share", "supply from members to it, as a share of all supply inside the cluster" },
    { "competitive", "of its tenders whose bidders are known, the share in which somebody bid and lost" },
    { "complementarity", "how evenly its purchases spread over the kinds of products it bought by tender: entropy / "
                         "ln(products), 0 with one kind, 1 all kinds alike" },
    { "focus", "what members deliver to it, as a share of all that it buys" },
    { "variety", "ln(products) / ln(most kinds that one company of the cluster buys)" },
    { "tenders", "tenders that it called" },
    { "products", "kinds of products that it bought from members by tender" },
    { "effective_products", "so many kinds in equal shares would be as varied: exp(entropy)" },
    { "breadth", "members that won a tender of it" },
    { "suppliers", "members that deliver to it" },
    { "exclusivity", "mean over these suppliers: what they sell to it, as a share of all that they sell" },
    { "bidder_overlap", "mean over pairs of its products: bidders in common / bidders of either; low where products "
                        "are of different trades, which is what complements" },
    { "in_strength", "supply from members to it: money or awards, as --weight says" },
    { NULL, "How sure" },
    { "gap_in_strength", "the lead by supply received alone; below 0 where another company receives more" },
    { "centralisation", "how far supply inside the cluster leans on one customer: 0 all alike, 1 a star (Freeman, of "
                        "suppliers)" },
    { "first_candidate", "key of the company with the largest index, named as head or not" },
    { "runner_up", "key of the next one" },
    { "runner_up_index", "its index" },
    { "authority", "key of the authority that would head the cluster, were it a company: ranked apart, since no "
                   "company" },
    { "authority_index", "its index" },
    { "reason", "why there is no single head, or what is missing" },
    { "support", "share of the --resamples, in which tenders are drawn anew, that have the candidate first" },
    { "gap_low", "in one resample of twenty the lead is no larger than this" },
    { "gap_by_count", "the lead by number of awards instead of money: one dear contract can't make it" },
    { "agreement", "of the rankings by supply, suppliers, tenders, winners (breadth) and effective_products, the "
                   "share that has it first, too" },
    { NULL, "Only with --all" },
    { "rank", "place by index among its kind, 1 = first" },
    { "firm", "key" },
    { "name", "name" },
    { "kind", "firm, authority, university, bank, person, consortium or unknown" },
    { "ranked_as", "company, authority or other: each ranked for itself" },
    { "member_of", "cluster that the ties put it in; another one where most of its supply comes from there" },
    { "missing", "parts of the index not known of it: supply, tenders, bids, products; without tenders its index is "
                 "0, other parts count as the cluster's mean" },
    { "rank_low", "its rank lies from rank_low" },
    { "rank_high", "to rank_high in 95 of 100 resamples; empty: it took no part in them" },
    { NULL, NULL }
};

const fn_column_help fn_columns_ties[] = {
    { "from", "key of the firm that delivers (cobid, consortium: either)" },
    { "to", "key of the firm that receives and pays" },
    { "layer", "supply, cobid, consortium, …" },
    { "value", "money, added up" },
    { "currency", "its currency" },
    { "count", "awards or records behind the tie" },
    { "first", "day of the first" },
    { "last", "and of the last" },
    { NULL, "Strength (default); each within the tie's own layer" },
    { "overlap", "partners in common, as a share of all partners of the two beside each other (Onnela 2007)" },
    { "squares", "pairs of another customer of from and another supplier of to that trade as well, as a share of all "
                 "such pairs: what triangles are among friends" },
    { "p_from", "chance of so large a share of from's sales, were they cut up at random (Serrano 2009); 1 for an only "
                "customer" },
    { "p_to", "the same of to's purchases; small: the tie is more than chance" },
    { "reciprocity", "smaller / larger of the two directions: 0 one-way, 1 balanced; empty in undirected layers" },
    { "layers", "layers in which the two are tied" },
    { "class", "strong, weak, bridge, new or latent, by the table above" },
    { "reason", "the rule that decided, with its numbers" },
    { "recency", "days from the last record to the end of the data" },
    { NULL, "--relation (time, intensity, intimacy)" },
    { "duration", "days from the first to the last record" },
    { "periods", "calendar years with a record" },
    { "regularity", "1 - deviation / mean of the gaps between records: 1 = even gaps" },
    { "share_from", "the tie as a share of all that from delivers in the layer" },
    { "share_to", "the same of all that to receives" },
    { "repeats", "records beyond the first" },
    { NULL, "--closure" },
    { "open_strong", "strong ties at either end with which this strong one makes no triangle" },
    { NULL, "--tests LIST" },
    { "METHOD_…", "what `firmnet backbone --method METHOD` gives, see there: disparity_p_from, salience_score, …" },
    { NULL, "--measure LIST" },
    { "common", "overlap: partners in common" },
    { "jaccard", "overlap: common / partners of either" },
    { "dice", "overlap: 2 common / sum of both" },
    { "cosine", "overlap: common / root of the product of both" },
    { "shared_suppliers", "directed-overlap: firms that deliver to both ends / to either" },
    { "shared_customers", "directed-overlap: firms that both ends deliver to / that either does" },
    { "transitive", "directed-overlap: firms between, customer of from and supplier of to / either of these" },
    { "cyclic", "directed-overlap: firms that lead back, customer of to and supplier of from / either of these" },
    { "weighted_overlap", "weighted-overlap: share of the weight at both ends that goes to common partners" },
    { "squares_error", "squares: 0 where exact; where a hub's are estimated, half the width of the 95 % interval" },
    { "simmelian", "simmelian: how alike the partners are that both ends have most triangles with, 0 to 1" },
    { "quadrilateral", "quadrilateral: the same by closed four-cycles" },
    { "truss", "truss: largest k such that the tie is in a group of ties with k - 2 triangles each" },
    { "edge_betweenness", "edge-betweenness: shortest chains of deliveries that lead over the tie" },
    { "edge_betweenness_error", "edge-betweenness: 0 where exact; else it is right within this, nineteen times in "
                                "twenty" },
    { NULL, "--bridges FILE has columns of its own" },
    { "cluster_from", "cluster of from" },
    { "cluster_to", "cluster of to" },
    { "weight", "of the tie" },
    { "other_ties", "ties between the two clusters beside this one" },
    { "weight_share", "its share of the weight between the two, in its layer" },
    { "firms_apart", "firms that nothing else connects to the rest; 0: others do" },
    { "apart_from", "so many firms are on the other side" },
    { "falls_apart", "the same in words" },
    { NULL, "Last" },
    { "…", "what else the data tells of ties: product, newman_weight (cobid: 1 / (bidders - 1), added up), …" },
    { NULL, NULL }
};

const fn_column_help fn_columns_roles[] = {
    { "firm", "key" },
    { "cluster", "number of its cluster, 1 = largest" },
    { "within_z", "partners within its cluster, as standard deviations above the mean of the cluster" },
    { "participation", "0: all partners are in one cluster; towards 1: spread evenly over many (1 - sum of squared "
                       "shares)" },
    { "participation_in", "the same of suppliers" },
    { "participation_out", "the same of customers" },
    { "role", "hub where within_z >= 2.5: provincial hub (participation to .30), connector hub (to .75), kinless hub; "
              "else ultra-peripheral (to .05), peripheral (to .62), connector (to .80), kinless" },
    { "coordinator", "how often it stands between two firms of its own cluster that are not tied, one delivering to "
                     "it, the other receiving" },
    { "gatekeeper", "the first of the two is of another cluster: lets in" },
    { "representative", "the second is: speaks for its cluster" },
    { "itinerant", "both are of one other cluster: a consultant" },
    { "liaison", "three clusters" },
    { NULL, NULL }
};

const fn_column_help fn_columns_centralisation[] = {
    { "cluster", "empty: the whole network" },
    { "firms", "in it" },
    { "centralisation", "of partners: sum of (most - own), over what it is in a star; 0 all alike, 1 a star" },
    { "centralisation_in", "the same of suppliers: everybody delivers to one" },
    { "centralisation_out", "the same of customers: one delivers to everybody" },
    { "hub", "key of the firm that most is delivered to, by whomever" },
    { "hub_share", "its share of all that is delivered to firms of the cluster" },
    { "hub_gap", "its lead over the next, (first - second) / first" },
    { NULL, NULL }
};

const fn_column_help fn_columns_backbone[] = {
    { "from … last", "as in `firmnet ties`" },
    { "p_from", "disparity: chance of so large a share of from's sales, cut up at random" },
    { "p_to", "disparity: the same of to's purchases" },
    { "log10_p_from", "disparity: the logarithm, since p can be smaller than numbers reach (-400: 1e-400)" },
    { "log10_p_to", "disparity: the same of p_to" },
    { "single", "disparity: sides (from, to, both) of which it is the only tie, where the test can't tell" },
    { "score", "noise-corrected: -1 to 1, 0 = as heavy as the ends make likely; salience: share of firms whose "
               "shortest paths lead along it; weight: the weight" },
    { "sd", "noise-corrected: standard deviation of the score" },
    { "all", "hypergeometric: records (or competitions) in all" },
    { "of_from", "hypergeometric: those of from" },
    { "of_to", "hypergeometric: those of to" },
    { "expected", "hypergeometric: so many in common by chance" },
    { "p", "chance of a tie as heavy as this" },
    { "log10_p", "its logarithm; disparity: of both sides, as --sides says" },
    { "q", "p after the correction for many tests" },
    { "log10_q", "its logarithm" },
    { "kept", "significant, score, share (--keep), single (the only tie of a side); empty: not kept (--all)" },
    { NULL, "--pairs" },
    { "common", "suppliers (customers) that both have" },
    { "of_from", "and that from has" },
    { "of_to", "and that to has" },
    { NULL, "--compare" },
    { "method", "method" },
    { "judged", "ties that it can judge" },
    { "kept", "ties kept" },
    { "single", "of these, kept as the only tie of a side" },
    { "ties", "share of all ties that is kept" },
    { "firms", "share of the firms with a tie that keep one" },
    { "weight", "share of the weight that is kept, mean over layers" },
    { "largest", "share of the firms with a tie that hang together in the largest part of the backbone" },
    { "stability", "likeness (ties in common / ties of either) to the backbone of the same network after one tie in "
                   "twenty is lost and weights are off by up to a tenth; mean of --rounds" },
    { "threshold", "with --keep: log10 p, or score, of the last tie kept" },
    { NULL, NULL }
};

const fn_column_help fn_columns_map[] = {
    { NULL, "firms.tsv" },
    { "firm", "key" },
    { "name, kind, country, region, industry", "as far as the data tells" },
    { "cluster", "1 = largest" },
    { "stability", "over --runs: share of runs that put it with the same firms" },
    { "roles", "parts that it played in tenders" },
    { "ties_in, ties_out", "suppliers, customers" },
    { "value_in, value_out", "money received for, paid to it: purchases, sales" },
    { "central_index", "index as head of its cluster, see `firmnet help central`" },
    { "is_central", "is it the central company" },
    { "pagerank, betweenness, …", "measures, see `firmnet list`" },
    { "key_basis", "what tells the firm from others: an identifier, or only its name" },
    { NULL, "ties.tsv: see `firmnet help ties`" },
    { NULL, "clusters.tsv: beside the columns of `firmnet help central`" },
    { "ties", "ties inside the cluster" },
    { "internal_value", "their money, in currency" },
    { "density", "ties of those possible" },
    { "stability", "mean of its firms'" },
    { NULL, NULL }
};
