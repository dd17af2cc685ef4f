#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A seal or a box beside a text: in PDFs of many producers, in Chinese and in
# Latin, turned, scanned, and where the text is not there.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need qpdf pdfsig pdftotext jq
. "$top_srcdir/tests/cli/home.sh"
[ -x "$top_builddir/deed-look" ] || skip_all 'deed-look is not built'
need_home

seal() {
	deed seal --as acme --passphrase file:acme.pass "$@"
}
# where NAME EXPECTED OPTION... FILE: page and corner, to a millimetre.
where() {
	name=$1
	expected=$2
	shift 2
	run seal --json -n -o dry.pdf "$@"
	seen=$(jq -r '.documents[0].shows | "\(.page) \(.position[0] | round)" +
		" \(.position[1] | round)"' "$T/out" 2>/dev/null)
	if [ "$code" -eq 0 ] && echo "$expected $seen" | awk '
		function far(a, b) { return a - b > 2 || b - a > 2 }
		{ exit $1 != $4 || far($2, $5) || far($3, $6) }'
	then
		pass "$name"
	else
		fail "$name" "expected: $expected" "seen: $seen" "$(cat "$T/err")"
	fi
}

# Chinese, each with a part of its font.
for producer in libharu pdf-lib pdfkit reportlab; do
	file=$data/text/$producer.pdf
	where "$producer: a label" '1 61 197' --at-text 甲方（盖章）： "$file"
	where "$producer: with spaces between" '1 44 218' --at-text 盖章处 "$file"
	where "$producer: an expression" '1 138 197' \
		--at-text '/[乙-甲]方\(签字/' "$file"
done
where 'weasyprint' '1 58 177' --at-text '甲方(盖章):' "$data/text/weasyprint.pdf"
where 'cairo' '2 53 153' --at-text 甲方（印章） --page last contract.pdf
# Not embedded: it depends on what poppler has.
run seal --json -n --at-text 甲方 -o dry.pdf "$data/text/reportlab-cid.pdf"
check 'a font that is not there is found or said to be unread' \
	sh -c '[ "$1" -eq 0 ] || grep -q "no text that can be read" "$2"' sh \
	"$code" "$T/err"

# Latin.
where 'Chromium' '1 86 10' --at-text 'lessor and the lessee' \
	"$data/pdf/chromium.pdf"
where 'LibreOffice' '2 120 0' --at-text agreed "$data/pdf/libreoffice.pdf"
where 'pdfTeX' '2 81 27' --at-text 'Resolved: to sign.' "$data/pdf/pdftex.pdf"
where 'groff' '1 110 35' --at-text 'The office' "$data/pdf/groff.pdf"
where 'Ghostscript' '2 81 28' --at-text 'Annex, page 2' \
	"$data/pdf/ghostscript-1.3.pdf"
where 'qpdf, 300 pages' '300 41 28' --at-text '/^300$/' "$data/pdf/qpdf-300.pdf"
where 'moved by an offset' '1 100 50' --at-text 'The office' \
	--offset=-9.5,14.7 "$data/pdf/groff.pdf"

# Lines that run downwards; and turned once more, so that it is shown upright.
qpdf --rotate=+90 --flatten-rotation "$data/text/pdf-lib.pdf" down.pdf
where 'a line that runs downwards' '1 59 61' --at-text 甲方（盖章）： down.pdf
qpdf --rotate=+270 down.pdf turned.pdf
where 'a page that is turned' '1 61 197' --at-text 甲方（盖章）： turned.pdf
expect 0 'is sealed' seal --at-text 盖章处 -o turned-sealed.pdf turned.pdf

# What is there, more than once, or not.
expect 2 'a text that is there more than once' seal --at-text 甲方 contract.pdf
err_has 'is counted' "has '甲方' 6 times: page 1 at "
err_has 'and a hint says how to choose' '--nth 1'
check 'nothing is written' test ! -e contract.sealed.pdf
where 'the second' '1 63 93' --at-text 甲方 --nth 2 contract.pdf
expect 2 'the seventh' seal --at-text 甲方 --nth 7 contract.pdf
err_has 'is not there' 'no 7th'
expect 2 'a text that is not there' seal --at-text 盖章处 contract.pdf
err_has 'is named' "'contract.pdf' has no '盖章处'"
expect 2 'on one page' seal --at-text 第五条 --page 1 contract.pdf
err_has 'which is named' 'on page 1'
expect 2 'a scan' seal --at-text 盖章处 "$data/pdf/geometry.pdf"
err_has 'is said to be one' 'no text that can be read, as with scans'
qpdf --qdf --object-streams=disable "$data/text/pdf-lib.pdf" plain.pdf
sed 's|/ToUnicode|/ToUnicorn|' plain.pdf >mute.pdf
expect 2 'fonts that do not say their letters' seal --at-text 盖章处 mute.pdf
err_has 'are told' 'fonts that do not say which letters they show'
expect 2 'an expression that is none' seal --at-text '/(/' contract.pdf
err_has 'is said to be none' 'no regular expression'
expect 2 'an expression without end' seal --at-text '/(a*)*(.*)*(.*)*甲乙丙丁/' \
	contract.pdf

# Options that say nothing, or two things.
expect 2 'a place and a text' seal --at-text 甲方 --position 1,1 contract.pdf
expect 2 'a text, and no box' deed sign --as wang --passphrase file:wang.pass \
	--at-text 甲方 contract.pdf
expect 2 'which without a text' seal --nth 2 --position 1,1 contract.pdf
expect 2 'an offset without a text' seal --offset 2,2 --position 1,1 \
	contract.pdf
mkdir -p "$T/user/.config/deed"
printf 'seal:\n  position: 10,10\n' >"$T/user/.config/deed/config.yaml"
where 'the command line goes before a configured place' '2 53 153' \
	--at-text 甲方（印章） contract.pdf
printf 'parties:\n  acme:\n    seal:\n      at-text: 甲方（印章）\n' \
	>"$T/user/.config/deed/config.yaml"
where 'a text may be configured' '2 53 153' contract.pdf
where 'and a place goes before it' '1 20 30' --page 1 --position 20,30 \
	contract.pdf
rm "$T/user/.config/deed/config.yaml"

# Signed for good: one after the other, in a batch, already.
expect 0 'sealed' seal --at-text 甲方（印章） -o one.pdf contract.pdf
expect 0 'once more' seal --at-text 甲方（印章） -o one.pdf contract.pdf
err_has 'is done already' 'sealed already'
expect 0 'a box beside another text' deed sign --as wang \
	--passphrase file:wang.pass --visible --at-text 乙方（签名） \
	--width 40 --json -o two.pdf one.pdf
json 'has no room beside it, so it stands beneath' \
	'.documents[0].shows | [.page, (.position[0] | round)] | tostring' \
	'[2,80]'
expect 0 'both verify' deed verify --trust house.pem --json two.pdf
json 'passed' .indication TOTAL-PASSED
check 'qpdf finds no fault' qpdf --check two.pdf
TZ=UTC pdfsig -nocert two.pdf >sig.txt 2>&1
is 'pdfsig calls both valid' "$(grep -c 'Signature is Valid' sig.txt)" 2
cp "$data/pdf/groff.pdf" other.pdf
expect 2 'a batch of which one lacks the text' seal --json \
	--at-text 甲方（印章） contract.pdf other.pdf
is 'seals the other' "$(jq -c '[.documents[].status]' "$T/out")" \
	'["done","failed"]'
expect 0 'a preview' seal --preview look.pdf --at-text 甲方（印章） contract.pdf
check 'is written' qpdf --check look.pdf
qpdf --encrypt secret secret 256 -- contract.pdf locked.pdf
secret_file open.pass secret
expect 0 'an encrypted one' seal --at-text 甲方（印章） \
	--document-passphrase file:open.pass -o opened.pdf locked.pdf
cat >list.yaml <<'EOF'
documents:
  - file: contract.pdf
    output: listed.pdf
  - file: other.pdf
    output: placed.pdf
    page: 1
    position: 20,200
EOF
expect 0 'a manifest, in which one says where' seal --json \
	--at-text 甲方（印章） --manifest list.yaml
is 'each is where it belongs' "$(jq -c '[.documents[].shows.position[0]]' \
	"$T/out")" '[53.4,20]'
sed -i 's/page: 1/visible: true/; /position/d; s/other/contract/' list.yaml
expect 0 'boxes that the manifest asks for' deed sign --as wang --json \
	--passphrase file:wang.pass -n --force --at-text 乙方（签名） --manifest list.yaml
is 'stand there too' "$(jq -c '[.documents[].shows.page]' "$T/out")" '[null,2]'
