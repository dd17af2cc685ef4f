#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed sign: documents that are put together in unusual ways.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq qpdf python3
need_part draw
need_home

sign() {
	deed sign --as wang --passphrase file:wang.pass "$@"
}
events() {
	deed audit log --json | jq '.entries | length'
}
# The documents of a kind.
made() {
	mkdir "$1" && python3 "$top_srcdir/tests/cli/odd_pdf.py" make "$1" "$1"
}
# What became of those, in words; none if all is well.
faults() {
	python3 "$top_srcdir/tests/cli/odd_pdf.py" check "$1" "$1"/*.signed.pdf
	for file in "$1"/*.signed.pdf; do
		qpdf --check "$file" >"$T/check" 2>&1 || sed 's/^/qpdf: /' "$T/check"
	done
	deed verify --trust house.pem "$1"/*.signed.pdf |
		grep '^[^ ].*: TOTAL-FAILED'
}

# An array of annotations that several pages share.
check 'documents are made' made shared
expect 0 'a box goes onto one page' sign --visible shared/*.pdf
is 'of many, and the others stay as they are' "$(faults shared)" ''

# A field that turns what it shows.
check 'fields are made' made turned
expect 0 'they are filled' sign --visible --field Here turned/*.pdf
is 'what they show is turned as they say' "$(faults turned)" ''

# An encryption dictionary with two uses.
check 'encrypted documents are made' made locked
before=$(events)
for file in locked/*.pdf; do
	expect 5 "$file is refused" sign --visible --page 1 "$file"
done
expect 5 'one that shows nothing too' sign locked/locked-256-kid.pdf
err_has 'naming what is amiss' 'encryption dictionary'
is 'nothing is logged' "$(events)" "$before"
is 'nothing is left' "$(find locked -name '*signed*' -o -name '.*deed*')" ''

# A form that each reader draws in its own way.
check 'forms are made' made needing
before=$(events)
mkdir bare && mv needing/bare-* bare
for file in bare/*.pdf; do
	expect 7 "$file is refused" sign "$file"
done
expect 7 'the field' sign --visible bare/bare-second-own.pdf
err_has 'is named' "the field 'f1' has no appearance"
is 'nothing is logged' "$(events)" "$before"
expect 0 'others are signed' sign --visible needing/*.pdf
is 'without the flag' "$(faults needing)" ''

# Tagged documents: the box has its element, so that it is read aloud.
check 'tagged documents are made' made tagged
expect 0 'they are signed' sign --visible tagged/*.pdf
is 'and stay tagged, with one element more' "$(faults tagged)" ''
mkdir again && cp tagged/tagged-*.signed.pdf again
expect 0 'a second box' sign --visible --position 20,120 again/*.pdf
is 'changes nothing for the first' "$(deed verify --trust house.pem \
	again/*.signed.2.pdf | grep '^again.*: TOTAL-FAILED')" ''
mkdir unseen && cp tagged/tagged-kids-array-0.pdf unseen
expect 0 'what shows nothing' sign unseen/*.pdf
is 'has its element too' \
	"$(python3 "$top_srcdir/tests/cli/odd_pdf.py" check tagged \
		unseen/*.signed.pdf)" ''
expect 0 'an empty field' deed field add --name Buyer --tooltip 'Buyer signs' \
	--position 20,200 --width 50 --height 20 -o field.pdf \
	tagged/tagged-own-array-0.pdf
check 'has one that says what it is for' grep -q 'Alt (Buyer signs)' field.pdf
