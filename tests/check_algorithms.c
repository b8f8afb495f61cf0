/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_quality(void);
Suite *suite_clusters(void);
Suite *suite_cluster_options(void);
Suite *suite_cluster_starts(void);
Suite *suite_known_clusters(void);
Suite *suite_leiden(void);
Suite *suite_partitions(void);
Suite *suite_label_propagation(void);
Suite *suite_map_equation(void);
Suite *suite_infomap(void);
Suite *suite_significance(void);
Suite *suite_runs(void);
Suite *suite_scan(void);
Suite *suite_slices(void);
Suite *suite_small_clusters(void);
Suite *suite_profile(void);
Suite *suite_betweenness(void);
Suite *suite_centrality(void);
Suite *suite_centrality_igraph(void);
Suite *suite_roles(void);
Suite *suite_roles_oracle(void);
Suite *suite_dominant(void);
Suite *suite_fixed_point(void);
Suite *suite_spectral(void);
Suite *suite_equations(void);
Suite *suite_strength(void);
Suite *suite_paths(void);
Suite *suite_paths_drawn(void);
Suite *suite_ties(void);
Suite *suite_ties_large(void);
Suite *suite_embedded(void);
Suite *suite_backbone(void);
Suite *suite_backbone_kept(void);
Suite *suite_backbone_oracle(void);
Suite *suite_invariants(void);
Suite *suite_tie_rules(void);
Suite *suite_tie_kinds(void);
Suite *suite_tie_oracle(void);
Suite *suite_relation(void);
Suite *suite_central(void);
Suite *suite_central_oracle(void);
Suite *suite_central_sure(void);
Suite *suite_lead(void);
Suite *suite_ownership(void);
Suite *suite_economy(void);
Suite *suite_economy_stream(void);
Suite *suite_toy(void);
Suite *suite_layout(void);
Suite *suite_odd(void);

int main(void)
{
    Suite *(*const suites[])(void) = {
        suite_quality, suite_clusters, suite_cluster_options, suite_cluster_starts, suite_known_clusters,
        suite_leiden, suite_partitions, suite_label_propagation, suite_map_equation, suite_infomap,
        suite_significance, suite_runs, suite_scan, suite_slices, suite_small_clusters, suite_profile,
        suite_betweenness, suite_centrality, suite_centrality_igraph, suite_ties, suite_ties_large,
        suite_central, suite_central_oracle, suite_economy, suite_economy_stream, suite_central_sure,
        suite_lead, suite_ownership, suite_toy, suite_layout, suite_odd, suite_roles, suite_roles_oracle,
        suite_dominant, suite_fixed_point, suite_spectral, suite_equations, suite_strength, suite_paths,
        suite_paths_drawn, suite_embedded, suite_tie_rules, suite_tie_kinds, suite_tie_oracle, suite_relation,
        suite_backbone, suite_backbone_kept, suite_backbone_oracle, suite_invariants, NULL
    };
    return suites_run(suites);
}
