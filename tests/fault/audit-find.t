#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed audit log, killed and failed while it merges the index: what is found is
# the same, then and later, and nothing is left over.
#
#	make check TESTS=tests/fault/audit-find.t KILL_POINTS=all
#
# does so at every call.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${KILL_POINTS:=2}"
: "${KILL_LEAST:=6}"
need_home
. "$top_srcdir/tests/fault/lib.sh"

# Two blocks that are full, one of which is stale, and one that grows.
find_act() {
	deed audit log -q --operator-passphrase file:operator.pass \
		--document wanted
}
printf 'input 1500' >wanted
quietly "$top_builddir/tests/cli/grow_acts" home 700 350
quietly deed audit log --open --operator-passphrase file:operator.pass
quietly "$top_builddir/tests/cli/grow_acts" home 1600 400
cp -Rp home fresh
quietly find_act
find_act >wanted.out
cp -Rp home whole

before() {
	rm -rf home
	cp -Rp fresh home
}
# Each block is the old or the new, as it was made; the next run has them all.
after() {
	[ "$(find home/identity/index -name '*.cms' -size 0)" = '' ] || return 1
	find_act >again.out || return 1
	cmp again.out wanted.out || return 1
	find_act -v 2>again.err >again.out || return 1
	cmp again.out wanted.out || return 1
	[ "$(find home/identity/index -name '*.cms' | wc -l)" -eq 3 ] || return 1
	deed audit verify -q || return 1
}
export KILL_CALLS='write fsync rename renameat renameat2 linkat'
kill_at_every 'merge' before after -- deed audit log -q \
	--operator-passphrase file:operator.pass --document wanted
fail_at_every ENOSPC 'merge' before after -- deed audit log -q \
	--operator-passphrase file:operator.pass --document wanted
