#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed timestamp is killed at every write, sync and rename, or the disk is
# full: there is a whole time-stamp afterwards or none, and the next run makes
# it.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/lib.sh"
. "${top_srcdir:-.}/tests/fault/lib.sh"
need_servers
pki_make
tsa_start
cp "$data/contract.pdf" contract.pdf
echo terms >terms.txt
KILL_CALLS='write fsync rename renameat renameat2 linkat ftruncate'
KILL_LEAST=3

before() {
	rm -f ./*.tst ./*.stamped.pdf ./.*.deed-*
}
token_whole() {
	[ ! -e terms.txt.tst ] || openssl ts -verify -data terms.txt \
		-in terms.txt.tst -token_in -CAfile "$pki/root.pem" \
		-untrusted "$pki/ca.pem" >/dev/null 2>&1 || return 1
	deed timestamp -q --detached --tsa "$tsa" terms.txt
}
kill_at_every 'a token' before token_whole -- deed timestamp -q --detached \
	--tsa "$tsa" terms.txt
pdf_whole() {
	[ ! -e contract.stamped.pdf ] || deed verify -q --no-revocation \
		--trust "$pki/root.pem" contract.stamped.pdf >/dev/null ||
		return 1
	deed timestamp -q --tsa "$tsa" contract.pdf
}
kill_at_every 'a PDF' before pdf_whole -- deed timestamp -q --tsa "$tsa" \
	contract.pdf
fail_at_every ENOSPC 'a full disk' before pdf_whole -- deed timestamp -q \
	--tsa "$tsa" contract.pdf
