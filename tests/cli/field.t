#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Empty signature fields: made, listed, filled, in their order.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq qpdf
need_part draw
need_home

add() {
	deed field add "$@"
}
sign() {
	deed sign --as wang --passphrase file:wang.pass "$@"
}
seal() {
	deed seal --as acme --passphrase file:acme.pass "$@"
}

# Fields are made without a home.
home=$DEED_HOME
DEED_HOME=$W/none
expect 0 'a field with a place' add --name Buyer --page 1 \
	--position 20,220 --width 70 --height 30 --tooltip 买方签名 \
	--reason 'I agree' --reason 同意 contract.pdf
check 'has the default name' test -f contract.fields.pdf
check 'the input is a prefix' cmp -n "$(wc -c <contract.pdf)" contract.pdf \
	contract.fields.pdf
expect 0 'a second that locks the first' add --name Seller --position \
	110,220 --page 1 --width 70 --height 30 --lock Buyer -o b.pdf \
	contract.fields.pdf
expect 0 'a final one without a place' add --name Notary --final -o c.pdf b.pdf
expect 0 'one before another' add --name Witness --before Seller -o d.pdf c.pdf
check 'qpdf finds no fault' qpdf --check d.pdf
expect 0 'the list' deed field list --json d.pdf
json 'is in order' '[.documents[0].fields[].name] | join(" ")' \
	'Buyer Witness Seller Notary'
json 'the place' '.documents[0].fields[0] |
	[.page, .position[], .width, .height] | map(tostring) | join(" ")' \
	'1 20 220 70 30'
json 'the tooltip' '.documents[0].fields[0].tooltip' 买方签名
json 'the lock' '.documents[0].fields[2].lock' 'only Buyer'
json 'the final lock' '.documents[0].fields[3] | "\(.lock) \(.final)"' \
	'all true'
json 'seed values' '[.documents[0].fields[].seed] | map(tostring) | join(" ")' \
	'true false false false'
json 'nothing is signed' '[.documents[0].fields[].signed] | any' false
expect 0 'the list as text' deed field list d.pdf
out_has 'says so too' '3. Seller: empty, page 1 at 110.0,220.0 mm'
expect 0 'no fields at all' deed field list --json contract.pdf
json 'is an empty list' '.documents[0].fields | length' 0

# Turned and cropped pages.
geometry=$data/pdf/geometry.pdf
pages=$(qpdf --show-npages "$geometry")
page=1
while [ "$page" -le "$pages" ]; do
	run add --name Here --page "$page" --position 12,17 --width 30 \
		--height 10 -o "g$page.pdf" "$geometry"
	exits 0 "a field on page $page of turned ones"
	expect 0 'is listed' deed field list --json "g$page.pdf"
	json "in its place" '.documents[0].fields[0] | [.page, .position[],
		.width, .height] | map(round | tostring) | join(" ")' \
		"$page 12 17 30 10"
	page=$((page + 1))
done

# Every kind of file takes one.
for file in "$data"/pdf/*.pdf; do
	what=${file##*/}
	rm -f one.pdf
	expect 0 "$what takes a field" add --name Test -o one.pdf "$file" \
		--position 1,1 --width 20 --height 10
	run qpdf --check one.pdf
	check "$what: qpdf thinks so too" test "$code" -ne 2
done

# What is refused.
expect 7 'a name that is taken' add --name Buyer -o no.pdf d.pdf
expect 4 'before a field that is not there' add --name X --before Nobody \
	-o no.pdf d.pdf
err_has 'by name' "'d.pdf': there is no field 'Nobody'"
expect 2 'half a place' add --name X --position 10,10 -o no.pdf d.pdf
expect 2 'a place off the page' add --name X --position 1000,10 --width 10 \
	--height 10 -o no.pdf d.pdf
expect 2 'a page that is not there' add --name X --page 99 -o no.pdf d.pdf
expect 2 'a full stop in the name' add --name a.b -o no.pdf d.pdf
expect 7 'an output that exists' add --name X -o b.pdf d.pdf
expect 5 'no PDF' add --name X -o no.pdf terms.txt
expect 0 'a dry run' add -n --name X -o no.pdf d.pdf
check 'leaves nothing' test ! -e no.pdf
DEED_HOME=$home

# The order of signing.
expect 0 'the buyer signs' sign --field Buyer --reason 同意 --visible \
	-o s1.pdf d.pdf
expect 0 'then the witness' sign --field Witness -o s2.pdf s1.pdf
expect 0 'then the seller' seal --field Seller -o s3.pdf s2.pdf
expect 0 'then the notary' sign --field Notary -o s4.pdf s3.pdf
expect 0 'all pass, in this order' deed verify --trust house.pem \
	--require order=Buyer,Witness,Seller,Notary s4.pdf
expect 0 'some of them in order' deed verify --trust house.pem \
	--require order=Buyer,Notary s4.pdf
expect 1 'in another order' deed verify --trust house.pem --json \
	--require order=Buyer,Seller,Witness s4.pdf
json 'it is told' '.documents[0].unmet[0]' 'order=Buyer,Seller,Witness'
expect 1 'one that is not signed' deed verify --trust house.pem \
	--require order=Buyer,Notary s3.pdf
expect 1 'one that is not there' deed verify --trust house.pem \
	--require order=Nobody s4.pdf
expect 2 'no name' deed verify --require order= s4.pdf
expect 2 'an empty name' deed verify --require order=A,,B s4.pdf
expect 2 'a name twice' deed verify --require order=A,B,A s4.pdf
expect 1 'signatures that nobody trusts' deed verify \
	--require order=Buyer,Witness s4.pdf
expect 7 'a field is not added to a signed document' \
	add --name Late -o no.pdf s1.pdf
err_has 'and it is said why' 'signed already'
expect 7 'after the final field nothing is signed' sign -o no.pdf s4.pdf
expect 0 'signed fields are listed' deed field list --json s4.pdf
json 'as signed' '[.documents[0].fields[].signed] | all' true
expect 0 'out of order: the seller first' seal --field Seller -o t1.pdf d.pdf
expect 7 'the buyer is locked out' sign --field Buyer --reason 同意 \
	-o no.pdf t1.pdf
check 'nothing was left by what was refused' test ! -e no.pdf

# Encrypted documents.
qpdf --encrypt '' owner 256 -- contract.pdf e.pdf
expect 0 'an encrypted document takes a field' add --name Buyer \
	--tooltip hidden -o e1.pdf e.pdf
expect 0 'and lists it' deed field list --json e1.pdf
json 'with its words' '.documents[0].fields[0].tooltip' hidden
grep -qa hidden e1.pdf
is 'which are not in the clear' "$?" 1
