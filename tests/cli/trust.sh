#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How far clusters can be trusted: null networks, scan, consensus, small clusters, profiles, another method.
. "$TOP_SRCDIR/tests/cli/lib.sh"
dump=$TOP_SRCDIR/datasets/tenders.jsonl.gz

# cell FILE COLUMN: of the only row of a table
cell() {
    awk -F '\t' -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i } NR == 2 { print $at }' "$1"
}
is() { awk "BEGIN { exit !($*) }"; }

printf 'from\tto\tweight\na\tb\t1\nb\tc\t1\nc\ta\t1\nc\td\t1\nd\te\t1\ne\tf\t1\nf\td\t1\ng\tg\t1\n' >"$scratch/ties.tsv"
printf 'firm\tregion\tsize\na\tN\t1\nb\tN\t2\nc\tN\t3\nd\tS\t4\ne\tS\t5\nf\tS\t6\ng\tS\t7\n' >"$scratch/firms.tsv"

# The plain table stays as it is; isolated firms are named.
gives 0 '1 of the firms are isolated' "$FIRMNET" clusters "$scratch/ties.tsv"
says "firm${tab}cluster${tab}stability"
says "g${tab}3${tab}"

# Null networks: said, and written beside the table.
gives 0 'rewired networks of the same degrees' "$FIRMNET" clusters "$dump" --null 9 --summary "$scratch/s.tsv" -o "$scratch/c.tsv"
ok 'planted clusters stand out' is "$(cell "$scratch/s.tsv" null_z) > 20"
ok 'none reaches them' test "$(cell "$scratch/s.tsv" null_p)" = 0.1
ok 'ten swaps a pair' is "$(cell "$scratch/s.tsv" null_swaps) >= 10"
ok 'no consensus was asked for' test -z "$(cell "$scratch/s.tsv" runs_nmi)"
gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" --summary - --json -o "$scratch/c.json"
ok 'a summary as JSON' grep -q '"method":"leiden","objective":"modularity",.*"firms":7,"isolated":1,"clusters":3,"largest":3' "$scratch/stdout"
gives 2 'two options name it' "$FIRMNET" clusters -q "$scratch/ties.tsv" --summary "$scratch/x" -o "$scratch/x"
gives 2 'it is an input' "$FIRMNET" clusters -q "$scratch/ties.tsv" --summary "$scratch/ties.tsv"
if [ -w /dev/full ]; then
    gives 3 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" --summary "$scratch/none.tsv" -o /dev/full
    absent "$scratch/none.tsv"
fi

# Scan.
gives 0 'the longest is' "$FIRMNET" clusters "$scratch/ties.tsv" --scan 0.1:1
says "resolution_from${tab}resolution_to${tab}clusters${tab}largest${tab}plateau${tab}resolution${tab}quality${tab}inside${tab}expected${tab}nmi_before${tab}nmi_next${tab}found"
ok 'two plateaus' test "$(wc -l <"$scratch/stdout")" -eq 3
gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" --scan 0.1:1 --null 3 --csv
ok 'plateaus with their significance' grep -q ',null_mean,null_sd,null_z,null_p$' "$scratch/stdout"
for wrong in 1 1:1 2:1 0:1 -1:1 a:b 1:2:3 1:; do
    gives 2 '--scan wants LOW:HIGH' "$FIRMNET" clusters "$scratch/ties.tsv" --scan "$wrong"
done
gives 2 'exclude each other' "$FIRMNET" clusters "$scratch/ties.tsv" --scan 0.1:1 --resolution 2

# Consensus.
gives 0 'the runs agree' "$FIRMNET" clusters "$dump" --consensus --runs 5 --summary "$scratch/s.tsv" -o "$scratch/c.tsv"
ok 'the agreement of runs' is "$(cell "$scratch/s.tsv" runs_nmi) > .9 && $(cell "$scratch/s.tsv" runs_ami) > .9"
ok 'the runs agreed' test "$(cell "$scratch/s.tsv" consensus_agreed)" = true
gives 2 'wants several runs' "$FIRMNET" clusters "$dump" --consensus

# Small clusters.
gives 0 'stay that small' "$FIRMNET" clusters "$scratch/ties.tsv" --resolution 3 --min-size 3 --summary "$scratch/s.tsv"
ok 'one is left: the isolated firm' test "$(cell "$scratch/s.tsv" left_small)" = 1

# Another method, in every command that finds clusters.
gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" --method label-propagation --summary "$scratch/s.tsv"
ok 'its modularity is told' is "$(cell "$scratch/s.tsv" quality) > 0"
gives 0 '' "$FIRMNET" central -q "$dump" --method label-propagation
gives 0 'bits a step' "$FIRMNET" clusters "$dump" --method infomap --directed --summary "$scratch/t.tsv" -o "$scratch/c.tsv"
gives 0 '' "$FIRMNET" clusters -q "$dump" --directed --summary "$scratch/s.tsv" -o "$scratch/d.tsv"
ok 'its code is shorter' is "$(cell "$scratch/t.tsv" codelength) < $(cell "$scratch/s.tsv" codelength)"
gives 2 'there is no method "leidn"' "$FIRMNET" clusters "$scratch/ties.tsv" --method leidn
ok 'the nearest method is named' grep -qF 'try: --method leiden' "$scratch/stderr"

# Profile.
gives 0 'region: stated by 6 of the 6 firms' "$FIRMNET" profile "$scratch/ties.tsv" --firms "$scratch/firms.tsv" --level 1
says "cluster${tab}attribute${tab}value${tab}firms${tab}members${tab}in_cluster${tab}expected${tab}p${tab}p_adjusted"
ok 'three of three, one in twenty' is "$(cut -f 8 "$scratch/stdout" | sed -n 2p) - .05 < 1e-12"
gives 0 '' "$FIRMNET" profile -q "$scratch/ties.tsv" --firms "$scratch/firms.tsv" --level 0.05
ok 'two of four tests with p 1/20: adjusted to 1/10' test "$(wc -l <"$scratch/stdout")" -eq 1
gives 2 'the firms have no column "regoin"' "$FIRMNET" profile "$scratch/ties.tsv" --firms "$scratch/firms.tsv" -a regoin
gives 2 'neither region nor industry' "$FIRMNET" profile "$scratch/ties.tsv"

# Precision and recall take the second table as the truth: two firms together, of four that are planted together.
printf 'firm\tcluster\na\t1\nb\t1\nc\t2\nd\t3\n' >"$scratch/found.tsv"
printf 'firm\tcluster\na\t1\nb\t1\nc\t1\nd\t1\n' >"$scratch/plan.tsv"
gives 0 '' "$FIRMNET" compare -q "$scratch/found.tsv" "$scratch/plan.tsv"
ok 'precision 1, recall 1/6' test "$(sed -n 2p "$scratch/stdout" | cut -f 5,6)" = "1${tab}0.16666666666666666"

# The same bytes at any number of threads.
for threads in 1 2 3; do
    "$FIRMNET" clusters -q "$dump" -t $threads --consensus --runs 3 --null 3 --min-size 4 --summary "$scratch/s$threads" -o "$scratch/c$threads"
    "$FIRMNET" clusters -q "$dump" -t $threads --scan 0.5:2 --searches 12 -o "$scratch/p$threads"
    "$FIRMNET" clusters -q "$dump" -t $threads --method label-propagation --runs 3 -o "$scratch/l$threads"
    "$FIRMNET" clusters -q "$dump" -t $threads --method infomap --directed -o "$scratch/i$threads"
    "$FIRMNET" clusters -q "$dump" -t $threads --method infomap --levels -o "$scratch/h$threads"
    for table in s c p l i h; do same "$scratch/${table}1" "$scratch/$table$threads"; done
done
finish
