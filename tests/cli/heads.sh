#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Who heads whom: tables of the Italian law 190 as a folder, and the two programs that ask how often heads are found.
. "$TOP_SRCDIR/tests/cli/lib.sh"
cd "$scratch" || exit 99
central=$TOP_BUILDDIR/bench/central

# Three lots of one buyer: A heads B twice, B heads A once; in the third lot C bids alone, too.
mkdir -p in/deep
cat >in/X_lotti.csv <<'END'
n,cig,strutturaProponente:codiceFiscaleProp,strutturaProponente:denominazione,importoAggiudicazione,lottoID
1,,09000000001,COMUNE DI PROVA,10,a
2,,09000000001,COMUNE DI PROVA,10,b
3,,09000000001,COMUNE DI PROVA,10,c
END
cat >in/deep/README.md <<'END'
not a table
END
cat >in/X_partecipanti.csv <<'END'
n,cig,codiceFiscale,ragioneSociale,ruolo,identificativoFiscaleEstero,partrgrno,lottoID
1,,01000000001,A,02-MANDATARIA,,1,a
2,,02000000002,B,01-MANDANTE,,1,a
3,,02000000002,B,01-MANDANTE,,1,b
4,,01000000001,A,02-MANDATARIA,,1,b
5,,01000000001,A,01-MANDANTE,,1,c
6,,02000000002,B,02-MANDATARIA,,1,c
7,,03000000003,C,,,,c
END
cat >in/X_aggiudicatari.csv <<'END'
n,cig,codiceFiscale,ragioneSociale,ruolo,identificativoFiscaleEstero,aggrgrno,lottoID
1,,01000000001,A,02-MANDATARIA,,1,a
2,,02000000002,B,01-MANDANTE,,1,a
END

gives 0 'README.md: not read' "$FIRMNET" import in -o x.fnet
ok 'rows add up' grep -q '^bidder *7 read = *7 kept' stdout
gives 0 '' "$FIRMNET" ties -q --layer consortium x.fnet
head -n 1 stdout | tr '\t' '\n' >columns
ok 'ties say who headed' grep -qx led_by_from columns
ok 'twice and once' test "$(awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR == 2 { print $at["led_by_from"], $at["led_by_to"] }' stdout)" = '2 1'
gives 0 '' "$FIRMNET" import -q in/X_aggiudicatari.csv in/X_lotti.csv in/X_partecipanti.csv -o y.fnet
same x.fnet y.fnet
mkdir empty
gives 3 'holds no files' "$FIRMNET" info empty

# Left out lot a: B headed once, A once: both alike, half a hit. The same for b. Left out c: A headed twice: no hit.
gives 0 '' "$central/consortia" in
says "measure${tab}groups${tab}hits${tab}rate${tab}rate_new_groups${tab}rate_with_lot"
says "index${tab}3${tab}1.0${tab}0.3333${tab}0.5000${tab}"
says "random${tab}3${tab}1.5${tab}0.5000${tab}0.5000${tab}0.5000"
says "wins${tab}3${tab}1.5${tab}0.5000${tab}0.5000${tab}0.5000"
gives 0 '' "$central/consortia" --fit in
ok 'weights' grep -q '^weight of role' stdout
gives 2 'consortia [--fit] FOLDER' "$central/consortia"
gives 2 'no joint bid' "$central/consortia" in/X_lotti.csv

# A text about one firm, and owners for what they own.
printf 'from\tto\tvalue\tlayer\nH\tA\t0.6\townership\nH\tB\t50\tother\nS\tA\t100\tsupply\nS\tB\t50\tsupply\nT\tH\t70\tsupply\n' >own.tsv
gives 0 'ownership groups: 1; firms that count as the one that stands for their group: 1' "$FIRMNET" central --groups --all own.tsv
ok 'A is H now' test "$(cut -f 3 stdout | grep -cx A)" = 0
gives 0 '' "$FIRMNET" central -q --groups --explain H own.tsv
says '  The data know no tender of it.'
says 'Verdict'
says '  What is not known of anybody here is left out.'
ok 'draws decide nothing without tenders' sh -c '! grep -q "first among draws" stdout'
gives 0 '' "$FIRMNET" central -q --explain A x.fnet
says '  It headed 2 of 3 joint bids whose head is known.'
gives 2 'there is no firm "nobody"' "$FIRMNET" central -q --explain nobody x.fnet

# The whole text of a head, and firms that may be meant.
tenders=$TOP_SRCDIR/datasets/tenders.jsonl.gz
gives 0 '' "$FIRMNET" central -q --explain PL-KRS-10048020 "$tenders"
says '  It is the central company of the cluster.'
for chapter in 'The index' 'Supply' 'Choice by tender' 'How sure' 'How to read this'; do says "$chapter"; done
ok 'the index is the product of its parts' awk '$2 == "share" || $1 == "x" || $1 == "share" || $1 == "=" {
    for (i = 1; i <= NF; i++) if ($i ~ /^[01]\.[0-9]+$/) { if ($1 == "=") index_is = $i; else made = (made ? made : 1) * $i }
} END { d = made - index_is; exit !(made > 0 && d < .002 && d > -.002) }' stdout
ok 'all that a head needs is there' test "$(sed -n '/^What a single head needs/,/^$/p' stdout | grep -c ' yes$')" = 6
ok 'five rankings' test "$(grep -c ' of [0-9]*\(, first is .*\)\{0,1\}$' stdout)" = 5
gives 2 'try: PL-KRS-10048020 ("INF Textiles sp.j.")' "$FIRMNET" central -q --explain 'inf text' "$tenders"
gives 2 'try: PL-KRS-10048020 ("INF Textiles sp.j.")' "$FIRMNET" central -q --explain 'INF Textils sp.j.' "$tenders"
gives 2 'more (`firmnet central --all` lists them)' "$FIRMNET" central -q --explain grid "$tenders"
gives 0 '13 clusters, 12 with a single head' "$FIRMNET" central "$tenders"
gives 2 'no table' "$FIRMNET" central -q --explain A --all x.fnet
gives 2 'no ties in layer ownership' "$FIRMNET" central -q --groups x.fnet

# Two economies with heads, without, and with two.
for seed in 1 2; do
    gives 0 '' "$FIRMNET" generate -q --seed $seed --firms 300 --clusters 6 --tenders 1500 --headless 1 --two-heads 1 -o $seed.jsonl \
        --truth $seed.tsv
done
gives 0 '' "$central/planted" 1.jsonl 1.tsv 2.jsonl 2.tsv
cut -f 1,2 stdout >planted
ok 'heads' grep -qx "index${tab}8" planted
ok 'clusters without a head' grep -qx "no_head${tab}2" planted
ok 'clusters with two' grep -qx "two_heads${tab}2" planted
ok 'every measure' grep -qx "pagerank${tab}8" planted
ok 'most heads are found' test "$(awk '$1 == "index" { print ($3 >= 7) }' stdout)" = 1
gives 2 'planted DUMP TRUTH' "$central/planted" 1.jsonl
gives 2 'a truth table has the columns' "$central/planted" 1.jsonl columns
finish
