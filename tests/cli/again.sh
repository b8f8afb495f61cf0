#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What firmnet wrote is an input: its table of ties gives the ties it came from, whatever they lack.
. "$TOP_SRCDIR/tests/cli/lib.sh"
dump=$TOP_SRCDIR/datasets/tenders.jsonl.gz

# Layers without money beside one with: no value, a weight of their own, and the days of each tie stay.
gives 0 '' "$FIRMNET" map -q "$dump" -o "$scratch/map"
gives 0 'a table of ties that firmnet wrote' "$FIRMNET" ties "$scratch/map/ties.tsv" --firms "$scratch/map/firms.tsv" -o "$scratch/again.tsv"
# Facts of each tie; an undirected one may be written from either end.
facts() {
    cut -f 1-8,17- "$1" | LC_ALL=C awk -F '\t' -v OFS='\t' \
        '($3 == "cobid" || $3 == "consortium") && $1 > $2 { t = $1; $1 = $2; $2 = t } { print }' | LC_ALL=C sort
}
facts "$scratch/map/ties.tsv" >"$scratch/ties.facts"
facts "$scratch/again.tsv" >"$scratch/again.facts"
same "$scratch/ties.facts" "$scratch/again.facts"
ok 'what was computed is computed again, not kept' test "$(head -n 1 "$scratch/again.tsv")" = "$(head -n 1 "$scratch/map/ties.tsv")"
gives 0 '' "$FIRMNET" ties -q --csv "$dump" -o "$scratch/ties.csv"
"$FIRMNET" info -q "$dump" | grep -v -e '^records' -e '^tenders' >"$scratch/info"
for file in map/ties.tsv ties.csv; do
    "$FIRMNET" info -q "$scratch/$file" | grep -v -e '^records' -e '^tenders' >"$scratch/info-again"
    same "$scratch/info" "$scratch/info-again"
done
gives 0 '' "$FIRMNET" clusters -q "$scratch/map/ties.tsv" -o "$scratch/clusters.tsv"
gives 0 '' "$FIRMNET" compare -q "$scratch/clusters.tsv" "$scratch/map/firms.tsv"
ok 'nearly the same clusters' awk "BEGIN { exit !($(sed -n 2p "$scratch/stdout" | cut -f 1) > 0.95) }"

# A tie lasts from its first day to its last: the period takes it where both meet.
head -n 1 "$scratch/map/ties.tsv" >"$scratch/one.tsv"
printf 'a\tb\tsupply\t5\t\t2\t2019-03-01\t2021-02-01\t\t\t\t\t\t\tweak\twhy\t\t\t\n' >>"$scratch/one.tsv"
for period in '--since 2020 --until 2020' '--since 2021' '--until 2019'; do
    gives 0 '' "$FIRMNET" info -q "$scratch/one.tsv" $period
    says 'ties: 1'
done
gives 0 '' "$FIRMNET" info -q "$scratch/one.tsv" --since 2022
says 'ties: 0'
sed 's/2021-02-01/2018-02-01/' "$scratch/one.tsv" >"$scratch/odd.tsv"
gives 1 'odd.tsv:2: the tie ends before it begins' "$FIRMNET" info -q "$scratch/odd.tsv"

# In other tables a value that is missing beside others stays an error.
printf 'from\tto\tlayer\tvalue\na\tb\tsupply\t1\na\tc\tcobid\t\n' >"$scratch/other.tsv"
gives 1 'other.tsv:3: no weight' "$FIRMNET" info -q "$scratch/other.tsv"

finish
