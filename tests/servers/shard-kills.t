#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What changes an archive in buckets is killed at its n-th request, which the
# store carries out: the old state or the new one is left, and a second run
# completes.  A few of the requests of each command, spread evenly; KILL_POINTS
# says how many, "all" every one.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/held.sh"
between_start
places_endpoint=$between
places_make
: "${KILL_POINTS:=3}"

head -c 300000 /dev/urandom >large.bin
quietly deed shard put large.bin --party li
id=$(cat "$T/out")
quietly deed shard put terms.txt --party li
folder=$(deed shard show "$id" | sed -n 's/^folder *//p')

# doing COMMAND...: killed where a rule says so, by its pid.
doing() {
	run sh -c 'echo $$ >"$0" && exec "$@"' "$W/pid" "$@"
}
healthy() {
	deed audit verify && deed shard check
}

# Which requests of so many as there were.
points_of() {
	if [ "$KILL_POINTS" = all ]; then
		seq "$1"
	else
		seq "$KILL_POINTS" | awk -v most="$1" -v k="$KILL_POINTS" '
			{ print int(1 + ($1 - 1) * (most - 1) / (k - 1)) }' |
			uniq
	fi
}

# killed NAME SET-UP LOOK COMMAND...
killed() {
	name=$1 set_up=$2 look=$3
	shift 3
	faults_over
	$set_up >"$T/setup" 2>&1
	: >"$T/between.log"
	doing "$@"
	exits 0 "$name"
	many=$(between_log | wc -l)
	isnt "$name asks for something" "$many" 0
	times=0
	for n in $(points_of "$many"); do
		faults_over
		$set_up >"$T/setup" 2>&1
		fault '*' . "@$n" kill "$W/pid"
		doing "$@"
		[ "$code" -ne 137 ] || times=$((times + 1))
		faults_over
		run deed shard list
		[ "$code" -eq 0 ] || fail "$name, killed at $n: the list" "$(seen)"
		run deed audit verify
		[ "$code" -eq 0 ] || fail "$name, killed at $n: the log" "$(seen)"
		doing "$@"
		[ "$code" -eq 0 ] ||
			fail "$name, killed at $n: a second run" "$(seen)"
		run healthy
		[ "$code" -eq 0 ] || fail "$name, killed at $n: health" "$(seen)"
		run $look
		[ "$code" -eq 0 ] || fail "$name, killed at $n: $look" "$(seen)"
	done
	check "$name was killed $times times, of $many requests" \
		[ "$times" -ge 2 ]
}

# What was there stays as it is.
held >"$T/held"
kept() {
	held >"$T/now"
	[ -z "$(LC_ALL=C comm -23 "$T/held" "$T/now")" ]
}
comes_back() {
	rm -f back
	deed shard get "$id" --as li -o back --passphrase file:li.pass &&
		cmp back large.bin && kept
}
killed put true comes_back deed shard put annex.csv --party li

lose_some() {
	place_rm 2 "$folder/" && place_rm 5 "$folder/"
}
killed repair lose_some comes_back deed shard repair --all

forget() {
	rm -f home/archive/catalogue.db
}
deed shard list | sort >listed
same_list() {
	deed shard list | sort | cmp - listed && kept
}
killed reindex forget same_list deed shard reindex

quietly place_add 6
# There and back; a copy at an earlier place is left until its grace is over.
to=5
turn() {
	case $to in 5) to=6 ;; *) to=5 ;; esac
}
moved() {
	deed shard show "$id" --json |
		jq -e ".placement | index(\"$to\")" && comes_back
}
printf '#!/bin/sh\nexec deed shard rebalance %s --to 1,2,3,4,$(cat to)\n' \
	"$id" >move
chmod +x move
turn_to() {
	turn && echo $to >to
}
killed rebalance turn_to moved ./move
