#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard repair, killed and failed at every step: what was good stays, and
# a second run completes.
#
#	make check TESTS=tests/fault/repair.t KILL_POINTS=all
#
# does so at every call.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${KILL_POINTS:=4}"
need_home
. "$top_srcdir/tests/fault/lib.sh"

head -c 5000000 /dev/urandom >large.bin
quietly deed shard put terms.txt --party li
quietly deed shard put large.bin --party li
cp -Rp home/archive/places whole
# Place 2 is empty, 4 has lost some and some is damaged.
cp -Rp home fresh
rm -rf fresh/archive/places/2
find fresh/archive/places/4 -name 'segment-00000000-*' -exec rm {} +
find fresh/archive/places/4 -name 'keys-*' -exec rm {} +
find fresh/archive/places/4 \( -name 'box-*' -o -name 'share-*' \
	-o -name 'segment-00000001-*' \) -exec sh -c '
	printf X | dd of="$1" bs=1 seek=100 conv=notrunc 2>/dev/null' sh {} \;

before() {
	rm -rf home
	cp -Rp fresh home
}
# Nothing good was touched, and the rest is made.
after() {
	for p in 1 3 5; do
		diff -r whole/$p home/archive/places/$p || return 1
	done
	find home/archive/places/2 home/archive/places/4 -type f ! -name '.*' |
		while read -r object; do
			name=${object##*/home/archive/places/}
			name=${name#home/archive/places/}
			[ ! -f "fresh/archive/places/$name" ] || continue
			cmp "$object" "whole/$name" || exit 1
		done || return 1
	deed shard repair --all --abandon 2 || return 1
	find home/archive/places -name '.*' -exec rm {} +
	diff -r whole home/archive/places || return 1
	[ ! -e home/archive/repair-cursor ] || return 1
}
export KILL_CALLS='write fsync syncfs rename renameat2 unlink ftruncate mkdir flock'
kill_at_every 'repair' before after -- deed shard repair --all --abandon 2
for error in ENOSPC EIO; do
	fail_at_every $error "repair" before after -- deed shard repair --all \
		--abandon 2
done
# Reading fails anywhere: that a disk is at its end loses nothing.
export KILL_CALLS='openat read'
[ "$KILL_POINTS" = all ] || KILL_POINTS=8
fail_at_every EIO 'repair reads' before after -- deed shard repair --all \
	--abandon 2

# Two at once, beside put and check.
: "${ROUNDS:=8}"
rm -rf home
cp -Rp fresh home
wrong=0
round=0
while [ $round -lt "$ROUNDS" ]; do
	round=$((round + 1))
	rm -rf home/archive/places/$((round % 5 + 1))
	if [ $((round % 2)) -eq 0 ]; then
		echo $round >new
		deed shard put new --party li --min-places 4 >/dev/null 2>put.err &
		third=$!
	else
		deed shard check >/dev/null 2>&1 &
		third=$!
	fi
	deed shard repair --all --abandon $((round % 5 + 1)) >one 2>&1 &
	first=$!
	deed shard repair --all --abandon $((round % 5 + 1)) >two 2>&1 &
	second=$!
	wait $first || wrong=$((wrong + 1))
	wait $second || wrong=$((wrong + 1))
	wait $third || [ $((round % 2)) -ne 0 ] || wrong=$((wrong + 1))
done
is 'two repairs beside each other and put' $wrong 0
expect 0 'all is repaired' deed shard repair --all
expect 0 'all is healthy' deed shard check
n=$((2 + ROUNDS / 2))
out_has 'all of them' "$n deposits: $n healthy"
is 'nothing is left over' "$(find home/archive/places -name '.*')" ''
