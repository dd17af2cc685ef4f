#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Documents that were signed and then changed as anyone may change them, by
# deed, pdfsig, mutool, iText, PDFBox, npm's @signpdf and @libpdf/core, and by
# hand after Acrobat, Word and others: none fails, and none is suspected of
# hiding anything.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3 jq qpdf pdfsig
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_part draw
need_servers
need_home
pki_make
# shellcheck disable=SC2119 # the present time
tsa_start

here=$top_srcdir/tests/interop
modules=$top_builddir/npm/node_modules
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
made tools
# Which of the programs were not there.
sed 's/^/# /' "$T/err"
lists='sign.list fill.list copy.list file.list boxes.list ltv.list tools.list'
if ! command -v node >/dev/null || ! [ -d "$modules" ]; then
	skip 'updates by npm' './bootstrap check installs what makes them'
elif ! node -e "import('$modules/@libpdf/core/dist/index.mjs')" \
	2>/dev/null; then
	skip 'updates by npm' 'this node is too old for @libpdf/core'
else
	made npm "$modules"
	lists="$lists npm.list"
fi
# shellcheck disable=SC2086 # a list of words
check 'every update is taken for what it is' \
	python3 "$here/legitimate_judge.py" $lists -- \
	--trust house.pem --trust alice.crt --trust stamper.crt \
	--trust "$pki/root.pem" --trust rob.crt
sed 's/^/# /' "$T/check"
