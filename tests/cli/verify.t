#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed verify over stored signatures: whom it believes, what it answers.
. "${top_srcdir:-.}/tests/cli/lib.sh"

pki=$data/pki
cat "$pki/root.crt" "$pki/root.crl" "$pki/inter.crl" >house.pem
cp "$pki/content.txt" "$pki"/*.p7s "$pki"/*.p7m .
at=--at=2026-06-01T00:00:00Z
# verify FILE...: with everything that is needed for a pass.
verify() {
	deed verify $at --trust house.pem --content content.txt "$@"
}

absent 'there is no home' "$DEED_HOME"
for f in rsa p256 p384 pss pss-max keyid; do
	expect 0 "$f passes" verify $f.p7s
	out_has 'and says so' "$f.p7s: TOTAL-PASSED"
	err_empty 'and nothing else'
done
expect 0 'enveloping' verify enveloping.p7m
expect 0 'in BER' verify stream.p7m
expect 0 'by two' verify two.p7s
out_has 'the first' 'by p256: TOTAL-PASSED'
out_has 'the second' 'by rsa: TOTAL-PASSED'
golden 'the report' "$T/out" verify.txt
expect 0 'without signed attributes' verify noattr.p7s
out_has 'which is told' 'there are no signed attributes'
absent 'no home was made' "$DEED_HOME"

expect 0 'several documents' verify rsa.p7s p256.p7s
for file in ./*.p7s; do
	[ "$file" = ./nocerts.p7s ] || echo "$file"
done >list
expect 0 'from a list' verify --files-from list
expect 0 'in order, by many' verify --jobs 4 --files-from list
grep '^\./' "$T/out" | sed 's/: .*//' >order
check 'in the order of the list' cmp order list
deed verify $at --trust house.pem --content content.txt --jobs 1 \
	--files-from list >one
deed verify $at --trust house.pem --content content.txt --jobs 8 \
	--files-from list >eight
check 'whatever the number of jobs' cmp one eight

# Whom to believe.
expect 3 'nobody is believed by himself' deed verify $at \
	--content content.txt rsa.p7s
out_has 'which is said' NO_CERTIFICATE_CHAIN_FOUND
out_has 'with the remedy' 'trusted: nobody (--trust FILE)'
expect 3 'another root' deed verify $at --trust "$pki/other.crt" \
	--content content.txt rsa.p7s
expect 3 'no CRL' deed verify $at --trust "$pki/root.crt" \
	--content content.txt rsa.p7s
out_has 'is TRY_LATER' TRY_LATER
expect 0 'waived' deed verify $at --trust "$pki/root.crt" --no-revocation \
	--content content.txt rsa.p7s
expect 0 'CRLs of their own' deed verify $at --trust "$pki/root.crt" \
	--crl "$pki/root.crl" --crl "$pki/inter.crl" \
	--content content.txt rsa.p7s
expect 3 'certificates beside CRLs are not believed' deed verify $at \
	--crl house.pem --content content.txt rsa.p7s
for list in inter-old inter-future inter-forged; do
	expect 3 "$list.crl is not good enough" deed verify $at \
		--trust "$pki/root.crt" --crl "$pki/root.crl" \
		--crl "$pki/$list.crl" --content content.txt rsa.p7s
	out_has 'but TRY_LATER' TRY_LATER
done
expect 3 'revoked' verify --crl "$pki/inter-revoked.crl" rsa.p7s
out_has 'is said' REVOKED_NO_POE
expect 0 'but not the other' verify --crl "$pki/inter-revoked.crl" p256.p7s
expect 3 'an authority revoked' verify --crl "$pki/root-revoked.crl" rsa.p7s
out_has 'is said' REVOKED_CA_NO_POE
expect 3 'before its time' deed verify --at 2019-01-01 --no-revocation \
	--trust house.pem --content content.txt rsa.p7s
out_has 'is said' OUT_OF_BOUNDS_NO_POE
expect 5 'trust in something else' deed verify --trust content.txt rsa.p7s
err_has 'names the file' content.txt
expect 10 'trust in nothing' deed verify --trust nowhere.pem rsa.p7s
err_has 'names the file' nowhere.pem

# Contents.
expect 3 'a content that is not there' deed verify $at --trust house.pem \
	rsa.p7s
out_has 'is said' SIGNED_DATA_NOT_FOUND
echo changed >changed.txt
expect 1 'another content' deed verify $at --trust house.pem \
	--content changed.txt rsa.p7s
out_has 'has another digest' HASH_FAILURE
expect 1 'another content than is inside' deed verify $at \
	--trust house.pem --content changed.txt enveloping.p7m
expect 0 'inside is enough' deed verify $at --trust house.pem enveloping.p7m
expect 10 'no such content' verify --content nowhere rsa.p7s
expect 3 'no certificate' verify nocerts.p7s
out_has 'is said' NO_SIGNING_CERTIFICATE_FOUND
expect 3 'a token without what it covers' deed verify $at \
	--trust house.pem "$pki/token.tst"

# A hint names what was not done yet.
run deed verify $at --content content.txt rsa.p7s
out_has 'nobody is trusted: that, and the command that shows the chain' \
	'hint         --trust FILE names whom you believe; deed trust path --at 2026-06-01T00:00:00Z rsa.p7s shows'
run deed verify $at --trust "$pki/other.crt" --content content.txt two.p7s
out_has 'another anchor: the command' \
	"hint         deed trust path --trust $pki/other.crt --at 2026-06-01T00:00:00Z two.p7s shows"
out_has 'for each signer' \
	"deed trust path --trust $pki/other.crt --at 2026-06-01T00:00:00Z --signature 2 two.p7s shows"
run deed verify $at --trust "$pki/root.crt" --content content.txt rsa.p7s
out_has 'no CRL: all that brings it' \
	'hint         --online, --crl FILE or --ocsp FILE brings what is missing'
run deed verify $at --offline --trust "$pki/root.crt" --content content.txt \
	rsa.p7s
out_lacks 'what --offline forbids is not advised' '--online'
run deed verify $at --trust house.pem rsa.p7s
out_has 'no content' 'hint         --content FILE gives what was signed'
run verify nocerts.p7s
out_has 'no certificate' \
	"hint         --untrusted FILE gives the signer's certificate"
out_lacks 'and nothing else' 'trust path'

# Nothing to judge, or nothing to be judged.
expect 4 'no document' deed verify nowhere.p7s
err_has 'is named' nowhere.p7s
expect 4 'certificates alone' deed verify "$pki/degenerate.p7b"
out_has 'are no signature' NO-SIGNATURE
expect 5 'text' deed verify content.txt
: >empty
expect 5 'an empty file' deed verify empty
expect 10 'a directory' deed verify "$T"
head -c 500 rsa.p7s >short.p7s
expect 5 'half a signature' verify short.p7s
expect 1 'the worst decides' verify rsa.p7s nowhere.p7s "$pki/token.tst" \
	content.txt --content changed.txt
expect 5 'malformed before missing' verify rsa.p7s content.txt nowhere.p7s
expect 3 'indeterminate before missing' verify nocerts.p7s nowhere.p7s
expect 2 'no operand' deed verify
{
	cat rsa.p7s
	printf 'something more'
} >more.p7s
expect 1 'bytes behind the signature' verify more.p7s
out_has 'are a fault' FORMAT_FAILURE
expect 0 'PEM' sh -c 'openssl pkcs7 -inform DER -in rsa.p7s -out rsa.pem &&
	deed verify "$@" rsa.pem' sh $at --trust house.pem --content content.txt

# What is required.
expect 0 'a signer' verify --require "signer=$pki/rsa.crt" rsa.p7s
expect 1 'another signer' verify --require "signer=$pki/p256.crt" rsa.p7s
is 'is the headline' "$(head -n 1 "$T/out")" \
	"rsa.p7s: REQUIREMENT NOT MET: signer=$pki/p256.crt"
expect 0 'both of two' verify --require "signer=$pki/p256.crt" \
	--require "signer=$pki/rsa.crt" --require count=2 two.p7s
expect 1 'three of two' verify --require count=3 two.p7s
expect 1 'what did not pass does not count' deed verify $at \
	--content content.txt --require count=1 rsa.p7s
for wrong in count=0 count=x count= count=1x signer x count=-1 qualified \
	licensed=cn-esl licensed= qualified=x count=99999999999999999999; do
	expect 2 "--require $wrong" verify --require "$wrong" rsa.p7s
done
expect 10 'a signer who is not there' verify --require signer=nowhere rsa.p7s
expect 2 'a signer of no list' verify --list-signer "$pki/rsa.crt" rsa.p7s
run verify --trust-list nowhere --require qualified rsa.p7s
exits 3 'a trust list that is not there'
err_has 'leaves it open' "the trust list 'nowhere' cannot be used"
expect 3 'what is no list' verify --trust-list "$pki/rsa.crt" \
	--list-signer "$pki/rsa.crt" rsa.p7s
expect 2 '-o without a revision' verify -o x rsa.p7s
expect 2 'a revision without -o' deed verify --revision 1 "$data/contract.pdf"
expect 0 'a revision of a PDF' deed verify --revision 1 -o rev.pdf \
	"$data/contract.pdf"
check 'is its first bytes' sh -c \
	'cmp -n "$(wc -c <rev.pdf)" rev.pdf "$data/contract.pdf"'
expect 7 'never over another file' deed verify --revision 1 -o rev.pdf \
	"$data/contract.pdf"
expect 4 'one that there is not' deed verify --revision 9 -o rev9.pdf \
	"$data/contract.pdf"
absent 'leaves nothing' rev9.pdf
expect 4 'an unsigned PDF' deed verify "$data/contract.pdf"

# What is printed, and the line that counts.
cp "$data/contract.pdf" unsigned.pdf
set -- rsa.p7s nocerts.p7s more.p7s unsigned.pdf nowhere.p7s two.p7s
expect 1 'a line a file' verify --short "$@"
out_is 'in their order, and the count' <<'EOF'
rsa.p7s: TOTAL-PASSED
nocerts.p7s: INDETERMINATE, NO_SIGNING_CERTIFICATE_FOUND
more.p7s: TOTAL-FAILED, FORMAT_FAILURE
unsigned.pdf: NO-SIGNATURE
nowhere.p7s: UNREADABLE
two.p7s: TOTAL-PASSED
2 passed, 1 failed, 1 indeterminate, 1 without a signature, 1 unreadable
EOF
err_has 'an error is where errors are' "cannot open 'nowhere.p7s'"
expect 1 'the failures alone' verify --short --failures "$@"
is 'a line each, and the count' "$(wc -l <"$T/out")" 5
out_lacks 'no pass' TOTAL-PASSED
expect 1 'in full' verify --failures "$@"
out_lacks 'no pass' TOTAL-PASSED
out_has 'what is amiss' 'because'
out_has 'whom is trusted' 'trusted: root'
is 'the last line counts' "$(tail -n 1 "$T/out")" \
	'2 passed, 1 failed, 1 indeterminate, 1 without a signature, 1 unreadable'
if command -v jq >/dev/null; then
	for option in '' --failures '--short --failures'; do
		# shellcheck disable=SC2086 # words
		expect 1 "as JSON $option" verify --json $option "$@"
		json 'it is all of them' '[.documents[].file] | join(" ")' "$*"
	done
	run verify --json "$@"
	cp "$T/out" whole.json
	run verify --json --failures "$@"
	check 'and the same bytes' cmp "$T/out" whole.json
fi
expect 1 'with what is required' verify --short --require count=2 rsa.p7s \
	two.p7s unsigned.pdf
out_is 'it is the outcome' <<'EOF'
rsa.p7s: REQUIREMENT NOT MET: count=2
two.p7s: TOTAL-PASSED
unsigned.pdf: NO-SIGNATURE, REQUIREMENT NOT MET: count=2
1 passed, 2 without what is required
EOF
expect 0 'one file' verify --short rsa.p7s
out_is 'is no batch' <<'EOF'
rsa.p7s: TOTAL-PASSED
EOF
echo rsa.p7s >one
expect 0 'a list' verify -q --short --files-from one
out_is 'is one, whatever it holds' <<'EOF'
rsa.p7s: TOTAL-PASSED
1 passed
EOF
expect 0 'nothing has failed' verify --short --failures rsa.p7s two.p7s
out_is 'nothing is told but that' <<'EOF'
2 passed
EOF
expect 4 'those that are not reached' verify --jobs 1 --fail-fast --short \
	rsa.p7s nowhere.p7s two.p7s
is 'are not counted' "$(tail -n 1 "$T/out")" '1 passed, 1 unreadable'
run verify --jobs 1 --fail-fast --json unsigned.pdf two.p7s
has 'nor judged' "$T/out" '"indication": "NO-SIGNATURE"'

if command -v jq >/dev/null; then
	verify --json rsa.p7s nocerts.p7s two.p7s nowhere.p7s >"$T/out" 2>"$T/err"
	jq 'del(.deed)' "$T/out" >json
	golden 'the JSON' json verify.json
	verify --json rsa.p7s nocerts.p7s two.p7s nowhere.p7s 2>/dev/null |
		jq 'del(.deed)' >again
	check 'is the same every time' cmp json again
	check 'has the form of deed-json(5)' jq -e -f \
		"$top_srcdir/tests/cli/verify-form.jq" "$T/out"
	for f in enveloping.p7m noattr.p7s "$pki/degenerate.p7b" \
		"$pki/token.tst" "$data/contract.pdf" more.p7s content.txt; do
		run verify --json "$f"
		check "also of $(basename "$f")" jq -e -f \
			"$top_srcdir/tests/cli/verify-form.jq" "$T/out"
	done
else
	skip 'the JSON' 'jq is not installed'
fi
