#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs of deed shard beside each other, while others read: two that put, one
# that puts beside one that repairs, two that repair, with places that are
# away, damaged and made anew.  Each does its work; no reader is told of damage
# that is none, and nothing is returned but what was deposited.
#
#	make check TESTS=tests/fault/shard-beside.t ROUNDS=50
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${ROUNDS:=3}"
need jq
need_home

places=home/archive/places
wrong=
count=2
amiss() {
	wrong="round $round, $1: $(tail -n 3 "$2")"
}

mkdir many
for i in 1 2 3; do
	head -c 20000 /dev/urandom >many/$i
done
head -c 5000000 /dev/urandom >large.bin
small=$(deed shard put -q terms.txt --party li) || exit 1
large=$(deed shard put -q large.bin --party li) || exit 1
cp -Rp home fresh

# Until what is beside it has ended: what is whole stays so to every reader,
# and what is damaged comes back all the same.  The states of the large one
# that may be seen meanwhile are the words of $1.
read_beside() {
	while :; do
		deed shard check "$small" >seen 2>&1 || case $? in
		8) [ -n "$away" ] || amiss "check is $?" seen ;;
		*) [ -n "$damaged" ] || amiss "check is $?" seen ;;
		esac
		deed shard check "$large" --json >seen 2>seen.err
		state=$(jq -r '.deposits[0].state' seen)
		case " $1 " in
		*" $state "*) ;;
		*) amiss "the large one is $state" seen ;;
		esac
		deed shard list >seen 2>&1 || amiss 'list' seen
		[ "$(wc -l <seen)" -ge $count ] || amiss 'list is short' seen
		deed shard show "$large" >seen 2>&1 || amiss 'show' seen
		rm -f back
		deed shard get "$large" --as li -o back \
			--passphrase file:li.pass >seen 2>&1 || amiss 'get' seen
		cmp -s back large.bin || amiss 'other bytes' seen
		deed audit verify >seen 2>&1 || amiss 'the log' seen
		[ -z "$wrong" ] || break
		running=
		for pid in $pids; do
			! kill -0 "$pid" 2>"$T/kill" || running=yes
		done
		[ -n "$running" ] || break
	done
}
# beside STATES: read, and then all that run must have succeeded.
beside() {
	read_beside "$1"
	n=0
	for pid in $pids; do
		n=$((n + 1))
		wait "$pid" || amiss "run $n is $?" "err$n"
	done
}
start() {
	n=$((n + 1))
	"$@" >"out$n" 2>"err$n" &
	pids="$pids $!"
}
# Place 2 loses what it has of one, and 4 a part of the other.
damage() {
	f=$(deed shard show "$large" | sed -n 's/^folder *//p')
	rm -rf "$places/2/$f"
	find $places/4 -path "*$f*" -name 'segment-00000001-*' -exec rm {} +
}

round=1
while [ "$round" -le "$ROUNDS" ] && [ -z "$wrong" ]; do
	# An archive that grows makes each round longer than the last.
	if [ $((round % 10)) -eq 0 ]; then
		rm -rf home
		cp -Rp fresh home
		count=2
	fi
	away='' damaged='' pids='' n=0
	start deed shard put -q many --party wang --party li
	start deed shard put -q large.bin terms.txt --party li
	beside healthy
	count=$((count + 5))
	[ "$(sort -u out1 out2 | wc -l)" -eq 5 ] || amiss 'ids' out1

	pids='' n=0
	damage
	start deed shard put -q many --party li
	start deed shard repair --all
	beside 'healthy degraded'
	count=$((count + 3))

	# The same with a place that is away, or made anew meanwhile.
	pids='' n=0 away=yes damaged=yes
	rm -rf $places/3
	start deed shard put -q many --party li --min-places 4
	start deed shard repair --all --abandon 3
	beside 'healthy degraded away'
	count=$((count + 3))
	away='' damaged=''
	quietly deed shard repair --all

	pids='' n=0
	damage
	start deed shard repair --all
	start deed shard repair --all
	beside 'healthy degraded'
	deed shard check --json >seen || amiss 'at its end' seen
	[ "$(jq .summary.healthy seen)" -eq $count ] ||
		amiss 'not all are healthy' seen
	round=$((round + 1))
done
is "beside each other, $ROUNDS rounds" "$wrong" ''
is 'all are there' "$(deed shard list --state healthy | wc -l)" $count
is 'none is void' "$(deed audit log --event void | wc -l)" 0
is 'nothing is left of their making' "$(ls home/archive/begun)" ''
is 'nor at the places' "$(find $places -name '.*' | wc -l)" 0
expect 0 'the log verifies' deed audit verify
