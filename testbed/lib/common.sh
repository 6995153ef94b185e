# shellcheck shell=bash
# Ground that every command of the test bed stands on: places, options, the
# settings and ports of a bed.  Sourced, not run.
set -euo pipefail

testbed=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
root=${TKO_TESTBED_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/tko-bed}
bin=$root/bin        # programs
share=$root/share    # YAML that came with them
beds=$root/beds      # one folder per bed
export testbed root bin share beds

die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
say() { printf '%4ds  %s\n' "$SECONDS" "$*" >&2; }

# usage: the comment at the head of the running script is its help.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p;}' "$0"; }

# options "name= purge" "$@": sorts the arguments into opt[...] and words; a
# name that ends in = takes a value, as `--name x` or `--name=x`.
declare -A opt=()
words=()
options() {
    local known=" $1 " key
    shift
    while [ $# -gt 0 ]; do
        key=${1#--} key=${key%%=*}
        case $1 in
        -h|--help) usage; exit 0 ;;
        --*=*)
            [[ $known == *" $key= "* ]] || die "unknown option: $1 (see --help)"
            opt[$key]=${1#*=}
            ;;
        --*)
            if [[ $known == *" $key= "* ]]; then
                [ $# -gt 1 ] || die "--$key wants a value"
                opt[$key]=$2
                shift
            elif [[ $known == *" $key "* ]]; then
                opt[$key]=1
            else
                die "unknown option: $1 (see --help)"
            fi
            ;;
        *) words+=("$1") ;;
        esac
        shift
    done
}

# no_words: for commands that take options alone.
no_words() { [ ${#words[@]} = 0 ] || die "unknown argument: ${words[0]} (see --help)"; }

# number OPTION DEFAULT: the option's value, checked to be a whole number.
number() {
    local v=${opt[$1]:-$2}
    [[ $v =~ ^[0-9]*$ ]] || die "--$1 wants a number, not: $v"
    printf '%s' "$v"
}

# use_bed NAME: sets name, bed (its folder) and port, the first of its block
# (empty for a bed that does not exist yet).
use_bed() {
    [[ $1 =~ ^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$ ]] || die "not a name for a bed: $1"
    name=$1 bed=$beds/$1
    port=$(setting port)
}
existing_bed() { use_bed "$1"; [ -n "$port" ] || die "no bed called $name"; }
all_beds() { local f; for f in "$beds"/*/settings; do [ ! -f "$f" ] || basename "${f%/settings}"; done; }

# A bed remembers what it was made with: one key=value a line.
setting() { [ ! -f "$bed/settings" ] || sed -n "s/^$1=//p" "$bed/settings"; }
remember() {
    touch "$bed/settings"
    { grep -v "^$1=" "$bed/settings" || true; echo "$1=$2"; } > "$bed/settings.new"
    mv "$bed/settings.new" "$bed/settings"
}

# lock_bed: one command at a time changes a bed.  Processes that `start` makes
# do not inherit the lock.
lock_bed() {
    mkdir -p "$bed"
    exec 8> "$bed/.lock"
    flock -w 300 8 || die "another command is still busy with bed $name"
}

# The ports of a bed: a block, of which the first 50 are for its processes and
# the rest for the in-memory workload clusters, one each.
block=1000
port_of() {
    local i
    case $1 in
    etcd) i=0 ;; peer) i=1 ;; kube-apiserver) i=2 ;; kube-controller-manager) i=3 ;; kube-scheduler) i=4 ;; kwok) i=5 ;;
    core-*) i=10 ;; bootstrap-*) i=13 ;; controlplane-*) i=16 ;; infrastructure-*) i=19 ;;
    debug) i=49 ;; workload-first) i=50 ;; workload-last) i=$((block - 1)) ;;
    *) die "no port for $1" ;;
    esac
    case $1 in *-health) i=$((i + 1)) ;; *-diagnostics) i=$((i + 2)) ;; esac
    echo $((port + i))
}

listening() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# claim_ports [FIRST]: gives a new bed its block, the first that no bed has and
# nobody listens in.  Safe for several at once.
claim_ports() {
    local first i
    [ -z "$port" ] || return 0
    exec 9> "$beds/.ports.lock"
    flock 9
    for ((first = ${1:-14000}; first <= ${1:-31000}; first += block)); do
        ! grep -qsx "port=$first" "$beds"/*/settings || continue
        port=$first
        for i in {0..5} {10..21} {49..60}; do
            if listening $((first + i)); then port=; break; fi
        done
        [ -z "$port" ] || break
    done
    [ -n "$port" ] || die "no free block of $block ports${1:+ at $1}"
    remember port "$port"
    exec 9>&-
}
