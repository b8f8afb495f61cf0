# SPDX-License-Identifier: GPL-3.0-or-later
# awk -f results.awk -v list=LIST -v mid=LIST -v few=LIST -v threads=N -v inflates=zlib|ISA-L results.tsv comparing=1 bars
# The tables of RESULTS.md from the lines of bench/measure.h (medians over the repeats) and what bench/bars compares.

function median(key, field,    count, i, j, swap, sorted) {
    count = repeats[key]
    for (i = 1; i <= count; i++) {
        sorted[i] = value[key, field, i]
        for (j = i; j > 1 && sorted[j - 1] > sorted[j]; j--) {
            swap = sorted[j]; sorted[j] = sorted[j - 1]; sorted[j - 1] = swap
        }
    }
    return count % 2 ? sorted[(count + 1) / 2] : (sorted[count / 2] + sorted[count / 2 + 1]) / 2
}

function trim(text) {
    gsub(/^[ \t]+|[ \t]+$/, "", text)
    return text
}

function number(x) {
    return x >= 1000 ? sprintf("%.0f", x) : x >= 100 ? sprintf("%.1f", x) : sprintf("%.3g", x)
}

# Figures between -1 and 1 of which the last digits matter.
function figure(x, field) {
    return field ~ /^(Q|directedQ|NMI|ARI)$/ ? sprintf("%.5f", x) : number(x)
}

# "firmnet load list N" → the key of its measurements
function key_of(spec,    word) {
    split(trim(spec), word, /[ \t]+/)
    return word[1] " " word[2] " " (word[3] == "list" ? list : word[3] == "mid" ? mid : \
        word[3] == "few" ? few : word[3] == "tied" ? few "-tied" : word[3]) " " \
        (word[4] == "N" ? threads : word[4])
}

function field_of(spec,    word) {
    split(trim(spec), word, /[ \t]+/)
    return word[5]
}

# What there is instead of a figure; "": there is one.
function lack(key) {
    return repeats[key] ? "" : (key in verdict ? verdict[key] : "not measured")
}

function name_of(key,    word) {
    split(key, word, " ")
    return word[1] == "firmnet" ? "" : word[1] " " word[2] ": "
}

function cell(key) {
    if (lack(key) != "") return name_of(key) lack(key) (note[key] != "" ? " (" note[key] ")" : "")
    return name_of(key) number(median(key, "wall")) " s (CPU " number(median(key, "cpu")) "), " \
        number(median(key, "peak")) " MiB"
}

function judge(ratio, bar,    word, limit, off) {
    split(bar, word, " ")
    if (word[3] == "") return "–"
    limit = word[3] + 0
    off = word[2] == "least" ? limit / ratio : ratio / limit
    return off <= 1 ? "met" : "missed by × " (off < 1.01 ? sprintf("%.5f", off) : number(off))
}

function print_bar(what, over, under, bar, floor,    a, b, ratio, missing, ours, other, gap, least) {
    a = key_of(over)
    b = under == "" ? "" : key_of(under)
    missing = lack(a)
    if (missing == "" && b != "") missing = lack(b)
    if (missing == "") {
        ratio = median(a, field_of(over))
        if (b != "") ratio /= median(b, field_of(under))
    }
    ours = a ~ /^firmnet/ ? a : b
    other = ours == a ? b : a
    gap = "– | –"
    if (floor != "" && lack(key_of(floor)) == "") {
        least = median(key_of(floor), "wall")
        gap = number(least) " s | " (lack(ours) == "" ? "× " number(median(ours, "wall") / least) : "–")
    }
    printf "| %s | %s | %s | %s | %s | %s | %s |\n", what, cell(ours), other == "" ? "–" : cell(other),
        missing != "" ? "–" : figure(ratio, field_of(over)), bar == "" ? "–" : bar, missing != "" ? missing : judge(ratio, bar), gap
}

function print_stages(    i, word, stage, rows, ours, least, all, floor, key) {
    print "\n## Cost by stage\n"
    print "CPU seconds per million rows, each stage by itself on one thread (`bench/stages.c`); its floor is the least"
    print "it must do: inflate: bare zlib; split: finding the ends of lines; intern: one line of memory from a random"
    print "place an id; sort: copying as many bytes as both adjacencies read and write once.\n"
    print "| stage | firmnet | floor | gap |\n|---|---|---|---|"
    for (i = 1; i <= keys; i++) {
        split(order[i], word, " ")
        if (word[1] != "firmnet" || word[2] !~ /^stage-/ || lack(order[i]) != "") continue
        stage = word[2]
        rows = median(order[i], "rows") / 1e6
        ours = median(order[i], "cpu") / rows
        floor = "floor " stage " " word[3] " " word[4]
        least = lack(floor) == "" ? median(floor, "cpu") / rows : 0
        all += ours
        sub(/^stage-/, "", stage)
        printf "| %s | %s | %s | %s |\n", stage, number(ours), least ? number(least) : "–",
            least ? "× " number(ours / least) : "–"
    }
    printf "| together | %s | | |\n", number(all)
    key = "firmnet load-csr " list " 1"
    if (lack(key) == "" && rows) printf "| loading as a whole, 1 thread | %s | | |\n", number(median(key, "cpu") / rows)
}

function print_clusters(    i, word, key) {
    print "\n## Clusters: what was found\n"
    print "Modularity Q (reciprocal ties added up), directed Q, and agreement with the planted clusters, all by one judge"
    print "(`bench/partition.c`). Modularity overshoots: its best partitions are fewer and larger than the planted clusters. torn:"
    print "clusters that do not hang together.\n"
    print "| who | task | list | threads | wall s | peak MiB | Q | directed Q | NMI | ARI | clusters | torn |"
    print "|---|---|---|---|---|---|---|---|---|---|---|---|"
    for (i = 1; i <= keys; i++) {
        key = order[i]
        if (lack(key) != "" || !((key, "NMI", 1) in value)) continue
        split(key, word, " ")
        printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %.0f | %.0f |\n", word[1], word[2], word[3], word[4],
            number(median(key, "wall")), number(median(key, "peak")), figure(median(key, "Q"), "Q"),
            figure(median(key, "directedQ"), "Q"), figure(median(key, "NMI"), "Q"), figure(median(key, "ARI"), "Q"),
            median(key, "clusters"), median(key, "torn")
    }
}

# A bar for each list, from few ties to many: flat is what is wanted.
function print_scaling(task, count,    i, j, swap, word, keys_here, of, ties, cost, most) {
    for (i = 1; i <= keys; i++) {
        split(order[i], word, " ")
        if (word[1] != "firmnet" || word[2] != task || word[4] != count || lack(order[i]) != "") continue
        of[++keys_here] = order[i]
        ties[order[i]] = median(order[i], "ties") + 0
        cost[order[i]] = median(order[i], "wall") / ties[order[i]] * 1e9
        if (cost[order[i]] > most) most = cost[order[i]]
        for (j = keys_here; j > 1 && ties[of[j - 1]] > ties[of[j]]; j--) {
            swap = of[j]; of[j] = of[j - 1]; of[j - 1] = swap
        }
    }
    if (!keys_here) return
    printf "\n%s, %s thread%s\n", task, count, count == 1 ? "" : "s"
    for (i = 1; i <= keys_here; i++) {
        swap = sprintf("%*s", most > 0 ? int(50 * cost[of[i]] / most + 0.5) : 0, "")
        gsub(/ /, "#", swap)
        printf "%11d ties %6.0f ns %s\n", ties[of[i]], cost[of[i]], swap
    }
}

function print_costs() {
    print "\n## Clusters: cost a tie\n"
    print "Wall nanoseconds a tie of the search, by the number of ties.\n\n```"
    print_scaling("leiden", 1)
    print_scaling("leiden", threads)
    print_scaling("leiden-fast", 1)
    print_scaling("leiden-fast", threads)
    print "```"
}

function print_all(    i, word, key) {
    print "\n## All measurements\n"
    print "| who | task | list | threads | wall s | CPU s | peak MiB | runs | oracle | remarks |"
    print "|---|---|---|---|---|---|---|---|---|---|"
    for (i = 1; i <= keys; i++) {
        key = order[i]
        split(key, word, " ")
        if (lack(key) != "")
            printf "| %s | %s | %s | %s | | | | | %s | %s |\n", word[1], word[2], word[3], word[4],
                verdict[key], note[key]
        else
            printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", word[1], word[2], word[3], word[4],
                number(median(key, "wall")), number(median(key, "cpu")), number(median(key, "peak")), repeats[key],
                verdict[key], note[key]
    }
}

# One thread that has a core to itself is as long at work as it takes.
function warn_of_noise(    key, waited) {
    key = "floor inflate-zlib " list " 1"
    if (lack(key) != "") return
    waited = median(key, "wall") / median(key, "cpu")
    if (waited > 1.05)
        print "\n**The machine was not quiet**: a bare inflate took × " number(waited) \
            " of its CPU time. These are no figures to keep."
}

comparing && FNR == 1 { warn_of_noise() }

!comparing {
    split($0, part, "\t")
    key = part[1] " " part[2] " " part[3] " " part[4]
    if (!(key in verdict)) order[++keys] = key
    # One refusal spoils all repeats.
    if (!(key in verdict) || part[9] != "right") verdict[key] = part[9]
    note[key] = part[10]
    if (part[9] != "right") repeats[key] = 0
    if (verdict[key] != "right") next
    r = ++repeats[key]
    value[key, "wall", r] = part[6]; value[key, "cpu", r] = part[7]; value[key, "peak", r] = part[8]
    count = split(part[10], remark, " ")
    for (i = 1; i <= count; i++)
        if ((at = index(remark[i], "=")) > 0) value[key, substr(remark[i], 1, at - 1), r] = substr(remark[i], at + 1)
    next
}

/^## / {
    print "\n" $0 "\n"
    print "| what | firmnet | beside | ratio | bar | verdict | floor | gap to it |\n|---|---|---|---|---|---|---|---|"
    next
}
/^#/ || /^[ \t]*$/ { next }
/^(zlib|ISA-L):/ {
    if (index($0, inflates ":") != 1) next
    sub(/^(zlib|ISA-L): */, "")
}
{
    split($0, part, "|")
    print_bar(trim(part[1]), trim(part[2]), trim(part[3]), trim(part[4]), trim(part[5]))
}

END {
    print_clusters()
    print_costs()
    print_stages()
    print_all()
}
