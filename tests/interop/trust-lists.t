#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Trusted lists (ETSI TS 119 612): their XML signature, in the one shape that
# is accepted, and everything that is nearly one.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3

tool=$top_builddir/tests/interop/trust_list_tool
mkdir made
check 'lists are made' python3 "$test_dir/trust_lists.py" made
cd made || exit 99
cat signer.pem signer-ec.pem >signers.pem

# ---- the signature ----
"$tool" "$top_builddir" signature signers.pem ./*.xml >seen
while IFS='	' read -r name id words; do
	line=$(grep "^./$name.xml	" seen)
	case $line in
	"./$name.xml	$id	"*"$words"*) line= ;;
	esac
	is "the signature of '$name': $id" "$line" ''
done <signatures.tsv
