# shellcheck shell=bash
# Cluster API of a bed: kinds, webhooks, controllers, ClusterClass.
# Sourced, not run.

# about CONTROLLER: what it is called where, on the bed's line ($capi).
about() {
    contracts="" concurrency=""
    case $1 in
    core) ns=capi-system provider=cluster-api type=CoreProvider
        concurrency="clustertopology cluster machine machineset machinedeployment machinehealthcheck" ;;
    bootstrap) ns=capi-kubeadm-bootstrap-system provider=bootstrap-kubeadm type=BootstrapProvider
        concurrency=kubeadmconfig ;;
    controlplane) ns=capi-kubeadm-control-plane-system provider=control-plane-kubeadm type=ControlPlaneProvider
        concurrency=kubeadmcontrolplane ;;
    infrastructure) type=InfrastructureProvider
        if [ "$capi" = newest ]; then
            ns=capd-system provider=infrastructure-docker concurrency="devcluster devmachine devmachinetemplate"
        else
            ns=capim-system provider=infrastructure-in-memory concurrency="cluster machine"
        fi ;;
    esac
    # Without the contract labels references to these kinds do not resolve.
    case $capi-$1 in
    *-core) ;;
    newest-*) contracts="cluster.x-k8s.io/v1beta1: v1beta1, cluster.x-k8s.io/v1beta2: v1beta2" ;;
    v1beta1-infrastructure) contracts="cluster.x-k8s.io/v1beta1: v1alpha1" ;;
    *) contracts="cluster.x-k8s.io/v1beta1: v1beta1" ;;
    esac
}

# kinds CONTROLLER: its CRDs with the labels and the conversion webhook that
# their bases lack.  (Without conversion v1beta1 and v1beta2 silently lose each
# other's fields; the line v1beta1 has nothing to convert.)
kinds() {
    local conversion=
    [ "$capi" = v1beta1 ] || conversion="{strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url: $url/convert, caBundle: $ca}}}"
    awk -v labels="cluster.x-k8s.io/provider: $provider, clusterctl.cluster.x-k8s.io: \"\"${contracts:+, $contracts}" -v conversion="$conversion" '
        { print }
        /^metadata:$/ { print "  labels: {" labels "}" }
        /^spec:$/ && conversion { print "  conversion: " conversion }' "$share/$capi/$1/kinds.yaml"
}

# webhooks CONTROLLER: its webhook configurations, which name a Service, turned
# to the process itself.
webhooks() {
    awk -v own="$1" -v url="$url" -v ca="$ca" '
        /^  name: (mutating|validating)-webhook-configuration$/ { $2 = own "-" $2; print "  " $1 " " $2; next }
        /^    service:$/ || /^      (name: webhook-service|namespace: system)$/ { next }
        /^      path: / { print "    url: " url $2 "\n    caBundle: " ca; next }
        { print }' "$share/$capi/$1/webhooks.yaml"
}

# install CONTROLLER: everything that it needs before it can start.
install() {
    local url ca crds
    about "$1"
    url=https://127.0.0.1:$(port_of "$1-webhook") ca=$(base64_of "$bed/pki/ca.crt")
    put -f - > /dev/null <<YAML
{apiVersion: v1, kind: Namespace, metadata: {name: $ns}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: manager, namespace: $ns}}
YAML
    kubeconfig "$bed/pki/$1.kubeconfig" "$1" manager "$(k create token -n "$ns" manager --duration 8760h)"
    crds=$(kinds "$1" | put -f - -o name)
    established "$crds"
    webhooks "$1" | put -f - > /dev/null
    say "$1: $(wc -l <<< "$crds") kinds"
}

# run CONTROLLER.  Few at once: upstream's 50 to 100 workers each swamp a small
# machine.  BED_PORTS is read by what `build` adds to the in-memory provider,
# POD_IP is the host that its workload clusters advertise.
run() {
    local gates=MachinePool=true c few=()
    about "$1"
    [ "$1" = bootstrap ] || gates+=,ClusterTopology=true
    for c in $concurrency; do few+=("--$c-concurrency=8"); done
    start "$1" env KUBECONFIG="$bed/pki/$1.kubeconfig" POD_NAMESPACE="$ns" POD_NAME="$1" POD_IP=127.0.0.1 \
        BED_PORTS="$(port_of workload-first)-$(port_of workload-last),$(port_of debug)" \
        "$bin/$capi/$1" --feature-gates "$gates" "${few[@]}" --health-addr "127.0.0.1:$(port_of "$1-health")" \
        --diagnostics-address "127.0.0.1:$(port_of "$1-diagnostics")" --insecure-diagnostics \
        --webhook-port "$(port_of "$1-webhook")" --webhook-cert-dir "$bed/pki/webhook"
}

# inventory: the Provider objects that `clusterctl init` would have left.
inventory() {
    local c version short
    version=$(cat "$share/$capi/version")
    put -f "$share/$capi/providers.yaml" > /dev/null
    established crd/providers.clusterctl.cluster.x-k8s.io
    for c in $controllers; do
        about "$c"
        short=${provider#bootstrap-} short=${short#control-plane-} short=${short#infrastructure-}
        cat <<YAML
---
apiVersion: clusterctl.cluster.x-k8s.io/v1alpha3
kind: Provider
metadata: {name: $provider, namespace: $ns, labels: {clusterctl.cluster.x-k8s.io: "", cluster.x-k8s.io/provider: $provider}}
providerName: $short
type: $type
version: $version
YAML
    done | put -f - > /dev/null
}

# class NAMESPACE: the ClusterClass of the bed's line, for Clusters there.
class() { sed "s/NAMESPACE/$1/; /^#/d" "$testbed/manifests/$capi/class.yaml" "$testbed/manifests/variables.yaml"; }
case_of() { if [ "$capi" = newest ]; then echo "$1"; else echo "$2"; fi; }
class_namespace() { case_of bed-classes tkg-system; }

# put_classes NAMESPACE...: and waits for them: a Cluster made before its class
# is ready is accepted and then refuses every change.
put_classes() {
    local n
    for n in "$@"; do
        printf -- '---\n{apiVersion: v1, kind: Namespace, metadata: {name: %s}}\n---\n' "$n"
        class "$n"
    done | put -f - > /dev/null
    for n in "$@"; do
        k wait --for "condition=$(case_of VariablesReady VariablesReconciled)" --timeout 90s -n "$n" clusterclasses --all > /dev/null
    done
}

start_capi() {
    local c jobs=() j
    for c in $controllers; do install "$c" & jobs+=($!); done
    for j in "${jobs[@]}"; do wait "$j"; done
    inventory
    for c in $controllers; do run "$c"; done
    # shellcheck disable=SC2086 # a list
    await 180 $controllers
    put_classes "$(class_namespace)"
    say "Cluster API $(cat "$share/$capi/version"), ClusterClass in $(class_namespace)"
}
