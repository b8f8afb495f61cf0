/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_memory(void);
Suite *suite_number(void);
Suite *suite_text(void);
Suite *suite_names(void);
Suite *suite_columns(void);
Suite *suite_net(void);
Suite *suite_igraph(void);
Suite *suite_period(void);
Suite *suite_pipeline(void);
Suite *suite_ties(void);
Suite *suite_ties_merge(void);
Suite *suite_csr(void);
Suite *suite_spread(void);
Suite *suite_borrowed(void);

int main(void)
{
    Suite *(*const suites[])(void) = {
        suite_memory, suite_number, suite_text, suite_names, suite_borrowed, suite_columns, suite_ties, suite_ties_merge,
        suite_csr, suite_net, suite_igraph, suite_period, suite_pipeline, suite_spread, NULL
    };
    return suites_run(suites);
}
