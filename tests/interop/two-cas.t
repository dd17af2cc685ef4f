#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A party of two CAs changes from one, by EST, to the other, by CMP, and back:
# each time somebody answers for the CA before the party signs by it, and what
# was signed before holds.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/lib.sh"
. "$top_srcdir/tests/servers/cmp.sh"
need_servers
need_cmp
need jq

certs=$top_srcdir/tests/interop/outside_certs.py
secret=0123456789abcdef0123456789abcdef
need_home
secret_file ca.pass "$secret"
secret_file jaan.pass 'the passphrase of jaan'
pki_make
tls_start
for ca in one two; do
	quietly python3 "$certs" new $ca
done
quietly deed enroll person jaan --name 'Jaan Sample' --email j@example.org \
	--id ee-pno:38001085718 --passphrase file:jaan.pass --csr-out jaan.csr
openssl req -in jaan.csr -noout -pubkey >jaan.pub

# ask CA ARGUMENT ...
ask() {
	ca=$1
	shift
	mkdir -p "$HOME/.config/deed"
	cat >"$HOME/.config/deed/config.yaml" <<-END
		cas:
		  one: {protocol: est, url: "$tls/est/case-one",
		    anchors: one/anchors.pem, tls-ca: "$pki/root.pem"}
		  two: {protocol: cmp, url: "$cmp",
		    anchors: two/anchors.pem, tls-ca: "$pki/root.pem",
		    user: deed}
	END
	run deed enroll request jaan --ca "$ca" --passphrase file:jaan.pass \
		--ca-passphrase file:ca.pass --json "$@"
}
cmp=http://127.0.0.1:9/
by_est() {
	quietly python3 "$certs" issue one card jaan.pub "$pki/case-one.pem"
	ask one
}
by_cmp() {
	quietly python3 "$certs" issue two card jaan.pub two.pem
	openssl x509 -in two.pem -out leaf.pem
	cmp_serve -srv_ref ca -srv_secret "pass:$secret" -rsp_cert leaf.pem \
		-rsp_extracerts two/issuing.pem "$@"
	ask two
}

# The CRLs of both levels, without certificates.
for ca in one two; do
	awk '/BEGIN X509 CRL/ { on = 1 } on' $ca/anchors.pem >$ca.crl
done
sign() {
	rm -f "$1.p7s"
	deed sign --as jaan --passphrase file:jaan.pass --detached \
		-o "$1.p7s" terms.txt --crl one.crl --crl two.crl
}
# By a certificate of that CA.
holds() {
	deed verify "$1.p7s" --content terms.txt --trust "$1/root.pem" \
		--crl "$1.crl"
}
answer_for() {
	prove_home jaan --accept-ca "$(sha256_of "$1/root.pem")"
}

by_est
exits 0 'the first CA'
expect 7 'nobody answers for it' sign one
expect 0 'somebody does' answer_for one
expect 0 'and the party signs' sign one
expect 0 'which holds' holds one

by_cmp -poll_count 1
exits 3 'the other CA wants time'
expect 0 'and the party signs as before' sign one
expect 0 'which holds still' holds one
ask two
exits 0 'the other CA'
json 'its certificate' .certificate "sha256:$(sha256_of leaf.pem)"
cmp_stop
expect 7 'nobody answers for that one' sign two
err_has 'as the status tells' 'is about another certificate'
err_has 'and what does' 'deed verify-id jaan'
run deed status
out_has 'the office is told, too' 'deed verify-id jaan'
expect 0 'the log knows of the change' deed audit verify
expect 7 'the word for the first is none for it' answer_for one
err_has 'which it is not of' 'was not kept with a CA'
expect 0 'somebody answers for it' answer_for two
expect 0 'and the party signs by it' sign two
expect 0 'which holds, too' holds two
expect 0 'as does what was signed before' holds one
cp one.p7s before.p7s

by_est
exits 0 'back to the first'
expect 7 'somebody has to answer anew' sign one
expect 0 'and does' answer_for one
expect 0 'the party signs again' sign one
expect 0 'which holds' holds one
expect 0 'as does what the other CA is of' holds two
cp before.p7s one.p7s
expect 0 'and what was signed at first' holds one
expect 0 'the log has it all' deed audit verify
