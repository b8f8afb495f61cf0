/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/suite.h"

Suite *suite_stream(void);

Suite *suite_stream(void)
{
    Suite *suite = suite_create("stream");
    return suite;
}
