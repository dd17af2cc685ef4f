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
