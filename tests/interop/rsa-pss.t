#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Signatures by RSA-PSS, with an ordinary RSA key and with one that does
# nothing else, read by openssl, certtool and pdfsig.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/parties.sh"
need openssl certtool pdfsig

need_home
make_person rsa rsa2048
make_person pss rsa-pss2048
sed '/END CERTIFICATE/q' house.pem >root.pem

run deed key show pss --pem
openssl x509 -in "$T/out" -noout -text >text
check 'the certificate says what the key is for' \
	grep -q 'Public Key Algorithm: rsassaPss' text

# both PARTY [OPTION]
both() {
	party=$1
	shift
	cp contract.pdf $party.pdf
	cp terms.txt $party.txt
	expect 0 "$party signs a PDF" deed sign "$@" --as $party \
		--passphrase file:$party.pass $party.pdf
	expect 0 "$party signs a text" deed sign "$@" --detached --as $party \
		--passphrase file:$party.pass $party.txt
	expect 0 'deed verifies the PDF' deed verify --trust house.pem --json \
		$party.signed.pdf
	out_has 'by that scheme' '"signature": "RSA-PSS"'
	expect 0 'deed verifies the text' deed verify --trust house.pem \
		--content $party.txt $party.txt.p7s
	check 'openssl verifies it' openssl cms -verify -cades -binary \
		-inform DER -in $party.txt.p7s -content $party.txt \
		-CAfile house.pem -purpose any -out /dev/null
	openssl cms -cmsout -print -inform DER -in $party.txt.p7s >print
	check 'by that scheme' grep -q 'algorithm: rsassaPss' print
	check 'certtool verifies it' certtool --p7-verify --inder \
		--load-data $party.txt --load-ca-certificate root.pem \
		--infile $party.txt.p7s
	expect 0 'a container' deed sign "$@" --as $party \
		--passphrase file:$party.pass $party.txt
	expect 0 'passes' deed verify --trust house.pem $party.txt.asice
}

both pss
both rsa --rsa-pss
TZ=UTC pdfsig -nocert rsa.signed.pdf >pdfsig
check 'pdfsig verifies the PDF of the ordinary key' \
	grep -q 'Signature Validation: Signature is Valid' pdfsig

expect 0 'the same key as ever' deed sign --as rsa \
	--passphrase file:rsa.pass -o plain.pdf contract.pdf
expect 0 'by PKCS #1' deed verify --trust house.pem --json plain.pdf
out_has 'as before' '"signature": "RSA"'
expect 0 'other keys sign as ever' deed sign --rsa-pss --as wang \
	--passphrase file:wang.pass -o ec.pdf contract.pdf
expect 0 'by ECDSA' deed verify --trust house.pem --json ec.pdf
out_has 'as before' '"signature": "ECDSA"'
