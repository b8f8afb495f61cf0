#!/bin/sh
# io -> graph <- algorithms <- src: no folder may include a header of a folder above or beside it.
cd "$TOP_SRCDIR" || exit 99
bad=$(grep -nE '#include "(io|algorithms|src)/' graph/*.[ch]
    grep -nE '#include "(io|src)/' algorithms/*.[ch]
    grep -nE '#include "(algorithms|src)/' io/*.[ch])
[ -z "$bad" ] || { echo "an include points upward:"; echo "$bad"; exit 1; }
bad=$(for f in graph/*.c algorithms/*.c io/*.c src/*.c; do
    [ "$(grep -m1 '#include' "$f")" = '#include <config.h>' ] || echo "$f"; done)
[ -z "$bad" ] || { echo "config.h must be included first:"; echo "$bad"; exit 1; }
