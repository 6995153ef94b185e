# shellcheck shell=bash
# Certificates and kubeconfigs of a bed.  Sourced, not run.

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

new_ca() {
    [ ! -s "$pki/$1.crt" ] || return 0
    new_key "$pki/$1.key"
    openssl req -x509 -new -key "$pki/$1.key" -subj "/CN=bed-$name-$1" -days 3650 -out "$pki/$1.crt" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,digitalSignature
}

# new_cert NAME CA SUBJECT [ALTERNATIVE-NAMES]
new_cert() {
    [ ! -s "$pki/$1.crt" ] || return 0
    new_key "$pki/$1.key"
    openssl req -new -key "$pki/$1.key" -subj "$3" |
        openssl x509 -req -CA "$pki/$2.crt" -CAkey "$pki/$2.key" -CAcreateserial -days 3650 -out "$pki/$1.crt" \
            -extfile <(
                echo keyUsage=critical,digitalSignature
                echo extendedKeyUsage=clientAuth,serverAuth
                [ -z "${4:-}" ] || echo "subjectAltName=$4"
            ) 2> /dev/null
}

base64_of() { base64 -w0 < "$1"; }

# kubeconfig FILE CONTEXT USER [TOKEN]: USER signs in with its certificate, or
# with the token.
kubeconfig() {
    local proof=
    if [ -n "${4:-}" ]; then
        proof="{token: $4}"
    else
        proof="{client-certificate-data: $(base64_of "$pki/$3.crt"), client-key-data: $(base64_of "$pki/$3.key")}"
    fi
    (
        umask 077
        cat > "$1" <<YAML
apiVersion: v1
kind: Config
clusters:
- {name: $name, cluster: {server: "https://127.0.0.1:$(port_of kube-apiserver)", certificate-authority-data: $(base64_of "$pki/ca.crt")}}
users:
- {name: $2, user: $proof}
contexts:
- {name: $2, context: {cluster: $name, user: $2}}
current-context: $2
YAML
    )
}

# identities: all keys, certificates and kubeconfigs of the bed that do not
# need a running API server; what is there already stays.
identities() {
    local here=IP:127.0.0.1,DNS:localhost u
    pki=$bed/pki
    mkdir -p "$pki/webhook"
    chmod 700 "$bed"
    new_ca ca
    new_ca front-proxy-ca
    new_cert apiserver ca /CN=kube-apiserver "$here,DNS:kubernetes.default.svc,DNS:kubernetes,IP:10.0.0.1"
    new_cert serving ca /CN=bed "$here"
    new_cert front-proxy front-proxy-ca /CN=front-proxy-client
    new_cert super ca /O=system:masters/CN=bed-super
    new_cert kube-controller-manager ca /CN=system:kube-controller-manager
    new_cert kube-scheduler ca /CN=system:kube-scheduler
    for u in admin viewer tenant; do new_cert $u ca "/O=tko:${u}s/CN=tko-$u"; done
    if [ ! -s "$pki/sa.key" ]; then
        new_key "$pki/sa.key"
        openssl ec -in "$pki/sa.key" -pubout -out "$pki/sa.pub" 2> /dev/null
    fi
    # The file names that controller-runtime's webhook server wants.
    cp "$pki/serving.crt" "$pki/webhook/tls.crt"
    cp "$pki/serving.key" "$pki/webhook/tls.key"
    kubeconfig "$bed/kubeconfig" "$name" admin
    kubeconfig "$bed/kubeconfig.viewer" "$name-viewer" viewer
    kubeconfig "$bed/kubeconfig.tenant" "$name-tenant" tenant
    for u in super kube-controller-manager kube-scheduler; do kubeconfig "$pki/$u.kubeconfig" $u $u; done
}
