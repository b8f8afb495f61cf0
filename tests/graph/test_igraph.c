/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_igraph(void);

Suite *suite_igraph(void)
{
    Suite *suite = suite_create("igraph");
    return suite;
}
