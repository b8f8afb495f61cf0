#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every column of these tables is explained by `firmnet help COMMAND`.
. "$TOP_SRCDIR/tests/cli/lib.sh"
tenders=$TOP_SRCDIR/datasets/tenders.jsonl.gz

# explained FILE COMMAND FIRST: the columns of a table, from the FIRST on, stand in the command's help.
explained() {
    "$FIRMNET" help "$2" | sed -n '/^columns$/,/^options$/p' >"$scratch/help"
    ok "$1 is a table" grep -q "$tab" "$1"
    for column in $(head -n 1 "$1" | cut -f "$3-"); do
        case $column in
        product | newman_weight) continue ;; # what the data brings
        disparity_* | salience_*) continue ;; # METHOD_…
        esac
        ok "help $2 explains $column" grep -qE "^  $column( |\$)" "$scratch/help"
    done
}

cd "$scratch" || exit 99
"$FIRMNET" import -q "$tenders" -o net.fnet
"$FIRMNET" central -q net.fnet >heads && explained heads central 1
"$FIRMNET" central -q --all --resamples 0 net.fnet >members && explained members central 1
"$FIRMNET" ties -q --relation --closure --tests disparity,salience --bridges bridges net.fnet >ties && explained ties ties 1
explained bridges ties 1
"$FIRMNET" ties -q net.fnet -o measured \
    -m overlap,directed-overlap,weighted-overlap,squares,simmelian,quadrilateral,truss,edge-betweenness
explained measured ties 1
for command in roles centralisation; do
    "$FIRMNET" $command -q net.fnet >$command
    explained $command $command 1
done
for method in disparity noise-corrected marginal-likelihood hypergeometric salience weight; do
    "$FIRMNET" backbone -q --all --method $method net.fnet >backbone && explained backbone backbone 9 # before: as in ties
done
"$FIRMNET" backbone -q --compare --rounds 0 net.fnet >compared && explained compared backbone 1
"$FIRMNET" backbone -q --pairs suppliers net.fnet >pairs && explained pairs backbone 3
finish
