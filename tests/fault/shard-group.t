#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard put of three, killed at every step: afterwards the log verifies and
# has all three or none, what is void is nowhere, and a second run deposits
# them.  The same with calls that fail, of which one deposit alone may.
#
#	make check TESTS=tests/fault/shard-group.t KILL_POINTS=all
#
# does so at every call.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${KILL_POINTS:=4}"
need_home
. "$top_srcdir/tests/fault/lib.sh"

three='contract.pdf terms.txt annex.csv'
cp -Rp home fresh

before() {
	rm -rf home back
	cp -Rp fresh home
}
places_have() {
	for p in 1 2 3 4 5; do
		[ "$(find home/archive/places/$p -mindepth 2 -type d | wc -l)" \
			-eq "$1" ] || return 1
	done
}
after() {
	# The catalogue is nobody's reason to fail; it says so then.
	if grep -q 'the catalogue lacks' "$T/err"; then
		deed shard reindex || return 1
	fi
	# Nor is a place that is away once the log has them.
	if grep -q 'until it is repaired' "$T/err"; then
		deed shard repair --all || return 1
	fi
	# shellcheck disable=SC2086
	deed shard put --party wang $three >"$T/ids" || return 1
	[ "$(sort -u "$T/ids" | wc -l)" -eq 3 ] || return 1
	deed audit verify || return 1
	[ ! -e home/audit/pending ] || return 1
	[ -z "$(ls -A home/archive/begun)" ] || return 1
	[ -z "$(find home/archive home/audit home/identity/box -name '.*')" ] || return 1
	deposits=$(deed audit log --event deposit | wc -l)
	voids=$(deed audit log --event void | wc -l)
	# All three or none, unless one of them failed by itself.
	[ -n "$alone" ] || [ "$deposits" -eq 3 ] || [ "$deposits" -eq 6 ] ||
		return 1
	[ "$(deed shard list | wc -l)" -eq $((deposits - voids)) ] || return 1
	places_have $((deposits - voids)) || return 1
	deed shard check || return 1
	[ $(($2 % 7)) -eq 1 ] || return 0
	rm -f back
	deed shard get "$(head -n 1 "$T/ids")" --as wang \
		--passphrase file:wang.pass -o back && cmp contract.pdf back
}
export KILL_CALLS='write pwrite64 fsync fdatasync syncfs rename renameat2 linkat
	unlink ftruncate mkdir'
alone=
# shellcheck disable=SC2086
kill_at_every 'three' before after -- deed shard put --party wang $three
alone=yes
KILL_CALLS='write fsync syncfs rename renameat2 linkat mkdir openat'
# Each of two errors, at half as many calls.
[ "$KILL_POINTS" = all ] || KILL_POINTS=$(((KILL_POINTS + 1) / 2))
for error in ENOSPC EIO; do
	# shellcheck disable=SC2086
	fail_at_every $error "three with $error" before after -- \
		deed shard put --party wang $three
done
