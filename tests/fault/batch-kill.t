#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A large batch, killed at twenty points of its time: what is left beside the
# log is nothing, and the rerun does the rest.
#
#	make check TESTS=tests/fault/batch-kill.t KILL_FILES=2500
#
# takes that many documents; KILL_POINTS so many points.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${KILL_FILES:=600}"
: "${KILL_POINTS:=20}"
need_home

mkdir in
i=0
while [ "$i" -lt "$KILL_FILES" ]; do
	ln "$data/pdf/groff.pdf" "in/$i.pdf" 2>/dev/null ||
		cp "$data/pdf/groff.pdf" "in/$i.pdf"
	i=$((i + 1))
done
ls in/* >list
cp -Rp home fresh

now() {
	date +%s%N | cut -c1-16
}
batch() {
	deed sign --as wang --passphrase file:wang.pass -O out --files-from list \
		"$@"
}
begin() {
	rm -rf home out
	cp -Rp fresh home
	mkdir out
}
events() {
	deed audit log --event sign | wc -l
}

# How long all of it takes; the points lie in that time.
begin
start=$(now)
expect 0 'the whole batch' batch -q
took=$(($(now) - start))

killed=0
wrong=
point=1
while [ "$point" -le "$KILL_POINTS" ]; do
	begin
	deed sign --as wang --passphrase file:wang.pass -q -O out \
		--files-from list 2>"$T/killed" &
	pid=$!
	sleep "$(echo "$took $point $KILL_POINTS" |
		awk '{ printf "%.6f", $1 * $2 / ($3 + 1) / 1e6 }')"
	kill -KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null && done=1 || done=0
	killed=$((killed + 1 - done))
	# What is seen before anybody recovers: no file that is not in the log
	# has a last name, and what is hidden the pending file knows of.
	named=$(find out -name '[!.]*' -type f | wc -l)
	hidden=$(find out -name '.*' -type f | wc -l)
	[ "$named" -le "$(events)" ] || wrong="$wrong $point: $named files"
	[ "$hidden" -eq 0 ] || [ -e home/audit/pending ] ||
		wrong="$wrong $point: $hidden hidden"
	batch -q 2>"$T/rerun" || wrong="$wrong $point: $(tail -n 1 "$T/rerun")"
	[ "$(find out -name '[!.]*' -type f | wc -l)" -eq "$KILL_FILES" ] ||
		wrong="$wrong $point: $(ls out | wc -l) files"
	[ "$(events)" -eq "$KILL_FILES" ] ||
		wrong="$wrong $point: $(events) events"
	[ -z "$(find out home -name '.*deed*' -o -name pending)" ] ||
		wrong="$wrong $point: something is hidden"
	deed audit verify >"$T/audit" 2>&1 ||
		wrong="$wrong $point: $(tail -n 1 "$T/audit")"
	point=$((point + 1))
done
is "killed at $KILL_POINTS points: as many files as events" "$wrong" ''
is 'and none is void' "$(deed audit log --event void | wc -l)" 0
# On a busy machine some runs are faster than the first was.
if [ "$killed" -ge $((KILL_POINTS / 4)) ]; then
	pass "it was killed $killed times"
else
	fail 'it was killed' "only $killed times"
fi
expect 0 'they verify' deed verify -q --trust house.pem out/0.signed.pdf \
	"out/$((KILL_FILES - 1)).signed.pdf"
