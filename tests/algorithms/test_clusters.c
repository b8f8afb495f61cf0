/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_clusters(void);

Suite *suite_clusters(void)
{
    Suite *suite = suite_create("clusters");
    return suite;
}
