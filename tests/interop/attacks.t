#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every class of attack of deed-judging(7), several samples each: all caught,
# each named, and the same document that nobody attacked passes.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3 jq
. "$top_srcdir/tests/cli/home.sh"
need_home

here=$top_srcdir/tests/interop
sign() {
	quietly deed sign --passphrase file:wang.pass --as wang "$@"
}

quietly python3 "$here/attack_pdf.py" prepare
for f in base hidden empty; do
	sign -o "$f.signed.pdf" "$f.pdf"
done
sign --despite prepared -o stray.signed.pdf stray.pdf
sign -o two.pdf base.signed.pdf
sign --certify form -o p2.pdf base.pdf
sign --certify annotate -o p3.pdf base.pdf
sign -o hybrid.signed.pdf "$data/pdf/hybrid.pdf"
sign --bundle good.asice terms.txt annex.csv
sign --detached -o terms.p7s terms.txt
# Sections of every kind, sound and prepared.
quietly python3 "$here/attack_structure.py" prepare
for f in st-*.pdf; do
	sign --despite prepared -o "${f%.pdf}.signed.pdf" "$f"
done
quietly deed key show wang --pem
cp "$T/out" wang.pem
for part in pdf structure cms asic sight notes reading guises; do
	if ! python3 "$here/attack_$part.py" "$top_srcdir/tests/servers" \
		>"$part.list" 2>"$T/err"; then
		fail "samples are made: $part" "$(tail -n 5 "$T/err")"
		exit 1
	fi
done
check 'everything is judged as it should' python3 "$here/attack_judge.py" \
	pdf.list structure.list cms.list asic.list sight.list notes.list \
	reading.list guises.list
sed 's/^/# /' "$T/check"

expect 0 'bytes behind the CMS are no attack' deed verify --no-revocation \
	--trust alice.crt --json behind.pdf
json 'a note tells of them' '.documents[0].signatures[0] |
	[.integrity, .coverage, .reasons[].id] | join(" ")' \
	'intact whole-file bytes-behind-cms'

# Documents that are prepared for it: said when they are signed.
expect 0 'a document with hidden pages is signed' \
	deed sign --passphrase file:wang.pass --as wang --json \
	-o warned.pdf hidden.pdf
err_has 'with a warning' 'nothing leads to a Page'
json 'that has an id' '.documents[0].warnings[0].id' shadow-page
expect 7 'one with an object that stands there twice is not' \
	deed sign --passphrase file:wang.pass --as wang -o twice.pdf stray.pdf
err_has 'it is told which' 'object 4 stands'
err_has 'and how to sign it all the same' '--despite prepared'
expect 0 'but so it is' deed sign --passphrase file:wang.pass --as wang \
	--despite prepared -o twice.pdf stray.pdf
expect 0 'an honest one brings no warning' \
	deed sign --passphrase file:wang.pass --as wang --json \
	-o quiet.pdf base.pdf
json 'at all' '.documents[0].warnings | length' 0
expect 7 'it can be refused' deed sign --passphrase file:wang.pass \
	--as wang --refuse-shadow -o never.pdf hidden.pdf
absent 'and nothing is left' never.pdf
