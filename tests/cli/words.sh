#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The shape of every command: help, options, exit status, messages.
. "$TOP_SRCDIR/tests/cli/lib.sh"
printf 'from\tto\tweight\na\tb\t1\nb\tc\t2\nc\ta\t3\n' >"$scratch/ties.tsv"

gives 2 'firmnet help' "$FIRMNET"
gives 0 '' "$FIRMNET" --help
gives 0 '' "$FIRMNET" help
gives 0 '' "$FIRMNET" list
gives 0 '' "$FIRMNET" --version
gives 2 'try: firmnet clusters' "$FIRMNET" cluster "$scratch/ties.tsv"
for command in map report demo import info generate clusters central centrality ties backbone profile compare export convert list help; do
    gives 0 '' "$FIRMNET" help "$command"
    gives 0 '' "$FIRMNET" "$command" --help
done
gives 2 'there is no option "--resolutoin"' "$FIRMNET" clusters "$scratch/ties.tsv" --resolutoin 1
ok 'the nearest option is named' grep -qF 'try: --resolution' "$scratch/stderr"
gives 2 '--seed wants a whole number, not "x"' "$FIRMNET" clusters "$scratch/ties.tsv" --seed x
gives 2 'wants a value' "$FIRMNET" clusters "$scratch/ties.tsv" --seed
gives 2 'an input file is missing' "$FIRMNET" clusters
gives 2 'say where to write' "$FIRMNET" map "$scratch/ties.tsv"
gives 2 'there is no measure "pagerankk"' "$FIRMNET" centrality "$scratch/ties.tsv" --measure pagerankk
gives 2 'there is no measure "trus"' "$FIRMNET" ties "$scratch/ties.tsv" --measure overlap,trus
ok 'the nearest measure is named' grep -qF 'try: --measure truss' "$scratch/stderr"
gives 0 '' "$FIRMNET" ties "$scratch/ties.tsv" -q --measure truss,overlap -o "$scratch/truss.tsv"
ok 'measures follow the ties' grep -qxF "from	to	layer	value	currency	count	first	last	overlap	common	jaccard	dice	cosine	truss	product	newman_weight" "$scratch/truss.tsv"
gives 0 '' "$FIRMNET" ties "$scratch/ties.tsv" -q --measure strength,overlap,squares -o "$scratch/both.tsv"
ok 'columns of several measures stand once' [ "$(head -1 "$scratch/both.tsv" | tr '\t' '\n' | grep -cxE 'overlap|squares|class')" = 3 ]
gives 2 'there is no layer "suply"' "$FIRMNET" info "$scratch/ties.tsv" --layer suply
gives 3 'absent.tsv' "$FIRMNET" info "$scratch/absent.tsv"
gives 0 '' "$FIRMNET" info -@ 2 "$scratch/ties.tsv"
says 'firms: 3'
says 'ties: 3'
says 'records: 3'
gives 0 '' "$FIRMNET" info "$scratch/ties.tsv" --json

# Tables: header, missing empty, three forms.
gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv"
says "firm${tab}cluster${tab}stability"
says "a${tab}1${tab}"
gives 0 '' "$FIRMNET" clusters -q --csv "$scratch/ties.tsv"
says 'firm,cluster,stability'
gives 0 '' "$FIRMNET" clusters -q --json "$scratch/ties.tsv"
says '{"firm":"a","cluster":1,"stability":null}'

# Outputs: whole or absent; a closed pipe is no error, a full disk is one.
gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" -o "$scratch/made/clusters.tsv"
ok 'folders are made' test -s "$scratch/made/clusters.tsv"
printf 'old\n' >"$scratch/kept.tsv"
printf 'from\tto\tweight\na\tb\tx\n' >"$scratch/bad.tsv"
gives 1 'bad.tsv:2: ' "$FIRMNET" clusters "$scratch/bad.tsv" -o "$scratch/kept.tsv"
ok 'a failed run leaves the old file' grep -qx old "$scratch/kept.tsv"
if [ -w /dev/full ]; then gives 3 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" -o /dev/full; fi
"$FIRMNET" list 2>"$scratch/stderr" | head -n 1 >/dev/null
ok 'a closed pipe ends quietly' test ! -s "$scratch/stderr"

# Standard input.
"$FIRMNET" info - <"$scratch/ties.tsv" >"$scratch/stdin.txt" 2>/dev/null
"$FIRMNET" info "$scratch/ties.tsv" >"$scratch/file.txt" 2>/dev/null
same "$scratch/stdin.txt" "$scratch/file.txt"
finish
