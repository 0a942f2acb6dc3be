#!/usr/bin/env bash
# OpenSC, which has never heard of PASS, accepts the soft card and its signatures verify in OpenSSL.
# Run by with-virtual-reader.sh; PIN and PASSWORD are those of the card (default: hanako's).
#   PASS_BIN=... conformance/card/with-virtual-reader.sh conformance/card/opensc.sh
set -euo pipefail

PIN=${PIN:-1234}
PASSWORD=${PASSWORD:-ABC123}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
module=$(find /usr/lib -name opensc-pkcs11.so | head -1)
ok() { echo "ok: $*"; }

opensc-tool -n | tee "$work/name" | grep -qi jpki
ok "opensc-tool names the card: $(cat "$work/name")"

pkcs15-tool --dump >"$work/dump" 2>&1
count() { grep -c "^$1" "$work/dump" || true; }
[ "$(count PIN)" = 2 ] && [ "$(count 'Private RSA Key')" = 2 ] && [ "$(count 'X.509 Certificate')" = 4 ]
ok "pkcs15-tool --dump: 2 PINs, 2 keys, 4 certificates"

pkcs11-tool --module "$module" --list-slots >"$work/slots" 2>&1
grep -q "JPKI" "$work/slots" && [ "$(grep -c 'token label' "$work/slots")" = 2 ]
ok "pkcs11-tool --list-slots: a slot for each PIN"
pkcs11-tool --module "$module" --slot-index 0 --list-objects >"$work/objects" 2>&1
grep -q "Certificate Object" "$work/objects" && grep -q "Public Key Object" "$work/objects"
ok "pkcs11-tool --list-objects: certificates and keys"

head -c 1000 /dev/urandom >"$work/data"
prove() { # slot, key id, secret, certificate file
  pkcs11-tool --module "$module" --slot-index "$1" --login --pin "$3" --sign -m SHA256-RSA-PKCS --id "$2" \
    -i "$work/data" -o "$work/signature" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  openssl x509 -in "$4" -noout -pubkey >"$work/key"
  openssl dgst -sha256 -verify "$work/key" -signature "$work/signature" "$work/data"
}

pkcs15-tool --read-certificate 1 >"$work/auth.pem" 2>/dev/null
prove 0 01 "$PIN" "$work/auth.pem"
ok "pkcs11-tool --sign with the login key verifies"

if pkcs15-tool --read-certificate 2 >"$work/log" 2>&1; then echo "the signature certificate came without its password" >&2; exit 1; fi
ok "the signature certificate does not come without its password"
pkcs15-tool --read-certificate 2 --auth-id 02 --verify-pin --pin "$PASSWORD" >"$work/sign.pem" 2>/dev/null
prove 1 02 "$PASSWORD" "$work/sign.pem"
ok "pkcs11-tool --sign with the signature key verifies"

if pkcs15-tool --verify-pin --auth-id 01 --pin 0000 >"$work/log" 2>&1; then echo "a wrong PIN was accepted" >&2; exit 1; fi
ok "a wrong PIN is refused"
pkcs15-tool --verify-pin --auth-id 01 --pin "$PIN" >"$work/log" 2>&1
ok "the right PIN gives the tries back"
