#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Deposits move to other places: copied or made anew, compared, logged, and let
# go at the old places when their grace is over.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq
need_home

places=home/archive/places
head -c 9000000 /dev/urandom >large.bin
box=$(deed shard put terms.txt --party li 2>/dev/null)
large=$(deed shard put large.bin --party li 2>/dev/null)
f=$(deed shard show "$box" | sed -n 's/^folder *//p')
g=$(deed shard show "$large" | sed -n 's/^folder *//p')
for n in 6 7 8; do quietly deed shard place add $n "dir:places/$n"; done
cp -Rp home fresh

again() {
	rm -rf home
	cp -Rp fresh home
}
placement() {
	deed shard show "$1" --json 2>/dev/null |
		jq -r '.placement | join(" ")'
}
# Both come back, by a party's key.
come_back() {
	for id in "$box" "$large"; do
		rm -f back
		expect 0 "$1: it comes back" deed shard get "$id" --as li \
			-o back --passphrase file:li.pass
		check 'the same bytes' sh -c \
			'cmp -s back large.bin || cmp -s back terms.txt'
	done
}

expect 2 'neither an id nor all' deed shard rebalance
expect 2 'both' deed shard rebalance --all "$box"
for to in '' '1,2,3,4,' ,1 1,2,2,4,5; do
	expect 2 "no places: '$to'" deed shard rebalance --all --to "$to"
done
for to in 1 1,2,3,4 1,2,3,4,5,6; do
	expect 2 "as many as it has parts, not $to" \
		deed shard rebalance "$box" --to $to
done
expect 4 'no such place' deed shard rebalance --all --to 1,2,3,4,9
expect 4 'no such deposit' deed shard rebalance 0123456789abcdef
mv $places/7 away
for to in 1,2,3,6,7 7,1,2,3,4; do
	expect 8 'a place of them is away' deed shard rebalance --all --to $to
done
mv away $places/7
mv $places/3 away
expect 8 'one that is to keep its part' \
	deed shard rebalance --all --to 1,2,3,4,6
mv away $places/3
expect 0 'nothing is to be moved' deed shard rebalance --all --to 5,4,3,2,1
is 'one line' "$(cat "$T/out")" '2 deposits: 0 moved; 0 objects removed; 0 still at earlier places, too'
check 'nothing was changed' diff -r $places fresh/archive/places
run deed audit log --json
cp "$T/out" log.before

run deed shard rebalance --all --to 1,2,3,6,7 -n
exits 0 'a rehearsal'
out_has 'says what it would do' "$box: 2 parts would be moved: 4 to 6, 5 to 7"
out_has 'and sums up' '2 deposits: 2 would be moved'
check 'nothing was changed' diff -r $places fresh/archive/places

run deed shard rebalance --all --to 1,2,3,6,7
exits 0 'both move'
out_has 'it is told' "$large: 2 parts moved: 4 to 6, 5 to 7"
out_has 'and counted' '2 deposits: 2 moved; 0 objects removed; 2 still at earlier places, too'
for id in "$box" "$large"; do
	is 'where they lie' "$(placement "$id")" '1 2 3 6 7'
	expect 0 'healthy' deed shard check "$id"
	out_has 'at the new places' 'place 7: healthy'
	out_lacks 'not at the old' 'place 5: healthy'
done
expect 0 'all is healthy, and the catalogue agrees' deed shard check
out_has 'both' '2 deposits: 2 healthy'
expect 0 'the log' deed audit verify
run deed audit log
is 'two events' "$(grep -c ' rebalance ' "$T/out")" 2
run deed shard list
is 'listed once each' "$(wc -l <"$T/out")" 2
check 'a part keeps its names' diff -r "$places/4/$g" "$places/6/$g"
is 'the old place has both manifests' \
	"$(find $places/4/"$f" -name 'manifest-[12]-*' | wc -l)" 2
is 'the new one, too' "$(find $places/6/"$f" -name 'manifest-[12]-*' | wc -l)" 2
expect 0 'once more' deed shard rebalance --all --to 7,6,3,2,1
out_has 'changes nothing' '2 deposits: 0 moved; 0 objects removed; 2 still'
expect 7 'the old places are not free yet' deed shard place remove 5
expect 7 'the new ones are not' deed shard place remove 7
come_back 'during the grace'

# Any two of the new places may be lost.
for lost in '1 6' '6 7' '2 7'; do
	for p in $lost; do mv $places/"$p" away."$p"; done
	come_back "without $lost"
	for p in $lost; do mv away."$p" $places/"$p"; done
done

if faketime -f +1d deed version >/dev/null 2>&1; then
	run faketime -f +6d deed shard rebalance --all
	out_has 'six days later' '0 objects removed; 2 still'
	cp -Rp home moved
	run faketime -f +8d deed shard rebalance --all -n
	out_has 'eight days later it would' '20 objects would be removed; 0 still'
	check 'nothing was removed' diff -r home/archive/places moved/archive/places
	run faketime -f +8d deed shard rebalance --all
	exits 0 'eight days later'
	out_has 'what was left is removed' '20 objects removed; 0 still'
	for p in 4 5; do
		is "nothing is at $p" "$(find $places/$p -name 'manifest-*')" ''
		absent 'nor a folder' "$places/$p/$f"
	done
	rm -rf home
	mv moved home
	run faketime -f +40y deed shard rebalance --all --to 1,2,3,4,5
	exits 7 'when the certificate for manifests does not hold any more'
	is 'nothing is moved' "$(placement "$box")" '1 2 3 6 7'
else
	skip 'after the grace' 'faketime does not run here'
fi

# Nothing goes while one of the new places has not all.
cp -Rp home moved
for object in "$places/7/$f"/box-* "$places/6/$g"/segment-00000001-* \
	"$places/1/$g"/share-*; do
	printf X | dd of="$object" bs=1 seek=100 conv=notrunc 2>/dev/null
	cp -Rp $places damaged
	expect 1 "damaged at a new place: ${object##*/}" \
		deed shard rebalance --all --grace 0
	out_has 'it is told' 'degraded, can be repaired'
	case $object in
	*box*) check 'nothing goes of it' diff -r damaged/4/"$f" $places/4/"$f" ;;
	*) check 'nothing goes of it' diff -r damaged/4/"$g" $places/4/"$g" ;;
	esac
	rm -rf home damaged
	cp -Rp moved home
done
mv $places/2 away
expect 8 'a place of the deposit is away' deed shard rebalance --all --grace 0
check 'nothing goes' diff -r moved/archive/places/4 $places/4
mv away $places/2
mv $places/4 away
expect 8 'an old place is away' deed shard rebalance --all --grace 0
err_has 'it is told' 'a place where it lay does not answer'
absent 'the other is let go' "$places/5/$f"
mv away $places/4
echo mine >"$places/4/$g/note.txt"
expect 0 'it is back' deed shard rebalance --all --grace 0
is 'what is unknown stays' "$(cat "$places/4/$g/note.txt")" mine
is 'and nothing else' "$(find $places/4 -type f | grep -c -v about)" 1
expect 0 'and again' deed shard rebalance --all --grace 0
out_has 'nothing is left to do' '0 moved; 0 objects removed; 0 still'
rm "$places/4/$g/note.txt"
come_back 'after the grace'
expect 0 'the old place is free' deed shard place remove 4
expect 7 'a new one is not' deed shard place remove 6
expect 0 'all is healthy' deed shard check
rm home/archive/catalogue.db
expect 0 'the catalogue is made anew' deed shard reindex
expect 0 'and says the same' deed shard check
for id in "$box" "$large"; do
	is 'where they lie' "$(placement "$id")" '1 2 3 6 7'
done

# At once, to quite other places and back; a place that has another part now
# does not keep the one it had.
again
expect 0 'with no grace' deed shard rebalance --all --to 6,7,8,4,5 --grace 0
out_has 'what was left goes at once' 'still at earlier places, too'
out_has 'none is left' '; 0 still'
for p in 1 2 3; do absent "nothing at $p" "$places/$p/$f"; done
expect 0 'healthy' deed shard check
come_back 'elsewhere'
expect 0 'one moves' deed shard rebalance "$large" --to 1,7,8,4,5
is 'only that one' "$(placement "$box")" '6 7 8 4 5'
is 'to the place named' "$(placement "$large")" '1 7 8 4 5'
expect 0 'its old place gets another part' \
	deed shard rebalance "$large" --to 1,6,8,4,5
is 'as named' "$(placement "$large")" '1 6 8 4 5'
is 'no place has two parts' "$(find $places/6/"$g" -name 'segment-*-1-*')" ''
expect 0 'healthy' deed shard check
expect 0 'back' deed shard rebalance --all --to 1,2,3,4,5 --grace 0
expect 0 'healthy' deed shard check
is 'back' "$(placement "$large")" '1 2 3 4 5'
run deed shard show "$large" --json
json 'so many manifests' .generation 5
come_back 'back'
expect 0 'the log' deed audit verify

# A place that is lost is left for another.
again
rm -rf $places/2
rm "$places/4/$g"/segment-00000000-*
printf X | dd of="$(find $places/5/"$f" -name 'box-*')" bs=1 seek=700 \
	conv=notrunc 2>/dev/null
expect 0 'without the place' deed shard rebalance --all --to 1,3,6,7,8
expect 0 'all is healthy' deed shard check
come_back 'made anew'
again
rm -rf $places/2 $places/4 $places/5
run deed shard rebalance --all --to 1,3,6,7,8
exits 8 'too few places answer'
out_has 'nothing is moved' '2 deposits: 0 moved'
is 'where they lie' "$(placement "$box")" '1 2 3 4 5'

# What places that keep their part lack is made anew, too.
again
rm "$places/1/$f"/box-* "$places/2/$g"/share-*
expect 0 'degraded' deed shard rebalance --all --to 1,2,3,4,6
expect 0 'and healthy' deed shard check

# What a run that was ended had begun elsewhere goes, when something is.
again
mkdir -p "$places/8/$f" "$places/8/$g"
cp "$places/2/$f"/* "$places/8/$f"
cp "$places/2/$g"/seg* "$places/8/$g"
expect 0 'what nobody knows of' deed shard rebalance --all
out_has 'is removed' '0 moved; 5 objects removed; 0 still'
absent 'with its folder' "$places/8/$f"

# The same as JSON.
again
run deed shard rebalance "$box" --to 1,2,3,4,6 --json
exits 0 'one'
json 'the deposit' '.deposits[0].id' "$box"
json 'what moved' '.deposits[0].moved' 1
json 'where it is' '.deposits[0].placement | join(" ")' '1 2 3 4 6'
json 'its event' '.deposits[0].event' 9
json 'what waits' '.deposits[0].waiting' 1
json 'all in all' '.summary.parts' 1
is 'each a line, printed at once' "$(grep -c '^    {"id"' "$T/out")" 1

# One at a time, and no party's key.
again
mv home/keystore/li li
expect 0 'no party is needed' deed shard rebalance "$box" "$large" "$box" \
	--to 1,2,3,4,6
mv li home/keystore/li
out_has 'who is named twice moves once' '2 deposits: 2 moved'
flock home/archive/rebalance.lock sleep 3 &
sleep 1
expect 9 'another is at work' deed shard rebalance --all --wait 0
wait
expect 0 'done' deed shard rebalance --all
