#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The structure of the source: io -> graph <- algorithms <- src, one owner for igraph, one row a table entry.
cd "$TOP_SRCDIR" || exit 99
broken=0
bench=$(echo bench/*.[ch] bench/*.awk bench/*.py bench/*.sh bench/bars)

# keeps RULE FOUND: FOUND must be empty
keeps() {
    [ -n "$2" ] || return 0
    printf '%s:\n%s\n' "$1" "$2"
    broken=1
}

# entries TABLE PREFIX FILE...: the constants PREFIX… that the files define and the table lacks, and rows without one
entries() {
    table=$1 prefix=$2
    shift 2
    defined=$(sed -nE "s/^const [a-z_]+ (${prefix}[a-z0-9_]+) = \{.*/\1/p" "$@")
    [ -n "$defined" ] || echo "no $prefix… at all"
    for name in $defined; do
        [ "$(grep -cE "^ +&$name,\$" "$table")" = 1 ] || echo "$name has no row in $table, or several"
    done
    sed -nE "s/^ +&(${prefix}[a-z0-9_]+),\$/\1/p" "$table" | while read -r name; do
        echo "$defined" | grep -qx "$name" || echo "$name in $table is defined nowhere"
    done
}

# without WHAT FILE...: the files that lack the line
without() {
    what=$1
    shift
    for file; do grep -qF "$what" "$file" || echo "$file"; done
}

keeps 'a folder may not include a header of a folder above or beside it' "$(
    grep -nE '#include "(io|algorithms|src)/' graph/*.[ch]
    grep -nE '#include "(io|src)/' algorithms/*.[ch]
    grep -nE '#include "(algorithms|src)/' io/*.[ch]
    grep -nE '#include "bench/' graph/*.[ch] algorithms/*.[ch] io/*.[ch] src/*.[ch])"
keeps 'config.h must be included first' "$(for file in graph/*.c algorithms/*.c io/*.c src/*.c tests/*.c tests/*/*.c \
    bench/*.c; do
    [ "$(grep -m1 '#include' "$file")" = '#include <config.h>' ] || echo "$file"; done)"
keeps 'igraph comes in through graph/igraph_compat.h alone' \
    "$(grep -nE '#include [<"]igraph' graph/*.[ch] algorithms/*.[ch] io/*.[ch] src/*.[ch] tests/*.[ch] tests/*/*.[ch] \
        bench/*.[ch] | grep -vE '^graph/igraph_compat.h:')"
keeps 'only graph/igraph_compat.h may ask which igraph it is' \
    "$(grep -nE 'IGRAPH_VERSION_(MAJOR|MINOR|PATCH)|FN_IGRAPH_1' graph/*.[ch] algorithms/*.[ch] io/*.[ch] src/*.[ch] \
        tests/*.[ch] tests/*/*.[ch] bench/*.[ch] | grep -vE '^graph/igraph_compat.h:')"
# graph/text.c has no run to report to; io/identifier.c takes the place of what utf8proc gives
keeps 'memory comes from graph/memory.h' \
    "$(grep -nE '(^|[^a-z_])(malloc|calloc|realloc|strdup|strndup)\(' graph/*.c algorithms/*.c io/*.c src/*.c |
        grep -vE '^(graph/memory|graph/text|io/identifier)\.c:')"
keeps 'a library does not end the program' \
    "$(grep -nE '(^|[^a-z_])(exit|abort|_exit)\(' graph/*.c algorithms/*.c io/*.c)"
keeps 'no SPDX-License-Identifier in' "$(without 'SPDX-License-Identifier: GPL-3.0-or-later' graph/*.[ch] \
    algorithms/*.[ch] io/*.[ch] src/*.[ch] tests/*.[ch] tests/*/*.[ch] tests/*.sh tests/*/*.sh $bench)"
keeps 'not in Makefile.am' "$(for file in graph/*.[ch] algorithms/*.[ch] io/*.[ch] src/*.[ch] tests/*.[ch] \
    tests/algorithms/*.[ch] tests/graph/*.[ch] tests/io/*.[ch] tests/fuzz/*.[ch] $bench; do
    grep -qE "(^|[[:space:]])$file([[:space:]]|\$)" Makefile.am || echo "$file"; done)"
keeps 'one row an algorithm' "$(entries algorithms/algorithms.c fn_algorithm_ algorithms/*.c)"
keeps 'one row a format' "$(entries io/formats.c fn_format_ io/*.c)"
keeps 'one row a command' "$(entries src/commands.c fn_command_ src/*.c)"
keeps 'a command file without a command' "$(for file in src/cmd_*.c; do
    grep -qE '^const fn_command fn_command_' "$file" || echo "$file"; done)"
exit "$broken"
