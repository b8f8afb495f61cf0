#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Backbones as tables and networks, rules of classes, bridges: what they say, what is refused, the same bytes on any
# number of threads.
. "$TOP_SRCDIR/tests/cli/lib.sh"
cd "$scratch" || exit 99

gives 0 '' "$FIRMNET" generate -q --kinds --firms 300 --clusters 6 -o net.fnet --truth firms.tsv --tie-truth kinds.tsv
gives 0 '' "$FIRMNET" info -q net.fnet
ties=$(sed -n 's/^ties: //p' stdout)
ok 'a kind for each tie' test "$(wc -l <kinds.tsv)" = $((ties + 1))
ok 'all kinds' test "$(tail -n +2 kinds.tsv | cut -f 3 | sort -u | tr '\n' ' ')" = 'bridging embedded transient '
gives 2 '--tie-truth goes with --kinds' "$FIRMNET" generate -o other.fnet --tie-truth kinds.tsv
gives 2 'are no tenders' "$FIRMNET" generate --kinds -o other.jsonl

# A table, its share, and the network of it.
for threads in 1 2 3; do
    gives 0 'judged ties are kept' "$FIRMNET" backbone -t $threads net.fnet --method marginal-likelihood --keep 0.1 --json -o $threads.json
    gives 0 'the unit is records' "$FIRMNET" backbone -t $threads net.fnet --method noise-corrected --alpha 0.01 -o $threads.gexf
    gives 0 '' "$FIRMNET" backbone -q -t $threads net.fnet --compare --keep 0.2 --rounds 1 --picture $threads.svg
    mv stdout $threads.tsv
    for file in json gexf svg tsv; do same 1.$file $threads.$file; done
done
ok 'a tenth of the ties' test "$(wc -l <1.json)" = $(((ties + 9) / 10))
ok 'a picture with all methods' test "$(grep -c 'class="name"' 1.svg)" = 6
ok 'six methods' test "$(wc -l <1.tsv)" = 7
gives 0 '' "$FIRMNET" backbone -q net.fnet --keep 0.1 -o tenth.fnet
gives 0 '' "$FIRMNET" info -q tenth.fnet
says "ties: $(((ties + 9) / 10))"
gives 0 'are significant at 0.05 (Bonferroni over' "$FIRMNET" backbone net.fnet --correction bonferroni --all
ok 'all ties' test "$(wc -l <stdout)" = $((ties + 1))
gives 0 'pairs have something in common' "$FIRMNET" backbone net.fnet --pairs suppliers --alpha 0.001
ok 'firms that share suppliers' test "$(head -n 1 stdout)" = "from${tab}to${tab}common${tab}of_from${tab}of_to${tab}expected${tab}log10_p${tab}log10_q"
gives 2 'there is no method "disparty"' "$FIRMNET" backbone net.fnet --method disparty
gives 2 'one of them' "$FIRMNET" backbone net.fnet --keep 0.1 --alpha 0.1
gives 2 'keeps ties by their p' "$FIRMNET" backbone net.fnet --least-score 0.5
gives 2 'keeps ties by their score' "$FIRMNET" backbone net.fnet --method weight --alpha 0.5
gives 0 'judged ties is kept' "$FIRMNET" backbone net.fnet --keep 0
gives 2 'try: --tests disparity' "$FIRMNET" ties net.fnet --tests disparty
gives 2 '--tests names none' "$FIRMNET" ties net.fnet --tests ''
gives 2 '--measure names none' "$FIRMNET" ties net.fnet --measure ''
gives 2 'try: --layer supply' "$FIRMNET" ties net.fnet --layer suply
gives 2 '--picture goes with --compare' "$FIRMNET" backbone net.fnet --picture x.svg
gives 2 'is no format that can be written' "$FIRMNET" backbone net.fnet --to gexff -o x
gives 2 'two options name it' "$FIRMNET" backbone net.fnet --compare --picture x.svg -o x.svg
absent x x.svg

# Rules, bridges, and further columns of ties.
"$FIRMNET" help ties | sed -n '/^# class/,/^weak/p' >rules
gives 0 '' "$FIRMNET" ties -q net.fnet -o built-in.tsv
gives 0 '' "$FIRMNET" ties -q net.fnet --rules rules -o by-rules.tsv
same built-in.tsv by-rules.tsv
printf 'strong records >= 3\nweak\n' >rules
gives 0 'of 0 pairs' "$FIRMNET" ties net.fnet --rules rules --closure --layer supply --until 2021-01-01
gives 0 '' "$FIRMNET" ties -q net.fnet --rules rules
ok 'two classes' test "$(tail -n +2 stdout | cut -f 15 | sort -u | tr '\n' ' ')" = 'strong weak '
printf 'weak\nstrong recrds >= 3\n' >rules
gives 2 'rules:2: there is no fact "recrds"' "$FIRMNET" ties net.fnet --rules rules -o none.tsv
gives 2 'there is no test "disparty"' "$FIRMNET" ties net.fnet --tests disparty -o none.tsv
# before anything is read
gives 2 'there is no test "disparty"' "$FIRMNET" ties nowhere.fnet --tests disparity,disparty -o none.tsv
gives 3 '' "$FIRMNET" ties net.fnet --rules missing -o none.tsv
absent none.tsv
gives 0 'bridges between clusters' "$FIRMNET" ties net.fnet --bridges bridges.tsv --relation --tests salience,weight -o more.tsv
ok 'as many bridges as in the table' test "$(wc -l <bridges.tsv)" -le $(($(grep -c "${tab}bridge${tab}" more.tsv) + 1))
ok 'columns that were asked for' sh -c 'head -n 1 more.tsv | grep -q "share_to.*repeats.*salience_score.*weight_score"'

# Beside other measures; what rests on classes wants strength.
for option in --closure '--rules rules' '--bridges no-bridges.tsv'; do
    gives 2 'rests on the classes of ties' "$FIRMNET" ties net.fnet --measure truss $option -o none.tsv
done
absent none.tsv no-bridges.tsv
gives 0 '' "$FIRMNET" ties -q net.fnet --measure relation,truss --tests disparity -o relation.tsv
ok 'no classes that were not asked for' test "$(head -n 1 relation.tsv | cut -f 9-15 | tr '\t' ,)" = \
    truss,duration,periods,regularity,share_from,share_to,repeats
for threads in 1 2 3; do
    gives 0 'are open' "$FIRMNET" ties -t $threads net.fnet --measure strength,truss,relation --relation --closure -o $threads.tsv
done
same 1.tsv 2.tsv
same 1.tsv 3.tsv
ok 'one column each' test "$(head -n 1 1.tsv | tr '\t' '\n' | sort | uniq -d | wc -l)" = 0
finish
