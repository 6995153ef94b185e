// The kinds of Tanzu Kubernetes Grid; only YAML is read out of the module.
module tko.invalid/testbed/tkg

go 1.26.0

require github.com/vmware-tanzu/tanzu-framework v0.29.0
