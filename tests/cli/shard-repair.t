#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What places lost is made anew, without a key, byte for byte; what is good or
# unknown stays as it is, and a place that is away is left alone.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq
need_home

places=home/archive/places
head -c 13000000 /dev/urandom >large.bin
box=$(deed shard put terms.txt --party li 2>/dev/null)
large=$(deed shard put large.bin --party li 2>/dev/null)
f=$(deed shard show "$box" | sed -n 's/^folder *//p')
g=$(deed shard show "$large" | sed -n 's/^folder *//p')
cp -Rp $places good
# Nobody's key is needed, nor the office's.
mv home/keystore keystore

same() {
	check "$1: as it was, byte for byte" diff -r good $places
}
again() {
	rm -rf $places
	cp -Rp good $places
}

expect 2 'neither an id nor all' deed shard repair
expect 2 'both' deed shard repair --all "$box"
expect 0 'nothing is to be done' deed shard repair --all
is 'one line' "$(cat "$T/out")" '2 deposits: 2 healthy; 0 objects made anew in 0'
expect 0 'one deposit' deed shard repair "$box"
out_has 'is healthy' "$box: healthy"
expect 4 'no such deposit' deed shard repair 0123456789abcdef
same 'nothing'

# Places that lost everything, but answer.
for lost in '1 2' '1 3' '1 4' '1 5' '2 3' '2 4' '2 5' '3 4' '3 5' '4 5'; do
	for p in $lost; do rm -rf "${places:?}/$p/$f" "${places:?}/$p/$g"; done
	expect 0 "lost at $lost" deed shard repair --all
	out_has 'counted' '2 deposits: 2 healthy; 18 objects made anew in 2'
	same "$lost"
done
for lost in '1 2 3' '2 4 5'; do
	for p in $lost; do rm -rf "${places:?}/$p/$f" "${places:?}/$p/$g"; done
	expect 1 "too much at $lost" deed shard repair --all
	out_has 'it is said' '2 deposits: 2 unreadable'
	again
done

# A place that is away.
mv $places/3 away
expect 8 'a place is away' deed shard repair --all
out_has 'nothing is done' '2 deposits: 2 away; 0 objects made anew in 0'
absent 'nor is it made' $places/3
rm -rf $places/1/"$f"
expect 8 'what is lost elsewhere is mended' deed shard repair --all
out_has 'and counted' '2 deposits: 2 away; 2 objects made anew in 1'
mkdir $places/3
expect 8 'an empty folder, as of a disk not mounted' deed shard repair --all
is 'is left alone' "$(ls $places/3)" ''
expect 4 'a place that the archive has not' deed shard repair --all --abandon 9
run deed shard repair --all --abandon 3 -n
exits 0 'a rehearsal'
out_has 'says what it would do' 'would be made anew at place 3'
is 'and does nothing' "$(ls $places/3)" ''
expect 0 'it is given up' deed shard repair --all --abandon 3
same 'a place made anew'
rm -rf $places/3
expect 0 'one that is gone' deed shard repair --all --abandon 3
same 'a place made anew'
expect 0 'one that is there is no loss' deed shard repair --all --abandon 3
err_has 'and is not given up' 'place 3 answers and is not abandoned'
same 'a place that was there'

# Each kind of object, missing, damaged, and where something else stands.
for o in "$f"/box "$f"/manifest "$g"/segment-00000002 "$g"/segment-00000003 \
	"$g"/share "$g"/keys "$g"/manifest about/README about/deed-join; do
	for p in 2 5; do
		object=$(find $places/$p/"${o%/*}" -name "${o##*/}*")
		rm "$object"
		expect 0 "$o is missing" deed shard repair --all
		printf X | dd of="$object" bs=1 seek=100 conv=notrunc 2>/dev/null
		expect 0 'is damaged' deed shard repair --all
		: >"$object"
		expect 0 'is empty' deed shard repair --all
		ln -sf /etc/passwd "$object"
		expect 0 'is a link' deed shard repair --all
		rm "$object"
		mkfifo "$object"
		expect 0 'is a pipe' deed shard repair --all
	done
	for p in 1 2 3 4 5; do rm "$(find $places/$p/"${o%/*}" -name "${o##*/}*")"; done
	case $o in
	about/*) expect 0 'lost everywhere, but known' deed shard repair --all ;;
	*) expect 1 'lost everywhere' deed shard repair --all && again ;;
	esac
	same "$o"
done

# What is unknown stays.
echo mine >$places/2/"$g"/note.txt
cp "$(find $places/1/"$f" -name 'box-*')" $places/4/"$g"
mkdir $places/5/"$f"/folder
rm $places/2/"$g"/share-*
run deed shard repair --all
exits 1 'things that do not belong there'
out_has 'what is lost is made' '1 object made anew in 1'
out_has 'an alarm' "$large: tampered"
out_has 'a file of somebody' 'note.txt: does not belong'
is 'it is still there' "$(cat $places/2/"$g"/note.txt)" mine
rm $places/2/"$g"/note.txt $places/4/"$g"/box-*
rmdir $places/5/"$f"/folder
same 'the rest'
segment=$(find $places/1/"$g" -name 'segment-00000001-*')
rm "$segment"
mkdir "$segment"
expect 10 'a folder where an object should be' deed shard repair --all
check 'is not taken away' [ -d "$segment" ]
rmdir "$segment"
expect 0 'until somebody does' deed shard repair --all
same 'the rest'

# The same as JSON, and its note in the catalogue.
rm $places/1/"$g"/segment-*
run deed shard check "$large"
run deed shard list --state degraded
out_has 'degraded' "$large"
run deed status
out_has 'status tells it' 'deposit: 1 deposit is degraded; deed shard repair --all'
run deed shard repair --all --json
json 'the deposit' '.deposits[0].id' "$large"
json 'as it was found' '.deposits[0].found' degraded
json 'and is' '.deposits[0].state' healthy
json 'what was made' '.deposits[0].places[0].made' 4
json 'all in all' '.summary.mended' 1
run deed shard list --state degraded
is 'nothing is degraded' "$(cat "$T/out")" ''
run deed status
out_lacks 'nor is it told' deposit:

# A run that was ended is taken up after what it had reached.
first=$(deed shard list | head -n 1 | cut -d' ' -f1)
second=$(deed shard list | tail -n 1 | cut -d' ' -f1)
echo "$first" >home/archive/repair-cursor
for p in 1 2; do rm -rf "${places:?}/$p/$f" "${places:?}/$p/$g"; done
run deed shard repair --all --json
json 'the next comes first' '.deposits[0].id' "$second"
json 'and then the others' '.deposits[1].id' "$first"
is 'each a line, printed at once' "$(grep -c '^    {"id"' "$T/out")" 2
absent 'afterwards none is kept' home/archive/repair-cursor
same 'all'

mv keystore home/keystore
for id in "$box" "$large"; do
	rm -f back
	expect 0 'it comes back' deed shard get "$id" --as li -o back --passphrase file:li.pass
done
check 'the same bytes' sh -c 'cmp back large.bin || cmp back terms.txt'
