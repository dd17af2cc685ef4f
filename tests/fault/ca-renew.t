#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed ca renew, killed at every step: the old CA or the new, the log verifies,
# what was signed before passes, and the same command comes to its end.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_home
. "$top_srcdir/tests/fault/lib.sh"
need jq

operator='--operator-passphrase file:operator.pass'
both="$operator --root-passphrase file:root.pass"
quietly deed sign --as wang --passphrase file:wang.pass -o old.pdf contract.pdf
# The root's list would be renewed by now: nothing of that is looked at here.
entries=$(deed audit log | wc -l)
cp -Rp home fresh
# Between two of these nothing but temporaries changes.
export KILL_CALLS='renameat renameat2 rename unlink'
export KILL_LEAST=8

before() {
	rm -rf home
	cp -Rp fresh home
}

after() {
	# Before anything is recovered: what is there already can be read.
	deed party show wang || return 1
	# shellcheck disable=SC2086
	deed ca crl $operator || return 1
	deed audit verify || return 1
	[ ! -e home/audit/pending ] || return 1
	made=$(($(deed audit log | wc -l) - entries - 1))
	generation=1
	[ ! -e home/ca/issuing-1.cer ] || generation=2
	[ "$made" -eq $((generation - 1)) ] || return 1
	[ "$generation" -eq 1 ] || cmp home/ca/issuing-1.cer \
		fresh/ca/issuing.cer || return 1
	deed ca bundle >house.pem
	[ "$(grep -c 'BEGIN X509 CRL' house.pem)" -eq $((generation + 1)) ] ||
		return 1
	deed verify --trust house.pem old.pdf || return 1
	prove_home li || return 1
	deed sign --as li --passphrase file:li.pass -o new.pdf contract.pdf &&
		deed ca bundle >house.pem &&
		deed verify --trust house.pem new.pdf && rm new.pdf || return 1
	# A key that was left is taken: no more than one was made for each.
	# shellcheck disable=SC2086
	deed ca renew $both || return 1
	[ -e "home/ca/issuing-$generation.cer" ] || return 1
	[ ! -e "home/keystore/office/issuing-$((generation + 2)).key" ] ||
		return 1
	deed verify --trust house.pem old.pdf
}
# shellcheck disable=SC2086
kill_at_every 'ca renew' before after -- deed ca renew $both
