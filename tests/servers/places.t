#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is tested over five folders holds over five prefixes of a bucket, and
# over two folders and three prefixes.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/swift.sh"
if [ -z "${DEED_TEST_S3:-}" ]; then
	need_swift
	swift_start
	DEED_TEST_S3=$swift,$swift_key,$swift_secret
fi

# over KIND TEST: its points are points of this one.
over() {
	began=$(date +%s)
	env DEED_TEST_S3="$DEED_TEST_S3" DEED_TEST_PLACES="$1" \
		sh "$top_srcdir/$2" >"$T/points" 2>"$T/err"
	title="$1, ${2##*/}"
	cat "$T/err"
	awk -v n="$points" -v title="$title" '
		sub(/^ok [0-9]+/, "") { print "ok " ++n " - " title $0 }
		sub(/^not ok [0-9]+/, "") { print "not ok " ++n " - " title $0 }
		/^#/ { print }' "$T/points"
	points=$((points + $(grep -c -e '^ok ' -e '^not ok ' "$T/points")))
	failures=$((failures + $(grep -c '^not ok ' "$T/points")))
	is "$title came to its end" "$(tail -n 1 "$T/points")" \
		"1..$(grep -c -e '^ok ' -e '^not ok ' "$T/points")"
	echo "# $title: $(($(date +%s) - began)) s"
}
for kind in ${DEED_TEST_PLACES:-s3 mixed}; do
	over "$kind" tests/cli/shard.t
	over "$kind" tests/interop/deposit.t
done
