#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The authorities of the tests are themselves right: what they make is judged
# by openssl.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers
need curl

pki_make
tsa_start
ocsp_start
crl_serve
pki_issue alice
check 'a path by openssl' openssl verify -crl_check_all -purpose any \
	-CAfile "$pki/root.pem" -untrusted "$pki/ca.pem" \
	-CRLfile "$pki/ca.crl.pem" -CRLfile "$pki/root.crl.pem" \
	"$pki/alice.pem"
check 'the TSA is one' openssl verify -purpose timestampsign \
	-CAfile "$pki/root.pem" -untrusted "$pki/ca.pem" "$pki/tsa.pem"

echo hello >hello
openssl ts -query -data hello -sha256 -cert -out query.tsq 2>/dev/null
ask() {
	curl -sS -H 'Content-Type: application/timestamp-query' \
		--data-binary @query.tsq -o reply.tsr "$1"
}
ts_verify() {
	openssl ts -verify -data hello -in reply.tsr -CAfile "$pki/root.pem" \
		-untrusted "$pki/ca.pem" "$@"
}
ask "$tsa"
check 'a time-stamp by openssl' ts_verify
tsa_start --time 20270102030405Z
ask "$tsa"
check 'a time-stamp at a chosen time' ts_verify -attime 1798900000
check 'which is in it' sh -c \
	"openssl ts -reply -in reply.tsr -text 2>&1 | grep 'Jan  2 03:04:05 2027'"
ask "$front/tsa?fault=signature"
check 'a wrong signature is wrong' sh -c '! "$@"' sh openssl ts -verify \
	-data hello -in reply.tsr -CAfile "$pki/root.pem" \
	-untrusted "$pki/ca.pem"
ask "$front/tsa?fault=reject"
check 'a refusal is one' sh -c \
	'openssl ts -reply -in reply.tsr -text 2>&1 | grep -q "Status: Rejected"'

ocsp_ask() {
	run openssl ocsp -issuer "$pki/ca.pem" -cert "$pki/alice.pem" \
		-url "$1" -CAfile "$pki/chain.pem" -text -attime "${2:-$(date +%s)}"
	cat "$T/out" "$T/err" >both
}
ocsp_ask "$ocsp"
check 'good by openssl' grep -q 'alice.pem: good' both
ocsp_ask "$front/ocsp?days=3"
check 'good by hand' grep -q 'alice.pem: good' both
check 'and verified' grep -q 'Response verify OK' both
pki_revoke alice keyCompromise 20261001000000Z
ocsp_ask "$ocsp"
check 'revoked by openssl' grep -q 'alice.pem: revoked' both
check 'at the chosen time' grep -q 'Revocation Time: Oct  1 00:00:00 2026' both
ocsp_ask "$front/ocsp?at=20270101000000Z"
check 'revoked by hand, at another time' grep -q 'Cert Status: revoked' both
check 'which is in it' grep -q 'This Update: Jan  1 00:00:00 2027' both
check 'with its reason' grep -q 'keyCompromise' both
curl -sS -o fetched.crl "$crl_url"
check 'revoked in the CRL that is served' sh -c \
	"openssl crl -inform DER -in fetched.crl -noout -text | grep 'Oct  1'"

expect 0 'basic authentication' curl -sSf -u alice:secret "$front/auth/ca.cer" \
	-o /dev/null
expect 22 'which is demanded' curl -sSf "$front/auth/ca.cer" -o /dev/null
tls_start
pki_issue client client
expect 0 'a client certificate' curl -sSf --cacert "$pki/root.pem" \
	--cert "$pki/client.pem" --key "$pki/client.key" \
	"$tls/client/ca.cer" -o /dev/null
expect 22 'which is demanded' curl -sSf --cacert "$pki/root.pem" \
	"$tls/client/ca.cer" -o /dev/null
is 'requests are logged' "$(front_requests 'GET /ca.crl 200')" 1
front_stop
expect 7 'a server that is gone' curl -sS "$front/ca.crl" -o /dev/null
front_restart
expect 0 'and back on its port' curl -sS "$front/ca.crl" -o /dev/null
