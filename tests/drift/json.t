#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# With --json every command prints exactly one object, of its own schema, with
# errors inside, also when it fails; and -q, -h and a missing home behave.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need jq

deed help --json >table || exit 99
jq -r '.commands[] | [.name, ([.options[].name] | index("json") != null)] |
	@tsv' table >commands
tab=$(printf '\t')

check 'there are commands' test -s commands
while IFS=$tab read -r name json; do
	# shellcheck disable=SC2086 # the words of a command
	run deed $name -h
	exits 0 "deed $name -h"
	out_has 'is a usage' "usage: deed $name"
	[ "$json" = true ] || continue
	case $name in
	config* | help | version) args= ;;
	*) args=--no-such-option ;;
	esac
	# shellcheck disable=SC2086
	run deed $name $args --json </dev/null
	if jq -s -e --arg schema "deed.$(echo "$name" | tr ' ' .)/1" '
		length == 1 and .[0].schema == $schema and
		(.[0].errors | type) == "array"' <"$T/out" >"$T/check" 2>&1
	then
		pass "deed $name --json is one object"
	else
		fail "deed $name --json is one object" "$(seen)"
	fi
	[ -n "$args" ] || continue
	exits 2 'a usage error'
	is 'is inside' "$(jq -r '.errors[0].id' <"$T/out")" usage
done <commands
