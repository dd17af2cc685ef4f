#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard put --min-places: places that fail at any step, or are away, while
# a group is deposited or when a run that was killed is finished.  What is in
# the log is at enough places or void, and repair makes it whole.
#
#	make check TESTS=tests/fault/shard-min.t KILL_POINTS=100000
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${KILL_POINTS:=1}"
: "${KILL_LEAST:=4}"
need_home
. "$top_srcdir/tests/fault/lib.sh"

three='contract.pdf terms.txt annex.csv'
places=home/archive/places
cp -Rp home fresh
put() {
	# shellcheck disable=SC2086
	deed shard put --party wang --min-places 4 $three >"$T/ids"
}
places_have() {
	for p in 1 2 3 4 5; do
		[ "$(find $places/$p -mindepth 2 -type d | wc -l)" -eq "$1" ] ||
			return 1
	done
}
before() {
	rm -rf home away
	cp -Rp fresh home
}
before_away() {
	before
	mv $places/3 away
}
# Three more, and then all that the log has is whole, and nothing else is left.
after() {
	if grep -q 'the catalogue lacks' "$T/err"; then
		deed shard reindex || return 1
	fi
	put || return 1
	[ "$(sort -u "$T/ids" | wc -l)" -eq 3 ] || return 1
	[ "$(deed shard list --state healthy | wc -l)" -ge 3 ] || return 1
	settled
}
settled() {
	deed audit verify || return 1
	[ ! -e home/audit/pending ] || return 1
	deed shard repair --all || return 1
	deed shard check || return 1
	[ -z "$(ls -A home/archive/begun)" ] || return 1
	deposits=$(deed audit log --event deposit | wc -l)
	voids=$(deed audit log --event void | wc -l)
	[ "$(deed shard list --state healthy | wc -l)" -eq \
		$((deposits - voids)) ] || return 1
	places_have $((deposits - voids))
}
# The same while place 3 is away, which comes back afterwards.
after_away() {
	[ ! -d $places/3 ] || mv $places/3 away
	if grep -q 'the catalogue lacks' "$T/err"; then
		deed shard reindex
	fi
	put || return 1
	[ ! -e $places/3 ] || return 1
	[ "$(deed shard list --state degraded | wc -l)" -ge 3 ] || return 1
	mv away $places/3
	# What it had got of a run that was killed is removed by the next.
	put || return 1
	settled
}

export KILL_CALLS='write pwrite64 fsync syncfs rename renameat2 linkat unlink
	mkdir openat'
for error in ENOSPC EIO; do
	# shellcheck disable=SC2086
	fail_at_every $error "three with $error" before after -- \
		deed shard put --party wang --min-places 4 $three
done
KILL_CALLS='syncfs rename linkat unlink'
# shellcheck disable=SC2086
kill_at_every 'one is away later' before after_away -- \
	deed shard put --party wang --min-places 4 $three
# shellcheck disable=SC2086
kill_at_every 'all are wanted, one is away later' before after_away -- \
	deed shard put --party wang $three
# shellcheck disable=SC2086
kill_at_every 'one is away' before_away after_away -- \
	deed shard put --party wang --min-places 4 $three
