#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Signatures over what is itself signed, made by openssl: told, and taken off
# layer by layer with --extract.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl jq

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout a.key -out a.pem -days 30 -subj /CN=Ann 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout b.key -out b.pem -days 30 -subj /CN=Bob 2>/dev/null
verify() {
	deed verify --trust a.pem --trust b.pem --no-revocation "$@"
}
# sign WHO IN OUT OPTION ...
sign() {
	who=$1 in=$2 to=$3
	shift 3
	openssl cms -sign -binary -nodetach -in "$in" -signer "$who.pem" \
		-inkey "$who.key" -out "$to" "$@"
}
# told FILE: the ids of the first signature's reasons
told() {
	verify --json "$1" |
		jq -r '.documents[0].signatures[0].reasons[].id' | sort -u
}
printf 'Pay 100 to Bob.\n' >letter
sign a letter inner.p7m -outform DER

# ---- one layer a run, whatever it is wrapped in ----

base64 inner.p7m >inner.b64
base64 -w0 inner.p7m >inner.one
sign a letter inner.pem -outform PEM
openssl cms -sign -nodetach -in letter -signer a.pem -inkey a.key -out inner.eml
openssl cms -sign -in letter -signer a.pem -inkey a.key -out inner.two.eml
for inner in inner.p7m inner.b64 inner.one inner.pem inner.eml inner.two.eml; do
	sign b "$inner" outer.p7m -outform DER
	expect 0 "$inner inside" verify outer.p7m
	out_has 'it is told' 'itself signed and was not judged'
	out_has 'and how to get at it' \
		'deed verify --extract outer outer.p7m'
	is 'by its id' "$(told outer.p7m)" content-signed
	base64 outer.p7m >outer.txt
	is 'in base64, too' "$(told outer.txt)" content-signed
	rm -f got
	expect 0 'it is written' verify --extract got outer.txt
	err_has 'and said' "what was signed is in 'got'"
	check 'as it was' cmp got "$inner"
	expect 0 'and judged in its turn' verify --extract last got
	isnt 'without a doubt' "$(grep -c 'itself signed' "$T/out")" 1
	check 'down to the letter' sh -c 'tr -d "\r" <last |
		tail -n 1 | cmp - letter'
	rm -f last
done
sign b outer.p7m third.p7m -outform DER
expect 0 'three layers' verify --extract got third.p7m --force
check 'one is taken off' cmp got outer.p7m
sign b letter plain.p7m -outform DER
is 'a content that nobody signed' "$(told plain.p7m)" ''
printf '0\202 no signature' >nothing
sign b nothing plain.p7m -outform DER
is 'one that begins as a signature' "$(told plain.p7m)" ''
openssl cms -encrypt -in letter -outform DER -out secret a.pem
sign b secret plain.p7m -outform DER
is 'one that is encrypted' "$(told plain.p7m)" ''
sign b "$data/contract.pdf" plain.p7m -outform DER
is 'a PDF' "$(told plain.p7m)" ''
printf '%%PDF-1.7\n1 0 obj <</Type/Sig/ByteRange[0 1 2 3]>> endobj\n' >signed.pdf
sign b signed.pdf a.p7m -outform DER
is 'a signed PDF' "$(told a.p7m)" content-signed
openssl cms -sign -binary -in inner.p7m -signer b.pem -inkey b.key \
	-outform DER -out detached.p7s
expect 0 'beside its signature' verify --content inner.p7m detached.p7s
out_has 'it is told' 'itself signed'

# ---- the inner signature is not judged, nor hidden ----

sed 's/Pay 100/Pay 999/' inner.p7m >broken.p7m
expect 1 'the inner one is broken' verify broken.p7m
sign b broken.p7m outer.p7m -outform DER
expect 0 'the outer one holds' verify outer.p7m
out_has 'over what is inside' 'itself signed and was not judged'
expect 0 'which comes out' verify --extract broken.got outer.p7m
expect 1 'and fails by itself' verify broken.got

# ---- --extract writes only what was signed ----

sign b letter plain.p7m -outform DER
sed 's/Pay 100/Pay 999/' plain.p7m >changed.p7m
refused() {
	what=$1 wanted=$2
	shift 2
	rm -f none
	expect "$wanted" "$what" verify --extract none "$@"
	check 'nothing is written' test ! -e none
	out_has 'and it is said' 'not extracted'
}
refused 'a changed content' 1 changed.p7m
out_has 'as not what was signed' 'not what was signed'
refused 'without its content' 3 detached.p7s
refused 'a detached signature' 4 --content inner.p7m detached.p7s
out_has 'has none' 'does not hold what was signed'
sign b letter nocerts.p7m -outform DER -nocerts
expect 3 'a signer who is not known' deed verify --trust a.pem \
	--extract none nocerts.p7m
out_has 'is a doubt' 'whether it is what was signed is not known'
check 'and no content' test ! -e none
expect 3 'one who is given' deed verify --untrusted b.pem --extract known \
	nocerts.p7m
check 'with its content' cmp known letter
openssl crl2pkcs7 -nocrl -certfile a.pem -outform DER -out nobody.p7b
refused 'certificates alone' 4 nobody.p7b
refused 'a PDF' 4 "$data/contract.pdf"
openssl cms -sign -binary -nodetach -in letter -signer b.pem -inkey b.key \
	-signer a.pem -inkey a.key -outform DER -out two.p7m
rm -f got
expect 3 'who signed does not matter' deed verify --extract got two.p7m
check 'the content is the same' cmp got letter
expect 0 'in JSON' verify --json --extract got --force two.p7m
is 'it is named' "$(jq -r '.documents[0].extracted' "$T/out")" got
expect 1 'and where there is none' verify --json --extract none changed.p7m
is 'it is null' "$(jq -r '.documents[0] | has("extracted"), .extracted' \
	"$T/out" | tr '\n' ' ')" 'true null '
: >empty
sign b empty empty.p7m -outform DER
expect 0 'an empty content' verify --extract none empty.p7m
check 'is an empty file' cmp none empty

# ---- the output ----

echo mine >mine
expect 7 'a file that is there' verify --extract mine two.p7m
err_has 'says how' '--force'
is 'and stays' "$(cat mine)" mine
expect 0 'is replaced on demand' verify --force --extract mine two.p7m
check 'by the content' cmp mine letter
ln two.p7m same
for name in two.p7m same; do
	expect 2 "the input itself, as $name" verify --force --extract $name \
		two.p7m
done
expect 0 'and it is whole' verify two.p7m
expect 2 'two documents' verify --extract none2 two.p7m plain.p7m
expect 2 'standard output' verify --extract - two.p7m
expect 2 'with --revision' verify --extract none2 --revision 1 -o x two.p7m
expect 4 'a document that is not there' verify --extract none2 absent.p7m
expect 10 'a folder that is not there' verify --extract absent/x two.p7m
check 'nothing is left' sh -c '! ls | grep -q none2'
expect 0 'from standard input' sh -c 'deed verify --trust a.pem --trust b.pem \
	--no-revocation --extract piped - <two.p7m'
check 'it comes, too' cmp piped letter
