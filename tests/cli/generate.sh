#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Large economies: ties, tenders and the plan agree, the same bytes on any number of threads, wrong options are refused.
. "$TOP_SRCDIR/tests/cli/lib.sh"
cd "$scratch" || exit 99

for threads in 1 2 3; do
    gives 0 '20000 ties of 4000 firms' "$FIRMNET" generate -t $threads --ties 20000 -o "$threads.tsv" --truth "$threads.truth.tsv"
    gives 0 '' "$FIRMNET" generate -q -t $threads --ties 20000 -o "$threads.tsv.gz" --truth "$threads.truth.tsv.gz"
    gives 0 '' "$FIRMNET" generate -q -t $threads --ties 2000 -o "$threads.jsonl.gz"
    gzip -dc "$threads.tsv.gz" >text && same text 1.tsv
    gzip -dc "$threads.truth.tsv.gz" >text && same text 1.truth.tsv
    for file in tsv tsv.gz truth.tsv truth.tsv.gz jsonl.gz; do same "1.$file" "$threads.$file"; done
done
ok 'a row for each year of a tie' test "$(wc -l <1.tsv)" = 33279
ok 'every firm is in the plan once' test "$(tail -n +2 1.truth.tsv | cut -f 1 | sort -u | wc -l)" = 4000
tail -n +2 1.tsv | cut -f 1,2 | tr '\t' '\n' | sort -u >seen
tail -n +2 1.truth.tsv | cut -f 1 | sort >planned
same seen planned
gives 0 '' "$FIRMNET" info -q 1.tsv.gz
says 'firms: 4000'
says 'ties: 20000'
says 'records: 33278'

gives 0 '' "$FIRMNET" generate -q --ties 2000 --firms 1000 --periods 1 --products --subcontract 0.2 --ownership 0.1 -o asked.tsv
ok 'columns that were asked for' test "$(head -n 1 asked.tsv)" = "from${tab}to${tab}value${tab}date${tab}layer${tab}product"
ok 'one row a tie in one year' test "$(wc -l <asked.tsv)" = 2001
ok 'layers' test "$(tail -n +2 asked.tsv | cut -f 5 | sort -u | tr '\n' ' ')" = 'ownership subcontract supply '
gives 0 '' "$FIRMNET" info -q 1.jsonl.gz
says 'firms: 400'
says 'tenders: 3325'

# The plan can be found: planted heads come first by the index of central companies.
gives 0 '' "$FIRMNET" generate -q --ties 5000 -o heads.jsonl --truth heads.truth.tsv
gives 0 '' "$FIRMNET" central -q heads.jsonl
tail -n +2 stdout | cut -f 3 | grep . | sort >found
awk -F '\t' '$3 == "central" { print $1 }' heads.truth.tsv | sort >heads
hits=$(comm -12 found heads | wc -l)
ok "$hits of $(wc -l <found) central companies are planted heads" test $((4 * hits)) -ge $((3 * $(wc -l <found)))

gives 0 '' "$FIRMNET" generate -q --describe
ok 'figures with what is published' test "$(head -n 1 stdout)" = \
    "figure${tab}text${tab}published${tab}low${tab}high${tab}measured${tab}verdict${tab}source"
ok 'all within' test "$(cut -f 7 stdout | grep -c outside)" = 0
gives 0 '' "$FIRMNET" generate -q --describe --json
ok 'and as JSON' grep -q '^{"figure":"in_exponent",.*"verdict":"within"' stdout

gives 2 'wants a number from 1000' "$FIRMNET" generate --ties 999 -o x.tsv
gives 2 'ties a firm' "$FIRMNET" generate --ties 1000 --firms 600 -o x.tsv
gives 2 '--noise does not go with --ties' "$FIRMNET" generate --ties 1000 --noise 0.1 -o x.tsv
gives 2 '--periods does not go with' "$FIRMNET" generate --periods 2 -o x.tsv
gives 2 '--ties does not go with --describe' "$FIRMNET" generate --describe --ties 1000
gives 2 'only with --describe' "$FIRMNET" generate --json -o x.tsv
gives 2 'together at most 1' "$FIRMNET" generate --ties 1000 --knowledge 0.6 --ownership 0.6 -o x.tsv
gives 2 'tenders tell of supply alone' "$FIRMNET" generate --ties 1000 --knowledge 0.1 -o x.jsonl
gives 2 'as ties or tenders, not as gexf' "$FIRMNET" generate --ties 1000 -o x.gexf
gives 2 'say where to write' "$FIRMNET" generate --ties 1000
gives 2 'two options name it' "$FIRMNET" generate --ties 1000 -o x.tsv --truth x.tsv
gives 3 '' "$FIRMNET" generate --ties 1000 -o /dev/full --to edgelist --truth x.truth.tsv
absent x.tsv x.jsonl x.gexf x.truth.tsv
finish
