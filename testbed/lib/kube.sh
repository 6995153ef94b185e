# shellcheck shell=bash
# etcd and Kubernetes of a bed, each with its flags.  Sourced, not run.

k() { "$bin/kubectl" --kubeconfig "$bed/pki/super.kubeconfig" "$@"; }
# put FILE...: server-side apply; `-f -` reads standard input.
put() { k apply --server-side --force-conflicts "$@"; }

start_etcd() {
    local client peer
    client=http://127.0.0.1:$(port_of etcd)
    peer=http://127.0.0.1:$(port_of peer)
    start etcd "$bin/etcd" --name "$name" --data-dir "$bed/etcd" --log-level warn \
        --listen-client-urls "$client" --advertise-client-urls "$client" \
        --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "$name=$peer" \
        --quota-backend-bytes $((4 << 30)) --unsafe-no-fsync
}

# The limits on requests in flight are low on purpose: controllers and console
# share few cores, and fairness then holds between them.  --advertise-address on
# loopback needs the endpoint reconciler off.  Kubelets (kwok) are reached by
# InternalIP alone, or the API server would look up the nodes' host names.
start_apiserver() {
    local pki=$bed/pki audit=()
    if [ -n "$(setting audit)" ]; then
        mkdir -p "$bed/log"
        audit=(--audit-policy-file "$testbed/manifests/audit.yaml" --audit-log-path "$bed/log/audit.log")
    fi
    start kube-apiserver "$bin/kube-apiserver" --etcd-servers "http://127.0.0.1:$(port_of etcd)" \
        --bind-address 127.0.0.1 --advertise-address 127.0.0.1 --secure-port "$(port_of kube-apiserver)" \
        --endpoint-reconciler-type none --service-cluster-ip-range 10.0.0.0/16 --allow-privileged --profiling=false \
        --max-requests-inflight 100 --max-mutating-requests-inflight 50 --kubelet-preferred-address-types InternalIP \
        "${audit[@]}" --authorization-mode RBAC --client-ca-file "$pki/ca.crt" \
        --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" \
        --service-account-issuer "https://127.0.0.1:$(port_of kube-apiserver)" \
        --service-account-key-file "$pki/sa.pub" --service-account-signing-key-file "$pki/sa.key" \
        --requestheader-client-ca-file "$pki/front-proxy-ca.crt" --requestheader-allowed-names front-proxy-client \
        --requestheader-extra-headers-prefix X-Remote-Extra- --requestheader-group-headers X-Remote-Group \
        --requestheader-username-headers X-Remote-User \
        --proxy-client-cert-file "$pki/front-proxy.crt" --proxy-client-key-file "$pki/front-proxy.key"
}

# start_kube_client PROC FLAG...: what controller manager and scheduler share.
start_kube_client() {
    local proc=$1 config=$bed/pki/$1.kubeconfig
    shift
    start "$proc" "$bin/$proc" --kubeconfig "$config" --authentication-kubeconfig "$config" --authorization-kubeconfig "$config" \
        --bind-address 127.0.0.1 --secure-port "$(port_of "$proc")" --leader-elect=false --profiling=false \
        --tls-cert-file "$bed/pki/serving.crt" --tls-private-key-file "$bed/pki/serving.key" "$@"
}

start_controller_manager() {
    start_kube_client kube-controller-manager --use-service-account-credentials --kube-api-qps 100 --kube-api-burst 200 \
        --service-account-private-key-file "$bed/pki/sa.key" --root-ca-file "$bed/pki/ca.crt" \
        --cluster-signing-cert-file "$bed/pki/ca.crt" --cluster-signing-key-file "$bed/pki/ca.key"
}

# established CRDS: names as `put -o name` prints them, one a line.  `kubectl
# wait` gives up on a kind whose conditions are still null: it is asked again.
established() {
    local crds
    mapfile -t crds <<< "$1"
    until_ok 90 k wait --for condition=Established --timeout 30s "${crds[@]}" || die "not established: ${crds[*]}"
}

# start_kubernetes: all of it, and the users' rights.
start_kubernetes() {
    start_etcd
    await 60 etcd
    start_apiserver
    await 180 kube-apiserver
    start_controller_manager
    start_kube_client kube-scheduler
    await 120 kube-controller-manager kube-scheduler
    say "etcd, $("$bin/kube-apiserver" --version)"
    until_ok 30 put -f "$testbed/manifests/users.yaml" || die "the users' rights are refused"
}
