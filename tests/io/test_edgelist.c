/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_edgelist(void);

Suite *suite_edgelist(void)
{
    Suite *suite = suite_create("edgelist");
    return suite;
}
