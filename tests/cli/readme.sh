#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The examples of README.md: every "$ command" in a fenced block gives the lines that follow it there.
. "$TOP_SRCDIR/tests/cli/lib.sh"
cd "$TOP_SRCDIR" || exit 99
mkdir "$scratch/bin" && ln -s "$FIRMNET" "$scratch/bin/firmnet" && PATH=$scratch/bin:$PATH || exit 99

awk -v folder="$scratch" '
    /^```/ { inside = !inside; next }
    inside && /^\$ / { n++; print substr($0, 3) > (folder "/" n ".command"); printf "" > (folder "/" n ".wanted"); next }
    inside && n { print > (folder "/" n ".wanted") }' README.md
for command in "$scratch"/*.command; do
    sh "$command" >"$scratch/got" 2>"$scratch/stderr"
    ok "$(cat "$command")" cmp "$scratch/got" "${command%.command}.wanted"
done
ok "README.md has examples" test -e "$scratch/2.command"

# every command stands in the table
for command in $("$FIRMNET" help | sed -n 's/^  \([a-z][a-z-]*\)   *[^ ].*/\1/p'); do
    ok "README.md names $command" grep -qE "^\|.*\`${command}[\` ]" README.md
done
finish
