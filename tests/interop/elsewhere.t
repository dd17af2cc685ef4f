#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A party that signs elsewhere: deed leaves the place, openssl signs, deed puts
# it in, and everybody agrees; what does not belong there is refused.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need openssl pdfsig qpdf jq python3
need_home

quiet() {
	"$@" >"$T/quiet" 2>&1 || {
		fail "needed: $*" "$(cat "$T/quiet")"
		exit 1
	}
}

# A root, and signers of several kinds under it.
quiet openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem \
	-subj '/CN=Foreign Root' -days 3650
printf 'keyUsage=critical,digitalSignature,nonRepudiation\n' >signer.ext
signer() {
	name=$1
	shift
	quiet openssl req -new -nodes -newkey "$@" -keyout "$name.key" \
		-out "$name.csr" -subj "/CN=Signer $name"
	quiet openssl x509 -req -in "$name.csr" -CA root.pem -CAkey root.key \
		-CAcreateserial -days 365 -extfile signer.ext -out "$name.pem"
}
signer rsa rsa:2048
signer p256 ec -pkeyopt ec_paramgen_curve:P-256
signer p384 ec -pkeyopt ec_paramgen_curve:P-384

# What is signed: the two ranges that the report names.
content() {
	jq -r '.byte_range | @tsv' "$1.json" | {
		read -r _ first second rest
		head -c "$first" "$1.pdf"
		tail -c "+$((second + 1))" "$1.pdf" | head -c "$rest"
	}
}
prepare() { # NAME ARG...
	out=$1
	shift
	deed sign --prepare --json -o "$out.pdf" "$@" >"$out.json"
}
foreign() { # NAME OUT ARG...
	who=$1 cms=$2
	shift 2
	openssl cms -sign -binary -cades -signer "$who.pem" -inkey "$who.key" \
		-outform DER -md sha256 -out "$cms" "$@" 2>"$T/openssl"
}

DEED_HOME_KEPT=$DEED_HOME
DEED_HOME=$W/none

for kind in rsa p256 p384; do
	rm -f "$kind.pdf"
	expect 0 "$kind: a place is left" prepare "$kind" contract.pdf \
		--reason 同意 --certificate "$kind.pem"
	check "$kind: the input is a prefix" \
		cmp -n "$(wc -c <contract.pdf)" contract.pdf "$kind.pdf"
	content "$kind" >content
	alg=$(jq -r '.digest | split(":")[0]' "$kind.json")
	is "$kind: the digest is that of the ranges" \
		"$(jq -r .digest "$kind.json")" \
		"$alg:$(openssl dgst "-$alg" -r content | cut -d' ' -f1)"
	jq -r .attributes "$kind.json" | xxd -r -p >attributes
	check "$kind: the attributes are DER" \
		openssl asn1parse -inform DER -in attributes
	openssl asn1parse -inform DER -in attributes | tr A-F a-f >parsed
	has "$kind: and hold the digest" parsed \
		"$(jq -r '.digest | split(":")[1]' "$kind.json")"
	is "$kind: their digest" "$(jq -r .attributes_digest "$kind.json")" \
		"$alg:$(openssl dgst "-$alg" -r attributes | cut -d' ' -f1)"
	check "$kind: openssl signs" foreign "$kind" sig.p7s -in content
	expect 0 "$kind: it is put in" deed sign --complete -o "$kind.out.pdf" \
		--certificate "$kind.pem" "$kind.pdf" sig.p7s
	expect 0 "$kind: and holds" deed verify --trust root.pem \
		--no-revocation --json "$kind.out.pdf"
	json "$kind: by whom it is" '.documents[0].signatures[0].signer.name' \
		"Signer $kind"
	json "$kind: over everything" \
		'.documents[0].signatures[0].coverage' whole-file
	TZ=UTC pdfsig -nocert "$kind.out.pdf" >sig.txt 2>&1
	has "$kind: pdfsig thinks so" sig.txt 'Signature is Valid'
	has "$kind: of the whole document" sig.txt 'Total document signed'
	check "$kind: qpdf finds no fault" qpdf --check "$kind.out.pdf"
	isnt "$kind: only the place was changed" \
		"$(cmp -l "$kind.pdf" "$kind.out.pdf" | wc -l)" 0
	is "$kind: and nothing grew" "$(wc -c <"$kind.pdf")" \
		"$(wc -c <"$kind.out.pdf")"
done

# PEM, and a signer between others, in a field that is there.
expect 0 'a place in a field' prepare field "$data/pdf/fields.pdf" \
	--field Buyer --final
content field >content
check 'openssl signs, as PEM' openssl cms -sign -binary -cades \
	-signer rsa.pem -inkey rsa.key -outform PEM -in content -out sig.pem
expect 0 'a dry run' deed sign --complete -n field.pdf sig.pem
check 'writes nothing' test ! -e field.signed.pdf
expect 0 'it is put in' deed sign --complete field.pdf sig.pem
expect 0 'and certifies' deed verify --trust root.pem --no-revocation \
	field.signed.pdf
expect 2 'a final document is not prepared twice' \
	prepare again field.signed.pdf --detached
expect 7 'nor at all' prepare again field.signed.pdf

# Hostile and wrong ones.
content rsa >content
foreign rsa good.p7s -in content
# bad WHAT STATUS FILE [ARG...]
bad() {
	what=$1 status=$2 cms=$3
	shift 3
	expect "$status" "refused: $what" deed sign --complete -o no.pdf "$@" \
		rsa.pdf "$cms"
	check "nothing is left: $what" test ! -e no.pdf
}
printf 'something else' >other
foreign rsa other.p7s -in other
bad 'another content' 1 other.p7s
err_has 'and it is said why' 'does not hold'
foreign rsa whole.p7s -in rsa.pdf
bad 'the file with the gap' 1 whole.p7s
openssl cms -sign -binary -nodetach -cades -signer rsa.pem -inkey rsa.key \
	-outform DER -in content -out attached.p7s 2>/dev/null
bad 'a content of its own' 7 attached.p7s
openssl cms -sign -binary -signer rsa.pem -inkey rsa.key -outform DER \
	-in content -out plain.p7s 2>/dev/null
bad 'no signing-certificate' 7 plain.p7s
err_has 'and it is said why' signing-certificate
openssl cms -sign -binary -noattr -signer rsa.pem -inkey rsa.key -outform DER \
	-in content -out noattr.p7s 2>/dev/null
bad 'no attributes' 7 noattr.p7s
openssl cms -sign -binary -cades -nocerts -signer rsa.pem -inkey rsa.key \
	-outform DER -in content -out nocerts.p7s 2>/dev/null
bad 'no certificate' 7 nocerts.p7s
openssl cms -sign -binary -cades -signer rsa.pem -inkey rsa.key \
	-signer p256.pem -inkey p256.key -outform DER -in content \
	-out two.p7s 2>/dev/null
bad 'two signers' 7 two.p7s
foreign p256 p256.p7s -in content
bad "another's certificate" 7 p256.p7s --certificate rsa.pem
expect 0 'which without the option is whose it is' deed sign --complete \
	-o p.pdf rsa.pdf p256.p7s
openssl cms -encrypt -binary -in content -outform DER -out enc.p7m rsa.pem \
	2>/dev/null
bad 'something encrypted' 5 enc.p7m
openssl x509 -in rsa.pem -outform DER -out cert.der
bad 'a certificate' 5 cert.der
bad 'a PDF' 5 contract.pdf
: >empty
bad 'nothing' 5 empty
head -c 500 good.p7s >cut.p7s
bad 'a part' 5 cut.p7s
{ cat good.p7s && printf 'more'; } >more.p7s
bad 'bytes behind it' 5 more.p7s
head -c 300000 /dev/zero >zeros
bad 'zeros' 5 zeros
head -c 5000000 /dev/zero >huge
bad 'too large a file' 5 huge
bad 'no file' 10 missing
python3 - good.p7s bent.p7s <<'EOF'
import sys
d = bytearray(open(sys.argv[1], 'rb').read())
d[-5] ^= 1
open(sys.argv[2], 'wb').write(d)
EOF
bad 'a changed signature value' 1 bent.p7s
n=0
size=$(wc -c <good.p7s)
for at in 10 60 200 500 900 1100 1200 1300; do
	[ "$at" -lt "$size" ] || continue
	python3 - good.p7s bent.p7s "$at" <<'EOF'
import sys
d = bytearray(open(sys.argv[1], 'rb').read())
d[int(sys.argv[3])] ^= 0x40
open(sys.argv[2], 'wb').write(d)
EOF
	run deed sign --complete -o no.pdf rsa.pdf bent.p7s
	# A byte of the certificate's own signature is judged by its path.
	[ "$code" -eq 0 ] && rm -f no.pdf && n=$((n + 1))
done
check 'bytes that were changed are found' test "$n" -le 2
expect 0 'a place that is too small' prepare small --space 512 contract.pdf
content small >content
foreign rsa small.p7s -in content
expect 5 'is too small' deed sign --complete -o no.pdf small.pdf small.p7s
err_has 'and it is said why' '512'
expect 4 'no place at all' deed sign --complete -o no.pdf contract.pdf good.p7s
expect 4 'a place that is filled' deed sign --complete -o no.pdf rsa.out.pdf \
	good.p7s
cp rsa.pdf grown.pdf
printf '%%comment\n' >>grown.pdf
expect 4 'a document that went on' deed sign --complete -o no.pdf grown.pdf \
	good.p7s
cp rsa.pdf changed.pdf
printf 'X' | dd of=changed.pdf bs=1 seek=1200 conv=notrunc 2>/dev/null
run deed sign --complete -o no.pdf changed.pdf good.p7s
isnt 'a document that was changed' "$code" 0
expect 2 'one operand' deed sign --complete rsa.pdf
expect 2 'both at once' deed sign --prepare --complete rsa.pdf good.p7s
expect 2 'neither, and nobody' deed sign contract.pdf
expect 7 'an output that exists' deed sign --complete -o p.pdf rsa.pdf good.p7s
check 'nothing is left' test ! -e no.pdf

# A place of another program: adbe.pkcs7.detached.
sed 's/ETSI.CAdES.detached/adbe.pkcs7.detached/' rsa.pdf >adbe.pdf
cp rsa.json adbe.json
content adbe >content
foreign rsa adbe.p7s -in content
expect 0 'a place of the older kind' deed sign --complete -o adbe.out.pdf \
	adbe.pdf adbe.p7s
expect 0 'holds' deed verify --trust root.pem --no-revocation adbe.out.pdf

# An encrypted document.
qpdf --encrypt '' owner 256 -- contract.pdf e.pdf
expect 0 'an encrypted document' prepare enc e.pdf --reason 同意
content enc >content
foreign p256 enc.p7s -in content
expect 0 'is completed' deed sign --complete -o enc.out.pdf enc.pdf enc.p7s
TZ=UTC pdfsig -nocert enc.out.pdf >sig.txt 2>&1
has 'and valid' sig.txt 'Signature is Valid'

# A party of the home whose key is elsewhere: only its own certificate.
DEED_HOME=$DEED_HOME_KEPT
expect 7 'a stranger does not sign for a party' deed sign --complete \
	--as wang -o no.pdf rsa.pdf good.p7s
err_has 'and it is said why' 'another certificate'
quiet deed key export wang --passphrase file:wang.pass \
	--export-passphrase file:wang.pass -o wang.p12
openssl pkcs12 -in wang.p12 -passin "file:wang.pass" -nodes -out wang.all \
	2>/dev/null
openssl pkcs12 -in wang.p12 -passin "file:wang.pass" -nokeys -cacerts \
	-out wang.chain 2>/dev/null
openssl pkey -in wang.all -out wang.key
openssl x509 -in wang.all -out wang.pem
content rsa >content
foreign wang wang.p7s -in content -certfile wang.chain
expect 0 'the party itself does' deed sign --complete --as wang --json \
	-o wang.pdf rsa.pdf wang.p7s
json 'and the log tells of it' '.event | type' number
check 'as a signature' sh -c 'deed audit log | tail -3 | grep -q sign'
expect 0 'which holds' deed verify --trust house.pem wang.pdf
