#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed trust path: yes with the chain, no with the rule, or what is missing
# and what adds it.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need jq
p=$data/pki
AT=2026-06-01T00:00:00Z
path() {
	run deed trust path --at "$AT" "$@"
}
says() {
	is "$1" "$(jq -r "$2" <"$T/out")" "$3"
}

path --trust "$p/root.crt" --untrusted "$p/inter.crt" \
	--crl "$p/root.crl" --crl "$p/inter.crl" --require-revocation \
	"$p/rsa.crt"
exits 0 'a good chain'
out_has 'is trusted' "trusted: 'rsa'"
out_has 'with its anchor' 'trust anchor'
out_has 'and how revocation was decided' 'not revoked, says the CRL of'
is 'nothing on standard error' "$(cat "$T/err")" ''
path --trust "$p/root.crt" --untrusted "$p/inter.crt" -q "$p/rsa.crt"
exits 0 'without CRLs, quietly'
out_has 'the answer is there' "trusted: 'rsa'"
out_has 'and what it leaves open' '--require-revocation'
path --trust "$p/root.crt" --untrusted "$p/inter.crt" --json "$p/rsa.crt"
exits 0 'as JSON'
says 'its schema' .schema deed.trust.path/1
says 'the answer' .answer trusted
says 'no rule failed' .rule null
says 'the roles' '[.chain[].role] | join(" ")' \
	'certificate authority trust-anchor'
says 'revocation is open' .revocation unknown
says 'the time' .at "$AT"

# What the configuration says gives way to the line.
run env DEED_TRUST_PATH_ONLINE=yes deed trust path --at "$AT" --offline \
	--trust "$p/root.crt" --untrusted "$p/inter.crt" "$p/rsa.crt"
exits 0 'offline, though the configuration is not'
path --online --offline --trust "$p/root.crt" "$p/rsa.crt"
exits 2 'both on the line'
err_has 'contradict each other' 'exclude each other'

# Something is missing: what, where it was looked for, what adds it.
path --trust "$p/root.crt" "$p/rsa.crt"
exits 3 'an issuer is missing'
out_has 'which' "missing: the certificate of the issuer 'O=Test,CN=inter'"
out_has 'where it was looked for' "--trust $p/root.crt (1 trusted and 0 other"
out_has 'what adds it' '--untrusted FILE'
path --trust "$p/root.crt" --json "$p/rsa.crt"
says 'also as JSON' '.missing.what + " " + .missing.add_with' \
	'issuer --untrusted'
path --untrusted "$p/root.crt" --untrusted "$p/inter.crt" "$p/rsa.crt"
exits 3 'a root is there, but nobody trusts it'
out_has 'that is said' "missing: trust in 'root'"
path "$p/rsa.crt"
exits 3 'nobody is trusted'
path --trust "$p/root.crt" --untrusted "$p/inter.crt" --require-revocation \
	--crl "$p/root.crl" --json "$p/rsa.crt"
exits 3 'a CRL is missing'
says 'it is said' .missing.what revocation
says 'for which certificate' .failed 0
says 'and whose' .missing.of 'O=Test,CN=inter'

# The rule that fails, and by which certificate.
breaks() {
	rule=$1 failed=$2
	shift 2
	path --json "$@"
	exits 1 "$rule fails"
	says "$rule is named" '.rule.id' "$rule"
	says "$rule: the certificate" .failed "$failed"
	says "$rule: its clause" '.rule.clause | length > 5' true
}
AT=2126-01-01
breaks expired 0 --trust "$p/root.crt" --untrusted "$p/inter.crt" \
	"$p/rsa.crt"
AT=2019-01-01
breaks not-yet-valid 0 --trust "$p/root.crt" --untrusted "$p/inter.crt" \
	"$p/rsa.crt"
AT=2026-06-01
breaks not-an-authority 1 --trust "$p/root.crt" --untrusted "$p/noca.crt" \
	"$p/under-noca.crt"
breaks key-cert-sign 1 --trust "$p/root.crt" --untrusted "$p/nosign.crt" \
	"$p/under-nosign.crt"
breaks path-length 1 --trust "$p/root.crt" --untrusted "$p/short.crt" \
	--untrusted "$p/deep.crt" "$p/under-deep.crt"
breaks critical-extension 0 --trust "$p/root.crt" \
	--untrusted "$p/inter.crt" "$p/unknown.crt"
breaks revoked 0 --trust "$p/root.crt" --untrusted "$p/inter.crt" \
	--crl "$p/inter-revoked.crl" --crl "$p/root.crl" "$p/rsa.crt"
breaks policy 1 --trust "$p/root.crt" --untrusted "$p/inter.crt" \
	--explicit-policy --policy 1.2.3.5 "$p/policy.crt"
path --trust "$p/root.crt" --untrusted "$p/noca.crt" "$p/under-noca.crt"
out_has 'the text has the clause' 'RFC 5280 6.1.4 (k)'
out_has 'and marks the certificate' '  ! 2. O=Test,CN=noca'

# What is no certificate, no policy, or not there.
echo text >text
for bad in text /dev/null; do
	path --trust "$p/root.crt" "$bad"
	check "'$bad' is no certificate" test "$code" -ge 4
done
path --trust text "$p/rsa.crt"
exits 5 'nothing can be trusted in it'
path --trust none "$p/rsa.crt"
exits 10 'a file that is not there'
for oid in one 1 1.2. .1 1..2 3.1 1.40 '1.2.3 ' -1.2; do
	path --trust "$p/root.crt" --policy "$oid" "$p/rsa.crt"
	exits 2 "--policy '$oid'"
done
path
exits 2 'no certificate is named'
path "$p/rsa.crt" "$p/p256.crt"
exits 2 'two are'

# A document: its signer, and what it carries.
cp "$p/two.p7s" "$p/rsa.p7s" "$p/nocerts.p7s" .
path --trust "$p/root.crt" rsa.p7s
exits 0 'the signer of a CMS'
out_has 'is taken out of it' "trusted: 'rsa'"
out_has 'which is said' 'signer: of signature 1 of 1 in rsa.p7s'
run deed verify --at "$AT" --json two.p7s
first=$(jq -r '.documents[0].signatures[0].signer.name' <"$T/out")
second=$(jq -r '.documents[0].signatures[1].signer.name' <"$T/out")
path --trust "$p/root.crt" two.p7s
out_has 'of two the first' "trusted: '$first'"
out_has 'and how to have the other' '(--signature N takes another)'
path --trust "$p/root.crt" --signature 2 --json two.p7s
exits 0 'the second'
says 'as verify counts' '.chain[0].subject' "O=Test,CN=$second"
says 'is told' .signature 2
path --trust "$p/root.crt" --json "$p/rsa.crt"
says 'a certificate is of none' .signature null
path --signature 3 two.p7s
exits 4 'one that there is not'
err_has 'says how many there are' 'bears 2 signatures: there is no signature 3'
path --signature 1 "$p/rsa.crt"
exits 5 'a certificate bears none'
path nocerts.p7s
exits 4 'one without its certificate'
path "$p/content.txt"
isnt 'text is neither' "$code" 0
path "$data/contract.pdf"
exits 4 'an unsigned PDF'
err_has 'is said' 'bears no signature'
openssl pkcs7 -inform DER -in rsa.p7s -out rsa.pem 2>/dev/null &&
	path --trust "$p/root.crt" rsa.pem
exits 0 'a CMS in PEM'

path --trust "$p/root.crt" --export out rsa.p7s
exits 0 'with its certificates written'
out_has 'which is told' 'written: out/01-rsa.pem'
is 'the signer first, then its issuer' "$(ls out | tr '\n' ' ')" \
	'01-rsa.pem 02-inter.pem '
is 'it is the certificate' \
	"$(openssl x509 -in out/01-rsa.pem -noout -fingerprint)" \
	"$(openssl x509 -in "$p/rsa.crt" -noout -fingerprint)"
cp out/01-rsa.pem before.pem
path --trust "$p/root.crt" --export out rsa.p7s
exits 7 'never over what is there'
err_has 'with the remedy' --force
check 'it is as it was' cmp out/01-rsa.pem before.pem
rm out/01-rsa.pem
path --trust "$p/root.crt" --export out rsa.p7s
exits 7 'not one of several'
absent 'none is written then' out/01-rsa.pem
path --trust "$p/root.crt" --export out --force --json rsa.p7s
exits 0 'unless forced'
says 'each is named' '.exported | join(" ")' 'out/01-rsa.pem out/02-inter.pem'
path --untrusted "$p/other.crt" --export all two.p7s
exits 3 'whoever is believed'
is 'what the document carries is written, and nothing else' \
	"$(ls all | wc -l)" "$(openssl pkcs7 -inform DER -in two.p7s \
		-print_certs | grep -c BEGIN)"
path --trust all/01-"$first".pem two.p7s
exits 0 'it can be trusted, if one will'
path --trust "$p/root.crt" --export none/deeper rsa.p7s
exits 0 'a folder is made'
: >file
path --trust "$p/root.crt" --export file rsa.p7s
exits 10 'a file is no folder'
