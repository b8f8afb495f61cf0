#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The main job: all outputs, the same bytes always, none left behind, the planted economy recovered.
. "$TOP_SRCDIR/tests/cli/lib.sh"
dump=$TOP_SRCDIR/datasets/tenders.jsonl.gz
truth=$TOP_SRCDIR/datasets/tenders.truth.tsv
files='network.gexf firms.tsv ties.tsv clusters.tsv report.html run.json'

gives 0 '' "$FIRMNET" map "$dump" -o "$scratch/one" -t 1
for file in $files; do ok "$file is written" test -s "$scratch/one/$file"; done
ok 'nothing else is' test "$(ls -A "$scratch/one" | wc -l)" -eq 6
gives 0 '' "$FIRMNET" map "$dump" -o "$scratch/two" -t 2
gives 0 '' "$FIRMNET" map "$dump" -o "$scratch/two" -t 2
gzip -dc "$dump" >"$scratch/tenders.jsonl"
LC_ALL=C.UTF-8
TZ=Asia/Almaty
export LC_ALL TZ
gives 0 '' "$FIRMNET" map "$scratch/tenders.jsonl" -o "$scratch/plain"
for file in $files; do
    same "$scratch/one/$file" "$scratch/two/$file"
    same "$scratch/one/$file" "$scratch/plain/$file"
done
ok 'processes, not processs' grep -q '>processes</th>' "$scratch/one/report.html"
ok 'names at the edge of a map are moved in' test -z "$(sed -n 's/.*class="tag" x="\([0-9]*\)[.0-9]*".*/\1/p' \
    "$scratch/one/report.html" | awk '$1 < 100 || $1 > 800')"
ok 'there are such names' grep -q 'class="tag" x="' "$scratch/one/report.html"
printf 'from\tto\nA\tB\nB\tC\nX\tY\n' >"$scratch/small.tsv"
gives 0 '' "$FIRMNET" map -q "$scratch/small.tsv" --layer-weight supply=1 --tie-layer knowledge -o "$scratch/small"
ok 'a cluster without a candidate says why over the whole row' grep -q 'class="who" colspan=' "$scratch/small/report.html"
ok 'no path in an output' test -z "$(grep -l "$scratch" "$scratch"/one/* "$scratch"/plain/*)"

"$FIRMNET" info -q "$dump" --json | grep -o '"records": [0-9]*' >"$scratch/records"
ok 'the run record counts as info does' grep -qFf "$scratch/records" "$scratch/one/run.json"

# Columns of the contract, in their order, at the front.
columns() {
    head -n 1 "$1" | cut -f "1-$2" | tr '\t' ,
}
ok 'columns of firms.tsv' test "$(columns "$scratch/one/firms.tsv" 17)" = firm,name,kind,country,region,industry,cluster,stability,roles,ties_in,ties_out,value_in,value_out,pagerank,betweenness,central_index,is_central
ok 'columns of ties.tsv' test "$(columns "$scratch/one/ties.tsv" 16)" = from,to,layer,value,currency,count,first,last,overlap,squares,p_from,p_to,reciprocity,layers,class,reason
ok 'columns of clusters.tsv' test "$(columns "$scratch/one/clusters.tsv" 11)" = cluster,firms,ties,internal_value,currency,central_company,central_name,central_index,gap,density,stability

# The plan: at least 11 of the 12 planted central companies, clusters near the plan.
awk -F '\t' 'NR == FNR { if ($3 == "central") planted[$1] = 1; next } FNR > 1 && $6 in planted { hit[$6] = 1 }
    END { for (f in hit) n++; print n + 0 }' "$truth" "$scratch/one/clusters.tsv" >"$scratch/hits"
ok "at least 11 planted heads found (found $(cat "$scratch/hits"))" test "$(cat "$scratch/hits")" -ge 11
"$FIRMNET" clusters -q "$dump" >"$scratch/clusters.tsv"
"$FIRMNET" compare -q "$scratch/clusters.tsv" "$truth" >"$scratch/agreement"
nmi=$(sed -n 2p "$scratch/agreement" | cut -f 1)
ok "NMI with the plan at least 0.9 ($nmi)" awk "BEGIN { exit !($nmi >= 0.9) }"

# The network file is an input like any other.
gives 0 '' "$FIRMNET" import "$dump" -o "$scratch/tenders.fnet" --report "$scratch/import.json"
gives 0 '' "$FIRMNET" central -q "$scratch/tenders.fnet" -o "$scratch/from-fnet.tsv"
gives 0 '' "$FIRMNET" central -q "$dump" -o "$scratch/from-dump.tsv"
same "$scratch/from-fnet.tsv" "$scratch/from-dump.tsv"

# Killed at any time: every output is whole or absent, and nothing else is left. The six are put in place one after the
# other, so in that moment some may be there.
for delay in 0.005 0.02 0.05 0.1 0.15 0.2 0.25 0.3; do
    rm -rf "$scratch/killed"
    mkdir "$scratch/killed"
    "$FIRMNET" map "$dump" -o "$scratch/killed/out" 2>/dev/null &
    child=$!
    sleep $delay
    kill -9 $child 2>/dev/null
    wait $child 2>/dev/null
    find "$scratch/killed" -type f >"$scratch/left"
    while read -r left; do same "$left" "$scratch/one/$(basename "$left")"; done <"$scratch/left"
    ok "kill -9 after $delay s leaves nothing beside the outputs" test "$(wc -l <"$scratch/left")" -le 6
done

# A damaged dump: nothing is left.
head -c 20000 "$dump" >"$scratch/cut.jsonl.gz"
gives 1 'cut.jsonl.gz' "$FIRMNET" map "$scratch/cut.jsonl.gz" -o "$scratch/none"
absent "$scratch/none"
finish
