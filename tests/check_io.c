/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_stream(void);
Suite *suite_pieces(void);
Suite *suite_decoders(void);
Suite *suite_output(void);
Suite *suite_rows(void);
Suite *suite_made_rows(void);
Suite *suite_table(void);
Suite *suite_edgelist(void);
Suite *suite_edgelist_inputs(void);
Suite *suite_edgelist_pieces(void);
Suite *suite_edgelist_write(void);
Suite *suite_fnet(void);
Suite *suite_matrix_market(void);
Suite *suite_metis(void);
Suite *suite_fnet_damage(void);
Suite *suite_json(void);
Suite *suite_ocds(void);
Suite *suite_ocds_write(void);
Suite *suite_it_l190(void);
Suite *suite_identity(void);
Suite *suite_tender(void);
Suite *suite_tender_value(void);
Suite *suite_tender_firms(void);
Suite *suite_tender_compete(void);
Suite *suite_tender_data(void);
Suite *suite_writers(void);
Suite *suite_hdf5(void);
Suite *suite_writers_threads(void);
Suite *suite_report(void);
Suite *suite_bars(void);

int main(void)
{
    Suite *(*const suites[])(void) = {
        suite_stream, suite_pieces, suite_decoders, suite_output, suite_rows, suite_made_rows, suite_table,
        suite_edgelist, suite_edgelist_inputs, suite_edgelist_pieces, suite_edgelist_write, suite_matrix_market,
        suite_metis, suite_fnet, suite_fnet_damage, suite_json, suite_ocds, suite_ocds_write, suite_it_l190,
        suite_identity, suite_tender, suite_tender_value, suite_tender_firms, suite_tender_compete,
        suite_tender_data, suite_writers, suite_writers_threads, suite_hdf5, suite_report, suite_bars, NULL
    };
    return suites_run(suites);
}
