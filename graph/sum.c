/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
typedef int fn_later;
