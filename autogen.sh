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
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

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

# What makes it read and write more, or faster; not there for every machine (README.md says for what)
optional="
libisal-dev     : isa-l-devel       : isa-l
libzstd-dev     : libzstd-devel     : zstd
liblzma-dev     : xz-devel          : xz
libbz2-dev      : bzip2-devel       : bzip2
libhdf5-dev     : hdf5-devel        : hdf5
"

column() { # list, number: that column of the list, in one line
    echo "$1" | awk -F: -v n="$2" 'NF > 1 { gsub(/ /, "", $n); if ($n != "-") printf "%s%s", sep, $n; sep = " " }'
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

not_installed() { # package...
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf ' %s' "$package"
    done
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >&2 </dev/null
}

install_debian() { # package...
    say "installs: $*"
    apt -y --no-install-recommends -o Dpkg::Use-Pty=0 install "$@"
}

# Optional ones one by one: what can't be had is done without.
# shellcheck disable=SC2046,SC2086 # one word a package
set_up_debian() {
    wanted=
    [ -z "$(missing)" ] || wanted=$(not_installed $(column "$packages" 1))
    extra=$(not_installed $(column "$optional" 1))
    [ -n "$wanted$extra" ] || return 0
    # nobody is asked for a password for what is only optional
    if [ -z "$wanted" ] && [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then return 0; fi
    apt update || { [ -z "$wanted" ] || say "the packages could not be installed"; return 0; }
    [ -z "$wanted" ] || install_debian $wanted || say "the packages could not be installed"
    for package in $extra; do
        [ -n "$(apt-cache madison "$package" 2>/dev/null)" ] || continue
        install_debian "$package" || say "goes on without $package"
    done
}

set_up() {
    if have apt-get && have dpkg-query; then set_up_debian; fi
    lacking=$(missing)
    [ -n "$lacking" ] || return 0
    say "missing:"
    echo "$lacking" | sed 's/^/  /' >&2
    say "what a build needs is in these packages:"
    printf '  %s\n' "Debian 12, Ubuntu 24.04 or newer: sudo apt-get install $(column "$packages" 1)" \
        "Fedora: sudo dnf install $(column "$packages" 2)" "macOS (Homebrew): brew install $(column "$packages" 3)" >&2
    say "optional, to read more and faster: $(column "$optional" 1)"
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
    make -s -C build -j "$jobs"
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
    make -C build -j "$jobs" check VERBOSE=1
    ;;
*)
    say "unknown word '$1'; usage: ./autogen.sh [demo|check]"
    exit 2
    ;;
esac
