#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard put, killed at every step: afterwards the log verifies, and a
# deposit that is in the log is in every place or void.
#
#	make check TESTS=tests/fault/shard.t KILL_POINTS=all
#
# does so at every call.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${KILL_POINTS:=5}"
need_home
. "$top_srcdir/tests/fault/lib.sh"

entries=$(deed audit log | wc -l)
cp -Rp home fresh

before() {
	rm -rf home back.pdf
	cp -Rp fresh home
}
# The next command is another deposit.
after() {
	deed shard put terms.txt --party li >"$T/id" || return 1
	deed shard check "$(cat "$T/id")" || return 1
	deed audit verify || return 1
	[ ! -e home/audit/pending ] || return 1
	count=$(deed audit log | wc -l)
	voids=$(deed audit log --event void | wc -l)
	whole=0
	for id in $(deed shard list | awk '{ print $1 }'); do
		[ "$id" != "$(cat "$T/id")" ] || continue
		deed shard check "$id" || return 1
		whole=$((whole + 1))
		# A passphrase takes a while: not each time.
		[ $(($2 % 5)) -eq 1 ] || continue
		deed shard get "$id" --as wang --passphrase file:wang.pass \
			-o back.pdf || return 1
		cmp contract.pdf back.pdf || return 1
		rm back.pdf
	done
	# Nothing else is left, at the places or of the making.
	for p in 1 2 3 4 5; do
		[ "$(find home/archive/places/$p -mindepth 2 -type d | wc -l)" \
			-eq $((whole + 1)) ] || return 1
	done
	[ -z "$(ls -A home/archive/begun)" ] || return 1
	[ -z "$(find home/archive -name '.*')" ] || return 1
	[ "$count" -eq $((entries + 1 + whole + 2 * voids)) ]
}
export KILL_CALLS='write pwrite64 fsync fdatasync syncfs rename renameat renameat2 linkat
	unlink ftruncate'
kill_at_every 'shard put' before after -- deed shard put contract.pdf \
	--party wang
