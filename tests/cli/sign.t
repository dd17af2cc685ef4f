#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed sign: names, batches, what is refused, and what is left behind.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/parties.sh"
need jq qpdf

contract=$data/contract.pdf
sample=$data/pdf/groff.pdf
encrypted=$W/encrypted.pdf
qpdf --encrypt a b 256 -- "$sample" "$encrypted"

need_home
sign() {
	deed sign --as wang --passphrase file:wang.pass "$@"
}
verify() {
	deed verify --trust house.pem "$@"
}

# Names.
expect 0 'a PDF' sign contract.pdf
out_is 'prints nothing on standard output' </dev/null
err_has 'but a line of success' "signed 'contract.pdf' as wang"
err_has 'with the number of its event' ', event '
check 'the output has its default name' test -f contract.signed.pdf
check 'the input is as it was' cmp contract.pdf "$contract"
check 'and a prefix of the output' \
	cmp -n "$(wc -c <contract.pdf)" contract.pdf contract.signed.pdf
expect 0 'it verifies' verify contract.signed.pdf
expect 0 'a signed one' sign contract.signed.pdf
check 'gets a number' test -f contract.signed.2.pdf
expect 0 'and the next' sign contract.signed.2.pdf
check 'the next' test -f contract.signed.3.pdf
is 'no temporary is left' "$(find . -name '.*deed-*')" ''

# Done already.
expect 0 'the same again' sign contract.pdf
err_has 'is done already' 'signed already'
expect 7 'another reason is not the same' sign --reason other contract.pdf
err_has 'so the output exists' "'contract.signed.pdf' exists"
err_has 'which a hint remedies' '--force'
expect 7 'nor another field' sign --field Other contract.pdf
cp contract.signed.2.pdf more.signed.pdf
cp contract.pdf more.pdf
expect 7 'nor two signatures' sign more.pdf
cp contract.signed.pdf broken.signed.pdf
cp contract.pdf broken.pdf
printf 'X' | dd of=broken.signed.pdf bs=1 conv=notrunc \
	seek=$(($(wc -c <contract.pdf) + 200)) 2>/dev/null
expect 7 'nor a broken one' sign broken.pdf
expect 0 '--force overwrites' sign --force --reason other contract.pdf
check 'with what was asked' grep -q '/Reason(other)' contract.signed.pdf

# Where to.
expect 0 '-o' sign -o named.pdf contract.pdf
check 'writes there' test -f named.pdf
mkdir dir
expect 0 '-O' sign -O dir contract.pdf "$sample"
check 'writes there, under default names' \
	test -f dir/contract.signed.pdf -a -f dir/groff.signed.pdf
expect 2 '-o takes one' sign -o x.pdf contract.pdf "$sample"
cp contract.pdf place.pdf
chmod 640 place.pdf
expect 0 '--in-place' sign --in-place place.pdf
check 'signs it there' verify place.pdf
is 'with the mode that it had' "$(stat -c %a place.pdf)" 640
ln contract.pdf same.pdf
expect 7 'the input by another name is no output' \
	sign --force -o same.pdf contract.pdf
check 'and stays' cmp contract.pdf "$contract"
ln -s place.pdf link.pdf
expect 0 'in place through a link' sign --in-place --again link.pdf
check 'the link stays' test -L link.pdf
expect 0 'and what it points to is signed twice' verify --json place.pdf
json 'twice' '.documents[0].signatures | length' 2
sign - <contract.pdf >piped.pdf 2>"$T/err"
is 'standard input to standard output' $? 0
check 'which verifies' verify piped.pdf
sign -o - contract.pdf 2>/dev/null | cat >piped2.pdf
check 'also from a file' verify piped2.pdf
expect 10 'a folder that is not there' sign -o no/where.pdf contract.pdf

# A batch.
for i in 1 2 3 4 5; do cp "$sample" "b$i.pdf"; done
printf '%%PDF-1.4\nbroken\n' >b3.pdf
expect 5 'a batch with a bad one' sign --json b1.pdf b2.pdf b3.pdf b4.pdf \
	b5.pdf
json 'says it all' .schema deed.sign/1
json 'in order' '[.documents[].file] | join(" ")' \
	'b1.pdf b2.pdf b3.pdf b4.pdf b5.pdf'
json 'what was done' '[.documents[].status] | join(" ")' \
	'done done failed done done'
json 'events follow each other' \
	'[.documents[].event | numbers] | [.[1]-.[0], .[2]-.[1], .[3]-.[2]] |
	 unique[]' 1
json 'the error is inside too' '.errors | length' 1
absent 'the bad one has no output' b3.signed.pdf
json 'the digest is that of the file' '.documents[0].sha256' \
	"sha256:$(sha256sum b1.signed.pdf | cut -d' ' -f1)"
expect 11 'reasons that differ' sign b3.pdf missing.pdf
printf 'c1.pdf\0c2.pdf\0' >names
cp "$sample" c1.pdf
cp "$sample" c2.pdf
expect 0 '--files-from' sign --files-from names -0 --jobs 2
check 'signs all' test -f c1.signed.pdf -a -f c2.signed.pdf
expect 5 '--fail-fast' sign --fail-fast --force b3.pdf c1.pdf

# What is refused, with nothing left.
mkdir empty
expect 6 'an encrypted file without its password' sign -O empty "$encrypted"
err_has 'says why' encrypted
expect 5 'a broken PDF' sign -O empty b3.pdf
err_has 'by name' "'b3.pdf'"
expect 10 'no file' sign -O empty missing.pdf
expect 10 'a folder' sign -O empty dir
expect 4 'no such party' deed sign --as nobody contract.pdf
expect 2 'no party' deed sign contract.pdf
expect 2 'no file' sign
expect 6 'a wrong passphrase' deed sign --as wang \
	--passphrase file:operator.pass -O empty contract.pdf
expect 6 'no passphrase' deed sign --as wang --no-input -O empty contract.pdf \
	</dev/null
cp contract.signed.pdf failed.pdf
sed -i '1s/%PDF-1\.5/%PDF-1.4/' failed.pdf
expect 7 'a document with a failed signature' sign -O empty failed.pdf
err_has 'says so' 'failed signature'
expect 7 'a field that is signed' sign --field Signature1 -O empty \
	contract.signed.pdf
if deed_has draw; then
	expect 2 'a page that is not there' sign --visible --page 3 -O empty \
		contract.pdf
	expect 2 'a place off the page' sign --visible --position 200,20 -O empty \
		contract.pdf
else
	skip 'places off the page' 'deed was built --without-draw'
fi
expect 2 'a page of no number' sign --visible --page first -O empty \
	contract.pdf
expect 2 '--detached with a field' sign --detached --field x contract.pdf
enroll_person late
expect 7 'a party whose name is not verified' deed sign --as late \
	--passphrase file:late.pass -O empty contract.pdf
err_has 'with the remedy' verify-id
is 'nothing is left' "$(ls -A empty)" ''
expect 0 'the log is sound' deed audit verify

# A dry run.
before=$(deed audit log | wc -l)
expect 0 '-n' sign -n -O empty contract.pdf
is 'writes nothing' "$(ls -A empty)" ''
expect 7 'and fails as the run would' sign -n -O empty failed.pdf
is 'and logs nothing' "$(deed audit log | wc -l)" "$before"

# Any file.
expect 0 '--detached' sign --detached minutes.odt
check 'has its name' test -f minutes.odt.p7s
expect 0 'it verifies' verify --content minutes.odt minutes.odt.p7s
expect 0 'again' sign --detached minutes.odt
err_has 'is done already' 'signed already'
echo more >>minutes.odt
expect 7 'of another content it is not' sign --detached minutes.odt
: >nothing
expect 0 'an empty file' sign --detached nothing
expect 0 'verifies too' verify --content nothing nothing.p7s

# A box.
if deed_has draw; then
	expect 0 '--visible' sign --visible --page 1 --position 150,40 --width 40 \
		--reason 'I agree' --location Beijing -o box.pdf contract.pdf
	check 'is a sound PDF' qpdf --check box.pdf
	expect 0 'the same again' sign --visible --page 1 --position 150,40 \
		--width 40 --reason 'I agree' --location Beijing -o box.pdf contract.pdf
	err_has 'is done already' 'signed already'
	expect 7 'elsewhere it is not' sign --visible --page 1 --position 15,40 \
		--width 40 --reason 'I agree' --location Beijing -o box.pdf contract.pdf
else
	skip 'a box' 'deed was built --without-draw'
fi

# Standard output that cannot be written.
if [ -w /dev/full ]; then
	sign -o - contract.pdf >/dev/full 2>"$T/err"
	is 'a full disk behind standard output' $? 10
else
	skip 'a full disk' 'there is no /dev/full'
fi
(sign -o - contract.pdf >&-) 2>"$T/err"
is 'a closed standard output is not another file' "$(ls -A empty)" ''
expect 0 'the log is sound after all that' deed audit verify

# Boxes that nobody placed stand where the page is free.
if ! deed_has draw; then
	skip 'boxes that nobody placed' 'deed was built --without-draw'
	exit
fi
expect 0 'a box' deed sign --as wang --passphrase file:wang.pass --visible \
	-o stands.pdf contract.pdf
expect 0 'another' deed sign --as li --passphrase file:li.pass --visible \
	-o boxes.pdf stands.pdf
expect 0 'neither covers what was signed' deed verify --trust house.pem \
	--json boxes.pdf
json 'and where it stands is told' '.documents[0].signatures[0].boxes |
	length' 1
expect 0 'the same again is done already' deed sign --as li \
	--passphrase file:li.pass --visible -o boxes.pdf stands.pdf
err_has 'and said so' 'signed already'
expect 0 'a box over another' deed sign --as li --passphrase file:li.pass \
	--visible --position 25,25 -o over.pdf boxes.pdf
err_has 'is warned of' 'lies over text'
expect 0 'and hides nothing of it' deed verify --trust house.pem over.pdf
