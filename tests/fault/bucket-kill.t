#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Killed after a request to a bucket: the old state or the new one, and the
# next run completes.  A few requests of each command are tried; EACH=1 tries
# all.  And put beside repair, ROUNDS times (three).
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/buckets.sh"
need jq curl setsid
need_home
buckets_start
for p in 1 2 3 4 5 6; do bucket_place "b$p" "p$p"; done
for p in 1 2 3 4 5; do quietly deed shard place remove $p; done
quietly deed shard place remove b6
echo first >first.txt
first=$(deed shard put -q first.txt --party li)
head -c 5000000 /dev/urandom >large.bin
large=$(deed shard put -q large.bin --party li)
expect 0 'two deposits in buckets' deed shard check

# requests COMMAND...: how many a whole run makes.
requests() {
	before=$(s3_do count)
	"$@" >/dev/null 2>&1
	echo $(($(s3_do count) - before))
}
# killed N COMMAND...: after so many requests.
killed() {
	after=$1
	shift
	# The group is known before the first request is made.
	setsid sh -c 'echo $$ >group; until [ -e go ]; do sleep 0.02; done
		exec "$@"' sh "$@" >killed.out 2>killed.err &
	until [ -s group ]; do sleep 0.02; done
	s3_do "kill?group=$(cat group)&after=$after"
	: >go
	wait $! 2>/dev/null
	s3_do 'kill?group=1&after=0'
	rm -f group go
}
# some COUNT: the numbers that are tried.
some() {
	if [ -n "${EACH:-}" ]; then
		seq 1 "$1"
	else
		echo "1 $(($1 / 3)) $(($1 / 2)) $(($1 - 1))" | tr ' ' '\n' | awk '$1 > 0' | sort -nu
	fi
}
count() {
	deed shard list | wc -l
}
comes_back() {
	rm -f back
	deed shard get -q "$large" --as li -o back --passphrase file:li.pass &&
		cmp -s back large.bin
}

# put
echo more >more.txt
total=$(requests deed shard put -q more.txt --party li)
check 'a put makes requests' [ "$total" -gt 10 ]
for n in $(some "$total"); do
	old=$(count)
	killed "$n" deed shard put -q more.txt --party li
	new=$(count)
	check "put, $n: none or one" [ $((new - old)) -le 1 ]
	expect 0 "put, $n: the next one" deed shard put -q more.txt --party li
	expect 0 "put, $n: all is healthy" deed shard check
done

# repair
lose() {
	for at in "p2/$(deed shard show "$large" --json | jq -r .folder)" \
		"p4/$(deed shard show "$first" --json | jq -r .folder)"; do
		bucket_keys "$at" | cut -d' ' -f1 | while read -r key; do
			s3_do "drop?bucket=$s3_bucket&key=$key"
		done
	done
}
lose
total=$(requests deed shard repair --all)
for n in $(some "$total"); do
	lose
	killed "$n" deed shard repair --all
	expect 0 "repair, $n: the next one" deed shard repair --all
	expect 0 "repair, $n: all is healthy" deed shard check
done

# rebalance, there and back
quietly bucket_place b6 p6
move() {
	deed shard rebalance --all --to "b1,b2,b3,b4,b$1" --grace 0
}
at=6
total=$(requests move $at)
for n in $(some "$total"); do
	from=$at at=$((11 - at))
	killed "$n" deed shard rebalance --all --to "b1,b2,b3,b4,b$at" --grace 0
	expect 0 "rebalance, $n: the next one" move $at
	expect 0 "rebalance, $n: all is healthy" deed shard check
	is "rebalance, $n: nothing is left" "$(bucket_keys "p$from/" | grep -vc about)" 0
done

# reindex
all=$(count)
rm home/archive/catalogue.db
total=$(requests deed shard reindex)
for n in $(some "$total"); do
	rm -f home/archive/catalogue.db
	killed "$n" deed shard reindex
	expect 0 "reindex, $n: the next one" deed shard reindex
	is "reindex, $n: nothing is lacking" "$(count)" "$all"
done
check 'what was deposited comes back' comes_back

# put beside repair
n=0
while [ "$n" -lt "${ROUNDS:-3}" ]; do
	n=$((n + 1))
	lose
	deed shard put -q more.txt --party li >/dev/null 2>put.err &
	put=$!
	deed shard repair --all >repair.out 2>&1
	repaired=$?
	wait $put
	is "round $n: both are done" "$?/$repaired" 0/0
done
expect 0 'and all is healthy' deed shard check
is 'nothing was swept' "$(count)" $((all + n))
