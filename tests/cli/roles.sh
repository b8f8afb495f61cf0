#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures that are found where they are named; what firms are to their clusters; centralisation.
. "$TOP_SRCDIR/tests/cli/lib.sh"
printf 'from\tto\tweight\na\tb\t1\nb\tc\t1\nc\ta\t1\nc\td\t1\nd\te\t1\ne\tf\t1\nf\td\t1\ng\tg\t1\n' >"$scratch/ties.tsv"

# Costly measures only on request, and all their columns then.
gives 0 '' "$FIRMNET" centrality -q "$scratch/ties.tsv"
ok 'none of them unasked' sh -c '! head -n 1 "$1" | grep -Eq "hub|katz|trophic|constraint"' - "$scratch/stdout"
gives 0 '' "$FIRMNET" centrality -q "$scratch/ties.tsv" \
    --measure hits,eigenvector,katz,influence,streamness,trophic,weighted-core,constraint
ok 'their columns' test "$(head -n 1 "$scratch/stdout" | tr '\t' ,)" = \
    firm,hub,authority,eigenvector,katz,influence,upstreamness,downstreamness,trophic_level,weighted_core,constraint
gives 2 'too large for Katz' "$FIRMNET" centrality "$scratch/ties.tsv" --measure katz --katz-alpha 2
gives 0 '' "$FIRMNET" centrality -q "$scratch/ties.tsv" --measure pagerank --tolerance 1e-3
gives 2 'tolerance' "$FIRMNET" centrality -q "$scratch/ties.tsv" --measure pagerank --tolerance 0

# Two triangles, c→d between them; g has a self tie only.
gives 0 '' "$FIRMNET" roles -q "$scratch/ties.tsv"
says "firm${tab}cluster${tab}within_z${tab}participation${tab}participation_in${tab}participation_out${tab}role${tab}coordinator${tab}gatekeeper${tab}representative${tab}itinerant${tab}liaison"
says "a${tab}1${tab}0${tab}0${tab}0${tab}0${tab}ultra-peripheral${tab}1${tab}0${tab}0${tab}0${tab}0"
says "c${tab}1${tab}0${tab}0.4444444444444444${tab}0${tab}0.5${tab}peripheral${tab}1${tab}0${tab}1${tab}0${tab}0"
says "d${tab}2${tab}0${tab}0.4444444444444444${tab}0.5${tab}0${tab}peripheral${tab}1${tab}1${tab}0${tab}0${tab}0"
says "g${tab}3${tab}${tab}${tab}${tab}${tab}${tab}0${tab}0${tab}0${tab}0${tab}0"
gives 0 '' "$FIRMNET" centralisation -q "$scratch/ties.tsv"
says "cluster${tab}firms${tab}centralisation${tab}centralisation_in${tab}centralisation_out${tab}hub${tab}hub_share${tab}hub_gap"
says "1${tab}3${tab}0${tab}0${tab}0${tab}a${tab}0.3333333333333333${tab}0"
says "2${tab}3${tab}0${tab}0${tab}0${tab}d${tab}0.5${tab}0.5"
says "3${tab}1${tab}${tab}${tab}${tab}${tab}${tab}"
finish
