#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every sub-indication that a verdict knows arises in a test, and is explained
# in deed-judging(7).
. "${top_srcdir:-.}/tests/cli/lib.sh"

subs=$(sed -n '/define VERDICT_SUBS/,/^$/p' "$top_srcdir/lib/judge/verdict.h" |
	sed -n 's/.*SUB(\([A-Z_]*\)).*/\1/p')
isnt 'there are sub-indications' "$subs" ''
for sub in $subs; do
	check "$sub arises in a test" grep -rqE \
		"(^|[^A-Z_])(SUB_)?$sub([^A-Z_]|\$)" \
		"$top_srcdir/tests/unit/judge" "$top_srcdir/tests/unit/sign" \
		"$top_srcdir/tests/cli" \
		"$top_srcdir/tests/interop"
	check "$sub is explained" grep -qE \
		"^\.It (.* )?$sub( .*)?\$" \
		"$top_srcdir/man/deed-judging.7"
done
