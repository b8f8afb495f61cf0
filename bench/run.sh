#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make bench: makes the lists of ties (kept in the build folder), measures firmnet, its floors and its peers on them,
# each result checked, and writes bench/RESULTS.md in the build folder. From the environment:
#   BENCH_SIZE     tiny, small, mid (100,000 firms), large (1,000,000; the default) or huge (large, and 10,000,000 more)
#   BENCH_REPEATS  runs of each measurement, of which the median counts (3)
#   BENCH_THREADS  measured beside 1 thread (2)
#   BENCH_ONLY     names of tasks, separated by commas: no others
#   BENCH_CONSORTIA  a folder of tables of the Italian law 190, for what needs real joint bids; none: not measured
# Exit status 1: the oracle refused a result, or a task could not be measured.
set -u
source=${BENCH_SOURCE:?make bench runs this}
build=${BENCH_BUILD:?make bench runs this}
firmnet=${FIRMNET:?make bench runs this}
size=${BENCH_SIZE:-large}
repeats=${BENCH_REPEATS:-3}
asked=$repeats
threads=${BENCH_THREADS:-2}
only=${BENCH_ONLY:-}
huge_firms=10000000 huge_ties=100000000
python=/usr/bin/python3
data=$build/data
results=$build/results.tsv
broken=0
tab=$(printf '\t')
LC_ALL=C
export LC_ALL

say() {
    echo "bench: $*" >&2
}

fail() {
    say "$*"
    exit 1
}

# ---- data ----

newer() { # FILE PROGRAM: there is FILE and PROGRAM has not been built since
    [ -s "$1" ] && [ -z "$(find "$2" -newer "$1")" ]
}

find_facts() { # LIST [TIES] <TEXT
    "$build/facts" ${2:+"$2"} >"$data/$1.facts.part" && mv "$data/$1.facts.part" "$data/$1.facts"
}

make_list() { # LIST FIRMS DRAWS: NAME.tsv, .tsv.gz, .bgz.gz, .truth, .facts, .ties, and the network file
    if ! newer "$data/$1.tsv" "$build/make_list"; then
        say "making the list $1"
        rm -f "$data/$1".*
        "$build/make_list" "$2" "$3" 1 "$data/$1.part" || fail "the list could not be made"
        for suffix in truth tsv.gz bgz.gz tsv; do mv "$data/$1.part.$suffix" "$data/$1.$suffix"; done
    fi
    if ! newer "$data/$1.facts" "$build/facts"; then
        say "finding the facts of the list $1"
        find_facts "$1" "$data/$1.ties" <"$data/$1.tsv" || fail "no facts"
    fi
    "$firmnet" import -q "$data/$1.tsv.gz" -o "$data/$1.fnet" 2>/dev/null || fail "firmnet import"
}

# The list with few different values: many chains of lengths 1 / value are equally long, as exact fractions.
make_tied() { # LIST
    if ! newer "$data/$1-tied.facts" "$build/facts" || ! newer "$data/$1-tied.facts" "$data/$1.tsv"; then
        awk -F '\t' -v OFS='\t' 'BEGIN { split("1 2 3 4 6 12", value, " ") } { $3 = value[NR % 6 + 1]; print }' \
            "$data/$1.tsv" >"$data/$1-tied.tsv" || fail "the list could not be made"
        find_facts "$1-tied" "$data/$1-tied.ties" <"$data/$1-tied.tsv" || fail "no facts"
    fi
    "$firmnet" import -q "$data/$1-tied.tsv" -o "$data/$1-tied.fnet" 2>/dev/null || fail "firmnet import"
}

# ---- measuring ----

wanted() { # NAME
    case ",$only," in ,, | *",$1,"*) return 0 ;; *) return 1 ;; esac
}

lacks() { # WHO NAME LIST THREADS VERDICT WHY: a line without figures
    printf '%s\t%s\t%s\t%s\t1\t-\t-\t-\t%s\t%s\n' "$@" >>"$results"
}

broke() { # WHO NAME LIST THREADS: it failed; a result that the oracle refused has said so itself
    broken=1
    tail -n 1 "$results" | grep -q "${tab}refused$tab" || lacks "$@" "not measured" "it failed"
}

# measure PROGRAM NAME LIST COUNTS TASK INPUT [OUTPUT]: a task of a program of this folder, by each count of threads;
# $more: what follows the input
more=
# shellcheck disable=SC2086 # words
measure() {
    wanted "$2" || return 0
    facts=
    [ "$3" = - ] || facts=$data/$3.facts
    for count in $4; do
        say "$1: $2 of $3 by $count"
        run=0
        while [ "$((run += 1))" -le "$repeats" ]; do
            OMP_NUM_THREADS=$count "$build/$1" -n "$2" -l "$3" -t "$count" -r "$run" \
                ${facts:+-f "$facts"} ${7:+-o "$7"} "$5" "$6" $more >>"$results" && continue
            case $1 in ours | stages) who=firmnet ;; *) who=${1%_peer} ;; esac
            broke "$who" "$2" "$3" "$count"
            break
        done
    done
}

# clusters PROGRAM NAMES LIST COUNTS INPUT: searches for clusters, judged by the ties and the planted clusters
clusters() {
    more="$data/$3.ties $data/$3.truth"
    for found in $2; do measure "$1" "$found" "$3" "$4" "$found" "$5"; done
    more=
}

# a measurement that is no comparison: one run is enough
once() {
    usual=$repeats repeats=1
    "$@"
    repeats=$usual
}

# python WHO NAME LIST TASK INPUT [OUTPUT]: a task of peers.py, by $by threads
by=1
# shellcheck disable=SC2086 # words
python() {
    wanted "$2" || return 0
    if ! [ -x "$python" ]; then
        lacks "$1" "$2" "$3" "$by" "not there" "Debian: python3"
        return 0
    fi
    say "$1: $2 of $3 by $by"
    run=0
    while [ "$((run += 1))" -le "$repeats" ]; do
        OMP_NUM_THREADS=$by "$python" "$source/peers.py" -n "$2" -l "$3" -t "$by" -r "$run" -f "$data/$3.facts" \
            -j "$build/judge" ${6:+-o "$6"} "$4" "$5" $more >>"$results" && continue
        broke "$1" "$2" "$3" "$by"
        break
    done
}

# whole NAME LIST WORDS COMMAND...: a command of the program, whose output must have a line that starts with WORDS
whole() {
    wanted "$1" || return 0
    name=$1 list_name=$2 words=$3
    shift 3
    say "firmnet: $name of $list_name"
    "$build/timed" -l "$list_name" -t "$threads" -o "$data/said" ${words:+-c "$words"} "$name" "$@" >>"$results" &&
        return 0
    broke firmnet "$name" "$list_name" "$threads"
    return 1
}

# judged NAME LIST REMARKS COMMAND...: a program that judges answers, not time; REMARKS: awk, which makes remarks of the
# table that it prints and that is kept in said.NAME
judged() {
    wanted "$1" || return 0
    name=$1 list_name=$2 remarks=$3
    shift 3
    say "firmnet: $name of $list_name"
    if OMP_NUM_THREADS=$threads "$build/timed" -l "$list_name" -t "$threads" -o "$data/said.$name" "$name" "$@" >"$data/said"; then
        printf '%s\t%s\n' "$(cut -f 1-9 "$data/said")" "$(awk -F '\t' "$remarks" "$data/said.$name")" >>"$results"
        return 0
    fi
    rm -f "$data/said.$name"
    broke firmnet "$name" "$list_name" "$threads"
}

fact() { # LIST NAME
    sed -n "s/^$2 //p" "$data/$1.facts"
}

floors() {
    measure floor memory-read - "1 $threads" memory-read ""
    measure floor memory-copy - "1 $threads" memory-copy ""
    measure floor gather-8MiB - "1 $threads" gather 8
    measure floor gather-512MiB - "1 $threads" gather 512
    measure floor open "$list" "1 $threads" read-file "$data/$list.fnet"
    measure floor inflate-zlib "$list" 1 inflate-zlib "$data/$list.tsv.gz"
    measure floor stage-inflate "$list" 1 inflate-zlib "$data/$list.tsv.gz"
    [ "$inflates" = zlib ] || measure floor inflate-isal "$list" 1 inflate-isal "$data/$list.tsv.gz"
}

ours() {
    both="1 $threads"
    measure ours load "$list" "$both" load "$data/$list.tsv.gz"
    measure ours load-csr "$list" "$both" load-csr "$data/$list.tsv.gz"
    measure ours load-csr-bgzf "$list" "$both" load-csr "$data/$list.bgz.gz"
    measure ours load-csr-plain "$list" "$both" load-csr "$data/$list.tsv"
    measure ours open "$list" "$both" open "$data/$list.fnet"
    measure ours igraph "$list" "$both" igraph "$data/$list.fnet"
    measure ours write-fnet "$list" "$threads" write-fnet "$data/$list.fnet" "$data/out.fnet"
    measure ours write-graphml "$list" "$both" write-graphml "$data/$list.fnet" "$data/out.graphml"
    measure floor write-graphml "$list" 1 copy-file "$data/out.graphml" "$data/out.copy"
    measure ours write-gexf "$list" "$both" write-gexf "$data/$list.fnet" "$data/out.gexf"
    measure floor write-gexf "$list" 1 copy-file "$data/out.gexf" "$data/out.copy"
    measure ours pagerank "$list" "$both" pagerank "$data/$list.fnet"
    measure ours pagerank-rough "$list" "$both" pagerank-rough "$data/$list.fnet"
    measure ours hits "$list" "$both" hits "$data/$list.fnet"
    measure ours coreness "$list" "$both" coreness "$data/$list.fnet"
    measure ours disparity "$list" "$both" disparity "$data/$list.fnet"
    measure stages stage-inflate "$list" 1 stage-inflate "$data/$list.tsv.gz"
    measure stages stage-split "$list" 1 stage-split "$data/$list.tsv"
    measure stages stage-intern "$list" 1 stage-intern "$data/$list.tsv"
    measure stages stage-sort "$list" 1 stage-sort "$data/$list.ties"
    # beside peers that take too long for more firms
    if [ "$mid" != "$list" ]; then
        measure ours load-csr "$mid" "$threads" load-csr "$data/$mid.tsv.gz"
        measure ours write-gexf "$mid" "$threads" write-gexf "$data/$mid.fnet" "$data/out.gexf"
        measure floor write-gexf "$mid" 1 copy-file "$data/out.gexf" "$data/out.copy"
    fi
}

peers() {
    measure igraph_peer ncol "$list" 1 ncol "$data/$list.tsv" "$data/out.graphml"
    measure igraph_peer create "$list" 1 create "$data/$list.ties"
    measure igraph_peer create-as-listed "$list" 1 create-as-listed "$data/$list.ties"
    measure igraph_peer pagerank "$list" "1 $threads" pagerank "$data/$list.ties"
    once measure igraph_peer hits "$list" 1 hits "$data/$list.ties"
    measure igraph_peer coreness "$list" 1 coreness "$data/$list.ties"
    python numpy disparity "$list" numpy-disparity "$data/$list.ties"
    python python-igraph load "$list" python-igraph "$data/$list.tsv.gz"
    python graph-tool load "$list" graph-tool "$data/$list.tsv.gz"
    by=$threads
    python graph-tool pagerank-rough "$list" graph-tool-pagerank "$data/$list.ties"
    by=1
    python networkx write-gexf "$mid" networkx-gexf "$data/$mid.tsv" "$data/out.gexf"
    # what igraph reads in our GraphML is the list
    if wanted write-graphml; then
        once measure ours write-graphml-again "$mid" "$threads" write-graphml "$data/$mid.fnet" "$data/out.graphml"
        once measure igraph_peer read-graphml "$mid" 1 read-graphml "$data/out.graphml"
    fi
}

# Along shortest chains: exact for 10,000 firms, where igraph's values judge all others, and drawn for 100,000.
chains() {
    both="1 $threads"
    for kind in betweenness betweenness-lengths closeness; do
        rm -f "$data/out.exact"
        case $kind in
        closeness) measure igraph_peer $kind "$few" 1 $kind "$data/$few.ties" "$data/out.exact" ;;
        *) once measure igraph_peer $kind "$few" 1 $kind "$data/$few.ties" "$data/out.exact" ;;
        esac
        more=$data/out.exact by=$threads
        measure ours $kind "$few" "$both" $kind "$data/$few.fnet"
        [ $kind = closeness ] || python graph-tool $kind "$few" graph-tool-betweenness "$data/$few.ties"
        more='' by=1
    done
    if wanted betweenness-tied; then
        make_tied "$few"
        rm -f "$data/out.exact"
        once measure igraph_peer betweenness-tied "$few-tied" 1 betweenness-lengths "$data/$few-tied.ties" "$data/out.exact"
        more=$data/out.exact
        once measure ours betweenness-tied "$few-tied" "$both" betweenness-lengths "$data/$few-tied.fnet"
        more=
    fi
    measure ours betweenness-drawn "$mid" "$both" betweenness-drawn "$data/$mid.fnet"
    measure ours betweenness-drawn-lengths "$mid" "$both" betweenness-drawn-lengths "$data/$mid.fnet"
    # shellcheck disable=SC2016 # of awk, and of the shell that is started
    judged drawn-promise "$few" '$2 == "drawn" {
            split($6, mean, " "); split($7, worst, " "); split($8, over, " ")
            printf "%s_over=%d %s_mean=%s %s_worst=%s ", $1, over[4], $1, mean[3], $1, worst[2] }' \
        sh -c '"$0" "$@" || [ $? = 1 ]' "$build/drawn" "$data/$few.fnet" 100 0.01 0.1 "$threads"
}

# Made-up economies with planted heads (datasets/README.md), made anew where firmnet is.
economies() { # NAME OPTION...
    wanted "$1" || return 0
    folder=$data/$1
    shift
    newer "$folder/made" "$firmnet" && [ "$(cat "$folder/made")" = "$seeds" ] && return 0
    say "making $seeds economies"
    mkdir -p "$folder" || exit 1
    seed=0
    while [ "$((seed += 1))" -le "$seeds" ]; do
        "$firmnet" generate -q --seed "$seed" "$@" -o "$folder/$seed.jsonl.gz" --truth "$folder/$seed.tsv" ||
            fail "firmnet generate"
    done
    echo "$seeds" >"$folder/made"
}

heads() {
    seeds=50
    [ "$size" != tiny ] || seeds=5
    # shellcheck disable=SC2016 # of awk
    remarks='NR == 1 || $1 ~ /^index_/ { next }
        $1 == "index" || $1 == "no_head" || $1 == "two_heads" { rate[$1] = $4; next }
        { for (c = 4; c <= 5; c++) if ($c > best) { best = $c; which = $1 } }
        END { printf "rate=%s best=%s best_measure=%s points=%.2f no_head=%s two_heads=%s seeds='$seeds'", rate["index"],
            best, which, 100 * (rate["index"] - best), rate["no_head"], rate["two_heads"] }'
    for kind in planted-heads planted-mixed; do
        case $kind in
        planted-heads) economies $kind ;;
        planted-mixed) economies $kind --headless 3 --two-heads 3 ;;
        esac
        # shellcheck disable=SC2046 # names without blanks
        judged $kind made-up "$remarks" "$build/central/planted" \
            $(seq "$seeds" | sed "s|.*|$data/$kind/&.jsonl.gz $data/$kind/&.tsv|")
    done
    wanted consortia || return 0
    if [ -z "${BENCH_CONSORTIA:-}" ]; then
        lacks firmnet consortia law-190 "$threads" "not there" "BENCH_CONSORTIA names no folder of such tables"
        return 0
    fi
    # shellcheck disable=SC2016 # of awk
    judged consortia law-190 'NR > 1 && $1 == "index" { rate = $4; new = $5; groups = $2 }
        NR > 1 && $1 != "index" && $1 !~ /headed/ && $4 > best { best = $4; which = $1 }
        $1 == "random" { chance = $4 }
        END { printf "rate=%s rate_new_groups=%s best=%s best_measure=%s chance=%s groups=%s", rate, new, best, which,
            chance, groups }' "$build/central/consortia" "$BENCH_CONSORTIA"
}

# Searches that take long for more firms have 100,000 at most; the smallest list is there for the cost of a tie alone.
all_clusters() {
    both="1 $threads"
    clusters ours "leiden leiden-fast leiden-converged" "$list" "$both" "$data/$list.fnet"
    clusters igraph_peer leiden "$list" 1 "$data/$list.ties"
    if [ "$mid" != "$list" ]; then
        clusters ours "leiden leiden-fast leiden-converged" "$mid" "$both" "$data/$mid.fnet"
        clusters igraph_peer leiden "$mid" 1 "$data/$mid.ties"
        clusters ours "leiden leiden-fast" small "$both" "$data/small.fnet"
    fi
    clusters ours "leiden-directed label-propagation" "$mid" "$threads" "$data/$mid.fnet"
    clusters igraph_peer "leiden-converged label-propagation" "$mid" 1 "$data/$mid.ties"
    once clusters ours "consensus infomap" "$mid" "$threads" "$data/$mid.fnet"
    once clusters igraph_peer infomap "$mid" 1 "$data/$mid.ties"
    more=$data/$mid.truth
    python leidenalg leiden-converged "$mid" leidenalg "$data/$mid.ties" "$data/out.clusters"
    more=
}

# ---- how strong ties are ----

# of_ties PROGRAM NAMES LIST COUNTS INPUT: measures of ties, judged by the ties as numbers
of_ties() {
    more="$data/$3.ties"
    for found in $2; do measure "$1" "$found" "$3" "$4" "$found" "$5"; done
    more=
}

# remarked NAME LIST THREADS REPEAT REMARKS COMMAND...: a whole command, whose output REMARKS, a command too, makes remarks
# of
remarked() {
    name=$1 list_name=$2 count=$3 run=$4 remarks=$5
    shift 5
    line=$("$build/timed" -l "$list_name" -t "$count" -r "$run" -o "$data/said" "$name" "$@") || return 1
    told=$($remarks) || return 1
    printf '%s %s\n' "$line" "$told" >>"$results"
}

# The whole command on the network file, by both counts of threads: the same bytes.
ties_command() {
    wanted ties || return 0
    run=0 first=
    while [ "$((run += 1))" -le "$repeats" ]; do
        for count in 1 "$threads"; do
            say "firmnet: ties of $list by $count"
            if ! "$build/timed" -l "$list" -t "$count" -r "$run" -o "$data/out.tsv" ties \
                "$firmnet" ties -q -t "$count" "$data/$list.fnet" >>"$results"; then
                broke firmnet ties "$list" "$count"
                return 0
            fi
            sum=$(cksum <"$data/out.tsv")
            [ "${first:=$sum}" = "$sum" ] && continue
            broken=1
            lacks firmnet ties "$list" "$count" refused "other bytes than by 1 thread"
        done
    done
}

# Ties planted as embedded, bridging and transient, and what `firmnet ties` calls them; each run has a seed of its own.
kinds_found() {
    wanted kinds || return 0
    run=0
    while [ "$((run += 1))" -le "$asked" ]; do
        say "firmnet: kinds, seed $run"
        "$firmnet" generate -q --kinds --seed "$run" --firms 400 --clusters 8 -o "$data/out.kinds.tsv" \
            --tie-truth "$data/out.truth.tsv" 2>/dev/null &&
            remarked kinds - "$threads" "$run" kinds_judged "$firmnet" ties -q -t "$threads" "$data/out.kinds.tsv" &&
            continue
        broke firmnet kinds - "$threads"
        break
    done
}

kinds_judged() {
    awk -F '\t' -f "$source/kinds.awk" "$data/out.truth.tsv" "$data/said"
}

# Who bids together, told from who bids against each other, in real tenders.
consortium() {
    wanted consortium || return 0
    set -- "${BENCH_CONSORTIA:-}"/*_partecipanti.csv.gz
    if ! [ -s "$1" ]; then
        lacks firmnet consortium - 1 "not there" "BENCH_CONSORTIA=FOLDER with tables *_partecipanti.csv.gz"
        return 0
    fi
    say "firmnet: consortium"
    remarked consortium - 1 1 consortium_judged "$build/consortium" "$@" || broke firmnet consortium - 1
}

# "Newman's weights      AUC 0.8" → Newmans-weights=0.8; and what the pairs were
consortium_judged() {
    sed -n "/ AUC /{ s/'//g; s/  *AUC /=/; s/ /-/g; p; }" "$data/said" | tr '\n' ' '
    sed 1q "$data/said"
}

strength_of_ties() {
    both="1 $threads"
    of_ties ours "overlap directed-overlap weighted-overlap squares" "$list" "$both" "$data/$list.fnet"
    of_ties igraph_peer jaccard "$list" 1 "$data/$list.ties"
    [ "$mid" = "$list" ] || of_ties ours squares "$mid" "$both" "$data/$mid.fnet"
    once of_ties ours squares-drawn "$list" "$threads" "$data/$list.fnet"
    of_ties ours truss "$mid" "$both" "$data/$mid.fnet"
    of_ties igraph_peer truss "$mid" 1 "$data/$mid.ties"
    ties_command
    kinds_found
    consortium
}

# ---- a hundred million ties ----

huge() {
    list_gz=$data/huge.tsv.gz
    repeats=1
    whole generate huge "" "$firmnet" generate -q -t "$threads" --ties "$huge_ties" --firms "$huge_firms" \
        -o "$list_gz" || return
    # generated anew each time, to the same bytes: their facts are known then
    cksum <"$list_gz" >"$data/huge.sum.part"
    if ! cmp -s "$data/huge.sum" "$data/huge.sum.part" || ! newer "$data/huge.facts" "$build/facts"; then
        say "finding the facts of the list huge"
        gzip -dc "$list_gz" | find_facts huge || fail "no facts"
    fi
    mv "$data/huge.sum.part" "$data/huge.sum"
    measure floor inflate-zlib huge 1 inflate-zlib "$list_gz"
    measure ours load huge "$threads" load "$list_gz"
    whole info huge "ties: $(fact huge ties)" "$firmnet" info -q -t "$threads" "$list_gz"
    measure ours pagerank huge "$threads" pagerank "$list_gz"
    measure ours coreness huge "$threads" coreness "$list_gz"
    measure ours leiden huge "$threads" leiden "$list_gz"
    measure ours leiden-fast huge "$threads" leiden-fast "$list_gz"
}

# ---- the results ----

processor() { # FIELD of lscpu
    lscpu | sed -n "s/^ *$1: *//p"
}

head_of_results() {
    cat <<END
# Measurements

Written by \`make bench\` (\`bench/run.sh\`; CONTRIBUTING.md, Measuring). Wall time is CLOCK_MONOTONIC, CPU time that
of all threads, memory the peak of a process that does nothing else; medians of $asked run(s); files lie in the page
cache. firmnet by $threads threads unless said, peers by 1 (graph-tool's PageRank and betweenness by as many as firmnet), on
the same lists in the same run. Every result was checked by an oracle (\`bench/oracle.c\`) before its time counts; writers
are timed until all text is handed over, \`-sync\` is what waiting for the disk takes then.

| machine | |
|---|---|
| processor | $(processor 'Model name'), $(processor 'CPU(s)') cores |
| caches | L1d $(processor 'L1d cache'), L2 $(processor 'L2 cache'), L3 $(processor 'L3 cache') |
| memory | $(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo) |
| kernel, compiler | $(uname -sr); ${BENCH_COMPILER:-} |
| libraries | $("$build/igraph_peer" versions), $("$build/floor" versions) |

| list | firms | ties | text MB | gzip MB | BGZF MB |
|---|---|---|---|---|---|
END
    for name in $lists; do
        [ -s "$data/$name.facts" ] || continue
        text=$(fact "$name" bytes | awk '{ printf "%.1f", $1 / 1e6 }')
        echo "| $name | $(fact "$name" firms) | $(fact "$name" ties) | $text" \
            "| $(megabytes "$data/$name.tsv.gz") | $(megabytes "$data/$name.bgz.gz") |"
    done
}

megabytes() {
    if [ -s "$1" ]; then wc -c <"$1" | awk '{ printf "%.1f", $1 / 1e6 }'; else echo –; fi
}

# What each measure finds by itself.
head_tables() {
    for name in planted-heads planted-mixed consortia; do
        [ -s "$data/said.$name" ] || continue
        case $name in
        planted-heads) title="planted heads, one in each cluster" ;;
        planted-mixed) title="planted heads, and clusters without or with two" ;;
        consortia) title="joint bids of firms under the Italian law 190" ;;
        esac
        printf '\n## Heads: %s\n\n' "$title"
        awk -F '\t' '{
            line = "|"
            for (c = 1; c <= columns || c <= NF; c++) line = line " " $c " |"
            print line
            if (NR == 1) { columns = NF; line = "|"; for (c = 1; c <= NF; c++) line = line "---|"; print line }
        }' "$data/said.$name"
    done
}

# ---- in order ----

case $size in
tiny | small) list=$size mid=$size few=$size lists=$size ;;
mid) list=mid mid=mid few=small lists="mid small" ;;
large) list=large mid=mid few=small lists="large mid small" ;;
huge) list=large mid=mid few=small lists="large mid small huge" ;;
*) fail "BENCH_SIZE=$size: tiny, small, mid, large or huge" ;;
esac
case $("$build/floor" versions) in *"no ISA-L"*) inflates=zlib ;; *) inflates=ISA-L ;; esac

mkdir -p "$data" || exit 1
for name in $lists; do
    case $name in
    tiny) make_list tiny 1000 8000 ;;
    small) make_list small 10000 80000 ;;
    mid) make_list mid 100000 1000000 ;;
    large) make_list large 1000000 10000000 ;;
    esac
done
rm -f "$data"/said*
: >"$results"
floors
ours
peers
chains
all_clusters
strength_of_ties
heads
[ "$size" != huge ] || huge

{
    head_of_results
    awk -f "$source/results.awk" -v list="$list" -v mid="$mid" -v few="$few" -v threads="$threads" -v inflates="$inflates" \
        "$results" comparing=1 "$source/bars"
    head_tables
} >"$build/RESULTS.md.part" && mv "$build/RESULTS.md.part" "$build/RESULTS.md" || exit 1
rm -f "$data"/out.* "$data"/said*
say "$build/RESULTS.md is written"
[ "$broken" = 0 ] || say "something was refused or could not be measured, see there"
exit "$broken"
