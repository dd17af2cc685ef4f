#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Two runs of deed shard put at once, with somebody who reads meanwhile: both
# make their deposits, and no reader is told of damage.
#
#	make check TESTS=tests/fault/shard-together.t ROUNDS=50
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${ROUNDS:=8}"
need_home

mkdir one two
for i in 1 2 3; do
	head -c 30000 /dev/urandom >one/$i
	head -c 5000000 /dev/urandom >"two/$i"
	[ $i -eq 3 ] || head -c "${i}000" /dev/urandom >two/$i
done
id=$(deed shard put -q terms.txt --party li) || exit 1
wrong=
round=1
while [ "$round" -le "$ROUNDS" ] && [ -z "$wrong" ]; do
	deed shard put --party wang --party li -q one >ids1 2>err1 &
	first=$!
	deed shard put --party li -q two >ids2 2>err2 &
	second=$!
	deed shard check "$id" >seen 2>&1 || wrong="check: $(cat seen)"
	deed shard list >seen 2>&1 || wrong="list: $(tail -n 1 seen)"
	# Those that are listed are whole, while others are made.
	deed shard check "$(tail -n 1 seen | cut -c1-64)" >seen2 2>&1 ||
		wrong="check of the last: $(cat seen2)"
	deed audit verify >seen 2>&1 || wrong="audit verify: $(cat seen)"
	wait "$first" || wrong="the first: $(cat err1)"
	wait "$second" || wrong="the second: $(cat err2)"
	[ "$(sort -u ids1 ids2 | wc -l)" -eq 6 ] || wrong="ids: $(cat ids1 ids2)"
	[ -z "$wrong" ] || wrong="round $round: $wrong"
	round=$((round + 1))
done
is "two at once, $ROUNDS rounds" "$wrong" ''
is 'all are there' "$(deed shard list | wc -l)" $((6 * ROUNDS + 1))
is 'none is void' "$(deed audit log --event void | wc -l)" 0
is 'nothing is left of their making' "$(ls home/archive/begun)" ''
is 'nor at the places' "$(find home/archive/places -name '.*' | wc -l)" 0
expect 0 'the log verifies' deed audit verify
run deed shard get "$(tail -n 1 ids2)" --as li -o back --passphrase file:li.pass
check 'the last comes back' cmp back two/3
