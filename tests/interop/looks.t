#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What seals and boxes look like: names in six scripts, on pages of three
# geometries, over text, in two readers; and that those who signed before are
# covered by none of it.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need pdftoppm mutool qpdf python3 jq pdfsig
. "$top_srcdir/tests/cli/home.sh"
need_home
looks=$top_srcdir/tests/interop/looks.py

seal() {
	deed seal --as acme --passphrase file:acme.pass "$@"
}
sign() {
	deed sign --as wang --passphrase file:wang.pass "$@"
}

# ---- the ring ----

# file, kind, width, emblem, name, purpose, number, line
long=示例科技有限公司北京市第一分公司建设工程管理部
{
	printf '%s.pdf\t0\t40\t%s\t%s\t%s\t%s\t%s\n' \
		zh1 1 示例科技有限公司 合同专用章 1101080123456 2026-11-29 \
		zh2 1 公司 财务专用章 '' '' \
		zh3 1 "$long$long$(printf %.48s "$long")" "$long" 11010801 '' \
		zh4 1 臺灣範例股份有限公司 '' 12345678 2026-11-29 \
		la1 0 "Société Générale d'Édition" '' '' 2026-11-29 \
		la2 0 "Notary Office Seven of the City of Beijing and Surroundings" \
		Contracts 'No. 4711' 2026-11-29 \
		la3 0 'Ǻgypǫ Ẫlġqj' 'for contracts' '' '' \
		ar1 0 'شركة المثال للتقنية المحدودة' 'للعقود فقط' 1010123456 '' \
		cy1 0 'ООО «Пример технологии»' 'Для договоров' \
		'ОГРН 1027700132195' 2026-11-29 \
		gr1 0 'Παράδειγμα Τεχνολογίας Α.Ε.' '' '' 2026-11-29 \
		ko1 0 '주식회사 예시기술' 계약용 '' 2026-11-29 \
		ka1 0 'შპს მაგალითი' '' '' ''
} >list
names='zh1 zh2 zh3 zh4 la1 la2 la3 ar1 cy1 gr1 ko1 ka1'
check 'twelve names in six scripts are drawn' \
	"$top_builddir/tests/interop/draw_tool" "$top_builddir" <list
# shellcheck disable=SC2046,SC2086 # lists of words
check 'nothing leaves the ring, or touches it' \
	python3 "$looks" ring $(printf '%s.pdf ' $names)
printf 'no.pdf\t0\t40\t1\t%s\t\t\t\n' "$long$long$long" >list
run "$top_builddir/tests/interop/draw_tool" "$top_builddir" <list
exits 1 'but of more than 64 letters'
err_has 'which is said' 'at most 64 letters'

# ---- over text, on three geometries ----

cp contract.pdf plain.pdf
qpdf --rotate=+90:1-z contract.pdf turned.pdf
qpdf --qdf --object-streams=disable contract.pdf qdf.pdf
python3 - qdf.pdf moved.pdf <<'EOF'
import re
import sys
d = open(sys.argv[1], 'rb').read()
d = re.sub(rb'/MediaBox \[.*?\]',
           b'/MediaBox [ -40 -60 640 900 ] /CropBox [ 30 -25.5 600.25 860 ]', d,
           flags=re.S)
open(sys.argv[2], 'wb').write(d)
EOF
fix-qdf moved.pdf >odd.pdf
for name in $names; do
	mkdir "out.$name"
	run seal --image "$name.pdf" --page 1 --position 60,40 -O "out.$name" \
		plain.pdf turned.pdf odd.pdf
	exits 0 "$name seals three pages"
done
for page in plain turned odd; do
	check "$page: text beneath is as dark as it was" python3 "$looks" \
		dark pdftoppm 1 $page.pdf out.*/$page.sealed.pdf
	check "$page: and in another reader" python3 "$looks" \
		dark mutool 1 $page.pdf out.zh1/$page.sealed.pdf
	check "$page: qpdf finds no fault" qpdf --check out.ar1/$page.sealed.pdf
done
run deed verify --trust house.pem --short out.*/*.sealed.pdf
exits 0 'they verify'
TZ=UTC pdfsig -nocert out.zh1/odd.sealed.pdf >sig.txt 2>&1
has 'pdfsig calls one valid' sig.txt 'Signature is Valid'

# ---- over what others signed ----

mkdir signed
for name in libreoffice pdftex groff ghostscript-2.0 chromium; do
	cp "$data/pdf/$name.pdf" .
done
set -- libreoffice.pdf pdftex.pdf groff.pdf ghostscript-2.0.pdf chromium.pdf \
	plain.pdf turned.pdf odd.pdf
expect 0 'wang signs documents of eight kinds' sign -O signed "$@"
for position in 22,18 60,40 100,120; do
	mkdir "over.$position"
	run seal --page 1 --position $position --purpose 合同专用章 \
		-O "over.$position" signed/*.pdf
	exits 0 "acme seals them at $position"
	isnt "and nothing is to be warned of at $position" 1 "$(grep -c 'lies over' "$T/err")"
done
run seal --image "$data/images/colour.jpg" --page 1 --position 22,18 \
	-o signed/jpeg.pdf signed/plain.signed.pdf
exits 0 'and one with a JPEG'
run deed verify --trust house.pem --short over.*/*.pdf signed/jpeg.pdf
exits 0 'what wang signed stands in all'
check 'the white of a JPEG hides no text' python3 "$looks" dark pdftoppm 1 \
	signed/plain.signed.pdf over.22,18/plain.signed.sealed.pdf

# ---- what a seal shows ----

preview() { # OPTION...
	deed seal --as acme --page 2 --position 100,220 --force \
		--preview look.pdf "$@" contract.pdf
}
expect 0 'a seal is shown' preview --no-date
check 'with a star for a Chinese name' python3 "$looks" red 2 look.pdf 120 240
expect 0 'or none, where that is said' preview --no-date --emblem none
run python3 "$looks" red 2 look.pdf 120 240
exits 1 'then the middle is white'
python3 "$top_srcdir/tests/interop/make_png.py" 40 40 >red.png
expect 0 'or a picture' preview --emblem red.png
expect 5 'which a text is not' preview --emblem terms.txt
expect 5 'a font that is not there is refused' preview --font 'No Such Font'
err_has 'with a hint' 'fc-list'
expect 2 'a picture shows no purpose' preview --image red.png --purpose x
expect 7 'a person has no round seal' deed seal --as wang --page 2 \
	--position 100,220 --preview look.pdf --force contract.pdf
err_has 'but another' '--shape square'
expect 2 'which shows no number' deed seal --as wang --shape square --number 1 \
	--position 100,220 --preview look.pdf --force contract.pdf
expect 0 'wang seals with his name' deed seal --as wang --shape square \
	--passphrase file:wang.pass --position 100,220 -o name.pdf contract.pdf
expect 0 'it verifies' deed verify --trust house.pem --json name.pdf
json 'as a signature' '.documents[0].signatures[0].kind' signature
check 'a corner of the square is red' python3 "$looks" red 2 name.pdf \
	100.4 239.6

# ---- boxes ----

expect 0 'a box over text' sign --visible --page 1 --position 40,60 --json \
	-o box.pdf contract.pdf
json 'is warned of' '.documents[0].warnings[0].id' covers
err_has 'in words' 'lies over text'
check 'and hides nothing' python3 "$looks" dark pdftoppm 1 contract.pdf box.pdf
expect 0 'one where it is free' sign --visible --json \
	--image "$data/images/progressive.jpg" -o free.pdf contract.pdf
json 'is not' '.documents[0].warnings' '[]'
python3 - ruled.pdf <<'EOF'
import sys
content = b'q 0 g 60 500 400 2 re f Q'
parts = [b'<</Type/Catalog/Pages 2 0 R>>',
         b'<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>',
         b'<</Type/Page/Parent 2 0 R/Contents 4 0 R>>',
         b'<</Length %d>>stream\n%s\nendstream' % (len(content), content)]
out, places = b'%PDF-1.7\n', []
for number, part in enumerate(parts, 1):
    places.append(len(out))
    out += b'%d 0 obj%s endobj\n' % (number, part)
at = len(out)
out += b'xref\n0 5\n0000000000 65535 f \n' + b''.join(
    b'%010d 00000 n \n' % place for place in places)
out += b'trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n' % at
open(sys.argv[1], 'wb').write(out)
EOF
expect 0 'a box on a ruled line' sign --visible --position 40,110 --json \
	-o line.pdf ruled.pdf
json 'stands on white' '.documents[0].warnings' '[]'
check 'so that no line runs through it' python3 "$looks" white 1 line.pdf \
	40 110 60 20
expect 0 'a preview of a box' deed sign --as wang --no-input --page 1 \
	--position 40,60 --preview box-look.pdf --json contract.pdf
json 'warns, too' '.warnings[0].id' covers
expect 4 'and carries no signature' deed verify box-look.pdf
TZ=Asia/Shanghai deed sign --as wang --no-input --page 1 --position 40,60 \
	--preview east.pdf contract.pdf 2>/dev/null
isnt 'the time is that of the place' nowhere "$(python3 \
	"$top_srcdir/tests/interop/drawn_at.py" box-look.pdf east.pdf 1)"
expect 2 'a preview is of a PDF' sign --detached --preview x.pdf contract.pdf
expect 5 'a text is no signature by hand' sign --visible --image terms.txt \
	-o no.pdf contract.pdf
expect 5 'nor is a PDF' sign --visible --image la1.pdf -o no.pdf contract.pdf
