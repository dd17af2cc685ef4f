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
is 'once' "$(grep '^\.It Cm' "$top_srcdir/man/deed-judging.7" |
	tr ' ' '\n' | grep '^[a-z]' | sort | uniq -d)" ''
