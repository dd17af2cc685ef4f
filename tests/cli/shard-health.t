#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The states of places and deposits, and samples that come to everything.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/places.sh"
need jq
need_places
need_home
places_make

places=home/archive/places
folder_of() {
	deed shard show "$1" | sed -n 's/^folder *//p'
}
state() {
	deed shard check "$@" --json | jq -r '.deposits[0].state'
}
place_state() {
	deed shard check "$1" --json | jq -r ".deposits[0].places[$2 - 1].state"
}

head -c 5000000 /dev/urandom >large.bin
box=$(deed shard put terms.txt --party li 2>/dev/null)
large=$(deed shard put large.bin --party li 2>/dev/null)
f=$(folder_of "$box")
g=$(folder_of "$large")

expect 0 'both are healthy' deed shard check
out_has 'the last line counts' '2 deposits: 2 healthy'
for how in '' --presence; do
	# shellcheck disable=SC2086
	is "healthy $how" "$(state "$box" $how)" healthy
	place_lose 3
	run deed shard check $how
	exits 8 "a place is away $how"
	out_has 'which is told' 'place 3: away, '
	out_has 'and counted' '2 deposits: 2 away'
	if [ "$places_kind" = dir ]; then
		out_has 'in words' '3: does not answer'
		mkdir $places/3
		run deed shard check $how
		exits 8 "an empty folder is no place $how"
		mkdir $places/3/lost+found
		run deed shard check $how
		exits 8 "nor is a new disk $how"
		rmdir $places/3/lost+found $places/3
	fi
	place_take 2 "$f" away2
	run deed shard check $how
	exits 1 "what is degraded is worse $how"
	out_has 'both are told' '2 deposits: 1 away, 1 degraded'
	place_lose 4
	run deed shard check $how
	exits 1 "and what too few places have $how"
	out_has 'it is told' 'degraded, too few places answer'
	place_take 1 "$f" away1
	box5=$(place_ls 5 "$f/" | grep box-)
	place_cat 5 "$box5" >away5
	place_rm 5 "$box5"
	run deed shard check $how
	exits 1 "what is unreadable is worse $how"
	out_has 'it is told' '1 away, 1 unreadable'
	place_back 1 "$f" away1
	place_put 5 "$box5" away5
	place_find 4
	place_back 2 "$f" away2
	place_find 3
done
expect 0 'all is back' deed shard check --presence

# A folder that cannot be read is no lost folder; root reads all.
if [ "$places_kind" = dir ]; then
	mv $places/5 away
	: >$places/5
	is 'a file where the folder was' "$(state "$box")" away
	rm $places/5
	mv away $places/5
fi

# What names tell, and what they do not.
segment=$(place_ls 2 "$g/segment-00000001-")
place_cat 2 "$segment" >kept
place_corrupt 2 "$segment"
is 'a changed byte is there' "$(state "$large" --presence)" healthy
is 'and is read' "$(state "$large")" degraded
is 'where it is' "$(place_state "$large" 2)" degraded
is 'the others are healthy' "$(place_state "$large" 1)" healthy
run deed shard list --state degraded
out_has 'the catalogue knows it' "$large"
deed shard check "$large" --presence >/dev/null
run deed shard list --state degraded
out_has 'that names are there does not make it healthy' "$large"
place_put 2 "$segment" kept
expect 0 'it is whole again' deed shard check "$large"

# Where nothing has changed since all was whole no manifest is read; whatever
# has changed is told as it is of a deposit that was not seen before.
presence() {
	run deed shard check --presence --json
	exits "$1" "presence: $2"
}
presence 0 'all is there'
is 'what was seen whole is known by its names' "$(jq .traffic.get "$T/out")" 1
deed shard check --presence >"$T/all"
for at in "2 $g/segment-00000001-" "4 $f/manifest-1-" "5 $f/box-" \
	'1 about/README'; do
	# shellcheck disable=SC2086 # two words
	set -- $at
	name=$(place_ls "$1" "$2")
	what="${2##*/} at $1"
	place_cat "$1" "$name" >kept
	head -c -1 kept >short
	place_put "$1" "$name" short
	presence 1 "$what is shorter"
	out_has 'which is told' 'not as long as it should be'
	[ "$2" != about/README ] ||
		json 'of all deposits' .summary.degraded 2
	: >short
	place_put "$1" "$name" short
	presence 1 "$what is empty"
	out_has 'which is told, too' 'not as long as it should be'
	place_rm "$1" "$name"
	presence 1 "$what is not there"
	out_has 'and told' ': missing'
	place_put "$1" "$name" kept
done
place_put 5 "$f/other" kept
presence 1 'something else is there'
out_has 'it is told, too' 'other: does not belong to the deposit'
place_rm 5 "$f/other"
expect 0 'all is there again' deed shard check --presence
check 'and says the same' sh -c 'deed shard check --presence | cmp - "$0"' \
	"$T/all"
place_take 2 "$f" away2
place_copy 2 "$g" other
place_back 2 "$f" other
presence 1 'the objects of another'
place_rm 2 "$f/"
place_back 2 "$f" away2

# Without a manifest nothing comes back.
for p in 1 2 3 4 5; do place_take $p "$f" lost$p; done
run deed shard repair "$box" -n
exits 1 'no place has the manifest'
run deed shard list --state unreadable
out_lacks 'a rehearsal notes nothing' "$box"
run deed shard check "$box"
exits 1 'no place has it'
run deed shard list --state unreadable
out_has 'the catalogue knows it' "$box"
for p in 1 2 3 4 5; do place_back $p "$f" lost$p; done
expect 0 'it is back' deed shard check "$box"
run deed shard list --state unreadable
out_lacks 'and the catalogue knows that' "$box"

# What no accident makes.
name=$(place_ls 1 "$f/box-")
place_cat 1 "$name" >kept
place_put 1 "$g/${name##*/}" kept
is 'a whole object of another deposit' "$(state "$large")" tampered
is 'at its place' "$(place_state "$large" 1)" tampered
run deed shard check "$large"
exits 1 'is an alarm'
place_rm 1 "$g/${name##*/}"
name=$(place_ls 1 "$g/segment-00000000-")
place_cat 1 "$name" >kept
place_put 2 "$name" kept
is 'a part of another place' "$(state "$large")" degraded
place_rm 2 "$name"
place_put 2 "$g/note.txt" kept
is 'a file of somebody' "$(state "$large")" degraded
place_rm 2 "$g/note.txt"
name=.README-$(printf '%064d' 0).txt
place_put 2 "$g/$name" kept
is 'what somebody is writing' "$(state "$large")" healthy
place_rm 2 "$g/$name"

# Samples.
for n in 1 2 3 4 5; do
	echo $n >more$n
	quietly deed shard put more$n --party li
done
for n in 1 2 3 4; do
	deed shard check --sample 20 --json | tee line | jq -r '.deposits[].id'
done >seen
is 'samples of two' "$(wc -l <seen)" 8
is 'each a line, printed at once' "$(grep -c '^    {"id"' line)" 2
is 'four of them come to all seven' "$(sort -u seen | wc -l)" 7
is 'and begin again with the first' "$(tail -n 1 seen)" "$(head -n 1 seen)"
is 'one per cent is one' "$(deed shard check --sample 1 --json | jq '.deposits | length')" 1
# In the order of their folders, which is the order of what places have.
deed shard list | cut -d' ' -f1 | while read -r one; do
	echo "$(deed shard show "$one" --json | jq -r ".folder | split(\"/\") | last") $one"
done | sort >folders
sample() {
	deed shard check --sample "$1" --json | jq -r '.deposits[].id'
}
for none in nonsense '' "$(printf '%097d' 0)" "$(printf '%032d/' 0)"; do
	echo "$none" >home/archive/check-cursor
	is 'a cursor that is none' "$(sample 1)" "$(sed -n '1s/.* //p' folders)"
done
is 'the cursor names folder and deposit' "$(cat home/archive/check-cursor)" "$(sed -n '1s, ,/,p' folders)"
sed -n '3s/.* //p' folders >home/archive/check-cursor
is 'one of an older version names the deposit' "$(sample 1)" "$(sed -n '4s/.* //p' folders)"
echo "$(sed -n '5s/ .*//p' folders)/$(printf '%064d' 0)" >home/archive/check-cursor
is 'one that is gone is passed' "$(sample 1)" "$(sed -n '5s/.* //p' folders)"
printf '%032d/%064d\n' 0 0 | tr 0 f >home/archive/check-cursor
is 'after the last comes the first' "$(sample 100)" "$(sed 's/.* //' folders)"
expect 2 'a sample of one deposit' deed shard check --sample 1 "$box"
expect 2 'a sample of names' deed shard check --sample 1 --presence
expect 2 'more than all' deed shard check --sample 101

begin=$(date +%s%N)
expect 0 'slowly' deed shard check "$large" --rate 5000000
check 'takes its time' [ $(($(date +%s%N) - begin)) -gt 1500000000 ]
