#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The pages of the manual are well-formed, and refer to pages that exist.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need mandoc

cd "$top_srcdir/man" || exit 99
for page in *.[1-8]; do
	bad=$(mandoc -T lint -W warning "$page" 2>&1 |
		grep -v 'referenced manual not found')
	is "$page is sound" "$bad" ''
done

bad=$(for page in *.[1-8]; do
	sed -n 's/^\.Xr \(deed[a-z-]*\) \([0-9]\).*/\1.\2/p' "$page" |
		while read -r other; do
			[ -f "$other" ] || echo "$page refers to $other"
		done
done)
is 'every page of deed that is referred to exists' "$bad" ''

bad=$(for page in *.[1-8]; do
	name=${page%.*}
	grep -q "^\.Nm $name\$" "$page" || echo "$page names itself otherwise"
	grep -q "^\.Dd " "$page" || echo "$page has no date"
done)
is 'every page has its own name' "$bad" ''
