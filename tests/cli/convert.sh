#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Edge lists out and in again: the same network, the same results.
. "$TOP_SRCDIR/tests/cli/lib.sh"
dump=$TOP_SRCDIR/datasets/tenders.jsonl.gz

gives 0 'no place in an edge list' "$FIRMNET" convert "$dump" -o "$scratch/ties.tsv.gz"
ok 'the columns' test "$(gzip -dc "$scratch/ties.tsv.gz" | head -n 1 | tr '\t' ,)" = \
    from,to,layer,value,currency,count,first,last,newman_weight,product,from_row,to_row
ok 'one row a tie' test "$(gzip -dc "$scratch/ties.tsv.gz" | wc -l)" -eq 5484
for suffix in tsv.gz tsv txt edges; do
    gives 0 '' "$FIRMNET" convert "$scratch/ties.tsv.gz" -o "$scratch/again.$suffix"
done
same "$scratch/ties.tsv.gz" "$scratch/again.tsv.gz"
gzip -dc "$scratch/ties.tsv.gz" >"$scratch/ties.tsv"
same "$scratch/ties.tsv" "$scratch/again.tsv"
same "$scratch/ties.tsv" "$scratch/again.txt"
same "$scratch/ties.tsv" "$scratch/again.edges"

# What is found in the converted file is what is found in the dump.
for table in 'clusters --runs 3' 'clusters --layer cobid' 'ties' 'centrality --layer supply'; do
    "$FIRMNET" $table -q "$dump" >"$scratch/of-dump" 2>"$scratch/stderr"
    "$FIRMNET" $table -q "$scratch/ties.tsv.gz" >"$scratch/of-ties" 2>"$scratch/stderr"
    ok "$table gives a table" test -s "$scratch/of-dump"
    same "$scratch/of-dump" "$scratch/of-ties"
done

# ties.tsv of a run is an edge list, too: its strengths come back, and are computed anew.
"$FIRMNET" ties -q "$dump" -o "$scratch/strong.tsv"
gives 0 '' "$FIRMNET" ties -q "$scratch/strong.tsv" -o "$scratch/strong-again.tsv"
ok 'no column twice' test "$(head -n 1 "$scratch/strong.tsv")" = "$(head -n 1 "$scratch/strong-again.tsv")"
for file in strong strong-again; do
    awk -F '\t' '$3 == "supply"' "$scratch/$file.tsv" | cut -f 1-13,17-19 | LC_ALL=C sort >"$scratch/$file.sorted"
done
same "$scratch/strong.sorted" "$scratch/strong-again.sorted"
sed '2,$s/\tweak\t/\told\t/' "$scratch/strong.tsv" >"$scratch/old.tsv"
gives 0 '' "$FIRMNET" ties -q "$scratch/old.tsv" -o "$scratch/new.tsv"
ok 'no old class is left' test "$(cut -f 15 "$scratch/new.tsv" | grep -cx old)" -eq 0
gives 0 '' "$FIRMNET" export -q "$scratch/old.tsv" -o "$scratch/export.tsv"
ok 'nor in an export' test "$(grep -c "${tab}old${tab}" "$scratch/export.tsv")" -eq 0
gives 0 '' "$FIRMNET" map -q "$scratch/strong.tsv" -o "$scratch/map"
ok 'no column twice in a map' test -z "$(head -n 1 "$scratch/map/ties.tsv" | tr '\t' '\n' | sort | uniq -d)"

# Other ways to a list of ties.
gives 0 '' "$FIRMNET" generate -q --firms 60 --clusters 3 --tenders 200 -o "$scratch/made.tsv.gz" --truth "$scratch/truth.tsv"
gives 0 '' "$FIRMNET" info "$scratch/made.tsv.gz"
says 'firms: 60'
gives 0 '' "$FIRMNET" export -q --plain "$dump" -o "$scratch/plain.tsv"
same "$scratch/plain.tsv" "$scratch/ties.tsv"
gives 0 '' "$FIRMNET" convert -q "$dump" --layer consortium -o "$scratch/partners.tsv"
ok 'a chosen layer alone' test "$(sed 1d "$scratch/partners.tsv" | cut -f 3 | sort -u)" = consortium
"$FIRMNET" convert -q "$dump" --to edgelist -o - >"$scratch/piped.tsv" 2>"$scratch/stderr"
same "$scratch/piped.tsv" "$scratch/ties.tsv"

# One layer as a matrix and back: the same ties, ids and all.
gives 2 'several layers' "$FIRMNET" convert "$dump" -o "$scratch/all.mtx"
absent "$scratch/all.mtx"
for layer in supply cobid consortium; do
    gives 0 '' "$FIRMNET" convert -q "$dump" --layer $layer -o "$scratch/$layer.mtx.gz"
    gives 0 '' "$FIRMNET" convert "$scratch/$layer.mtx.gz" -o "$scratch/again.mtx"
    gzip -dc "$scratch/$layer.mtx.gz" | grep -v '^% ' >"$scratch/one"
    grep -v '^% ' "$scratch/again.mtx" >"$scratch/two"
    same "$scratch/one" "$scratch/two"
    "$FIRMNET" centrality -q "$dump" --layer $layer --measure pagerank >"$scratch/one" 2>"$scratch/stderr"
    "$FIRMNET" centrality -q "$scratch/$layer.mtx.gz" --measure pagerank >"$scratch/two" 2>"$scratch/stderr"
    [ $layer = supply ] && same "$scratch/one" "$scratch/two"
done
gives 0 '' "$FIRMNET" export "$dump" --layer supply -o "$scratch/plain.mtx"
ok 'an export of a matrix computes nothing' test "$(grep -c 'are written, too' "$scratch/stderr")" -eq 0
printf '3 2\n2\n1 3\n2\n' >"$scratch/small.graph"
gives 0 'read as metis' "$FIRMNET" info "$scratch/small.graph"
says 'ties: 4'
gives 0 '' "$FIRMNET" info --tie-layer cobid "$scratch/small.graph"
says 'ties: 2'

# HDF5, where it is built in.
"$FIRMNET" convert -q "$dump" -o "$scratch/net.h5" 2>"$scratch/stderr"
if [ $? -eq 2 ] && grep -q 'without HDF5' "$scratch/stderr"; then
    skipped=$((skipped + 1))
    echo 'skipped: HDF5 (not built in)'
    absent "$scratch/net.h5"
else
    ok 'an HDF5 file' test "$(head -c 4 "$scratch/net.h5" | tail -c 3)" = HDF
    gives 0 '' "$FIRMNET" convert -q -t 1 "$dump" -o "$scratch/again.h5"
    same "$scratch/net.h5" "$scratch/again.h5"
    gives 2 'needs a file' "$FIRMNET" convert -q "$dump" --to hdf5 -o -
    gives 2 'compressed already' "$FIRMNET" convert -q "$dump" -o "$scratch/net.h5.gz"
    gives 1 'this is HDF5' "$FIRMNET" info "$scratch/net.h5"
    printf 'old\n' >"$scratch/kept.h5"
    (ulimit -f 64 && exec "$FIRMNET" convert -q "$dump" -o "$scratch/kept.h5") 2>"$scratch/stderr"
    ok 'a file size limit is status 3' test $? -eq 3
    ok 'it names the file and the reason' grep -qF 'kept.h5: can'"'"'t be written: File too large' "$scratch/stderr"
    ok 'the old file stays' grep -qx old "$scratch/kept.h5"
    ok 'and nothing beside it' test -z "$(find "$scratch" -name '.firmnet*')"
fi

# An id that no row can hold: an error, and no file.
printf 'from,to\n"a\tb",c\n' >"$scratch/tab.csv"
gives 1 'holds a tab' "$FIRMNET" convert "$scratch/tab.csv" -o "$scratch/tab.tsv"
absent "$scratch/tab.tsv"
printf 'from,to\n"#a",c\n' >"$scratch/mark.csv"
gives 1 'comment' "$FIRMNET" convert "$scratch/mark.csv" -o "$scratch/mark.tsv"
gives 0 '' "$FIRMNET" convert "$scratch/mark.csv" -o "$scratch/mark.fnet"
finish
