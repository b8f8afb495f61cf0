#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# doc/firmnet.1 names exactly the commands and options that the program has. When not: make manual
. "$TOP_SRCDIR/tests/cli/lib.sh"

sh "$TOP_SRCDIR/doc/manual.sh" --names | sort >"$scratch/program"
{
    sed -n '/^\.SH COMMANDS/,/^\.SH OPTIONS/s/^\.B \([a-z][a-z]*\)$/command \1/p' "$TOP_SRCDIR/doc/firmnet.1"
    sed -n '/^\.SH OPTIONS/,/^\.SH EXIT/s/^\.BI "\(.*\)".*/\1/p' "$TOP_SRCDIR/doc/firmnet.1" | sed 's/\\-/-/g' |
        grep -o -- '--[a-z-]*' | sed 's/^/option /'
} | sort >"$scratch/manual"
if ! cmp -s "$scratch/program" "$scratch/manual"; then diff "$scratch/program" "$scratch/manual"; fi
same "$scratch/program" "$scratch/manual"
ok "there are commands and options" test "$(wc -l <"$scratch/program")" -gt 40
finish
