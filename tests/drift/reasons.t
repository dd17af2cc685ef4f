#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every reason that a judgement can give is explained in deed-judging(7), and
# nothing else is.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need python3

reasons() {
	python3 "$top_srcdir/tests/drift/reasons.py" "$@"
}
reasons code "$top_srcdir" >"$T/code" || exit 99
reasons page "$top_srcdir/man/deed-judging.7" >"$T/page" || exit 99
for id in page-changed byte-range-gap message-digest chain-untrusted \
	prepared zip-crc; do
	check "$id is found in the code" grep -qx "$id" "$T/code"
done
is 'each is explained' "$(comm -23 "$T/code" "$T/page")" ''
is 'and each that is explained is one' "$(comm -13 "$T/code" "$T/page")" ''

# What to do about a reason is said by lib/report/remedy.c, by its id; about
# an error by cmd/frame/remedy.c, by a word.
is 'no text of a floor below the reports names an option' \
	"$(reasons options "$top_srcdir")" ''
reasons remedies "$top_srcdir" >"$T/words"
sed -n 's/^	{ "\([a-z-]*\)",.*/\1/p' "$top_srcdir/cmd/frame/remedy.c" | sort \
	>"$T/remedies"
check 'there are remedies' test -s "$T/words"
is 'each remedy of an error is known, and none is idle' \
	"$(cat "$T/words")" "$(cat "$T/remedies")"
for id in $(sed -n 's/^	{ "\([a-z-]*\)", put_[a-z_]* },$/\1/p' \
	"$top_srcdir/lib/report/remedy.c"); do
	check "the remedy of $id is one of a reason" grep -qx "$id" "$T/code"
done

# The figures that the page gives are those of the code.
figure() { # WORDS FILE NAME VALUE
	check "$1: the page says so" grep -q "$1" \
		"$top_srcdir/man/deed-judging.7"
	is "$1: and the code" "$(sed -n "s/^#define $3 //p" \
		"$top_srcdir/lib/pdf/$2")" "$4"
}
figure 'more than 128 things' changes.h PDF_CHANGE_BOXES 128
figure 'More than four short lines' marks.h PDF_MARKS_WITHIN 4
figure 'more than 64 lines in all' marks.h PDF_MARKS_PLAIN 64
figure 'more than a quarter of the page' changes_box.c MUCH 0.25
figure 'in the last 1,024' startxref.c TAIL_SIZE 1024

is 'once' "$(grep '^\.It Cm' "$top_srcdir/man/deed-judging.7" |
	tr ' ' '\n' | grep '^[a-z]' | sort | uniq -d)" ''
