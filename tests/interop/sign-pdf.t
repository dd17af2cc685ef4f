#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# PDFs that deed signs, read by pdfsig, qpdf, openssl and certtool.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/parties.sh"
need pdfsig qpdf openssl certtool python3 jq
need_part draw

need_home
make_person rsa rsa2048
make_person p384 p384
make_person ed ed25519

# Cut signature I (from 1) out of a PDF: its CMS and what it signs.
cat >cut.py <<'END'
import re, sys
data = open(sys.argv[1], "rb").read()
ranges = re.findall(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", data)
a, b, c, d = map(int, ranges[int(sys.argv[2]) - 1])
assert a == 0 and data[b:b + 1] == b"<" and data[c - 1:c] == b">"
cms = bytes.fromhex(data[b + 1:c - 1].decode())
size = int.from_bytes(cms[2:4], "big") + 4
assert cms[:2] == b"\x30\x82" and not any(cms[size:])
open("sig.der", "wb").write(cms[:size])
open("signed.bin", "wb").write(data[a:a + b] + data[c:c + d])
END

# pdfsig's own words for COUNT signatures; it lists empty fields too.
pdfsig_says() {
	TZ=UTC pdfsig -nocert "$1" >"$T/pdfsig" 2>&1
	is "$2: pdfsig finds all" \
		"$(grep -c 'Signature Validation:' "$T/pdfsig")" "$3"
	is "$2: pdfsig calls each valid" \
		"$(grep -c 'Signature Validation: Signature is Valid' \
			"$T/pdfsig")" "$3"
	is "$2: and the whole document signed by one of them" \
		"$(grep -c ' Total document signed' "$T/pdfsig")" 1
}

openssl_says() {
	check "$1: openssl verifies the CMS" openssl cms -verify -cades \
		-binary -inform DER -in sig.der -content signed.bin \
		-CAfile house.pem -purpose any -out /dev/null
}

certtool_says() {
	check "$1: certtool verifies the CMS" certtool --p7-verify --inder \
		--load-data signed.bin --load-ca-certificate root.pem \
		--infile sig.der
}

deed ca root >root.pem 2>/dev/null ||
	sed '/END CERTIFICATE/q' house.pem >root.pem

samples="$data/contract.pdf $(ls "$data"/pdf/*.pdf)"
for sample in $samples; do
	what=${sample##*/}
	for party in wang rsa; do
		out=$party-$what
		# A field of it is drawn by each reader in its own way.
		if [ "$what" = inline.pdf ]; then
			expect 7 "$what: refused to $party" deed sign \
				--as $party --passphrase "file:$party.pass" \
				-o "$out" "$sample"
			continue
		fi
		expect 0 "$what: signed by $party" deed sign --as $party \
			--passphrase "file:$party.pass" -o "$out" "$sample"
		[ "$code" -eq 0 ] || continue
		check "$what: the input is a prefix" \
			cmp -n "$(wc -c <"$sample")" "$sample" "$out"
		check "$what: qpdf --check is clean" qpdf --check "$out"
		pdfsig_says "$out" "$what" 1
		python3 cut.py "$out" 1
		openssl_says "$what"
		certtool_says "$what"
		expect 0 "$what: deed verifies it" deed verify \
			--trust house.pem "$out"
	done
done

# Every kind of key once more, in one document, one after the other.
cp "$data/contract.pdf" all.pdf
n=0
for party in wang rsa p384 ed wang; do
	n=$((n + 1))
	expect 0 "signature $n, by $party" deed sign --as $party \
		--passphrase "file:$party.pass" --in-place all.pdf
	check "after signature $n qpdf --check is clean" qpdf --check all.pdf
	expect 0 "after signature $n deed verifies all" deed verify --json \
		--trust house.pem all.pdf
	json "all $n are there" '.documents[0].signatures | length' $n
	json 'and passed' '[.documents[0].signatures[].indication] | unique[]' \
		TOTAL-PASSED
	json 'and nothing but signatures came later' \
		'[.documents[0].signatures[].changes_after] | unique |
		 map(select(. != "none" and . != "form-fill")) | length' 0
	python3 cut.py all.pdf $n
	[ $party = ed ] || openssl_says "signature $n"
	certtool_says "signature $n"
done

# Three by RSA and ECDSA keep each other valid for pdfsig too.
for sample in contract.pdf pdf/pdftex.pdf pdf/qpdf-linear.pdf pdf/hybrid.pdf; do
	cp -f "$data/$sample" three.pdf
	for party in wang rsa p384; do
		expect 0 "$sample: $party" deed sign --as $party \
			--passphrase "file:$party.pass" --in-place three.pdf
	done
	pdfsig_says three.pdf "$sample, three times" 3
	check "$sample: qpdf --check is clean" qpdf --check three.pdf
done

# Empty fields are filled, and shown where they are.
expect 0 'an empty field' deed sign --as wang --passphrase file:wang.pass \
	--field Buyer --visible -o one.pdf "$data/pdf/fields.pdf"
pdfsig_says one.pdf 'an empty field' 1
check 'it keeps its name' grep -q 'Signature Field Name: Buyer' "$T/pdfsig"
# poppler looks for the value in the widget, which stands apart here (ISO
# 32000-2 12.7.4.1 has it in the field): the others find it.
expect 0 'and the next' deed sign --as rsa --passphrase file:rsa.pass \
	--field Seller -o two.pdf one.pdf
python3 cut.py two.pdf 2
openssl_says 'a field apart from its widget'
certtool_says 'a field apart from its widget'
expect 0 'deed verifies both' deed verify --trust house.pem two.pdf
check 'qpdf --check is clean' qpdf --check two.pdf

# A box on a page that is turned and cropped: no font is added.
expect 0 'a box' deed sign --as wang --passphrase file:wang.pass --visible \
	--page 6 --position 20,10 --width 40 --reason 'I agree' \
	-o box.pdf "$data/pdf/geometry.pdf"
pdfsig_says box.pdf 'a box' 1
check 'qpdf --check is clean' qpdf --check box.pdf
is 'no font is added' "$(pdffonts box.pdf | tail -n +3)" ''
