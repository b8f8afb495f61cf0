# SPDX-License-Identifier: GPL-3.0-or-later
# What every command line test uses: . "$TOP_SRCDIR/tests/cli/lib.sh"
# FIRMNET is the program, TOP_SRCDIR the source tree; scratch is a fresh folder that goes away at the end.
passed=0
failed=0
skipped=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/firmnet-test.XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
tab=$(printf '\t')

# ok NAME COMMAND...: the command succeeds.
ok() {
    name=$1
    shift
    if "$@"; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        echo "not ok: $name"
    fi
}

# gives STATUS WORDS COMMAND...: exit status and, where WORDS is not empty, words on standard error; standard output in
# $scratch/stdout, standard error in $scratch/stderr.
gives() {
    wanted=$1
    words=$2
    shift 2
    "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
    status=$?
    if [ "$status" -eq "$wanted" ] && { [ -z "$words" ] || grep -qF -- "$words" "$scratch/stderr"; }; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok: $* gave $status (wanted $wanted, \"$words\"); said:"
        sed 's/^/    /' "$scratch/stderr" | head -n 5
    fi
}

# says WORDS: a line of the last standard output.
says() {
    if grep -qxF -- "$1" "$scratch/stdout"; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        echo "not ok: no line \"$1\" in:"
        sed 's/^/    /' "$scratch/stdout" | head -n 5
    fi
}

# same FILE FILE: equal bytes.
same() {
    if cmp -s "$1" "$2"; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        echo "not ok: $1 and $2 differ"
    fi
}

# absent FILE...: nothing is there.
absent() {
    for path in "$@"; do
        if [ ! -e "$path" ]; then passed=$((passed + 1)); else
            failed=$((failed + 1))
            echo "not ok: $path is there"
        fi
    done
}

# data FILE: its path below FIRMNET_DATA in $data; fails (and says so) when it is not there.
data() {
    data=$FIRMNET_DATA/$1
    [ -r "$data" ] && return 0
    skipped=$((skipped + 1))
    echo "skipped: $(basename "$0") (no $1 in FIRMNET_DATA)"
    return 1
}

finish() {
    echo "$(basename "$0"): $passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
    exit
}
