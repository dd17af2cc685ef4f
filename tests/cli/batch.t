#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Operands as a batch, seen through sign and verify.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq
need_home

sign() {
	run deed sign --as wang --passphrase "file:$W/wang.pass" "$@"
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

run sh -c "deed sign --as wang --passphrase file:$W/wang.pass - - <1.pdf"
exits 2 'standard input twice'
err_has 'is refused' "standard input ('-') is given twice"
is 'and nothing is written' "$(wc -c <"$T/out")" 0
run sh -c 'deed verify - 1.signed.pdf - <1.signed.pdf'
exits 2 'nor is it judged twice'

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
# It has no name that an output could have, and is read by a batch alone.
mkdir named
no_input() {
	name=$1 words=$2
	shift 2
	run deed "$@" <a.pdf
	exits 2 "$name"
	err_has 'as is said' "$words"
}
no_input 'a folder of outputs' 'has no name: -O needs a file' \
	sign --as wang --passphrase "file:$W/wang.pass" -O named -
is 'has none of it' "$(ls named)" ''
no_input 'a place' 'not standard input' sign --prepare -
no_input 'a prepared document' 'not standard input' sign --complete - terms.txt
no_input 'a signature from elsewhere' 'not standard input' \
	sign --complete a.pdf -
no_input 'a preview' 'not standard input' sign --as wang --preview look.pdf -
no_input 'a chain' 'not standard input' trust path -
no_input 'a revision' 'not standard input' verify --revision 1 -o one.pdf -
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

# A quiet night: nothing to do is done.
: >none
for command in sign 'seal --position 20,20' 'shard put' \
	'timestamp --tsa http://127.0.0.1:9/' \
	'extend --level t --tsa http://127.0.0.1:9/'; do
	case $command in
	seal*) deed_has draw || continue ;;
	esac
	who=
	case $command in
	sign) who='--as wang --passphrase file:wang.pass' ;;
	seal*) who='--as acme --passphrase file:acme.pass' ;;
	shard*) who='--party wang' ;;
	esac
	# shellcheck disable=SC2086 # words
	expect 0 "$command: an empty list" deed $command $who --files-from none
	err_has 'says so' ': 0 files'
done
echo 'documents: []' >none.yaml
sign --manifest none.yaml
exits 0 'an empty manifest'
err_has 'says so' 'deed sign: 0 files'
sign --files-from none --bundle none.asice
exits 0 'an empty list for a container'
absent 'makes none' none.asice
expect 4 'nothing is verified of nothing' deed verify --files-from none

# The last line counts.
last_line() {
	tail -n 1 "$T/err"
}
mkdir night && cd night || exit 1
cp ../contract.pdf a.pdf
cp ../contract.pdf b.pdf
cp ../contract.pdf c.pdf
: >empty.pdf
sign -n a.pdf b.pdf
exits 0 'a dry run'
err_has 'says would' "'a.pdf' would be signed as wang: 'a.signed.pdf'"
is 'and counts so' "$(last_line)" 'deed sign: 2 would be signed'
sign a.pdf
is 'one document needs no count' "$(last_line | cut -c1-28)" \
	"deed sign: signed 'a.pdf' as"
sign a.pdf b.pdf empty.pdf c.pdf
exits 5 'one of them is none'
is 'the count is last' "$(last_line)" "deed sign: 2 signed, 1 signed already, \
1 failed: empty.pdf: 'empty.pdf' is no PDF: it is empty"
sign -q a.pdf none.pdf empty.pdf
is 'with -q too where something failed' "$(last_line | sed 's/: none.*; /; /')" \
	'deed sign: 0 signed, 1 signed already, 2 failed; and 1 more'
sign -q a.pdf b.pdf
err_empty 'and nothing else'
cp a.pdf d.pdf
sign --jobs 1 --fail-fast empty.pdf d.pdf
is 'what was not begun is counted' "$(last_line | cut -d: -f2 | cut -c1-33)" \
	' 0 signed, 1 not begun, 1 failed'
rm empty.pdf d.pdf

# Again over the folder with what it has made, in every format.
printf 'text\n' >t.txt
cp t.txt u.txt
sign t.txt
rm t.txt
sign --detached u.txt
rm u.txt
cp ../contract.pdf u.txt
sign --detached u.txt
exits 7 'a signature of another file is not ours to replace'
rm u.txt u.txt.p7s
files=$(ls)
events=$(deed audit log --event sign | wc -l)
sign ./*
exits 0 'a folder with its products'
is 'nothing is signed twice' "$(ls)" "$files"
is 'nor logged' "$(deed audit log --event sign | wc -l)" "$events"
err_has 'and told' \
	"'./a.signed.pdf' is signed as wang already; --again does it once more"
is 'and counted' "$(last_line)" 'deed sign: 0 signed, 7 signed already'
sign --json -O . ./*.pdf
json 'into its own folder' '[.documents[].status] | unique | join(",")' already
json 'the product stands for itself' '.documents[1].output' ./a.signed.pdf
sign --again a.pdf a.signed.pdf
exits 0 'once more, if it is asked for'
check 'beside it' test -f a.signed.2.pdf
sign ./*.pdf
exits 0 'and that is a product too'
absent 'of which nothing comes' a.signed.3.pdf
run deed sign --as li --passphrase file:../li.pass a.signed.pdf
exits 7 'another party has not signed it'
sign --reason other b.signed.pdf b.pdf
exits 7 'nor this one for another reason'
check 'which makes a product' test -f b.signed.2.pdf
sign c.signed.pdf
exits 0 'what is named alone is meant'
check 'and gets a number' test -f c.signed.2.pdf
mkdir away
sign -O away a.signed.pdf
exits 0 'another folder is another matter'
check 'and gets its own' test -f away/a.signed.2.pdf
cp ../contract.pdf g.pdf
sign --detached g.pdf
sign --detached g.pdf g.pdf.p7s
exits 0 'a detached signature is not signed'
absent 'in its turn' g.pdf.p7s.p7s
cd ..

# In place, twice.
cp contract.pdf place.pdf
sign --in-place place.pdf
exits 0 'in place'
sum=$(sha256sum <place.pdf)
sign --in-place place.pdf
exits 0 'and again'
err_has 'is done already' \
	"'place.pdf' is signed as wang already; --again does it once more"
is 'and left alone' "$(sha256sum <place.pdf)" "$sum"
sign --in-place --reason other place.pdf
exits 0 'another reason'
run deed sign --as li --passphrase file:li.pass --in-place place.pdf
exits 0 'another party'
sign --in-place place.pdf
exits 0 'behind another it is no repetition'
sign --in-place place.pdf
err_has 'but behind itself' 'already'
shown=0
if deed_has draw; then
	shown=1
	sign --in-place --visible place.pdf
	exits 0 'shown it is another'
	sign --in-place --visible place.pdf
	err_has 'but not twice' 'already'
else
	skip 'shown it is another' 'deed was built --without-draw'
fi
sign --in-place --again place.pdf
exits 0 'once more'
run deed verify --json --trust house.pem place.pdf
json 'six in all' '.documents[0].signatures | length' $((5 + shown))
out_has 'all good' TOTAL-PASSED

# What is replaced stays whose it is.
chmod 4606 place.pdf
umask 077
# Root's files keep what a write takes away from those of others.
weak=
[ "$(id -u)" -ne 0 ] || weak='setpriv --bounding-set -fsetid'
run $weak deed sign --as wang --passphrase "file:$W/wang.pass" \
	--in-place --again place.pdf
exits 0 'with a mode of its own'
is 'it keeps it' "$(stat -c %a place.pdf)" 4606
umask 022
if [ "$(id -u)" = 0 ]; then
	chown 4711:4712 place.pdf
	sign --in-place --again place.pdf
	is 'and owner and group' "$(stat -c %u:%g:%a place.pdf)" 4711:4712:606
	cp 7.pdf owned.pdf
	: >owned.signed.pdf
	chown 4711:4712 owned.signed.pdf
	sign --force owned.pdf
	is 'as does what --force replaces' \
		"$(stat -c %u:%g owned.signed.pdf)" 4711:4712
else
	skip 'and owner and group' 'only root gives files away'
fi
