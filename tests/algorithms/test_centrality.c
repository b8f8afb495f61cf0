/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_centrality(void);

Suite *suite_centrality(void)
{
    Suite *suite = suite_create("centrality");
    return suite;
}
