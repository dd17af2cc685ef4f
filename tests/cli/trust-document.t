#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed trust path of documents: PDFs, also encrypted, and containers, signed
# by several.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl
need_home

sign() {
	deed sign -q --as "$1" --passphrase "file:$1.pass" -o "$2" "$3" \
		2>"$T/err" || fail "$2 is signed" "$(cat "$T/err")"
}
sign wang one.pdf contract.pdf
sign li two.pdf one.pdf
sign wang terms.asice terms.txt

expect 0 'a PDF' deed trust path --trust house.pem one.pdf
out_has 'its signer is trusted' "trusted: '王小明'"
out_has 'of which signature' 'signer: of signature 1 of 1 in one.pdf'
expect 0 'the second of two' deed trust path --trust house.pem --signature 2 \
	two.pdf
out_has 'is another' "trusted: 'Li Na'"
expect 3 'nobody is trusted' deed trust path two.pdf
out_has 'what is missing' 'missing: '
expect 0 'a container' deed trust path --trust house.pem terms.asice
out_has 'its signer is trusted' "trusted: '王小明'"

expect 0 'what a PDF carries' deed trust path --trust house.pem --export all \
	two.pdf
is 'the signer first' "$(ls all | head -n 1)" '01-王小明.pem'
expect 0 'it is that certificate' deed trust path --trust house.pem \
	--untrusted all/02-*.pem all/01-*.pem
has 'both signers are there' "$T/out" "trusted: '王小明'"
check 'the other too' test -f all/*Li_Na*

expect 6 'an encrypted PDF' deed trust path "$data/encrypted/r6.pdf"
secret_file pdf.pass user
expect 4 'its password' deed trust path --document-passphrase file:pdf.pass \
	"$data/encrypted/r6.pdf"
err_has 'opens it' 'bears no signature'

# The hint of a verdict is a command that runs.
run deed verify "--trust=$data/pki/other.crt" two.pdf
exits 3 'a wrong anchor'
out_has 'its hint is the command' \
	"deed trust path --trust $data/pki/other.crt two.pdf shows"
command=$(sed -n 's/^ *hint  *\(deed .*\) shows where.*/\1/p' "$T/out" |
	tail -n 1)
run sh -c "$command"
exits 3 'which can be pasted'
out_has 'it shows the chain of the second signer' "'Li Na'"
out_has 'and what is missing' 'missing: '
