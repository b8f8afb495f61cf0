#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Short of memory, threads or room on the disk: the right exit status, words, and no output left.
. "$TOP_SRCDIR/tests/cli/lib.sh"
dump=$TOP_SRCDIR/datasets/tenders.jsonl.gz

# Within any memory the program does its work or says that memory is out, on many threads, too. (The loader of shared
# libraries needs some 60 MB; sanitizers need more room than any limit.)
gives 0 '' "$FIRMNET" map -q "$dump" -o "$scratch/free"
least=0
for kilobytes in 40000 60000 62000 66000 70000 75000 80000 90000 120000 200000; do
    (ulimit -v $kilobytes && "$FIRMNET" --version) >"$scratch/stdout" 2>&1 || continue
    least=$kilobytes
    for threads in 1 8; do
        rm -rf "$scratch/out"
        (ulimit -v $kilobytes && exec "$FIRMNET" map -q -t $threads "$dump" -o "$scratch/out") >"$scratch/stdout" 2>"$scratch/stderr"
        status=$?
        left=$(find "$scratch/out" -type f 2>/dev/null | wc -l)
        ok "$kilobytes kB, $threads threads: status $status, $left files" \
            test "$status $left" = '0 6' -o "$status $left" = '4 0'
        [ "$status" -eq 4 ] && ok 'it says so' grep -q '^firmnet map: out of memory' "$scratch/stderr"
        [ "$status" -eq 0 ] && same "$scratch/free/run.json" "$scratch/out/run.json"
    done
done
if [ "$least" -eq 0 ]; then
    skipped=$((skipped + 1))
    echo 'skipped: limits of memory (the program does not start within any)'
fi

# No room for the whole output: none of it, and the old file stays. The file is larger than the limit, which counts in
# blocks of 512 bytes.
printf 'old\n' >"$scratch/kept.tsv"
(ulimit -f 64 && exec "$FIRMNET" ties -q "$dump" -o "$scratch/kept.tsv") 2>"$scratch/stderr"
ok 'a file size limit is status 3' test $? -eq 3
ok 'it names the file' grep -qF 'kept.tsv: can' "$scratch/stderr"
ok 'the old file stays' grep -qx old "$scratch/kept.tsv"
(ulimit -f 64 && exec "$FIRMNET" map -q "$dump" -o "$scratch/full") 2>"$scratch/stderr"
ok 'for a folder of outputs, too' test $? -eq 3
ok 'no output at all is left' test -z "$(find "$scratch/full" -type f 2>/dev/null)"
"$FIRMNET" info -q "$dump" >&- 2>"$scratch/stderr"
ok 'a closed standard output is status 3' test $? -eq 3

finish
