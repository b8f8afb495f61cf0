#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Clusters over periods, searches that begin with a partition, sizes of firms.
. "$TOP_SRCDIR/tests/cli/lib.sh"

# cell FILE COLUMN: of the only row of a table
cell() {
    awk -F '\t' -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i } NR == 2 { print $at }' "$1"
}
is() { awk "BEGIN { exit !($*) }"; }

# Two triangles in 2019 and 2020; in 2022 firm e is with the others. One tie has no date.
{
    printf 'from\tto\tvalue\tdate\n'
    for year in 2019 2020; do
        printf 'a\tb\t1\t%s-02-01\nb\tc\t1\t%s-05-01\nc\ta\t1\t%s\n' $year $year $year
        printf 'd\te\t1\t%s-02-01\ne\tf\t1\t%s\nf\td\t1\t%s-12-31\n' $year $year $year
    done
    printf 'a\te\t7\t2022\na\tc\t7\t2022\nc\te\t7\t2022\nd\tf\t7\t2022-03\na\tb\t5\t\n'
} >"$scratch/ties.tsv"

gives 0 '1 ties have no date' "$FIRMNET" clusters "$scratch/ties.tsv" --by year --summary "$scratch/s.tsv"
says "firm${tab}period${tab}cluster${tab}stability${tab}stayed"
says "a${tab}2019${tab}1${tab}${tab}"
says "a${tab}2022${tab}1${tab}${tab}true"
says "e${tab}2020${tab}2${tab}${tab}true"
says "e${tab}2022${tab}1${tab}${tab}false"
ok 'rows are firms in years with ties' test "$(grep -c . "$scratch/stdout")" = 18
ok 'ten of eleven steps stay' test "$(cell "$scratch/s.tsv" steps_stayed)/$(cell "$scratch/s.tsv" steps)" = 10/11
ok 'years are told apart in the raw data' test "$(cell "$scratch/s.tsv" ties_spanning)" = 0
for threads in 2 3; do
    gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" --by year -t $threads -o "$scratch/t$threads.tsv"
done
same "$scratch/t2.tsv" "$scratch/t3.tsv"

# No coupling: no cluster over years. Much: nobody moves.
gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" --by year --coupling 0 --summary "$scratch/s.tsv"
ok 'six clusters' test "$(cell "$scratch/s.tsv" clusters)" = 6
ok 'the quality is that of the years' test "$(cell "$scratch/s.tsv" quality)" = "$(cell "$scratch/s.tsv" quality_of_periods)"
gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" --by year --coupling 99 --runs 3 --summary "$scratch/s.tsv"
ok 'all steps stay' test "$(cell "$scratch/s.tsv" steps_stayed)" = "$(cell "$scratch/s.tsv" steps)"
ok 'runs agree' test "$(cell "$scratch/s.tsv" runs_nmi)" = 1
says "e${tab}2022${tab}1${tab}1${tab}true"

gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" --by quarter --since 2019-04 --until 2020-03
says "b${tab}2019-Q2${tab}1${tab}${tab}"
ok 'no later quarter' test "$(grep -c 'Q4' "$scratch/stdout")" = 2
gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" --by month --directed --quality cpm --resolution 0.1
ok 'f is there in five months' test "$(grep -c "^f$tab" "$scratch/stdout")" = 5

# A network file has the records of a tie added up.
gives 0 '' "$FIRMNET" import -q "$scratch/ties.tsv" -o "$scratch/net.fnet"
gives 0 '6 ties reach over more than one year' "$FIRMNET" clusters "$scratch/net.fnet" --by year

printf 'from\tto\na\tb\n' >"$scratch/undated.tsv"
gives 2 'there are no periods' "$FIRMNET" clusters -q "$scratch/undated.tsv" --by year
gives 2 '--by says which' "$FIRMNET" clusters -q "$scratch/ties.tsv" --coupling 2
gives 2 '--by and --scan exclude each other' "$FIRMNET" clusters -q "$scratch/ties.tsv" --by year --scan 1:2
gives 2 'knows no periods' "$FIRMNET" clusters -q "$scratch/ties.tsv" --by year --method infomap

# A partition to begin with: what clusters writes, with firms that are unknown and firms that are missing.
gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" -o "$scratch/c.tsv"
gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" --start "$scratch/c.tsv" -o "$scratch/again.tsv"
same "$scratch/c.tsv" "$scratch/again.tsv"
printf 'firm\tcluster\na\tx\nb\tx\nzz\tx\nd\t\n' >"$scratch/part.tsv"
gives 0 '1 of its firms are not in the network; 4 firms of the network have no cluster there and begin alone' \
    "$FIRMNET" clusters "$scratch/ties.tsv" --start "$scratch/part.tsv"
printf 'firm\tcluster\na\tx\na\ty\n' >"$scratch/twice.tsv"
gives 1 'twice.tsv:3: firm "a" stands there twice' "$FIRMNET" clusters -q "$scratch/ties.tsv" --start "$scratch/twice.tsv"
gives 1 'the columns firm and cluster are wanted' "$FIRMNET" clusters -q "$scratch/ties.tsv" --start "$scratch/undated.tsv"
gives 3 'nowhere' "$FIRMNET" clusters -q "$scratch/ties.tsv" --start "$scratch/nowhere"
gives 2 'does not begin with a partition' "$FIRMNET" clusters -q "$scratch/ties.tsv" --start "$scratch/c.tsv" --method infomap
gives 2 '--scan and --start exclude each other' "$FIRMNET" clusters -q "$scratch/ties.tsv" --start "$scratch/c.tsv" --scan 1:2
gives 2 'it is an input (--start)' "$FIRMNET" clusters -q "$scratch/ties.tsv" --start "$scratch/c.tsv" -o "$scratch/c.tsv"

# Several runs say how far they agree.
gives 0 '4 runs: two of them agree by nmi' "$FIRMNET" clusters "$scratch/ties.tsv" --runs 4 --summary "$scratch/s.tsv"
ok 'the summary, too' is "$(cell "$scratch/s.tsv" runs_nmi_least) <= 1 && $(cell "$scratch/s.tsv" runs_ari) > .5"

# Sizes of firms.
printf 'firm\tsize\na\t1\nb\t1\nc\t1\nd\t1\ne\t1\n' >"$scratch/firms.tsv"
gives 0 '1 of 6 firms with ties have no size above 0' "$FIRMNET" clusters "$scratch/ties.tsv" --firms "$scratch/firms.tsv" \
    --quality cpm --resolution 0.2 --node-weight size -o "$scratch/sized.tsv"
gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" --quality cpm --resolution 0.2 -o "$scratch/counted.tsv"
same "$scratch/sized.tsv" "$scratch/counted.tsv"
printf 'firm\tsize\na\t1\nb\t1\nc\t1\nd\t9\ne\t9\nf\t9\n' >"$scratch/firms.tsv"
gives 0 '' "$FIRMNET" clusters -q "$scratch/ties.tsv" --firms "$scratch/firms.tsv" --quality cpm --resolution 0.5 --node-weight size
ok 'large firms need larger ties' test "$(cut -f 2 "$scratch/stdout" | tr '\n' ' ')" = 'cluster 1 1 1 2 1 3 '
gives 2 'modularity knows no weights of firms' "$FIRMNET" clusters -q "$scratch/ties.tsv" --node-weight size
gives 2 'no firm with ties has a size above 0' "$FIRMNET" clusters -q "$scratch/ties.tsv" --node-weight size --quality cpm
finish
