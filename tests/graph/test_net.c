/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_net(void);

Suite *suite_net(void)
{
    Suite *suite = suite_create("net");
    return suite;
}
