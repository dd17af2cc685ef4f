#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Five places on one store of four nodes, two of which die and come back while
# the disk of another is wiped: deed sees a store that answers, what is deposited
# comes back, and nothing is made anew that the store has.
. "${top_srcdir:-.}/tests/cli/lib.sh"
unset DEED_TEST_S3
. "$top_srcdir/tests/servers/held.sh"
places_make

head -c 5000000 /dev/urandom >large.bin
quietly deed shard put large.bin --party li
large=$(cat "$T/out")
quietly deed shard put terms.txt --party li
held >before
get() {
	rm -f back
	run deed shard get "$large" --as li -o back --passphrase file:li.pass
}
kept() {
	held >after
	is "$1: what the bucket had it has" \
		"$(LC_ALL=C comm -23 before after)" ''
}

swift_kill 2
swift_kill 3
get
exits 0 'two of four nodes are dead: it comes back'
check 'the same bytes' cmp back large.bin
expect 0 'all is healthy' deed shard check --presence
expect 0 'and what goes in stays' deed shard put annex.csv --party li
new=$(cat "$T/out")

swift_revive 2
swift_revive 3
swift_wipe 4
get
exits 0 'the nodes are back, a disk is wiped: it comes back'
check 'the same bytes' cmp back large.bin
# Until then a node lists what it had when it died.
check 'the daemons mend the disk' swift_pass
kept 'afterwards'
run deed shard repair --all
exits 0 'nothing is to be made anew'
out_has 'nor is it' '0 objects made anew in 0'
expect 0 'what went in while they were dead comes back' deed shard get "$new" \
	--as li -o annex --passphrase file:li.pass
check 'the same bytes' cmp annex annex.csv

# All of it at once: of some objects the one copy that is left is nowhere.
# Each command has a home of its own, so that they wait beside each other.
held >before
# beside NAME COMMAND...
beside() {
	name=$1
	shift
	mkdir "$name"
	cp -Rp home "$name/home"
	(
		cd "$name" && DEED_HOME=$PWD/home began=$(date +%s)
		timeout 300 "$@" >out 2>err
		echo $? >code
		echo $(($(date +%s) - began)) >seconds
	) &
	all="$all $name" pids="$pids $!"
}
all='' pids=''
swift_kill 2
swift_kill 3
swift_wipe 4
beside get deed shard get "$large" --as li -o back --passphrase file:../li.pass
beside check deed shard check
beside presence deed shard check --presence
beside repair deed shard repair --all
beside put deed shard put ../annex.csv --party li
for pid in $pids; do wait "$pid"; done
for name in $all; do
	code=$(cat "$name/code")
	last=$name
	cat "$name/out" >"$T/out"
	cat "$name/err" >"$T/err"
	check "$name ends in time, $(cat "$name/seconds") s" \
		[ "$(cat "$name/seconds")" -lt 90 ]
	case $code in
	0 | 8) pass "$name: $code" ;;
	*) fail "$name: done or away" "$(seen)" ;;
	esac
	out_lacks "$name: nothing is missing" ': missing'
	out_lacks "$name: nor lost" unreadable
done
is 'check found something away' "$(cat check/code)" 8
has 'nothing was made anew' repair/out '0 objects made anew in 0'
[ "$(cat get/code)" -ne 0 ] || check 'the same bytes' cmp get/back large.bin
swift_revive 2
swift_revive 3
check 'the daemons mend the disk' swift_pass
kept 'and then'
run deed shard repair --all
exits 0 'nothing is to be made anew'
out_has 'nor is it' '0 objects made anew in 0'
get
exits 0 'all comes back'
check 'the same bytes' cmp back large.bin
