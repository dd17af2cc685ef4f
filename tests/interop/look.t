#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# verify --look: what poppler paints differently is seen, and nothing else is.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3 jq pdftoppm
need_part draw
[ -x "$top_builddir/deed-look" ] || skip_all 'poppler-glib is not installed'
. "$top_srcdir/tests/cli/home.sh"
need_home

here=$top_srcdir/tests/interop
sign() {
	quietly deed sign --passphrase file:wang.pass --as wang "$@"
}
# Indication, and what was seen of the first signature.
seen='.documents[0] | [.indication, .signatures[0].look.outcome] | join(" ")'
ids='[.documents[0].signatures[0].reasons[].id] | join(" ")'

quietly python3 "$here/attack_pdf.py" prepare
quietly python3 "$here/look_samples.py" prepare
for f in base hidden empty; do
	sign -o "$f.signed.pdf" "$f.pdf"
done
sign --despite prepared -o stray.signed.pdf stray.pdf
sign -o two.pdf base.signed.pdf
if ! deed verify --no-revocation --trust house.pem --look -v two.pdf 2>&1 |
	grep -q "'deed-look' runs in a sandbox"; then
	skip_all 'the kernel has no sandbox for what reads files'
fi

judge() {
	expect "$1" "$2" deed verify --no-revocation --trust house.pem \
		--trust alice.crt --json --look "$3"
}
judge 0 'nothing follows: it passes' base.signed.pdf
json 'and nobody looked' '.documents[0].signatures[0] | has("look")' false
judge 0 'a second signature: it passes' two.pdf
json 'as it was signed' "$seen" 'TOTAL-PASSED same'
json 'on all pages' '.documents[0].signatures[0].look |
	[.pages, .pages_signed, (.differences | length), .why] |
	map(tostring) | join(" ")' '1 1 0 null'
json 'nothing follows the second' '.documents[0].signatures[1] |
	has("look")' false
expect 0 'text says so' deed verify --no-revocation --trust house.pem --look \
	two.pdf
out_has 'in a line' 'looks        as it was signed, on 1 page'

# Pages that are cut and turned, with a box and a note.
quietly python3 "$here/look_samples.py" turned
for f in turned-*.pdf; do
	judge 0 "$f: it passes" "$f"
	json "$f: as it was signed" "$seen" 'TOTAL-PASSED same'
done

# A doubt is taken away where there was nothing to be seen.
quietly python3 "$here/look_samples.py" covers
expect 3 'a box on a scanned page: somebody must look' deed verify \
	--no-revocation --trust alice.crt --json on-paper.pdf
json 'for it covers a picture' "$ids" annotation-covers
judge 0 'somebody looked: there was nothing' on-paper.pdf
json 'it is told' "$ids" annotation-covers
for f in on-text on-price on-marks; do
	judge 3 "$f: there was something" $f.pdf
	json "$f: it stays a doubt" "$ids" annotation-covers
done
judge 3 'a note that is gone' gone.pdf
json 'is seen to be gone, too' "$ids" 'annotation-covers looks-different'

judge 3 'a note that is printed alone is gone' gone-in-print.pdf
json 'is seen in print' '[.documents[0].signatures[0].look.differences[].view] |
	join(" ")' print

# Encrypted documents, with a box and a seal that are seen.
if command -v qpdf >/dev/null; then
	printf 'user\n' >user.pass
	chmod 600 user.pass
	qpdf --allow-weak-crypto --encrypt user owner 256 -- contract.pdf e.pdf
	sign --document-passphrase file:user.pass --visible -o e1.pdf e.pdf
	quietly deed seal --as acme --passphrase file:acme.pass \
		--position 140,230 --document-passphrase file:user.pass \
		-o e2.pdf e1.pdf
	expect 0 'an encrypted document' deed verify --trust house.pem \
		--json --look --document-passphrase file:user.pass e2.pdf
	json 'is painted with its password' "$seen" 'TOTAL-PASSED same'
else
	skip 'an encrypted document' 'qpdf is not installed'
fi

# A policy may require it.
printf 'name: sight\nlook: required\n' >sight.yaml
expect 0 'a policy requires it' deed verify --no-revocation \
	--trust house.pem --policy sight.yaml --json two.pdf
json 'it was done' "$seen" 'TOTAL-PASSED same'
printf 'name: sight\nlook: perhaps\n' >sight.yaml
expect 2 'a word that it does not know' deed verify --policy sight.yaml two.pdf
err_has 'is told' 'expected required or as-asked'

# What cannot be painted is no pass.
quietly python3 "$here/look_samples.py" large
judge 3 'a page that is too large' large.pdf
json 'is not painted' "$seen" 'INDETERMINATE not-painted'
json 'and that is why' "$ids" not-painted
mkdir without
cp "$(command -v deed)" "$top_builddir/deed-parse" without
expect 3 'no deed-look' without/deed verify --no-revocation \
	--trust house.pem --json --look two.pdf
json 'nobody looked' "$ids" not-painted
expect 0 'and it is needed for nothing else' without/deed verify \
	--no-revocation --trust house.pem two.pdf
expect 0 'nor where nothing follows' without/deed verify --no-revocation \
	--trust house.pem --look base.signed.pdf

# The forged cases: what poppler shows of them is held against what was seen;
# all of them by EACH=1.
sign --certify form -o p2.pdf base.pdf
sign --certify annotate -o p3.pdf base.pdf
sign -o hybrid.signed.pdf "$data/pdf/hybrid.pdf"
quietly python3 "$here/attack_structure.py" prepare
for f in st-*.pdf; do
	sign --despite prepared -o "${f%.pdf}.signed.pdf" "$f"
done
quietly deed key show wang --pem
cp "$T/out" wang.pem
for part in pdf structure sight notes reading guises; do
	if ! python3 "$here/attack_$part.py" "$top_srcdir/tests/servers" \
		>"$part.list" 2>"$T/err"; then
		fail "samples are made: $part" "$(tail -n 5 "$T/err")"
		exit 1
	fi
done
check 'what poppler shows differently is seen' python3 \
	"$here/look_judge.py" "${EACH:-8}" pdf.list structure.list sight.list notes.list \
	reading.list guises.list
sed 's/^/# /' "$T/check"

# Updates by machine, of which most are honest; UPDATES=N for more.
if ! python3 "$here/readers/make_bases.py" bases >bases.log 2>"$T/err"; then
	fail 'signed files are made' "$(tail -n 5 "$T/err")"
	exit 1
fi
check 'so it is in updates by machine' python3 "$here/readers/look.py" bases \
	"$top_builddir/tests/interop/readers/paint_poppler" "${UPDATES:-60}" \
	"${SEED:-1}"
sed 's/^/# /' "$T/check"

# Reports.
expect 1 'a report with pictures' deed verify --no-revocation \
	--trust house.pem --trust alice.crt --look --json \
	--report html=look.html forged.pdf
json 'programs get none' '.documents[0].signatures[0].look |
	has("pictures")' false
json 'but the place' '.documents[0].signatures[0].look.differences[0] |
	[.page, .view, (.box | length)] | map(tostring) | join(" ")' \
	'1 screen 4'
check 'the report is one file, with both pages' python3 \
	"$here/look_samples.py" report look.html
