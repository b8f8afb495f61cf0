#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Real tender files: every figure was computed independently of firmnet.
. "$TOP_SRCDIR/tests/cli/lib.sh"

report() {
    "$FIRMNET" import -q "$data" -o "$scratch/net.fnet" --report "$scratch/report.json" >/dev/null 2>"$scratch/stderr"
}
# has TEXT: the import report states it.
has() {
    if grep -qF -- "$1" "$scratch/report.json"; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        echo "not ok: $data: the import report lacks $1"
    fi
}

if data ocds/it_00162210348_release_package.json.gz; then
    ok 'Parma is read' report
    for figure in 132558956.77 5637302.24 1043.39 126920611.14; do has "$figure"; done
    gives 0 '' "$FIRMNET" info "$data"
    says 'records: 915'
    "$FIRMNET" centrality -q "$data" --layer supply --measure strength >"$scratch/strength.tsv"
    ok 'the largest supplier' grep -qE '^IT-CF-02869870341.*[^0-9]72841541([^0-9.]|$)' "$scratch/strength.tsv"
fi
if data ocds/it_02030880153_release_package.json.gz; then
    ok 'Monza is read' report
    for figure in 30424436.43 22671415.44 7753020.99; do has "$figure"; done
    gives 0 '' "$FIRMNET" info "$data"
    says 'records: 1527'
fi
if data ocds/mx_gacm/all_releases.jsonl.gz; then
    ok 'the airport of Mexico City is read' report
    for figure in 132816036502.01 2692314541.99; do has "$figure"; done
fi
for file in ocds/ug_uganda/all_releases.jsonl.gz ocds/uk_contracts_finder/all_releases.jsonl.gz; do
    if data "$file"; then
        gives 0 'no ties' "$FIRMNET" map "$data" -o "$scratch/out"
        gives 0 '' "$FIRMNET" info "$data"
        says 'ties: 0'
    fi
done
if data edges_it_buyer_supplier.tsv.gz; then
    gives 0 '' "$FIRMNET" info "$data" --columns to,from,weight,date
    says 'records: 40312'
    says 'ties: 16368'
fi
finish
