#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard rebalance, killed and failed at every step, of which some are
# taken: each deposit lies where it lay or where it should, a second run
# completes, and nothing is left elsewhere.
#
#	make check TESTS=tests/fault/rebalance.t KILL_POINTS=100000
#
# does so at every call.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${KILL_POINTS:=2}"
need jq
need_home
. "$top_srcdir/tests/fault/lib.sh"

head -c 5000000 /dev/urandom >large.bin
box=$(deed shard put terms.txt --party li 2>/dev/null)
large=$(deed shard put large.bin --party li 2>/dev/null)
for p in 6 7; do quietly deed shard place add $p "dir:places/$p"; done
cp -Rp home/archive/places whole
# Place 2 has nothing, and 4 lacks some.
cp -Rp home fresh
find fresh/archive/places/2 -mindepth 2 -maxdepth 2 -type d ! -path '*/about*' \
	-exec rm -r {} +
find fresh/archive/places/4 -name 'segment-00000000-*' -exec rm {} +

before() {
	rm -rf home back
	cp -Rp fresh home
}
placement() {
	deed shard show "$1" --json | jq -r '.placement | join(" ")'
}
comes_back() {
	rm -f back
	deed shard get "$1" --as li --passphrase file:li.pass -o back &&
		cmp "$2" back
}
# What is wherever it is, is as it was.
objects_whole() {
	find home/archive/places -name '*-*-*' -type f ! -name '.*' \
		! -name 'manifest-*' | while read -r object; do
		name=${object##*/}
		cmp -s "$object" "$(find whole -name "$name" | head -n 1)" ||
			exit 1
	done
}
after() {
	for id in "$box" "$large"; do
		case $(placement "$id") in
		'1 2 3 4 5' | '1 6 3 4 7') ;;
		*) return 1 ;;
		esac
	done
	objects_whole || return 1
	[ $(($2 % 5)) -ne 1 ] || comes_back "$box" terms.txt || return 1
	deed shard rebalance --all --to 1,3,4,6,7 --grace 0 || return 1
	[ "$(placement "$box")" = '1 6 3 4 7' ] || return 1
	[ "$(placement "$large")" = '1 6 3 4 7' ] || return 1
	deed shard check || return 1
	deed audit verify || return 1
	[ ! -e home/audit/pending ] || return 1
	[ ! -e home/archive/rebalance-cursor ] || return 1
	[ -z "$(find home/archive home/audit -name '.*')" ] || return 1
	[ -z "$(find home/archive/places/2 home/archive/places/5 -type f \
		! -path '*/about/*')" ] || return 1
	moves=$(deed audit log --event rebalance | wc -l)
	voids=$(deed audit log --event void | wc -l)
	[ $((moves - voids)) -eq 2 ] || return 1
	[ $(($2 % 5)) -ne 1 ] || comes_back "$large" large.bin
}
export KILL_CALLS='write fsync syncfs rename renameat2 linkat unlink unlinkat
	ftruncate mkdir rmdir flock'
kill_at_every 'rebalance' before after -- \
	deed shard rebalance --all --to 1,3,4,6,7 --grace 0
KILL_CALLS='write fsync mkdir'
KILL_LEAST=4
fail_at_every ENOSPC 'rebalance' before after -- \
	deed shard rebalance --all --to 1,3,4,6,7 --grace 0
KILL_CALLS='write fsync syncfs rename renameat2 unlinkat mkdir'
fail_at_every EIO 'rebalance' before after -- \
	deed shard rebalance --all --to 1,3,4,6,7 --grace 0
# Reading fails anywhere.
KILL_CALLS='openat read'
fail_at_every EIO 'rebalance reads' before after -- \
	deed shard rebalance --all --to 1,3,4,6,7 --grace 0

# Two at once, beside repair and get.
before
wrong=0
for _ in 1 2 3 4; do
	deed shard rebalance --all --to 1,3,4,6,7 >one 2>&1 &
	first=$!
	deed shard rebalance --all --to 1,2,3,4,5 >two 2>&1 &
	second=$!
	deed shard repair --all >three 2>&1 &
	third=$!
	comes_back "$large" large.bin >four 2>&1 || wrong=$((wrong + 1))
	for job in $first $second $third; do
		wait "$job" || wrong=$((wrong + 1))
	done
done
is 'two beside each other, repair and get' $wrong 0
expect 0 'to one end' deed shard rebalance --all --to 1,3,4,6,7 --grace 0
expect 0 'all is healthy' deed shard check
expect 0 'the log' deed audit verify
