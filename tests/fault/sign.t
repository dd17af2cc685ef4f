#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed sign, killed at every step: afterwards the log verifies, and the signed
# file is there if and only if an entry says so.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_home
. "$top_srcdir/tests/fault/lib.sh"

entries=$(deed audit log | wc -l)
cp -Rp home fresh

before() {
	rm -rf home contract.signed.pdf other.signed.pdf
	cp -Rp fresh home
}
# What the next command finds: it signs something else.
after() {
	deed sign --as wang --passphrase file:wang.pass -o other.signed.pdf \
		contract.pdf || return 1
	rm -f other.signed.pdf
	deed audit verify || return 1
	[ ! -e home/audit/pending ] || return 1
	[ -z "$(deed audit log --event void)" ] || return 1
	case $(deed audit log | wc -l) in
	$((entries + 1))) [ ! -e contract.signed.pdf ] || return 1 ;;
	$((entries + 2)))
		deed verify --trust house.pem contract.signed.pdf || return 1
		;;
	*) return 1 ;;
	esac
}
export KILL_CALLS='write pwrite64 fsync fdatasync renameat renameat2 linkat unlink'
kill_at_every 'sign' before after -- deed sign --as wang \
	--passphrase file:wang.pass contract.pdf

# And what was left the last time is whole.
check 'the log is consistent in the end' deed audit verify
check 'what was signed last is good' deed verify -q --trust house.pem \
	contract.signed.pdf
