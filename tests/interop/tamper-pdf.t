#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every byte of a signed PDF, changed.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need python3
. "$top_srcdir/tests/cli/home.sh"
need_home

cp "$top_srcdir/tests/fuzz/corpus/pdf/plain" small.pdf
expect 0 'a small contract is signed' \
	deed sign --as wang --passphrase file:wang.pass -o signed.pdf \
	small.pdf
expect 0 'it passes as it is' deed verify --trust house.pem signed.pdf
if python3 "$top_srcdir/tests/interop/tamper_pdf.py" signed.pdf house.pem \
	>seen.txt 2>&1; then
	pass "no changed byte that is signed passes: $(cat seen.txt)"
else
	fail 'no changed byte that is signed passes' "$(tail -n 3 seen.txt)"
fi
