# SPDX-License-Identifier: GPL-3.0-or-later
# awk -F '\t' -f kinds.awk TRUTH TIES: how far classes of `firmnet ties` are the planted kinds of `firmnet generate
# --kinds` (from, to, kind). Embedded ties should be strong, bridging ones bridges, transient ones weak, new or latent.
# Prints the mean over the kinds of F1 (twice those found, over those planted and those called so).

BEGIN {
    kind_of["strong"] = "embedded"
    kind_of["bridge"] = "bridging"
    kind_of["weak"] = kind_of["new"] = kind_of["latent"] = "transient"
}

FNR == 1 {
    file++
    for (i = 1; i <= NF; i++) column[file, $i] = i
    next
}

file == 1 {
    planted[$column[1, "from"], $column[1, "to"]] = $column[1, "kind"]
    ties++
}

file == 2 {
    kind = planted[$column[2, "from"], $column[2, "to"]]
    found = kind_of[$column[2, "class"]]
    met++
    count[kind]++
    count[found]++
    if (kind == found) both[kind]++
}

END {
    for (kind in both) {
        sum += 2 * both[kind] / count[kind]
        told = told " " kind "=" sprintf("%.3f", 2 * both[kind] / count[kind])
    }
    if (!ties || met != ties) exit 1
    printf "F1=%.4f%s planted=%d\n", sum / 3, told, ties
}
