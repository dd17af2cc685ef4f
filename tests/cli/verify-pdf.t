#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed verify over PDF documents that were changed after signing.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need python3 jq
. "$top_srcdir/tests/cli/home.sh"
need_home

cp "$top_srcdir/tests/fuzz/corpus/pdf/plain" small.pdf
expect 0 'a document is signed' \
	deed sign --as wang --passphrase file:wang.pass -o one.pdf small.pdf
expect 0 'and again' \
	deed sign --as li --passphrase file:li.pass -o two.pdf one.pdf

# after WHAT STATUS LEVEL [ARG...]: an update of the signed document.
after() {
	what=$1 status=$2 level=$3
	shift 3
	check "$what: is made" python3 \
		"$top_srcdir/tests/cli/append_pdf.py" one.pdf changed.pdf "$@"
	expect "$status" "$what: exit $status" \
		deed verify --trust house.pem --json changed.pdf
	json "$what: counts as $level" \
		'.documents[0].signatures[0].changes_after' "$level"
}

expect 0 'two signatures pass' deed verify --trust house.pem --json two.pdf
json 'the first was followed by a signature' \
	'.documents[0].signatures[0].changes_after' form-fill
json 'it covers its revision' \
	'.documents[0].signatures[0].coverage' whole-revision
json 'the second covers the file' \
	'.documents[0].signatures[1].coverage' whole-file
json 'there are three revisions' '.documents[0].revisions' 3
expect 0 'what was signed first is written out' \
	deed verify --revision 2 -o first.pdf two.pdf
check 'it is the document as it was' cmp first.pdf one.pdf
expect 0 'what was there before, too' \
	deed verify --revision 1 -o before.pdf two.pdf
check 'it is the unsigned one' cmp before.pdf small.pdf

after 'an update without content' 0 archival
after 'document information' 0 archival --trailer '/Info 40 0 R' \
	40 '<</Producer(other)>>'
after 'other page content' 1 other 4 '<<>>'
out_has 'what changed is named' 'content of page 1 is changed'
cp changed.pdf "it's changed.pdf"
run deed verify --trust house.pem "it's changed.pdf"
out_has 'the command for what was signed is told' \
	"as signed    deed verify --revision 2 -o revision-2.pdf 'it'\\''s ch"
eval "$(sed -n 's/^ *as signed *//p' "$T/out")" 2>"$T/err"
check 'it works as it stands' cmp revision-2.pdf one.pdf
run deed verify --trust house.pem two.pdf
out_lacks 'where nothing was done there is none' 'as signed'
after 'page content gone' 1 other 4 free
after 'another font' 1 other 8 '<</Type/Font/Subtype/Type1/BaseFont/Other>>'
after 'another page' 1 other 2 \
	'<</Type/Pages/Kids[3 0 R 40 0 R]/Count 2/MediaBox[0 0 200 200]>>' \
	40 '<</Type/Page/Parent 2 0 R>>'
after 'the form gone' 1 other 1 '<</Type/Catalog/Pages 2 0 R>>'
after 'a private key of the trailer' 1 other --trailer '/Private 40 0 R' \
	40 '(x)'

# An annotation over what was signed is a doubt, unless the policy leaves it to
# somebody who looks; it does not leave more.
annots=$(LC_ALL=C grep -ao '/Annots [0-9]*' one.pdf | tail -n 1)
annots=${annots#/Annots }
were=$(LC_ALL=C grep -a -A 1 "^$annots 0 obj" one.pdf | tail -n 1)
after 'an annotation over the page' 3 annotation \
	"$annots" "${were%]*} 40 0 R]" \
	40 '<</Type/Annot/Subtype/FreeText/Rect[0 0 190 190]/Contents(99)
/DA(/F 12 Tf)/AP<</N 41 0 R>>>>' 41 '<</Type/XObject/Subtype/Form
/BBox[0 0 190 190]/Length 18>>stream
0 0 190 190 re f  
endstream'
json 'it is told as a doubt' '.documents[0].signatures[0].reasons |
	map(.id) | index("annotation-covers") != null' true
printf 'name: looked\ncovered: note\n' >looked.yaml
expect 0 'which a policy accepts' deed verify --trust house.pem \
	--policy looked.yaml --json changed.pdf
json 'it is told all the same' '.documents[0].signatures[0].reasons |
	map(.id) | index("annotation-covers") != null' true
after 'other content' 1 other 4 '<<>>'
expect 1 'which the policy does not' deed verify --trust house.pem \
	--policy looked.yaml changed.pdf

# Bytes behind the end, that no cross-reference data explains.
{
	cat one.pdf
	printf '4 0 obj\n<<>>\nendobj\n'
} >changed.pdf
expect 1 'unexplained bytes behind the end' \
	deed verify --trust house.pem --json changed.pdf
json 'they are no part of what was signed' \
	'.documents[0].signatures[0].coverage' whole-revision
{
	cat one.pdf
	printf '\n\n'
} >changed.pdf
expect 0 'white space behind the end' \
	deed verify --trust house.pem changed.pdf

head -c 300 one.pdf >cut.pdf
expect 5 'a document cut short' deed verify --trust house.pem cut.pdf
expect 4 'an unsigned document' deed verify --trust house.pem small.pdf
