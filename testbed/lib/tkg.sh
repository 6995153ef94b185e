# shellcheck shell=bash
# The kinds of Tanzu Kubernetes Grid on a bed, with a few releases to look at.
# Nothing reconciles them.  Sourced, not run.

# labels_of VERSION: a label for every prefix of it, as releases are selected.
labels_of() {
    local rest=$1 prefix=
    while [[ $rest =~ ^([.+-]?[^.+-]+)(.*)$ ]]; do
        prefix+=${BASH_REMATCH[1]} rest=${BASH_REMATCH[2]}
        printf '%s: "", ' "${prefix/+/---}"
    done
}

# release VERSION ETCD COREDNS [WHY]: a TanzuKubernetesRelease and its two
# OSImages; WHY it cannot be used: deactivated or incompatible.
release() {
    local version=$1 tkr=${1/+/---} kubernetes=${1%-tkg.*} why=${4:-} os conditions
    local stamp='lastTransitionTime: "2026-01-05T08:00:00Z"'
    conditions="{type: Compatible, status: \"True\", $stamp}"
    [ "$why" != incompatible ] || conditions="{type: Compatible, status: \"False\", severity: Warning, reason: NotCompatible, message: management cluster v2.2.0 does not support $kubernetes, $stamp}"
    cat <<YAML
---
apiVersion: run.tanzu.vmware.com/v1alpha3
kind: TanzuKubernetesRelease
metadata: {name: $tkr, labels: {$(labels_of "$version")${why:+$why: ""}}}
spec:
  version: $version
  kubernetes: {version: $kubernetes, etcd: {imageTag: $2}, coredns: {imageTag: $3}, pause: {imageTag: "3.7"}}
  osImages: [{name: $tkr-photon}, {name: $tkr-ubuntu}]
  bootstrapPackages:
  - name: antrea.tanzu.vmware.com.1.7.2---vmware.1-tkg.1-advanced
  - name: vsphere-cpi.tanzu.vmware.com.1.25.1---vmware.2-tkg.1
  - name: vsphere-csi.tanzu.vmware.com.2.7.1---vmware.2-tkg.1
  - name: kapp-controller.tanzu.vmware.com.0.41.7---vmware.1-tkg.1
status: {conditions: [{type: Ready, status: "True", $stamp}, $conditions]}
YAML
    for os in "photon 3" "ubuntu 20.04"; do
        cat <<YAML
---
apiVersion: run.tanzu.vmware.com/v1alpha3
kind: OSImage
metadata:
  name: $tkr-${os% *}
  labels: {run.tanzu.vmware.com/tkr: $tkr, os-type: linux, os-name: ${os% *}, os-version: "${os#* }", os-arch: amd64, image-type: ova}
spec:
  kubernetesVersion: $kubernetes
  os: {type: linux, name: ${os% *}, version: "${os#* }", arch: amd64}
  image: {type: ova, ref: {version: $version, template: /dc0/vm/${os% *}-$tkr}}
status: {conditions: [$conditions]}
YAML
    done
}

# install_tkg: TanzuKubernetesRelease has three versions upstream and a webhook
# between them; nothing converts here, so the stored one alone is served.
install_tkg() {
    local crds
    crds=$({
        cat "$share/tkg/kinds.yaml"
        echo ---
        k patch --local -f "$share/tkg/releases.yaml" -o yaml --type json -p '[
            {"op": "remove", "path": "/spec/conversion"}, {"op": "remove", "path": "/metadata/annotations"},
            {"op": "replace", "path": "/spec/versions/0/served", "value": false},
            {"op": "replace", "path": "/spec/versions/1/served", "value": false}]'
    } | put -f - -o name)
    established "$crds"
    {
        release v1.24.9+vmware.1-tkg.1 v3.5.6_vmware.3 v1.8.6_vmware.15 deactivated
        release v1.24.10+vmware.1-tkg.1 v3.5.6_vmware.6 v1.8.6_vmware.17
        release v1.25.7+vmware.2-tkg.1 v3.5.6_vmware.9 v1.9.3_vmware.11
        release v1.26.5+vmware.2-tkg.1 v3.5.6_vmware.13 v1.9.3_vmware.16
        release v1.27.5+vmware.1-tkg.1 v3.5.7_vmware.6 v1.10.1_vmware.7 incompatible
    } > "$bed/releases.yaml"
    put -f "$bed/releases.yaml" > /dev/null
    put --subresource status -f "$bed/releases.yaml" > /dev/null
    say "$(wc -l <<< "$crds") kinds of Tanzu Kubernetes Grid, 5 releases"
}
