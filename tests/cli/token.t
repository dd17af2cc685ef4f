#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Signature keys on a PKCS#11 token (SoftHSM): enrolled, certified, signing.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/parties.sh"
need softhsm2-util openssl jq

module=
for file in /usr/lib/softhsm/libsofthsm2.so \
	/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so \
	/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so \
	/usr/lib64/pkcs11/libsofthsm2.so; do
	[ ! -f "$file" ] || module=$file
done
[ -n "$module" ] || skip_all 'the module of SoftHSM is not found'
# A sanitizer's libraries do not go together with a module that is not built
# with it.
! grep -q 'define DEED_SANITIZERS' "$top_builddir/config.h" ||
	skip_all 'sanitizers'

mkdir tokens
printf 'directories.tokendir = %s\nobjectstore.backend = file\n%s\n' \
	"$W/tokens" 'log.level = ERROR' >softhsm.conf
SOFTHSM2_CONF=$W/softhsm.conf
export SOFTHSM2_CONF
new_token() {
	must softhsm2-util --init-token --free --label "$1" --pin "$2" \
		--so-pin 12345678
}
# put TOKEN PIN LABEL ID ALGORITHM...
put() {
	token=$1 pin=$2 label=$3 id=$4
	shift 4
	openssl genpkey "$@" -out "$label.key" 2>/dev/null
	must softhsm2-util --import "$label.key" --token "$token" \
		--pin "$pin" --label "$label" --id "$id"
}
new_token card 1234
put card 1234 ec 01 -algorithm EC -pkeyopt ec_paramgen_curve:P-256
put card 1234 rsa 02 -algorithm RSA -pkeyopt rsa_keygen_bits:2048
secret_file pin 1234
secret_file other.pin 5678
secret_file wrong.pin 9999

need_home
next=0
# enroll NAME WORD...: with a deposit key under NAME.pass
enroll() {
	name=$1
	shift
	next=$((next + 1))
	case $next in
	1) id=110105199001010010 ;;
	2) id=110105199001010037 ;;
	3) id=110105199001010053 ;;
	*) id=11010519900101007X ;;
	esac
	secret_file "$name.pass" "the passphrase of $name"
	run deed enroll person "$name" --name "Person $name" \
		--phone "+861312345678$next" --id "cn-ric:$id" \
		--passphrase "file:$name.pass" "$@"
}

enroll nobody --token 'pkcs11:token=card;object=ec' --pin file:pin
exits 2 'no module is named'
err_has 'which is told' '--token-module FILE'
next=0
enroll nobody --token 'pkcs11:token=card;object=ec' --pin file:pin \
	--token-module /usr/bin/true
exits 6 'a module that is none'
next=0
enroll nobody --token 'pkcs11:token=card;object=gone' --pin file:pin \
	--token-module "$module"
exits 6 'no such key'
next=0
enroll nobody --token ec --pin file:wrong.pin --token-module "$module"
exits 6 'a wrong PIN'
next=0
enroll nobody --token 'pkcs11:token=card' --pin file:pin \
	--token-module "$module"
exits 6 'two keys'
err_has 'which is told' "stands for 2 keys"
next=0
enroll nobody --token 'pkcs11:token=card;object=ec?pin-value=1234' \
	--token-module "$module"
exits 2 'a PIN in the URI'
next=0

enroll byuri --token 'pkcs11:token=card;object=ec' --pin file:pin \
	--token-module "$module"
exits 0 'an EC key by its URI'
mkdir -p "$HOME/.config/deed"
printf 'enroll:\n  person:\n    token-module: %s\n' "$module" \
	>"$HOME/.config/deed/config.yaml"
enroll bylabel --token rsa --pin file:pin
exits 0 'an RSA key by its label; the module is configured'
new_token 'other card' 5678
put 'other card' 5678 p384 03 -algorithm EC -pkeyopt ec_paramgen_curve:P-384
put 'other card' 5678 ec 04 -algorithm EC -pkeyopt ec_paramgen_curve:P-256
enroll nobody --token rsa --pin file:pin
exits 6 'a label alone, where there are two tokens'
err_has 'is shown to none' 'stands for 2 tokens'
next=2
enroll bypin --token "pkcs11:token=other%20card;object=p384?pin-source=file:$W/other.pin"
exits 0 'a P-384 key with a pin-source'
rm "$HOME/.config/deed/config.yaml"
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -subj '/CN=CA' \
	-out ca.pem -days 30 2>/dev/null
openssl req -new -key rsa.key -subj '/SN=Person/GN=bycert' -out rsa.csr \
	2>/dev/null
openssl x509 -req -in rsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial \
	-days 20 -out rsa.pem 2>/dev/null
next=3
enroll bycert --token 'pkcs11:token=card' --certificate rsa.pem \
	--anchors ca.pem --pin file:pin --token-module "$module"
exits 0 'a key by its certificate'
run deed key show bycert --json
is 'the one that fits' "$(jq -r .algorithm "$T/out")" 'RSA 2048'

# The certificate binds the key to RSA-PSS; the token calls it RSA.
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 \
	-out bound.key 2>/dev/null
openssl pkey -in bound.key -outform DER -out bound.der
at=$(openssl asn1parse -inform DER -in bound.der |
	sed -n 's/^ *\([0-9]*\):d=1 .*OCTET STRING.*/\1/p' | head -n 1)
openssl asn1parse -inform DER -in bound.der -strparse "$at" -noout \
	-out plain.der
openssl rsa -inform DER -in plain.der -out plain.key 2>/dev/null
must softhsm2-util --import plain.key --token card --pin 1234 \
	--label bound --id 05
openssl req -new -key bound.key -subj '/SN=Person/GN=bypss' -out bound.csr
openssl x509 -req -in bound.csr -CA ca.pem -CAkey ca.key -CAcreateserial \
	-days 20 -out bound.pem 2>/dev/null
next=4
enroll bypss --token 'pkcs11:token=card' --certificate bound.pem \
	--anchors ca.pem --pin file:pin --token-module "$module"
exits 0 'a key whose certificate binds it to RSA-PSS'
check 'the private key is not in the home' sh -c '
	! ls home/keystore/byuri/ | grep "signature.*key"'
check 'nor a PIN' sh -c '! grep -rq -e 1234 home/keystore/byuri/*.uri'
run deed key list byuri
out_has 'the list says where it is' '(token)'
run deed key show byuri
out_has 'and which it is' 'object=ec'
for party in byuri bylabel bypin; do
	must prove_home $party
done

# sign PARTY OPTION...
sign() {
	party=$1
	shift
	cp contract.pdf "$party.pdf"
	cp terms.txt "$party.txt"
	expect 0 "$party signs a PDF" deed sign --as "$party" "$@" "$party.pdf"
	expect 0 'deed verifies it' deed verify --trust house.pem \
		"$party.signed.pdf"
	expect 0 'and a text' deed sign --detached --as "$party" "$@" \
		"$party.txt"
	check 'openssl verifies it' openssl cms -verify -cades -binary \
		-inform DER -in "$party.txt.p7s" -content "$party.txt" \
		-CAfile house.pem -purpose any -out /dev/null
	if command -v pdfsig >/dev/null; then
		TZ=UTC pdfsig -nocert "$party.signed.pdf" >pdfsig
		check 'pdfsig verifies the PDF' \
			grep -q 'Signature is Valid' pdfsig
	fi
}
sign byuri --passphrase file:pin
sign bylabel --passphrase file:pin
sign bypin --no-input
expect 0 'RSA-PSS by the token' deed sign --rsa-pss --as bylabel \
	--passphrase file:pin -o pss.pdf contract.pdf
expect 0 'deed verifies it' deed verify --trust house.pem --json pss.pdf
out_has 'by that scheme' '"signature": "RSA-PSS"'

# What the certificate binds to RSA-PSS is not asked for anything else.
must prove_home bypss --accept-ca "$(sha256_of ca.pem)"
: >ca.index
printf '[ca]\ndefault_ca = c\n[c]\ndatabase = ca.index\n%s\n' \
	'default_md = sha256' >ca.conf
must openssl ca -gencrl -config ca.conf -keyfile ca.key -cert ca.pem \
	-crldays 5 -out ca.crl
expect 0 'a bound key signs' deed sign --as bypss --passphrase file:pin \
	--crl ca.crl -o bound.pdf contract.pdf
expect 0 'deed verifies it' deed verify --trust ca.pem --crl ca.crl --json \
	bound.pdf
out_has 'by the one scheme' '"signature": "RSA-PSS"'

# ---- a batch ----
for i in 1 2 3 4 5 6 7 8 9; do
	cp contract.pdf "batch$i.pdf"
done
if strace_reads >/dev/null 2>&1; then
	expect 0 'a batch' strace -f -qq -e trace=openat -o trace \
		deed sign --as byuri --passphrase file:pin batch?.pdf
	is 'one module is loaded, once' \
		"$(grep -v ENOENT trace | grep -c 'libsofthsm2.so')" 1
	check 'and no other of the system' sh -c \
		'! grep -v ENOENT trace | grep -q "p11-kit-trust\|opensc-pkcs11"'
else
	expect 0 'a batch' deed sign --as byuri --passphrase file:pin batch?.pdf
	skip 'one module is loaded' 'strace does not read here'
fi
expect 0 'all of them hold' deed verify --trust house.pem batch?.signed.pdf

# ---- the deposit key is the home's ----
secret_file new.pass 'a new passphrase'
expect 0 'its passphrase changes' deed key passphrase byuri \
	--passphrase file:byuri.pass --new-passphrase file:new.pass
expect 0 'and opens it' deed key export byuri --role deposit \
	--passphrase file:new.pass -o deposit.p12 \
	--export-passphrase file:new.pass

# ---- what fails ----
expect 6 'a wrong PIN' deed sign --as byuri --passphrase file:wrong.pin \
	-o no.pdf contract.pdf
err_has 'is told' 'the token refuses the PIN'
absent 'nothing is written' no.pdf
expect 0 'the token is not locked by it' deed sign --as byuri \
	--passphrase file:pin -o yes.pdf contract.pdf
expect 6 'no PIN' deed sign --no-input --as byuri -o no.pdf contract.pdf
expect 6 'the key does not leave the token' deed key export byuri \
	--passphrase file:pin -o no.p12 --export-passphrase file:pin
err_has 'which is told' 'is on a token and stays there'
expect 0 'deed status sees the token without a PIN' deed status --all
out_has 'and says so' 'good   token byuri: its token is here'
mv tokens elsewhere && mkdir tokens
expect 1 'and that it is gone' deed status
out_has 'of each party that needs it' 'amiss  token byuri: the token '
expect 6 'the token is not there' deed sign --as byuri --passphrase file:pin \
	-o no.pdf contract.pdf
rmdir tokens && mv elsewhere tokens
# Another key under the same name and number.
must softhsm2-util --delete-token --token card
new_token card 1234
put card 1234 ec 01 -algorithm EC -pkeyopt ec_paramgen_curve:P-256
sed -i 's/serial=[^;]*;//' home/keystore/byuri/signature-1.uri
expect 6 'another key in its place' deed sign --as byuri \
	--passphrase file:pin -o no.pdf contract.pdf
err_has 'is told' 'another one than that which was enrolled'

# ---- a new key for somebody enrolled ----
uri="pkcs11:token=other%20card;object=ec?module-path=$module"
expect 7 'a key that is enrolled is not replaced' deed key import byuri \
	"$uri" --import-passphrase file:other.pin
err_has 'the way is told' 'deed enroll rekey byuri'
cp -Rp home/keystore/byuri home/keystore/spare
expect 0 'key import' deed key import spare "$uri" \
	--import-passphrase file:other.pin
expect 2 'a deposit key is on no token' deed key import spare "$uri" \
	--role deposit --import-passphrase file:other.pin
