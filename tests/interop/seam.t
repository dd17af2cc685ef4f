#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A seal over the edges of all pages, and on every page: rendered, put
# together again, verified.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need pdftoppm pdfsig qpdf python3 jq
. "$top_srcdir/tests/cli/home.sh"
need_home

seal() {
	deed seal --as acme --passphrase file:acme.pass "$@"
}
pages() {
	python3 "$top_srcdir/tests/interop/seam.py" make "$1"
}
accepted() {
	expect 0 "$1 verifies" deed verify --trust house.pem --json "$2"
	json 'passed' .indication TOTAL-PASSED
	check 'qpdf finds no fault' qpdf --check "$2"
	TZ=UTC pdfsig -nocert "$2" >sig.txt 2>&1
	has 'pdfsig calls the signature valid' sig.txt 'Signature is Valid'
	has 'over all of it' sig.txt 'Total document signed'
}
# stamps FILE: how many on each page.
stamps() {
	qpdf --json=1 "$1" | jq -c '.objects as $o | [.pages[].object |
		$o[.]["/Annots"] | if type == "string" then $o[.] else . end |
		[.[]? | $o[.] | select(."/Subtype" == "/Stamp")] | length]'
}

# Pages that are turned and cropped; in the same run the seal stands whole on
# the first, so that both have one date.  120 points wide, 24 a strip: at 300
# dpi 100 pixels.
pages 5 >five.pdf
expect 0 'five pages get a seam' seal --json --page 1 --position 127,25.4 \
	--width 42.33333333 --seam --seam-at 84.66666667 -o seam.pdf five.pdf
json 'the report has the place of the seal' \
	'.documents[0].shows | [.page, .position[0]] | tostring' '[1,127]'
json 'and the seam' '.documents[0].seam | [.seals, .top] | tostring' \
	'[1,84.7]'
accepted 'it' seam.pdf
is 'a strip a page' "$(stamps seam.pdf)" '[1,1,1,1,1]'
pdftoppm -r 300 -cropbox seam.pdf page
python3 "$top_srcdir/tests/interop/seam.py" join page-*.ppm \
	1000 500 100 1500 300 >joined.png 2>differs.txt
check 'put together again the strips are the seal' \
	awk '{ exit !(NF == 2 && $1 < 1 && $2 > 10) }' differs.txt
echo "# $(cat differs.txt): percent that differ, percent with ink"
rm -f page-*.ppm

# Done already, and not.
expect 0 'the same again' seal --page 1 --position 127,25.4 \
	--width 42.33333333 --seam --seam-at 84.66666667 -o seam.pdf five.pdf
err_has 'is done already' 'sealed already'
expect 0 'without a seam' seal --page 1 --position 127,25.4 -o plain.pdf \
	five.pdf
expect 7 'is not with one' seal --page 1 --position 127,25.4 --seam \
	-o plain.pdf five.pdf

# A seam alone, over many pages: several seals.
pages 45 >many.pdf
expect 0 '45 pages' seal --json --seam -o many-seam.pdf many.pdf
json 'have three seals' '.documents[0].seam.seals' 3
json 'and nothing else' '.documents[0].shows' null
accepted 'it' many-seam.pdf
is 'a strip on each' "$(stamps many-seam.pdf | jq -c 'unique')" '[1]'
qpdf --json=1 many-seam.pdf | jq -c '[.objects[] |
	select(type == "object" and ."/Subtype" == "/Stamp") | ."/Rect" |
	[.[2] - .[0], .[3] - .[1]] | min * 100 | round] | unique' >strips.txt
is 'of a fifteenth each' "$(cat strips.txt)" '[756]'
pages 1 >one.pdf
expect 2 'one page has no seam' seal --seam -o no.pdf one.pdf
err_has 'and is told so' 'two pages at least'
expect 2 'nor is there a height of none' seal --position 20,20 --seam-at 20 \
	-o no.pdf five.pdf
expect 2 'a seam that leaves the page' seal --seam --seam-at 220 -o no.pdf \
	five.pdf
err_has 'names it' 'page 1: '
pages 501 >long.pdf
run seal --seam -o no.pdf long.pdf
check 'too many pages are refused' test "$code" -ne 0
err_has 'saying how many there may be' '500 at most'
check 'nothing is written' test ! -e no.pdf

# On every page.
expect 0 'a seal on every page' seal --json --page 2 --position 20,30 \
	--every-page -o every.pdf five.pdf
json 'all of them are told' '.documents[0].pages' 5
accepted 'it' every.pdf
is 'by stamps beside the field' "$(stamps every.pdf)" '[1,0,1,1,1]'
pdftoppm -r 72 -cropbox every.pdf every
for n in 1 3 4 5; do
	check "page $n shows what page 2 shows" cmp every-2.ppm "every-$n.ppm"
done
expect 0 'a box on every page' deed sign --as wang --passphrase file:wang.pass \
	--visible --every-page --position 20,30 -o box.pdf contract.pdf
accepted 'it' box.pdf
expect 0 'both in a preview' seal --preview look.pdf --position 20,30 \
	--every-page --seam five.pdf
is 'are shown, with the word on each page' "$(stamps look.pdf)" '[3,3,3,3,3]'
expect 0 'a seam alone in a preview' seal --preview seam-look.pdf --seam \
	five.pdf
is 'has the word on each page too' "$(stamps seam-look.pdf)" '[2,2,2,2,2]'

# One party after the other: the second seam takes another height, and the
# first signature stands.
expect 0 'a second seam' seal --again --seam -o two.pdf many-seam.pdf
expect 0 'leaves the first' deed verify --trust house.pem --json two.pdf
json 'as it was' .indication TOTAL-PASSED
expect 0 'certified, so that forms alone may follow' \
	seal --position 20,20 --certify form -o certified.pdf five.pdf
expect 7 'nothing is put beside a field' seal --again --seam \
	-o no.pdf certified.pdf
err_has 'and that is said' 'no picture beside'

# PDF/A stays what it is, with colours of the device and without.
for part in 1 2; do
	qpdf "$data/pdfa/blank-${part}b.pdf" --pages . 1 \
		"$data/pdfa/blank-${part}b.pdf" 1 -- archive.pdf
	expect 0 "PDF/A-$part" seal --force --position 30,30 --every-page \
		--seam -o archive.sealed.pdf archive.pdf
	check 'is that still' python3 "$top_srcdir/tests/interop/pdfa.py" \
		archive.pdf archive.sealed.pdf "$part"
done
