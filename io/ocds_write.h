/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_OCDS_WRITE_H
#define FN_IO_OCDS_WRITE_H

#include "io/format.h"

/* The tenders of a net as compiled OCDS 1.1 releases, one JSON object a line, one process a tender: parties with
 * identifier, name, country, region and (authorities) buyer type or (others) industry, bids, award, product (CPV where
 * the code has eight digits). Reading it back gives the same firms (their keys have the form SCHEME-number), supply,
 * co-bid and consortium ties and tenders; a tender without a winner becomes an unsuccessful award. Winners that are
 * partners in the consortium layer made one bid.
 * Supply ties that no tender tells of, and ties of other layers, have no place in tenders: they are counted and warned
 * about. A net without tenders is FN_EINVAL. */
fn_status fn_ocds_write(fn_run *run, fn_output *output, fn_export *export_);

#endif
