# shellcheck shell=bash
# kwok on a bed: nodes and pods that look alive.  Sourced, not run.

# pod_log: what every pod logs, in the form that kwok reads (time, stream, F, text).
pod_log() {
    local i level path=(/ /cart /api/v1/items /healthz /login)
    for ((i = 1; i <= 300; i++)); do
        level=INFO
        ((i % 17)) || level=WARN
        ((i % 41)) || level=ERROR
        printf '2026-01-05T08:%02d:%02d.%09dZ stdout F %s seq=%d GET %s %dms\n' $((i / 60)) $((i % 60)) $((i * 7919)) \
            "$level" "$i" "${path[i % 5]}" $((i * 37 % 900 + 1))
    done
}

# nodes N: up to three control plane nodes, the others workers in three zones;
# every seventh kubelet is a minor behind.
nodes() {
    local i role spec
    for ((i = 0; i < $1; i++)); do
        role=worker spec=
        if [ "$i" -lt $((${1} / 4 < 3 ? ${1} / 4 : 3)) ]; then
            role=control-plane spec="taints: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}], "
        fi
        cat <<YAML
---
apiVersion: v1
kind: Node
metadata:
  name: $(printf 'node-%03d' "$i")
  annotations: {kwok.x-k8s.io/node: fake}
  labels: {tko.test/node: kwok, kubernetes.io/hostname: $(printf 'node-%03d' "$i"), kubernetes.io/os: linux, kubernetes.io/arch: amd64,
    topology.kubernetes.io/zone: zone-$((i % 3 + 1)), node-role.kubernetes.io/$role: ""}
spec: {${spec}providerID: "vsphere://4210c0de-0000-4000-8000-$(printf '%012d' "$i")"}
status:
  capacity: &size {cpu: "8", memory: 32Gi, pods: "110", ephemeral-storage: 100Gi}
  allocatable: *size
  addresses: [{type: InternalIP, address: 127.0.0.1}, {type: Hostname, address: $(printf 'node-%03d' "$i")}]
  nodeInfo:
    {architecture: amd64, operatingSystem: linux, osImage: VMware Photon OS/Linux, kernelVersion: 6.1.77-2.ph5-esx,
    containerRuntimeVersion: "containerd://1.7.7", kubeletVersion: v1.$((i % 7 == 6 ? 34 : 35)).2,
    kubeProxyVersion: "", machineID: "", systemUUID: "", bootID: ""}
YAML
    done
}

# workloads NODES PODS: that many pods in all, the agent's one per node among them.
workloads() {
    local rest=$(($2 - $1 - 8))
    [ "$rest" -ge 3 ] || rest=3
    sed "/^#/d; s/WEB/$((rest / 2))/; s/CART/$((rest / 3))/; s/QUEUE/$((rest - rest / 2 - rest / 3))/" "$testbed/manifests/kwok/workloads.yaml"
}

start_kwok() {
    local n p crds
    n=$(setting kwok) p=$(setting pods)
    crds=$(put -f "$share/kwok/kinds.yaml" -o name)
    established "$crds"
    pod_log > "$bed/pod.log"
    sed "s#POD_LOG#$bed/pod.log#; s#KWOK_PORT#$(port_of kwok)#" "$testbed/manifests/kwok/engine.yaml" |
        cat "$share/kwok/stages.yaml" - | put -f - > /dev/null
    start kwok "$bin/kwok" --kubeconfig "$bed/pki/super.kubeconfig" \
        --manage-all-nodes=false --manage-nodes-with-annotation-selector kwok.x-k8s.io/node=fake \
        --server-address "127.0.0.1:$(port_of kwok)" --node-ip 127.0.0.1 --node-port "$(port_of kwok)" --cidr 10.240.0.0/16 \
        --tls-cert-file "$bed/pki/serving.crt" --tls-private-key-file "$bed/pki/serving.key" \
        --enable-crds Stage,Attach,ClusterAttach,Exec,ClusterExec,Logs,ClusterLogs,PortForward,ClusterPortForward
    await 60 kwok
    # Created, not applied: a node's status is taken at its creation alone.
    nodes "$n" | k create --validate=false -f - 2>&1 > /dev/null | grep -v AlreadyExists >&2 || true
    workloads "$n" "$p" | put -f - > /dev/null
    say "kwok: $n nodes, about $p pods"
}
