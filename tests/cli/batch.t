#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Operands as a batch, seen through sign and verify.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq
need_home

sign() {
	run deed sign --as wang --passphrase file:wang.pass "$@"
}

for n in 1 2 3 4 5 6 7 8; do
	cp contract.pdf "$n.pdf"
done
sign --jobs 4 1.pdf 2.pdf 3.pdf 4.pdf 5.pdf 6.pdf 7.pdf 8.pdf
exits 0 'many documents'
is 'one line of success each, in order' \
	"$(sed -n "s/^deed sign: signed '\(.\)\.pdf'.*/\1/p" "$T/err" |
		tr '\n' ' ')" '1 2 3 4 5 6 7 8 '
is 'one output each' "$(ls ./*.signed.pdf | wc -l)" 8
sign -q 9.pdf
exits 10 'one that is not there'
sign -q --force 1.pdf
err_empty '-q says nothing of success'

sum=$(sha256sum 2.signed.pdf)
sign 2.pdf 3.pdf
exits 0 'what is done already is left alone'
err_has 'and said to be' already
is 'byte for byte' "$(sha256sum 2.signed.pdf)" "$sum"

echo changed >>2.signed.pdf
sign 2.pdf 3.pdf
exits 7 'another file of that name is not overwritten'
err_has 'and the remedy is told' '--force'
has 'and it is as it was' 2.signed.pdf changed
cp 3.pdf ten.pdf
sign ten.pdf no.pdf 2.pdf
exits 11 'different failures'
check 'and the good one is done' test -f ten.signed.pdf
sign --json 2.pdf no.pdf 4.pdf
json 'the report has each, in order' \
	'[.documents[].status] | join(" ")' 'failed failed already'
json 'with its error' '[.errors[].id] | join(" ")' 'exists io'

rm -f a.pdf
cp contract.pdf a.pdf
sign -o a.pdf a.pdf
exits 7 'the input is not its own output'
sign --force -o ./a.pdf a.pdf
exits 7 'not even by force'
is 'and is as it was' "$(sha256sum <a.pdf)" "$(sha256sum <contract.pdf)"
sign -o x.pdf a.pdf 1.pdf
exits 2 '-o takes one'
sign -o - a.pdf
exits 0 '- is standard output'
cp "$T/out" piped.pdf
expect 0 'and what comes is signed' deed verify --trust house.pem piped.pdf
deed sign --as wang --passphrase file:wang.pass - <a.pdf >stdin.pdf \
	2>"$T/err"
is 'standard input' $? 0
expect 0 'is signed too' deed verify --trust house.pem stdin.pdf
sign --in-place a.pdf
exits 0 'in place'
expect 0 'the file itself is signed' deed verify --trust house.pem a.pdf
mkdir out
sign -O out 5.pdf 6.pdf
exits 0 'into a folder'
check 'by their names' test -f out/5.signed.pdf -a -f out/6.signed.pdf
sign -n -O out 7.pdf
exits 0 'a dry run'
absent 'writes nothing' out/7.signed.pdf

printf '7.pdf\0008.pdf\000' >names
sign -O out --files-from names -0
exits 0 'names from a file, ended by NUL'
check 'are done' test -f out/7.signed.pdf -a -f out/8.signed.pdf
printf '1.pdf\n2.pdf\n' | deed sign --as wang --passphrase file:wang.pass \
	-q -O out --files-from -
is 'names from standard input' $? 0

expect 4 'nothing signed' deed verify --trust house.pem 1.pdf
cp 1.signed.pdf bad.pdf
printf X | dd of=bad.pdf bs=1 seek=2000 conv=notrunc 2>/dev/null
expect 1 'the worst verdict decides' deed verify --trust house.pem \
	3.signed.pdf 1.pdf bad.pdf
expect 4 'whatever the order' deed verify --trust house.pem \
	1.pdf 3.signed.pdf
expect 10 'what cannot be read is worse than none signed' \
	deed verify --trust house.pem out 1.pdf

is 'nothing half-written is left' \
	"$(find . -name '.*.deed-*' -o -name 'deed-??????')" ''
is 'nor elsewhere' "$(find "$T" -mindepth 1 -maxdepth 1 -name 'deed-*')" ''
