#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Algorithms, orders of attributes and certificates that are odd, by openssl's
# keys: what holds, what fails, what is not known, and what is said of it.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3

check 'the files are made' python3 "$top_srcdir/tests/interop/algorithms.py" \
	make
# judge GROUP DESCRIPTION
judge() {
	check "$2" python3 "$top_srcdir/tests/interop/algorithms.py" judge \
		"$1" deed
}
judge ed448 'Ed448 with SHAKE256'
judge order 'every order of the signed attributes'
judge mask 'RSA-PSS with every mask'
judge unknown 'what is not known is named'
judge malformed 'malformed certificates, and odd ones'
