#!/bin/sh
# Prepare a checkout of firmnet, and what a newcomer wants next.
#
#   ./autogen.sh         makes configure (then: ./configure && make && make check && make install)
#   ./autogen.sh demo    installs what is missing, builds in ./build and maps the bundled tender data
#   ./autogen.sh check   installs what is missing, builds in ./build and runs all tests
#
# Asks nothing. Missing packages are installed on Debian and its relatives (as root, or by sudo); elsewhere the names
# of what is missing are printed.
set -eu
cd "$(dirname "$0")"

# What a build needs, once: Debian package : Fedora : Homebrew
packages="
autoconf        : autoconf          : autoconf
automake        : automake          : automake
libtool         : libtool           : libtool
pkg-config      : pkgconf-pkg-config : pkg-config
gcc             : gcc               : -
libc6-dev       : glibc-devel       : -
make            : make              : make
xz-utils        : xz                : xz
libigraph-dev   : igraph-devel      : igraph
zlib1g-dev      : zlib-devel        : zlib
libxxhash-dev   : xxhash-devel      : xxhash
libutf8proc-dev : utf8proc-devel    : utf8proc
check           : check-devel       : check
"

# What a build takes where it is there (README.md says for what).
optional="
libhdf5-dev     : hdf5-devel        : hdf5
"

column() { # number [list]: that column of the packages, in one line
    echo "${2-$packages}" |
        awk -F: -v n="$1" 'NF > 1 { gsub(/ /, "", $n); if ($n != "-") printf "%s%s", sep, $n; sep = " " }'
}

say() {
    printf '%s\n' "autogen.sh: $*" >&2
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# What is missing, in words; the libraries and their versions stand in configure.ac.
missing() {
    for tool in autoconf automake make xz; do have "$tool" || echo "$tool"; done
    have libtoolize || have glibtoolize || echo libtool
    compiler=${CC:-$(have gcc && echo gcc || echo cc)}
    echo '#include <stdio.h>' | $compiler -E - >/dev/null 2>&1 || echo "a C compiler with its headers"
    have pkg-config || { echo pkg-config; return; }
    sed -n 's/.*PKG_CHECK_MODULES(\[[A-Z0-9]*\], \[\([^]]*\)\].*/\1/p' configure.ac | while read -r module; do
        pkg-config --exists "$module" || echo "$module"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif ! have sudo; then return 1
    elif [ -t 0 ]; then sudo "$@"
    else sudo -n "$@"
    fi
}

install_debian() { # list: those that are missing
    wanted=
    for package in $(column 1 "$1"); do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || wanted="$wanted $package"
    done
    [ -n "$wanted" ] || return 0
    say "installs:$wanted"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update >&2 </dev/null || return 1
    # shellcheck disable=SC2086 # one word a package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Use-Pty=0 install $wanted >&2 </dev/null
}

set_up() {
    [ -n "$(missing)" ] || return 0
    if have apt-get && have dpkg-query; then
        install_debian "$packages" || say "the packages could not be installed"
        install_debian "$optional" || say "builds without: $(column 1 "$optional")"
    fi
    lacking=$(missing)
    [ -n "$lacking" ] || return 0
    say "missing:"
    echo "$lacking" | sed 's/^/  /' >&2
    say "what a build needs is in these packages:"
    printf '  %s\n' "Debian 12, Ubuntu 24.04 or newer: sudo apt-get install $(column 1)" \
        "Fedora: sudo dnf install $(column 2)" "macOS (Homebrew): brew install $(column 3)" >&2
    say "and, for more formats: $(column 1 "$optional")" \
        "(Fedora: $(column 2 "$optional"); Homebrew: $(column 3 "$optional"))"
    exit 1
}

prepare() {
    mkdir -p m4 build-aux
    autoreconf --force --install
}

build() {
    if [ -f config.status ]; then
        say "this folder was configured in place; run 'make distclean' first"
        exit 1
    fi
    if [ ! -x configure ] || [ ! -f Makefile.in ] || [ ! -f config.h.in ]; then prepare; fi
    mkdir -p build
    [ -f build/Makefile ] || (cd build && ../configure -q)
    make -s -C build -j "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)"
}

demo() {
    input=datasets/tenders.jsonl.gz
    echo
    echo "\$ build/firmnet map $input -o firmnet-demo"
    build/firmnet map "$input" -o firmnet-demo
    cat <<END

Done. Open
  firmnet-demo/report.html    in a browser: the clusters, their central companies and why
  firmnet-demo/network.gexf   in Gephi: coloured by cluster, sized by importance, laid out
The tables are firmnet-demo/firms.tsv, ties.tsv and clusters.tsv. Your own data (an edge list, or OCDS tender data,
packed with gzip or not):
  build/firmnet map YOUR-FILES -o DIR
END
}

case ${1-} in
'') prepare ;;
demo)
    set_up
    build
    demo
    ;;
check)
    set_up
    build
    make -C build check VERBOSE=1
    ;;
*)
    say "unknown word '$1'; usage: ./autogen.sh [demo|check]"
    exit 2
    ;;
esac
