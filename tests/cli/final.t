#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a signature leaves to those who come after it: --final, --certify, the
# field's own /Lock; and what does come after it.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need python3 jq
. "$top_srcdir/tests/cli/home.sh"
need_part draw
need_home

append() {
	python3 "$top_srcdir/tests/cli/append_pdf.py" "$@"
}
sign() {
	deed sign --as wang --passphrase file:wang.pass "$@"
}
seal() {
	deed seal --as acme --passphrase file:acme.pass --position 30,30 \
		--width 30 "$@"
}

# Signature fields Buyer, Seller and Last; and a text field, Note.
note='<</Type/Annot/Subtype/Widget/FT/Tx/T(Note)/F 4/Rect[100 500 300 520]/P 3 0 R'
append "$data/pdf/fields.pdf" base.pdf \
	3 '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Annots[6 0 R 7 0 R 9 0 R 20 0 R]/Contents 4 0 R/Resources<<>>>>' \
	5 '<</Fields[6 0 R 8 0 R 9 0 R 20 0 R]>>' 20 "$note>>"

# What may come, made by somebody else.
filled="$note/V(later)>>"
comment='<</Type/Annot/Subtype/Text/F 4/Rect[10 10 30 30]/Contents(a word)/P 3 0 R>>'
# after NAME STATUS FILE...: of FILE, each update in turn, judged.
after() {
	what=$1 status=$2 of=$3
	shift 3
	append "$of" changed.pdf "$@"
	expect "$status" "$what: exit $status" deed verify \
		--trust house.pem --json changed.pdf
}
# The page's annotations with the comment, as they are after signing.
commented() {
	qpdf --show-object=3 "$1" | sed 's/\/Annots \[/&40 0 R /'
}
need qpdf

expect 0 'an unsigned document is sealed for good' \
	seal --final -o final.pdf base.pdf
expect 0 'which passes' deed verify --trust house.pem --json final.pdf
is 'it certifies that nothing changes' "$(qpdf --json final.pdf |
	jq '[.. | objects | select(."/TransformMethod"? == "/DocMDP")][0]
	."/TransformParams"."/P"')" 1
is 'the catalog knows' "$(qpdf --json final.pdf |
	jq '[.. | objects | select(has("/DocMDP"))] | length')" 1
expect 7 'it is not signed again' sign -o no.pdf final.pdf
err_has 'and it is said why' 'allows no changes'
expect 7 'not in a field of its own' sign --field Buyer -o no.pdf final.pdf
expect 7 'not sealed' seal -o no.pdf final.pdf
expect 0 'sealing it so again is done already' \
	seal --final -o final.pdf base.pdf
expect 7 'but not without --final' seal --certify form -o final.pdf base.pdf
after 'a field filled after it' 1 final.pdf 20 "$filled"
out_has 'by its name' docmdp
after 'a comment after it' 1 final.pdf 40 "$comment" \
	3 "$(commented final.pdf)"
after 'nothing at all after it' 0 final.pdf

expect 0 'a signed document' sign --field Buyer -o one.pdf base.pdf
after 'twin: a field filled after a plain one' 0 one.pdf 20 "$filled"
after 'twin: a comment' 0 one.pdf 40 "$comment" 3 "$(commented one.pdf)"
expect 0 'is sealed for good' seal --final --position 150,30 -o two.pdf one.pdf
expect 0 'which passes too' deed verify --trust house.pem --json two.pdf
is 'by the lock of its field' "$(qpdf --json two.pdf |
	jq '[.. | objects | select(."/Type"? == "/SigFieldLock")][-1]."/P"')" 1
expect 7 'it is not signed again' sign -o no.pdf two.pdf
err_has 'the lock is named' 'locks the document'
after 'a field filled after it' 1 two.pdf 20 "$filled"
out_has 'by its name' docmdp
after 'a comment after it' 1 two.pdf 40 "$comment" 3 "$(commented two.pdf)"
out_has 'by its name' docmdp
json 'the first signature stands' '.documents[0].signatures[0].indication' \
	TOTAL-PASSED
expect 7 'a field of a signed document without a lock cannot be final' \
	sign --final --field Seller -o no.pdf one.pdf
err_has 'and it is said why' 'field of its own'

expect 0 'certified for forms' sign --certify form --field Buyer \
	-o form.pdf base.pdf
after 'a field may be filled' 0 form.pdf 20 "$filled"
after 'a comment may not come' 1 form.pdf 40 "$comment" \
	3 "$(commented form.pdf)"
out_has 'by its name' docmdp
expect 0 'a further signature may' sign -o more.pdf form.pdf
expect 0 'and all pass' deed verify --trust house.pem more.pdf
expect 0 'certified for comments' sign --certify annotate -o note.pdf base.pdf
after 'a comment may come' 0 note.pdf 40 "$comment" \
	3 "$(commented note.pdf)"
after 'another page may not' 1 note.pdf 4 '<<>>'
expect 7 'only the first signature certifies' \
	sign --certify form -o no.pdf one.pdf
err_has 'and it is said why' 'first signature'
expect 2 '--final and --certify exclude each other' \
	sign --final --certify form -o no.pdf base.pdf
expect 2 'a word that is none' sign --certify all -o no.pdf base.pdf
expect 2 'a detached signature certifies nothing' \
	sign --final --detached -o no.p7s base.pdf

# A lock that the author of the form has set, with and without a permission.
for p in 1 2 3; do
	append base.pdf "lock$p.pdf" 9 "<</Type/Annot/Subtype/Widget/FT/Sig
		/T(Last)/F 4/Rect[0 0 0 0]/P 3 0 R/Lock<</Type/SigFieldLock
		/Action/Include/Fields[(Seller)]/P $p>>>>"
	expect 0 "a field with /P $p is signed" \
		sign --field Last -o "last$p.pdf" "lock$p.pdf"
done
after 'after /P 1 no field is filled' 1 last1.pdf 20 "$filled"
expect 7 'nor signed' sign -o no.pdf last1.pdf
after 'after /P 2 one is' 0 last2.pdf 20 "$filled"
after 'but no comment made' 1 last2.pdf 40 "$comment" \
	3 "$(commented last2.pdf)"
out_has 'by the lock' 'field lock'
after 'after /P 3 one is' 0 last3.pdf 40 "$comment" \
	3 "$(commented last3.pdf)"
expect 7 'what the lock names is not signed' \
	sign --field Seller -o no.pdf last3.pdf

# A lock that comes after the signature, or another, is a change.
buyer=$(qpdf --show-object=6 one.pdf)
after 'a lock put in later' 1 one.pdf \
	6 "$(echo "$buyer" | sed 's/^<</<<\/Lock <<\/Action \/All \/P 3>>/')"
after 'a certification put in later' 1 one.pdf \
	1 '<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Perms<</DocMDP 21 0 R>>>>'
check 'nothing was left by what was refused' test ! -e no.pdf -a ! -e no.p7s
