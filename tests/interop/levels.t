#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The levels of PAdES, CAdES and ASiC-E, made by deed with test authorities,
# and read by openssl, pdfsig, certtool and a second reader in Python.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl jq unzip
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers
need_home
pki_make
tsa_start

reader=$top_srcdir/tests/interop/read_levels.py
cat house.pem "$pki/chain.pem" >all.pem
trust="--trust house.pem --trust $pki/root.pem --crl $pki/ca.crl
	--crl $pki/root.crl --crl $pki/ca.pem"

wang() {
	deed sign --as wang --passphrase file:wang.pass --tsa "$tsa" \
		--trust "$pki/root.pem" --crl "$pki/ca.crl" \
		--crl "$pki/root.crl" "$@"
}

read_pdf() {
	/usr/bin/python3 "$reader" pdf "$1" all.pem
}

