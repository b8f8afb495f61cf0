/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_fnet(void);

Suite *suite_fnet(void)
{
    Suite *suite = suite_create("fnet");
    return suite;
}
