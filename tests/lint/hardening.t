#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the compiler and linker were asked for is in the programs that they
# made, read from the programs themselves.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need readelf

cd "$top_builddir" || exit 99
sanitized=$(grep -c 'define DEED_SANITIZERS' config.h)
for program in deed deed-draw deed-fetch deed-office deed-parse deed-unpack; do
	[ -f "$program" ] || continue
	readelf -hW "$program" >"$T/head"
	readelf -lW "$program" >"$T/segments"
	readelf -dW "$program" >"$T/dynamic"
	readelf -sW "$program" >"$T/symbols"
	check "$program is position-independent" \
		grep -q 'Type: *DYN' "$T/head"
	check "$program has RELRO" grep -q GNU_RELRO "$T/segments"
	check "$program binds at start" grep -Eq 'BIND_NOW|Flags:.*NOW' \
		"$T/dynamic"
	check "$program has no executable stack" \
		grep -Eq 'GNU_STACK .* RW +0x' "$T/segments"
	check "$program has no segment to write and execute" \
		sh -c '! grep -q "LOAD .* RWE" "$1"' sh "$T/segments"
	if [ "$sanitized" -gt 0 ]; then
		skip "$program: stack protector and FORTIFY" 'sanitizers'
		continue
	fi
	check "$program protects the stack" \
		grep -q __stack_chk_fail "$T/symbols"
	check "$program has fortified calls" \
		grep -Eq '__(memcpy|snprintf|vsnprintf|fprintf|read)_chk' \
		"$T/symbols"
done
