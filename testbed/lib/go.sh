# shellcheck shell=bash
# Building Go programs out of the tool modules in modules/.  Sourced, not run.

export CGO_ENABLED=0 GOWORK=off

# listed MODULE PATH TEMPLATE: what MODULE's go.mod settles on for PATH.
listed() { (cd "$testbed/modules/$1" && go list -m -f "$3" "$2"); }
version_of() { listed "$1" "$2" '{{if .Replace}}{{.Replace.Version}}{{else}}{{.Version}}{{end}}'; }
folder_of() {
    (cd "$testbed/modules/$1" && go mod download "$2")
    listed "$1" "$2" '{{.Dir}}'
}

# altered MODULE PATH FILE LINES SED [FILE LINES SED]...: has MODULE built with
# a copy of PATH in which each SED changed exactly LINES lines of its FILE.
# (Go refuses to overlay files of the module cache, hence copy and replace.)
altered() {
    local mod=$1 path=$2 old new changed
    shift 2
    old=$(folder_of "$mod" "$path")
    new=$root/src/$(basename "$path")-$(printf '%s\n' "$old" "$@" | cat - "$testbed/patches/ports.go" | sha256sum | cut -c1-12)
    go mod edit -replace "$path=$new" "$root/src/$mod.mod"
    [ ! -d "$new" ] || return 0
    rm -rf "$new.part"
    cp -r "$old" "$new.part"
    chmod -R u+w "$new.part"
    while [ $# -gt 0 ]; do
        sed -i "$3" "$new.part/$1"
        changed=$(diff "$old/$1" "$new.part/$1" | grep -c '^>') || true
        [ "$changed" = "$2" ] || die "$path/$1: $changed lines changed, not $2"
        shift 3
    done
    if [ "$path" = sigs.k8s.io/cluster-api/test ]; then
        cp "$testbed/patches/ports.go" "$new.part/infrastructure/inmemory/pkg/server/"
    fi
    mv "$new.part" "$new"
}

# loopback MODULE: a second go.mod for it, with which webhook servers and
# in-memory workload clusters listen on 127.0.0.1 and on ports of our choice;
# neither has a flag for it.
loopback() {
    local mod=$1 listens main
    mkdir -p "$root/src"
    cp "$testbed/modules/$mod/go.mod" "$root/src/$mod.mod"
    cp "$testbed/modules/$mod/go.sum" "$root/src/$mod.sum"
    altered "$mod" sigs.k8s.io/controller-runtime pkg/webhook/server.go 1 \
        '/^func (o \*Options) setDefaults() {/a\	if o.Host == "" { o.Host = "127.0.0.1" }'
    case $mod in
    newest-infra) listens=3 main=infrastructure/docker/main.go ;;
    v1beta1) listens=1 main=infrastructure/inmemory/main.go ;;
    *) return 0 ;;
    esac
    altered "$mod" sigs.k8s.io/cluster-api/test \
        infrastructure/inmemory/pkg/server/mux.go $listens '/net\.Listen("tcp"/s/":%d"/"127.0.0.1:%d"/' \
        $main 1 's/NewWorkloadClustersMux(inMemoryManager, podIP)/NewWorkloadClustersMux(inMemoryManager, podIP, inmemoryserver.PortsFromEnv())/'
}

# program MODULE OUTPUT PACKAGE [VARIABLE=VALUE]...: builds it unless module
# files, toolchain, variables or alterations are as they were at the last time.
prepared=
program() {
    local mod=$1 out=$bin/$2 label=$2 pkg=$3 flags="-s -w" x stamp from=$SECONDS modfile=()
    shift 3
    for x in "$@"; do flags+=" -X $x"; done
    stamp=$({
        cat "$testbed/modules/$mod/go.mod" "$testbed/modules/$mod/go.sum"
        echo "$pkg $flags $(go version)"
        case $mod in newest* | v1beta1) declare -f altered loopback; cat "$testbed/patches/ports.go" ;; esac
    } | sha256sum | cut -d' ' -f1)
    if [ -x "$out" ] && [ "$(cat "$out.stamp" 2> /dev/null)" = "$stamp" ]; then
        printf '%6s  %4s MiB  %s\n' fresh "$(du -m "$out" | cut -f1)" "$label"
        return
    fi
    mkdir -p "$(dirname "$out")"
    case $mod in
    newest* | v1beta1)
        [ "$prepared" = "$mod" ] || loopback "$mod"
        prepared=$mod
        modfile=(-modfile "$root/src/$mod.mod")
        ;;
    esac
    (cd "$testbed/modules/$mod" && go build "${modfile[@]}" -trimpath -ldflags "$flags" -o "$out.part" "$pkg")
    mv "$out.part" "$out"
    echo "$stamp" > "$out.stamp"
    printf '%5ds  %4s MiB  %s\n' $((SECONDS - from)) "$(du -m "$out" | cut -f1)" "$label"
}

# together OUTPUT FILE...: one YAML file of several, in share/.
together() {
    local out=$share/$1 f
    shift
    mkdir -p "$(dirname "$out")"
    for f in "$@"; do
        printf -- '---\n'
        cat "$f"
        echo
    done > "$out.part"
    mv "$out.part" "$out"
}
