#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Care with the user's data and intentions: nothing read is written over, nothing is left by a failed run, no option is
# taken in silence for something else.
. "$TOP_SRCDIR/tests/cli/lib.sh"
printf 'from\tto\tweight\tdate\tlayer\na\tb\t1\t2020-03-01\tsupply\nb\tc\t2\t2021-12-31\tsupply\nc\ta\t3\t2022-05-01\tfinance\n' \
    >"$scratch/ties.tsv"
printf 'from\tto\tweight\na\tb\t1\na\tc\tNaN\n' >"$scratch/mixed.tsv"
cp "$scratch/ties.tsv" "$scratch/before.tsv"

# An output on top of an input is refused, whatever the path is called.
gives 2 'it is an input' "$FIRMNET" ties -q "$scratch/ties.tsv" -o "$scratch/ties.tsv"
gives 2 'it is an input' "$FIRMNET" ties -q "$scratch/ties.tsv" -o "$scratch/./ties.tsv"
gives 2 'it is an input' "$FIRMNET" ties -q "$scratch/mixed.tsv" --keep-going --rejects "$scratch/mixed.tsv"
gives 2 'it is an input' "$FIRMNET" map -q "$scratch/ties.tsv" -o "$scratch"
gives 2 'it is an input (--map)' "$FIRMNET" ties -q "$scratch/mixed.tsv" --map "$scratch/ties.tsv" -o "$scratch/ties.tsv"
gives 2 'two options name it' "$FIRMNET" import -q "$scratch/ties.tsv" -o "$scratch/x.fnet" --report "$scratch/x.fnet"
same "$scratch/ties.tsv" "$scratch/before.tsv"
absent "$scratch/x.fnet"

# Rows set aside are listed when the run succeeds; a run that fails later leaves no list.
gives 0 '' "$FIRMNET" ties -q "$scratch/mixed.tsv" --keep-going --rejects "$scratch/rejects.tsv"
ok 'the row is listed with its line' grep -q "^mixed.tsv${tab}3${tab}weight_not_finite" "$scratch/rejects.tsv"
gives 2 'there is no layer' "$FIRMNET" ties -q "$scratch/mixed.tsv" --keep-going --rejects "$scratch/late.tsv" --layer none
if [ -w /dev/full ]; then
    gives 3 '' "$FIRMNET" ties -q "$scratch/mixed.tsv" --keep-going --rejects "$scratch/late.tsv" -o /dev/full
fi
gives 1 'mixed.tsv:3: ' "$FIRMNET" ties -q "$scratch/mixed.tsv" --rejects "$scratch/late.tsv"
absent "$scratch/late.tsv"

# Records of tender data that were set aside, too.
printf '{"ocid":"a","id":"1","tag":["award"],"date":"2020-01-01T00:00:00Z"}\n{bad\n{"releases":[{"id":"x"}]}\n' \
    >"$scratch/bad.jsonl"
gives 0 '' "$FIRMNET" info -q "$scratch/bad.jsonl" --rejects "$scratch/records.tsv"
for line in "2${tab}syntax" "3${tab}no_ocid" "1${tab}no_award"; do
    ok "the list names $line" grep -q "^bad.jsonl${tab}$line${tab}" "$scratch/records.tsv"
done

# Options that contradict each other or can't be meant.
gives 2 'not both' "$FIRMNET" ties -q "$scratch/mixed.tsv" --keep-going --strict
gives 2 'not both' "$FIRMNET" ties -q "$scratch/ties.tsv" --csv --json
gives 2 '--since 2022 is after --until 2021' "$FIRMNET" info "$scratch/ties.tsv" --since 2022 --until 2021
gives 2 'an empty name' "$FIRMNET" info "$scratch/ties.tsv" --layer ''
gives 2 'an empty name' "$FIRMNET" info "$scratch/ties.tsv" --layer supply,
gives 2 'no firm is of the kind "authorty"' "$FIRMNET" info "$scratch/ties.tsv" --without authorty
ok 'the nearest kind is named' grep -qF 'try: --without authority' "$scratch/stderr"
gives 0 'no firm is of that kind' "$FIRMNET" info "$scratch/ties.tsv" --without authority
gives 2 'there is no command "mpa"' "$FIRMNET" help mpa
ok 'the nearest command is named' grep -qF 'try: firmnet help map' "$scratch/stderr"
gives 2 'the name of an input is empty' "$FIRMNET" info ''

gives 2 'does not tell the format' "$FIRMNET" export -q "$scratch/ties.tsv" -o "$scratch/page.html"
ok 'a page is a report' grep -qF 'try: firmnet report' "$scratch/stderr"

# A year or a month is a whole one at both ends.
gives 0 '' "$FIRMNET" info -q "$scratch/ties.tsv" --since 2021 --until 2021
says 'ties: 1'
gives 0 '' "$FIRMNET" info -q "$scratch/ties.tsv" --until 2021-12
says 'ties: 2'
gives 0 '' "$FIRMNET" info -q "$scratch/ties.tsv" --until 2021-12-30
says 'ties: 1'

# The selection holds for the network file, too.
gives 0 '' "$FIRMNET" import -q "$scratch/ties.tsv" --layer finance -o "$scratch/finance.fnet"
gives 0 '' "$FIRMNET" info -q "$scratch/finance.fnet"
says 'ties: 1'
says 'layers: finance 1'
gives 0 '' "$FIRMNET" convert -q "$scratch/ties.tsv" --since 2021 -o "$scratch/late.fnet"
gives 0 '' "$FIRMNET" convert -q "$scratch/late.fnet" --layer supply -o "$scratch/both.fnet"
gives 0 '' "$FIRMNET" ties -q "$scratch/both.fnet"
ok 'one tie is left, with its own cells' grep -q "^b${tab}c${tab}supply${tab}2${tab}${tab}1${tab}2021-12-31" "$scratch/stdout"

# Sums beyond the numbers there are: an error, never an infinite amount.
printf 'from\tto\tvalue\na\tb\t1.7e308\na\tb\t1.7e308\n' >"$scratch/large.tsv"
gives 1 'more than a number can hold' "$FIRMNET" info -q "$scratch/large.tsv"

# No terminal escape of an input reaches the terminal by way of a message.
printf 'from\tto\tvalue\na\tb\t1\302\233[31m\033[31m\377\n' >"$scratch/escape.tsv"
gives 1 'escape.tsv:2: ' "$FIRMNET" info -q "$scratch/escape.tsv"
ok 'no escape in the message' test -z "$(LC_ALL=C tr -d '\n\040-\176' <"$scratch/stderr")"

finish
