#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Uploads that nothing names: what repair --all removes of them, and what it
# never does.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq
need sqlite3
need_home
places=home/archive/places

head -c 9000000 /dev/urandom >large.bin
box=$(deed shard put -q terms.txt --party li)
large=$(deed shard put -q large.bin --party li)
folder() {
	deed shard show "$1" --json | jq -r '.folder | split("/") | last'
}
f=$(folder "$box") g=$(folder "$large")
lost=0123456789abcdef0123456789abcdef
other=fedcba98765432100123456789abcdef

# upload FOLDER FROM: as a run leaves it that was killed before it signed.
upload() {
	for p in 1 2 3 4 5; do
		mkdir -p "$places/$p/$(expr "$1" : '\(..\)')"
		cp -Rp "$(where $p "$2")" "$(where $p "$1")"
		rm -f "$(where $p "$1")"/manifest-*
		touch "$(where $p "$1")"/*
	done
}
where() {
	echo "$places/$1/$(expr "$2" : '\(..\)')/$2"
}
aged() {
	find $places -path "*/$1/*" -exec touch -d '2 days ago' {} +
}
there() {
	find $places -path "*/$1/*" -type f | wc -l
}
gone() {
	find $places -name "$1" | wc -l
}
lost() {
	jq -r ".lost.$1" "$T/out"
}
# stays NAME MEMBER VALUE: nothing is removed of it, for this reason.
stays() {
	before=$(there $lost)
	run deed shard repair --all --json
	exits 0 "$1"
	is "$1: stays" "$(there $lost)" "$before"
	is "$1: $2" "$(lost "$2")" "$3"
	is "$1: nothing is removed" "$(lost uploads)" 0
}

run deed shard repair --all --json
exits 0 'nothing is lost'
is 'it was looked for' "$(lost 'done')" true
is 'nothing was found' "$(lost uploads)/$(lost young)/$(lost strange)" 0/0/0
run deed shard repair --all
out_lacks 'nor told' upload

# A day.
upload $lost "$g"
stays 'what is young' young 1
run deed shard repair --all
out_has 'in words' '1 upload that nothing names stays: younger than a day'
aged $lost
touch "$(where 3 $lost)"/keys-*
stays 'one object that is young' young 1
find $places -path "*/$lost/*" -exec touch -d '86300 seconds ago' {} +
stays 'a minute too early' young 1
touch -d 'next year' "$(where 5 $lost)"/share-*
aged_but_one=$(there $lost)
stays 'what is from the future' young 1
is 'all of it' "$(there $lost)" "$aged_but_one"

# What is no object of a deposit.
aged $lost
for name in note.txt segment-1 manifest-1.cms 'a b' box-1-00.tar; do
	: >"$(where 2 $lost)/$name"
	touch -d '3 days ago' "$(where 2 $lost)/$name"
	stays "beside '$name'" strange 1
	rm "$(where 2 $lost)/$name"
done
run deed shard repair --all -n
exits 0 'a rehearsal'
out_has 'says what' 'that nothing names: 25 objects would be removed'
check 'and removes nothing' [ "$(there $lost)" -ge 20 ]

# A manifest, of whatever generation, anywhere.
m=$(basename "$(where 1 "$g")"/manifest-*)
for p in 1 5; do
	cp "$(where $p "$g")/$m" "$(where $p $lost)"
	aged $lost
	stays "a manifest at place $p" strange 0
	rm "$(where $p $lost)/$m"
done
: >"$(where 4 $lost)/manifest-7-$(printf '%064d' 0).cms"
aged $lost
stays 'one that holds nothing' strange 0
rm "$(where 4 $lost)"/manifest-*

# Somebody has begun it, or had.
mkdir -p home/archive/begun
: >home/archive/begun/$other
echo $lost >home/archive/begun/$other.names
stays 'what a run began that died' young 0
rm home/archive/begun/*
: >home/archive/begun/$lost
stays 'in the manner of an older version' young 0
rm home/archive/begun/*
: >home/archive/begun/$other
printf '%s\n%s\n' "$(printf '%032d' 7)" $lost >home/archive/begun/$other.names
(
	exec 9<home/archive/begun/$other
	flock 9
	: >locked
	while [ ! -e enough ]; do sleep 0.1; done
) &
until [ -e locked ]; do sleep 0.1; done
stays 'what a run is making' young 0
: >enough
wait
rm home/archive/begun/*

# The catalogue has it: of a deposit that lost all its manifests.
for p in 1 2 3 4 5; do mv "$(where $p "$f")"/manifest-* "m$p"; done
find $places -path "*/$f/*" -exec touch -d '2 days ago' {} +
aged $lost
before=$(there "$f")
run deed shard repair --all --json
exits 1 'a manifest is nowhere'
is 'its parts stay' "$(there "$f")" "$before"
is 'and all else' "$(lost 'done')/$(lost uploads)" false/0
json 'for the log names it' .lost.why 'the log names a deposit whose manifest no place has'
cp home/archive/catalogue.db whole.db
sqlite3 home/archive/catalogue.db "delete from deposit where id = x'$box'"
run deed shard repair --all --json
is 'nor where the catalogue lacks it' "$(there "$f")/$(lost uploads)" "$before/0"
cp whole.db home/archive/catalogue.db
name=$(sqlite3 home/archive/catalogue.db "select 'manifest-1-' || lower(hex(cms)) || '.cms' from deposit where id = x'$box'")
for p in 1 2 3 4 5; do mv m$p "$(where $p "$f")/$name"; done
expect 0 'they are back' deed shard check "$box"

# A deposit that the catalogue lacks is entered, and is none of them.
sqlite3 home/archive/catalogue.db "delete from deposit where id = x'$box'"
aged $lost
touch "$(where 1 $lost)"/keys-*
stays 'while another is entered again' young 1
run deed shard list
out_has 'it is' "$box"

# A place that does not answer may have its manifest.
aged $lost
mv $places/4 away4
run deed shard repair --all --json
exits 8 'a place is away'
is 'nothing is removed' "$(lost 'done')/$(lost uploads)" false/0
check 'all of it is there' [ "$(there $lost)" -ge 20 ]
mv away4 $places/4

# One deposit is no reason to look.
expect 0 'a deposit is repaired' deed shard repair "$box"
check 'it is still there' [ "$(there $lost)" -ge 20 ]

# What a killed run was writing goes with it; links are not followed.
name=$(basename "$(where 1 $lost)"/keys-*)
: >"$(where 1 $lost)/.$name"
mkdir elsewhere
mv "$(where 2 $lost)" elsewhere/$lost
ln -s "$PWD/elsewhere/$lost" "$(where 2 $lost)"
aged $lost
find elsewhere -exec touch -d '2 days ago' {} +
kept=$(find elsewhere -type f | wc -l)
run deed shard repair --all --json
exits 10 'what is lost'
is 'is removed' "$(there $lost)" 0
is 'but what a link leads to' "$(find elsewhere -type f | wc -l)" "$kept"
is 'one upload' "$(lost uploads)" 1
is 'and its folder' "$(find $places -type d -name $lost | wc -l)" 0
rm -f "$(where 2 $lost)"
rm -rf elsewhere

# Several, whole or not, and one young.
upload $lost "$g"
upload $other "$f"
upload 11111111111111111111111111111111 "$f"
upload 22222222222222222222222222222222 "$f"
for one in $lost $other 22222222222222222222222222222222; do aged $one; done
rm -rf "$(where 1 $other)" "$(where 2 $other)" "$(where 3 $other)"
rm -f "$(where 1 $lost)"/segment-*
run deed shard repair --all
exits 0 'several'
out_has 'are counted' '3 uploads that nothing names: '
out_has 'and the young one' '1 upload that nothing names stays'
is 'they are gone' "$(there $lost)/$(there $other)/$(there 22222222222222222222222222222222)" 0/0/0
is 'it is there' "$(there 11111111111111111111111111111111)" 5
is 'no folder is left of them' "$(gone $lost)/$(gone $other)" 0/0

# A folder with nothing in it, and names of other kinds, are nobody's.
mkdir -p "$(where 1 33333333333333333333333333333333)" $places/1/photos $places/1/ab
: >$places/1/photos/a.jpg
: >$places/1/ab/b.txt
find $places -exec touch -d '9 days ago' {} +
run deed shard repair --all --json
exits 0 'other things'
is 'stay' "$(find $places/1/photos $places/1/ab -type f \( -name a.jpg -o -name b.txt \) | wc -l)" 2
expect 0 'both deposits are healthy' deed shard check
