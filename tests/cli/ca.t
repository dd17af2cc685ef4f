#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed ca: bundle, lists and revocation, as openssl sees them.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl

write_forms
quietly init_home
quietly enroll_home wang
quietly prove_home wang
quietly enroll_home acme
quietly prove_home acme
operator='--operator-passphrase file:operator.pass'

expect 0 'bundle' deed ca bundle
cp "$T/out" house.pem
is 'a root' "$(grep -c 'BEGIN CERTIFICATE' house.pem)" 1
is 'two lists' "$(grep -c 'BEGIN X509 CRL' house.pem)" 2
openssl x509 -inform DER -in home/ca/issuing.cer -out issuing.pem
openssl x509 -in house.pem -noout -text >root.txt
check 'the root may certify' grep -q 'Certificate Sign, CRL Sign' root.txt
check 'and one CA below it' grep -q 'CA:TRUE, pathlen:1' root.txt
crl() {
	openssl crl -inform DER -in home/ca/$1.crl -noout "$2"
}
check 'openssl verifies the list' openssl crl -inform DER \
	-in home/ca/issuing.crl -CAfile issuing.pem -noout
is 'it holds for 35 days' "$((($(date -d "$(crl issuing -nextupdate |
	cut -d= -f2)" +%s) - $(date -d "$(crl issuing -lastupdate |
	cut -d= -f2)" +%s)) / 86400))" 35
if command -v certtool >/dev/null; then
	check 'certtool reads it' sh -c 'certtool --crl-info --inder \
		<home/ca/issuing.crl | grep -q "CRL Number"'
else
	skip 'certtool' 'not installed'
fi

# shellcheck disable=SC2086
expect 0 'a new list' deed ca crl --json $operator
json 'its number' .number 2
json 'it names nobody' .revoked 0
expect 0 'a new list of the root' deed ca crl --ca root \
	--root-passphrase file:root.pass
expect 6 'the operator is not the root' deed ca crl --ca root \
	--root-passphrase file:operator.pass
# shellcheck disable=SC2086
expect 0 'a dry run' deed ca crl -n $operator
err_has 'says so' 'a revocation list would be made, valid to'
check 'makes no list' sh -c 'openssl crl -inform DER \
	-in home/ca/issuing.crl -noout -crlnumber | grep -q "0x*2$"'

deed key show wang --pem >wang.pem
deed key show acme --pem >acme.pem
# shellcheck disable=SC2086
expect 0 'a dry run of revoke' deed ca revoke wang --reason key-compromise \
	-n $operator
err_has 'revokes nothing' '2 certificates would be revoked'
# shellcheck disable=SC2086
expect 0 'of suspend' deed party suspend wang -n $operator
err_has 'suspends nobody' "party 'wang' would be suspended"
# shellcheck disable=SC2086
expect 0 'of rename' deed party rename wang xiaoming -n $operator
err_has 'renames nobody' "party 'wang' would be called 'xiaoming'"
# shellcheck disable=SC2086
expect 0 'revoke' deed ca revoke wang --reason key-compromise --json $operator
json 'both certificates' .revoked 2
deed ca bundle >house.pem
run openssl verify -CAfile house.pem -crl_check_all -untrusted issuing.pem \
	wang.pem
isnt 'openssl sees it' "$code" 0
check 'the other is good' openssl verify -CAfile house.pem -crl_check_all \
	-untrusted issuing.pem acme.pem
check 'the reason' sh -c 'openssl crl -inform DER -in home/ca/issuing.crl \
	-noout -text | grep -q "Key Compromise"'
# shellcheck disable=SC2086
expect 7 'revoked already' deed ca revoke wang $operator
# shellcheck disable=SC2086
expect 4 'nobody' deed ca revoke nobody $operator
# shellcheck disable=SC2086
expect 2 'neither party nor number' deed ca revoke $operator
serial=$(openssl x509 -in acme.pem -noout -serial | cut -d= -f2 |
	tr A-F a-f)
# shellcheck disable=SC2086
expect 0 'by number' deed ca revoke --serial "$serial" $operator
# shellcheck disable=SC2086
expect 4 'a number that is none of ours' deed ca revoke --serial 1234 $operator
# shellcheck disable=SC2086
expect 2 'what is no number' deed ca revoke --serial ../x $operator
# shellcheck disable=SC2086
expect 0 'later lists still name them' deed ca crl --json $operator
json 'three' .revoked 3
quietly prove_home acme
expect 0 'certified anew' deed party show acme --json
json 'acme is verified again' .state verified

# A compromised key is ended: no path certifies it or speaks of it again.
never() {
	exits 7 "$1"
	err_has 'is told' 'never certified again'
	err_has 'with the way' 'deed enroll rekey wang --lost'
}
run prove_home wang
never 'a compromised key is not certified again'
# shellcheck disable=SC2086
run deed party suspend wang $operator
never 'nor suspended'
# shellcheck disable=SC2086
run deed party rename wang xiaoming $operator
never 'nor given another handle'
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out own.key \
	2>/dev/null
openssl req -new -key own.key -subj '/CN=Zhao Min' -out own.csr
secret_file zhao.pass 'the passphrase of zhao'
zhao() {
	deed enroll person "$1" --name 'Zhao Min' --phone +8613123456780 \
		--id cn-ric:110102199101010078 --csr own.csr \
		--passphrase file:zhao.pass
}
quietly zhao zhao
quietly prove_home zhao
openssl x509 -inform PEM -in home/keystore/zhao/signature-1.pem -outform DER \
	-out zhao.cer
serial=$(openssl x509 -inform DER -in zhao.cer -noout -serial | cut -d= -f2 |
	tr A-F a-f)
quietly prove_home zhao
# shellcheck disable=SC2086
expect 0 'by number, as compromised' deed ca revoke --serial "$serial" \
	--reason key-compromise --json $operator
json 'every certificate of the key' .revoked 2
expect 7 'nor under another handle' zhao zhao2
err_has 'is told' 'never certified again'
rm -r home/ca/ended
expect 7 'nor by who takes the note of it away' zhao zhao2
expect 0 'the log verifies' deed audit verify
