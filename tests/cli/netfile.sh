#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The network file: every command says the same of it as of the data it was made from, old ones are read, damage is found.
. "$TOP_SRCDIR/tests/cli/lib.sh"
golden=$TOP_SRCDIR/tests/io/golden
printf 'from\tto\tvalue\tcurrency\tlayer\tdate\tcount\tlot\na\tb\t1.5\tEUR\tsupply\t2020-03-01\t2\t7\na\tb\t2\tEUR\tsupply\t2021-03-01\t1\t8\nb\tc\t2\tUSD\tsupply\t2021-12-31\t1\t\nc\ta\t3\t\tfinance\t2022-05-01\t1\t\nd\tb\t4\t\tcobid\t2022-05-01\t1\t\nd\td\t4\tEUR\tsupply\t2019-05-01\t1\t\n' \
    >"$scratch/ties.tsv"
printf 'from\tto\tvalue\tcurrency\tlayer\tdate\na\tz\t1\tEUR\tsupply\t2020-03-01\nb\ta\t2\tEUR\tknowledge\t2020-03-02\n' >"$scratch/more.tsv"
printf 'firm\tname\tkind\tsize\na\tAcme\tfirm\t5\nnew\tNewcomer\tbank\t\n' >"$scratch/firms.tsv"
dump=$TOP_SRCDIR/datasets/tenders.jsonl.gz

# A file of version 1, made when that was today's: tenders, firm and tie columns, six layers, five currencies.
for threads in 1 2 3; do
    gives 0 '' "$FIRMNET" info -q -t "$threads" "$golden/v1.fnet"
    same "$scratch/stdout" "$golden/v1.info"
done
gives 0 '' "$FIRMNET" info -q --check "$golden/v1.fnet"
says 'check: ok'
gives 0 '' "$FIRMNET" import -q "$golden/v1.fnet" -o "$scratch/v2.fnet" --report "$scratch/v2.json"
same "$scratch/v2.json" "$golden/v1.json"
gives 0 '' "$FIRMNET" import -q "$scratch/v2.fnet" -o "$scratch/v2-again.fnet" --report "$scratch/v2.json"
same "$scratch/v2.json" "$golden/v1.json"
same "$scratch/v2.fnet" "$scratch/v2-again.fnet"
for file in "$golden/v1.fnet" "$scratch/v2.fnet"; do
    gives 0 '' "$FIRMNET" info -q "$file"
    same "$scratch/stdout" "$golden/v1.info"
    gives 0 '' "$FIRMNET" convert -q "$file" -o "$scratch/ties-out.tsv"
    same "$scratch/ties-out.tsv" "$golden/v1.tsv"
done

# One network, in the file as in what it was made from: mapped, from a pipe, compressed.
no_source() {
    grep -v '^<!-- firmnet'
}
says_the_same() {
    what=$1 made=$2
    shift 2
    "$FIRMNET" "$@" "$what" 2>/dev/null | no_source >"$scratch/of-data"
    ok "$*: something" test -s "$scratch/of-data"
    "$FIRMNET" "$@" "$made" 2>/dev/null | no_source >"$scratch/of-file"
    same "$scratch/of-data" "$scratch/of-file"
    "$FIRMNET" "$@" - <"$made" 2>/dev/null | no_source >"$scratch/of-pipe"
    same "$scratch/of-data" "$scratch/of-pipe"
    "$FIRMNET" "$@" "$made.gz" 2>/dev/null | no_source >"$scratch/of-packed"
    same "$scratch/of-data" "$scratch/of-packed"
}
for data in "$scratch/ties.tsv" "$dump"; do
    gives 0 '' "$FIRMNET" import -q "$data" -o "$scratch/net.fnet"
    gives 0 '' "$FIRMNET" import -q "$data" -o "$scratch/net.fnet.gz"
    for command in info clusters ties 'ties --layer cobid' 'centrality --measure pagerank' 'info --layer supply' \
        'convert --to edgelist -o -' 'convert --to graphml -o -' 'central --all' 'info --without authority' 'ties -t 1' 'clusters -t 3'; do
        says_the_same "$data" "$scratch/net.fnet" $command -q
    done
done
gives 0 '' "$FIRMNET" import -q "$scratch/ties.tsv" -o "$scratch/net.fnet"
gives 0 '' "$FIRMNET" import -q "$scratch/ties.tsv" -o "$scratch/net.fnet.gz"
for period in '--since 2020' '--until 2020' '--since 2020-06 --until 2021 --layer supply'; do
    says_the_same "$scratch/net.fnet" "$scratch/net.fnet" ties -q $period
    gives 0 '' "$FIRMNET" import -q "$scratch/net.fnet" $period -o "$scratch/part.fnet"
    "$FIRMNET" ties -q "$scratch/net.fnet" $period >"$scratch/whole.tsv"
    "$FIRMNET" ties -q "$scratch/part.fnet" | cmp -s - "$scratch/whole.tsv"
    ok "a part of it is a network file of its own ($period)" test $? = 0
done
gives 0 '' "$FIRMNET" map -q "$dump" -o "$scratch/map-data"
gives 0 '' "$FIRMNET" import -q "$dump" -o "$scratch/net.fnet"
gives 0 '' "$FIRMNET" map -q "$scratch/net.fnet" -o "$scratch/map-file"
for table in firms clusters; do same "$scratch/map-data/$table.tsv" "$scratch/map-file/$table.tsv"; done

# The same network makes the same file, whatever the number of threads and the way it came.
gives 0 '' "$FIRMNET" import -q -t 1 "$scratch/ties.tsv" -o "$scratch/one.fnet"
gives 0 '' "$FIRMNET" import -q -t 2 "$scratch/ties.tsv" -o "$scratch/two.fnet"
gives 0 '' "$FIRMNET" import -q -t 3 "$scratch/two.fnet" -o "$scratch/three.fnet"
same "$scratch/one.fnet" "$scratch/two.fnet"
same "$scratch/one.fnet" "$scratch/three.fnet"

# Together with other inputs, and with firm tables over it.
gives 0 '' "$FIRMNET" import -q "$scratch/more.tsv" -o "$scratch/more.fnet"
"$FIRMNET" ties -q "$scratch/ties.tsv" "$scratch/more.tsv" >"$scratch/joined.tsv"
for pair in 'one.fnet more.fnet' 'one.fnet more.tsv' 'ties.tsv more.fnet'; do
    gives 0 '' "$FIRMNET" ties -q "$scratch/${pair% *}" "$scratch/${pair#* }"
    same "$scratch/stdout" "$scratch/joined.tsv"
done
"$FIRMNET" convert -q "$scratch/ties.tsv" --firms "$scratch/firms.tsv" --to graphml -o - | no_source >"$scratch/named.graphml"
"$FIRMNET" convert -q "$scratch/one.fnet" --firms "$scratch/firms.tsv" --to graphml -o - | no_source >"$scratch/named-too.graphml"
ok 'a firm table over a network file' grep -q Newcomer "$scratch/named-too.graphml"
same "$scratch/named.graphml" "$scratch/named-too.graphml"
gives 0 '' "$FIRMNET" import -q "$scratch/one.fnet" --firms "$scratch/firms.tsv" -o "$scratch/named.fnet"
gives 0 '' "$FIRMNET" info -q --check "$scratch/named.fnet"
says 'check: ok'
gives 0 '' "$FIRMNET" info -q --check --json "$scratch/named.fnet"
says '{"check": "ok"}'

# The run record tells one file from another: its digest changes with any byte that does.
"$FIRMNET" map -q "$scratch/one.fnet" -o "$scratch/map-one"
"$FIRMNET" map -q "$scratch/more.fnet" -o "$scratch/map-more"
digest() {
    sed -n 's/.*"xxh3": "\([0-9a-f]*\)".*/\1/p' "$scratch/$1/run.json"
}
ok 'two files, two digests' test "$(digest map-one)" != "$(digest map-more)"
gives 0 'the same bytes as' "$FIRMNET" info "$scratch/one.fnet" "$scratch/two.fnet"

# Damage: the place is said, the status is 1, nothing is left.
size=$(wc -c <"$scratch/named.fnet")
for place in 3 9 70 $((size / 2)) $((size - 100)); do
    cp "$scratch/named.fnet" "$scratch/bad.fnet"
    printf '\125' | dd of="$scratch/bad.fnet" bs=1 seek="$place" conv=notrunc 2>/dev/null
    cmp -s "$scratch/bad.fnet" "$scratch/named.fnet" && continue
    gives 1 'bad.fnet: byte ' "$FIRMNET" info -q --check "$scratch/bad.fnet"
    gives 1 'the network file is damaged' "$FIRMNET" clusters -q "$scratch/bad.fnet" -o "$scratch/bad.tsv"
    absent "$scratch/bad.tsv"
done
for bytes in 1 63 64 100 $((size - 64)) $((size - 1)); do
    head -c "$bytes" "$scratch/named.fnet" >"$scratch/bad.fnet"
    gives 1 '' "$FIRMNET" info -q --check --from fnet "$scratch/bad.fnet"
    gives 1 '' sh -c '"$0" info -q --from fnet - <"$1"' "$FIRMNET" "$scratch/bad.fnet"
done

# A file that is cut while a slow reader keeps the program waiting: an end in plain words, not a crash.
awk 'BEGIN { print "from\tto"; for (i = 0; i < 120000; i++) print "seller-" i "\tbuyer-" i % 977 }' >"$scratch/long.tsv"
gives 0 '' "$FIRMNET" import -q "$scratch/long.tsv" -o "$scratch/long.fnet"
{
    "$FIRMNET" clusters -q "$scratch/long.fnet" 2>"$scratch/stderr"
    echo $? >"$scratch/status"
} | {
    read -r line
    : >"$scratch/long.fnet"
    cat >/dev/null
}
ok 'cut in use: status 3' test "$(cat "$scratch/status")" = 3
ok 'cut in use: said in words' grep -q 'a network file was cut' "$scratch/stderr"

finish
