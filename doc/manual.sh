#!/bin/sh
# The manual page on standard output. Commands and options come from the program's own help, which is made from its
# tables: `make manual` writes doc/firmnet.1 again. manual.sh --names: the names of commands and options only.
set -eu
LC_ALL=C
export LC_ALL
firmnet=${FIRMNET-./firmnet}

commands=$("$firmnet" help | sed -n 's/^  \([a-z][a-z-]*\)   *[^ ].*/\1/p' | grep -v '^firmnet$')

# One line an option: command, TAB, left column, TAB, text.
options() {
    for command in $commands; do
        "$firmnet" help "$command" | awk -v command="$command" '
            function put() { if (left != "") print command "\t" left "\t" text; left = "" }
            inside && /^                    / { # text goes on
                gsub(/^ +/, "")
                text = text (text == "" ? "" : " ") $0
                next
            }
            inside && /^ +(-|[a-z@], -)/ {
                put()
                left = $0
                text = ""
                if (match($0, /[^ ]  +[^ -]/)) {
                    left = substr($0, 1, RSTART)
                    text = substr($0, RSTART + 1)
                }
                gsub(/^ +/, "", left)
                gsub(/^ +/, "", text)
            }
            $0 == "options" { inside = 1 }
            END { put() }'
    done
}

if [ "${1-}" = --names ]; then
    for command in $commands; do echo "command $command"; done
    options | sed 's/.*\(--[a-z-]*\).*\t.*/option \1/' | sort -u
    exit
fi

version=$("$firmnet" --version | sed 's/^firmnet \([^ ]*\).*/\1/')
cat <<END
.\\" SPDX-License-Identifier: GPL-3.0-or-later
.\\" written by doc/manual.sh (make manual)
.TH FIRMNET 1 "" "firmnet $version" "User Commands"
.SH NAME
firmnet \\- clusters of firms, their central companies and the strength of their ties
.SH SYNOPSIS
.B firmnet
.I COMMAND
.RI [ OPTIONS ]
.IR INPUT ...
.SH DESCRIPTION
.B firmnet
reads ties between firms or raw tender data, finds clusters, the central company of each cluster and the strength of
every tie, and writes tables, a report and files that open in Gephi, coloured, sized and laid out.
.PP
An
.I INPUT
is a file of any supported format, told from its content; gzip in any form is read everywhere, and
.B \\-
is standard input. Several inputs are one data set. Tables are tab separated text with a header line on standard output,
or in the file of
.BR \\-o .
Output files appear whole or not at all. The same input, options and seed give the same bytes.
.SH COMMANDS
END

"$firmnet" help | awk '
    /^[A-Z][a-z]+( [a-z]+)?$/ { print ".SS " $0; next }
    /^  firmnet / { next }
    /^  [a-z][a-z-]*  +/ { name = $1; sub(/^  [a-z-]+ +/, ""); gsub(/-/, "\\-"); print ".TP\n.B " name "\n" $0 }'

echo '.SH OPTIONS'
echo 'Behind each option stand the commands that take it.'
all=$(echo "$commands" | wc -w)
options | awk -F '\t' -v all="$all" '
    function escaped(text) { gsub(/\\/, "\\e", text); gsub(/-/, "\\-", text); return text }
    {
        match($2, /--[a-z-]+/)
        name = substr($2, RSTART, RLENGTH)
        if (!(name in left)) { order[++n] = name; left[name] = $2; text[name] = $3 }
        if (!taken[name, $1]++) { takers[name] = takers[name] (count[name]++ ? ", " : "") $1 }
    }
    END {
        for (i = 1; i <= n; i++) {
            name = order[i]
            takes = count[name] == all ? "every command" : takers[name]
            words = split(left[name], word, " ")
            argument = word[words] ~ /^-/ ? "" : word[words]
            head = left[name]
            if (argument != "") head = substr(head, 1, length(head) - length(argument) - 1)
            print ".TP"
            print ".BI \"" escaped(head) (argument == "" ? "" : " ") "\" " escaped(argument)
            print escaped(text[name]) "."
            print "(" escaped(takes) ")"
        }
    }'

echo '.SH COLUMNS'
echo 'What the columns of tables mean, command by command.'
for command in $commands; do
    "$firmnet" help "$command" | awk -v command="$command" '
        function escaped(text) {
            gsub(/\\/, "\\e", text)
            gsub(/-/, "\\-", text)
            return (text ~ /^[.\047]/ ? "\\&" : "") text
        }
        $0 == "options" { inside = 0 }
        inside && /^  -- / { print ".PP\n" escaped(substr($0, 6)); next }
        inside && /^                        / { gsub(/^ +/, ""); print escaped($0); next }
        inside && /^  [^ ]/ {
            gsub(/^ +/, "")
            at = match($0, /  +/) ? RSTART : length($0) + 1
            print ".TP\n.B " escaped(substr($0, 1, at - 1))
            if (at <= length($0)) print escaped(substr($0, at + RLENGTH))
        }
        $0 == "columns" { inside = 1; print ".SS " command }'
done

cat <<'END'
.SH EDGE LISTS
Tab, comma, semicolon, pipe or blanks stand between fields. A header names the columns in any order; other columns become
attributes of ties. Without a header the fields are from, to, weight, date.
.TP
.B from, to
source, src, seller, supplier; target, dst, buyer, customer. From delivers, to receives.
.TP
.B weight
value, amount: money. In all rows or in none; but a column value or amount may have gaps beside a column count.
.TP
.B layer, currency, product
type, kind; cpv, hs, nace
.TP
.B count
awards or records behind the row; 1 where there is none
.TP
.B date
time, year: when it happened. Instead,
.B first
and
.B last
give a period; where one is empty the period is the other day.
.TP
.B newman_weight
newman:
the weight of a co\-bid tie: 1 / (k \- 1) for each competition of k bidders (Newman 2001), added up. Where ties of a layer
have it, it is their weight.
.TP
.B from_row, to_row
numbers of the firms, where they are to stand in tables in another order than the rows name them. Numbers that contradict
each other don't count.
.PP
A list of ties written to a name in .tsv, .txt or .edges has these columns, as far as they say something, and reads back to
the same ties. Names and other attributes of firms, firms without ties, and tenders are kept by the network file only
(.fnet).
.SH TRUST IN CLUSTERS
Random networks have clusters of a high modularity, too, and another seed or resolution gives other clusters.
.TP
.B \-\-null 20
rewires the ties twenty times, so that every firm keeps its partners' number in every layer (of both directions with
.BR \-\-directed ),
a weight staying with its tie, and searches again: z is how many standard deviations the quality lies above the mean of
those, p the share of all, itself included, that reach it. Where few ties can be rewired (null_swaps well below 10, as in a
star) z says little.
.TP
.B \-\-scan 0.1:10
Every partition is best in one stretch of resolutions, if in any; a long one (plateau, the logarithm of its ends' ratio)
does not hang on the resolution chosen. Take the column resolution of such a row for
.BR \-\-resolution .
.TP
.B \-\-runs 10 \-\-consensus
Clusters on which ten seeds agree; runs_nmi and runs_ami say how much any two of them do, stability how sure the place of
each firm is.
.TP
.B \-\-summary FILE
method, objective, resolution, directed, runs, firms, isolated, clusters, largest, quality, codelength (bits a step of the
map equation), null_samples, null_mean, null_sd, null_z, null_p, null_at_least, null_swaps, runs_mean_quality,
runs_best_quality, runs_nmi, runs_ami, consensus_rounds, consensus_agreed, joined, left_small, quality_before_joining; empty:
not asked for.
.SH NETWORK FILES
A file that
.B firmnet import
wrote is checked whole, in every byte, each time it is opened, and then used where it lies on the disk: don't write into it
meanwhile (a new one in its place does no harm). Its XXH3 in run.json is that of its first part, which holds the checksums
of all others; it changes with every byte of the file. Files of older versions are read, those of newer ones refused.
.SH EXIT STATUS
.TP
.B 0
done; warnings, if any, are on standard error and in the report
.TP
.B 1
the data is wrong
.TP
.B 2
the command line is wrong
.TP
.B 3
a file could not be read or written
.TP
.B 4
out of memory
.TP
.B 130
interrupted
.PP
On any status but 0 no output file is left, and an old one is as it was.
.SH EXAMPLES
.TP
The main job, on tender data:
.B firmnet map tenders.jsonl.gz \-o out/
.TP
The central companies of an edge list, as CSV:
.B firmnet central \-\-csv ties.tsv.gz
.TP
Compare two partitions:
.B firmnet compare clusters.tsv plan.tsv
.SH COPYRIGHT
Free software under the GNU General Public License, version 3 or later.
END
