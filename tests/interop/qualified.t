#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed verify --require qualified: a European list, through the command.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3 jq
. "$top_srcdir/tests/cli/home.sh"
need_home
quietly python3 "$test_dir/qualified_list.py" made
import() { # NAME [OPTION]...
	name=$1
	shift
	deed trust import "made/$name.xml" --kind ts119612 -q \
		--signer made/scheme.pem \
		--operator-passphrase file:operator.pass -o "$name.p7s" "$@"
}
for name in list others; do
	quietly import $name --at 2026-11-20
done
deed key show office --pem >office.pem
verify() { # LIST [OPTION]...
	list=$1
	shift
	deed verify --trust-list "$list.p7s" --list-signer office.pem \
		--trust made/cas.pem --no-revocation --content made/content "$@"
}

# ---- every rule, and the seconds of every change ----
tab=$(printf '\t')
told='.documents[0].signatures[0].qualification |
	[.is, .why // "null", (.for | join(" ") | if . == "" then "-" else . end)] |
	join(" ")'
while IFS=$tab read -r what signer at wanted answer why purpose; do
	run verify list --require qualified --at "$at" --json \
		"made/$signer.p7s"
	exits "$wanted" "$what: at $at"
	is "$what: $answer" "$(jq -r "$told" <"$T/out")" \
		"$answer $why $purpose"
done <made/cases.tsv
