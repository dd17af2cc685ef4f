#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Detached signatures that deed makes, read by openssl and certtool, and by
# deed itself wherever the house is not known.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/parties.sh"
need openssl certtool

need_home
make_person rsa rsa2048
make_person p384 p384
make_person ed ed25519
# openssl and certtool want certificates alone.
deed ca root >root.pem

for who in wang acme rsa p384 ed; do
	head -c 70000 /dev/urandom >"$who.bin"
	expect 0 "$who signs" deed sign --as "$who" --detached "$who.bin" \
		--passphrase "file:$who.pass"
	sig=$who.bin.p7s
	expect 0 'deed passes it' deed verify --trust house.pem \
		--require count=1 --content "$who.bin" "$sig"
	out_has 'at level B-B' 'level        B-B'
	if [ "$who" = ed ]; then
		skip 'openssl' 'it does not verify Ed25519 in CMS'
	else
		check 'openssl passes it' openssl cms -verify -binary -cades \
			-inform DER -in "$sig" -content "$who.bin" \
			-CAfile root.pem -purpose any -out verified
		check 'over the same bytes' cmp verified "$who.bin"
	fi
	check 'certtool passes it' certtool --p7-verify --inder \
		--load-data "$who.bin" --load-ca-certificate root.pem \
		--infile "$sig"
	check 'it is DER' sh -c '! openssl asn1parse -inform DER -in "$1" |
		grep -q "l=inf"' sh "$sig"
	echo >>"$who.bin"
	expect 1 'one byte more fails' deed verify --trust house.pem \
		--content "$who.bin" "$sig"
done
