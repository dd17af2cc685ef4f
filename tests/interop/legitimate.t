#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Documents that were signed and then changed as anyone may change them, by
# deed and by hand after iText, PDFBox, Acrobat and Word: none of them fails,
# and none is suspected of hiding anything.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3 jq qpdf pdfsig
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers
need_home
pki_make
# shellcheck disable=SC2119 # the present time
tsa_start

here=$top_srcdir/tests/interop
sed -n '/BEGIN CERT/,/END CERT/p' house.pem >house-root.pem

# made PART [ARGUMENT ...]: its list
made() {
	part=$1
	shift
	if ! python3 "$here/legitimate_$part.py" "$data" "$@" \
		>"$part.list" 2>"$T/err"; then
		fail "updates are made: $part" "$(tail -n 5 "$T/err")"
		exit 1
	fi
}

quietly python3 "$here/legitimate_base.py"
for part in sign fill copy file boxes; do
	made $part
done
made ltv "$tsa" --trust house.pem --trust "$pki/root.pem" \
	--untrusted "$pki/ca.pem" --crl "$pki/ca.crl" --crl "$pki/root.crl"
lists='sign.list fill.list copy.list file.list boxes.list ltv.list'
# shellcheck disable=SC2086 # a list of words
check 'every update is taken for what it is' \
	python3 "$here/legitimate_judge.py" $lists -- \
	--trust house.pem --trust alice.crt --trust stamper.crt \
	--trust "$pki/root.pem"
sed 's/^/# /' "$T/check"
