/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_memory(void);

Suite *suite_memory(void)
{
    Suite *suite = suite_create("memory");
    return suite;
}
