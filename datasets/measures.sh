#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How many planted central companies come first in the cluster that was found for them, by the index of `firmnet
# central` and by simpler measures. Makes the economies of seeds 1 to N (default 20) itself:
#     FIRMNET=build/firmnet sh datasets/measures.sh [N]
# The table in README.md is its output. A head comes first when no other member of its cluster has as much.
set -eu
LC_ALL=C
export LC_ALL
firmnet=${FIRMNET-firmnet}
seeds=${1-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

seed=1
while [ "$seed" -le "$seeds" ]; do
    dump=$work/tenders.jsonl truth=$work/truth.tsv
    "$firmnet" generate -q --seed "$seed" -o "$dump" --truth "$truth"
    "$firmnet" map -q "$dump" -o "$work/map"
    "$firmnet" central -q --all "$dump" >"$work/all.tsv"
    awk -F '\t' -v seed="$seed" '
        # Columns by name, whatever their order.
        FNR == 1 { file++; split("", at); for (i = 1; i <= NF; i++) at[$i] = i; next }
        file == 1 { if ($at["role"] == "central") planted[$at["firm"]] = 1; next }
        file == 2 { if ($at["central_company"] in planted) hit["1 index of the central company"]++; next }
        file == 3 {
            firm = $at["firm"]
            cluster[firm] = $at["cluster"]
            company = $at["kind"] == "firm" || $at["kind"] == "consortium" || $at["kind"] == "unknown"
            value["2 suppliers (in-degree)", firm] = $at["ties_in"]
            value["3 supply ties, both ways", firm] = $at["ties_in"] + $at["ties_out"]
            value["4 partners in all layers", firm] = $at["partners"]
            value["6 purchases, all members", firm] = $at["value_in"]
            value["7 purchases, companies alone", firm] = company ? $at["value_in"] : -1
            next
        }
        file == 4 {
            value["8 tenders bought", $at["firm"]] = $at["tenders"]
            value["9 share of supply received times share of competitive tenders", $at["firm"]] = $at["in_share"] * $at["competitive"]
            next
        }
        $at["layer"] == "supply" {
            for (end = 1; end <= 2; end++) {
                firm = $at[end == 1 ? "from" : "to"]
                if ($at["value"] > value["5 dearest supply tie", firm]) value["5 dearest supply tie", firm] = $at["value"]
            }
        }
        END {
            for (key in value) {
                split(key, part, SUBSEP)
                place = part[1] SUBSEP cluster[part[2]]
                if (!(place in best) || value[key] + 0 > best[place] + 0) { best[place] = value[key]; ties[place] = 0 }
                else if (value[key] + 0 == best[place] + 0) ties[place]++
                measures[part[1]]
            }
            for (firm in planted) for (m in measures) {
                place = m SUBSEP cluster[firm]
                if (m == "5 dearest supply tie") hit[m] += value[m, firm] + 0 == best[place] + 0
                else hit[m] += value[m, firm] + 0 == best[place] + 0 && !ties[place]
            }
            for (m in hit) print seed "\t" m "\t" hit[m]
            for (firm in planted) n++
            print seed "\t0 planted\t" n
        }' "$truth" "$work/map/clusters.tsv" "$work/map/firms.tsv" "$work/all.tsv" "$work/map/ties.tsv" >>"$work/hits"
    seed=$((seed + 1))
done

sort -k 2 "$work/hits" | awk -F '\t' -v seeds="$seeds" '
    { all[$2] += $3; if ($1 == 1) first[$2] += $3; if (!($2 in seen)) { seen[$2]; order[++n] = $2 } }
    END {
        printf "| measure | heads first, of %d (seed 1) | seeds 1 to %d, of %d |\n|---|---|---|\n", first["0 planted"], seeds, all["0 planted"]
        for (i = 1; i <= n; i++) if (order[i] != "0 planted") printf "| %s | %d | %d |\n", substr(order[i], 3), first[order[i]], all[order[i]]
    }'
