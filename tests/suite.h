/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_SUITE_H
#define FN_TESTS_SUITE_H

#include <check.h>
#include <stdlib.h>
#include "tests/support.h"

/* Run a table of suites. Nothing parallel may run here, before the tests fork: libgomp does not survive a fork. */
static inline int suites_run(Suite *(*const suites[])(void))
{
    SRunner *runner = srunner_create(suites[0]());
    for (int i = 1; suites[i]; i++) srunner_add_suite(runner, suites[i]());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
