# shellcheck shell=bash
# The processes of a bed: start, stop, health.  A process is known by its pid
# and its time of birth, so that a later one with the same pid is never meant.
# Sourced, not run.

kubernetes="etcd kube-apiserver kube-controller-manager kube-scheduler"
controllers="core bootstrap controlplane infrastructure"

# processes: those that the current bed should have, in the order of starting.
processes() {
    echo "$kubernetes"
    [ -z "$(setting kwok)" ] || echo kwok
    [ -z "$(setting capi)" ] || echo "$controllers"
}

born() { sed 's/.*) //' "/proc/$1/stat" 2> /dev/null | cut -d' ' -f20; }

# alive PROC: the one that this bed started runs (sets pid).
alive() {
    local birth
    pid=
    [ -f "$bed/run/$1" ] || return 1
    read -r pid birth < "$bed/run/$1" || return 1
    [ -n "$birth" ] && [ "$(born "$pid")" = "$birth" ]
}

# start PROC COMMAND...: runs it detached, output in log/PROC.log.
start() {
    local proc=$1
    shift
    ! alive "$proc" || return 0
    mkdir -p "$bed/run" "$bed/log"
    setsid nohup "$@" >> "$bed/log/$proc.log" 2>&1 < /dev/null 8>&- &
    echo "$! $(born $!)" > "$bed/run/$proc"
    disown
}

# stop SIGNAL PROC...: asks them all to end; after 15 seconds makes them.
stop() {
    local signal=$1 p end=$((SECONDS + 15))
    shift
    for p in "$@"; do ! alive "$p" || kill "-$signal" "$pid" 2> /dev/null || true; done
    for p in "$@"; do
        while alive "$p"; do
            [ "$SECONDS" -lt "$end" ] || kill -KILL "$pid" 2> /dev/null || true
            sleep 0.1
        done
        rm -f "$bed/run/$p"
    done
}

# healthy PROC: its own health endpoint says so.
healthy() {
    local url
    case $1 in
    etcd) url=http://127.0.0.1:$(port_of etcd)/health ;;
    kube-apiserver) url=https://127.0.0.1:$(port_of "$1")/readyz ;;
    kube-* | kwok) url=https://127.0.0.1:$(port_of "$1")/healthz ;;
    *) url=http://127.0.0.1:$(port_of "$1-health")/readyz ;;
    esac
    curl -fsS -m 5 --cacert "$bed/pki/ca.crt" "$url" > /dev/null 2>&1
}

# await SECONDS PROC...: until all are healthy; ends with the log of one that
# is not.
await() {
    local end=$((SECONDS + $1)) p
    shift
    for p in "$@"; do
        until healthy "$p"; do
            if ! alive "$p" || [ "$SECONDS" -ge "$end" ]; then
                tail -n 8 "$bed/log/$p.log" >&2
                die "$p of bed $name did not come up; its log: $bed/log/$p.log"
            fi
            sleep 0.2
        done
    done
}

# until_ok SECONDS COMMAND...: repeats it quietly, every ${pause:-0.3} s; false
# when time is up.
until_ok() {
    local end=$((SECONDS + $1))
    shift
    until "$@" > /dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep "${pause:-0.3}"
    done
}
