#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A certificate from elsewhere whose key purposes verify does not accept: who
# signs with it is told.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/parties.sh"
need openssl jq
need_home

quietly openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -subj '/CN=CA' \
	-out ca.pem -days 30
quietly empty_crl ca.pem ca.key ca.crl
number=0
# party NAME KEY-PURPOSES: a person certified by that CA
party() {
	number=$((number + 1))
	secret_file "$1.pass" "the passphrase of $1"
	case $number in
	1) id=360426199101010071 ;;
	2) id=110105199001010010 ;;
	3) id=110105199001010037 ;;
	4) id=110105199001010053 ;;
	esac
	quietly deed enroll person "$1" --name "Person $1" \
		--email "$1@example.org" --id "cn-ric:$id" \
		--passphrase "file:$1.pass" --csr-out "$1.csr"
	printf 'keyUsage = critical,digitalSignature\n%s\n' "$2" >"$1.cnf"
	quietly openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key \
		-CAcreateserial -days 20 -extfile "$1.cnf" -out "$1.pem"
	quietly deed enroll person "$1" --certificate "$1.pem" \
		--name "Person $1" --anchors ca.pem \
		--name-in-certificate "Person $1"
	prove_home "$1" --accept-ca "$(sha256_of ca.pem)" >/dev/null 2>"$T/err" || fail "$1 is proved" "$(cat "$T/err")"
}
signs() {
	expect 0 "$1: it is signed" deed sign --as "$1" --json \
		--passphrase "file:$1.pass" --crl ca.crl -o "$1.pdf" \
		contract.pdf
}
found='.documents[0].signatures[0] | [.indication, .sub_indication] | join(" ")'
judged() {
	run deed verify --json --no-revocation --trust ca.pem "$1.pdf"
	json "$1: verify says so" "$found" "$2"
}

party tls 'extendedKeyUsage = critical,serverAuth'
signs tls
json 'tls: it is warned of' '[.documents[0].warnings[].id] | join(" ")' \
	key-purpose
err_has 'tls: and what it is for' 'critical extKeyUsage is serverAuth'
is 'tls: once' "$(grep -c 'warning:' "$T/err")" 1
judged tls 'INDETERMINATE CHAIN_CONSTRAINTS_FAILURE'
party mail 'extendedKeyUsage = critical,emailProtection'
signs mail
json 'mail: no warning' '.documents[0].warnings | length' 0
judged mail 'TOTAL-PASSED '
party advice 'extendedKeyUsage = serverAuth'
signs advice
json 'advice: no warning' '.documents[0].warnings | length' 0
judged advice 'TOTAL-PASSED '
expect 0 "the house's own" deed sign --as wang --json \
	--passphrase file:wang.pass -o wang.pdf contract.pdf
json 'has none either' '.documents[0].warnings | length' 0
