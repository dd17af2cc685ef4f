#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard put of many: they share a transaction, and what is bad fails
# alone.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq
need_home

records() {
	find home/identity -path '*box*' -name '*.cms' | wc -l
}
box=$(records)
mkdir in
for i in 1 2 3 4 5 6 7 8 9 10; do
	head -c "${i}000" /dev/urandom >"in/$i.bin"
done
run deed shard put --party wang --party li in/*.bin
exits 0 'ten deposits'
is 'ten ids' "$(sort -u "$T/out" | grep -c '^[0-9a-f]\{64\}$')" 10
err_has 'the summary counts them' '10 deposited'
is 'each has its entry' "$(deed audit log --event deposit | wc -l)" 10
is 'one record a party' $(($(records) - box)) 2
is 'ten keys' "$(find home/archive/places/1 -name 'box-*' | wc -l)" 10
is 'README and script once' "$(find home/archive/places/1/about -type f | wc -l)" 2
is 'nothing is left of their making' "$(ls home/archive/begun)" ''
expect 0 'the log verifies' deed audit verify
expect 0 'all are whole' deed shard check
is 'the catalogue has them' "$(deed shard list | wc -l)" 10
run deed shard put --party wang --party li --json in/3.bin in/7.bin
exits 0 'two, as JSON'
json 'both' '.deposits | length' 2
json 'an id each' '[.deposits[].id] | unique | length' 2
json 'an event each' '.deposits[1].event - .deposits[0].event' 1
for i in 0 1; do
	id=$(jq -r ".deposits[$i].id" "$T/out")
	file=$(jq -r ".deposits[$i].file" "$T/out")
	cp "$T/out" both.json
	rm -f back
	run deed shard get "$id" --as li -o back --passphrase file:li.pass
	exits 0 "$file comes back"
	check 'the same bytes' cmp "$file" back
	cp both.json "$T/out"
done

# Each party learns what is its own, of each entry.
run deed audit log --open --as li --passphrase file:li.pass --event deposit
is 'li has the openings of all' "$(grep -c 'document=' "$T/out")" 12
out_lacks 'and not the other party' party=wang

# Bad operands by the dozen.
mkfifo pipe
mkdir -p dozen
ln -s nowhere broken
i=0
while [ $i -lt 12 ]; do
	printf 'good %s\n' $i >"dozen/good$i.txt"
	echo "dozen/good$i.txt"
	echo "dozen/missing$i.txt"
	i=$((i + 1))
done >list
printf 'pipe\nbroken\n' >>list
entries=$(deed audit log | wc -l)
run deed shard put --party li --files-from list
exits 11 'bad ones among good ones, for different reasons'
is 'the good ones are made' "$(wc -l <"$T/out")" 12
err_has 'the summary counts them' '12 deposited, 14 failed: dozen/missing0.txt'
err_has 'and how many more there are' 'and 13 more'
is 'only those are in the log' "$(deed audit log | wc -l)" $((entries + 12))
expect 0 'all are whole' deed shard check
is 'nothing is left' "$(ls home/archive/begun)" ''
run deed shard put --party li dozen/missing1.txt dozen/missing2.txt dozen/missing3.txt
exits 10 'only bad ones'
is 'nothing is made' "$(cat "$T/out")" ''
is 'and nothing logged' "$(deed audit log | wc -l)" $((entries + 12))
cp dozen/good1.txt dozen/index.json
run deed shard put --party li dozen/good1.txt dozen/index.json dozen/good2.txt
exits 2 'a document called as a file of every deposit'
is 'the others are made' "$(wc -l <"$T/out")" 2
run deed shard put --party li --fail-fast dozen/missing1.txt dozen/good1.txt
exits 10 'at the first failure'
is 'the others are not begun, or undone' "$(cat "$T/out")" ''
is 'nothing is left' "$(ls home/archive/begun)" ''
expect 0 'nor at the places' deed shard check

# Folders, lists and standard input.
mkdir -p tree/b/deep tree/a tree/.hidden tree/empty
echo 1 >tree/1.txt
echo a >tree/a/a.txt
echo deep >tree/b/deep/deep.txt
echo z >tree/z.txt
echo no >tree/.hidden/no.txt
echo no >tree/.no
ln -s ../terms.txt tree/link
mkfifo tree/pipe
run deed shard put --party li --json tree
exits 0 'a folder'
is 'its files in order' "$(jq -r '.deposits[].file' "$T/out" | tr '\n' ' ')" \
	'tree/1.txt tree/a/a.txt tree/b/deep/deep.txt tree/z.txt '
run deed shard put --party li --json terms.txt tree/b/ tree/z.txt
exits 0 'among files'
is 'in the order of the operands' \
	"$(jq -r '.deposits[].file' "$T/out" | tr '\n' ' ')" \
	'terms.txt tree/b/deep/deep.txt tree/z.txt '
ln -s tree/b linked
printf 'linked\0terms.txt\0' >list0
run deed shard put --party li --json --files-from list0 -0
exits 0 'a folder in a list, by a link'
is 'its file and the other' \
	"$(jq -r '.deposits[].file' "$T/out" | tr '\n' ' ')" \
	'linked/deep/deep.txt terms.txt '
run sh -c 'ls terms.txt annex.csv | deed shard put --party li --files-from -'
exits 0 'a list on standard input'
is 'both' "$(wc -l <"$T/out")" 2
run sh -c 'cat terms.txt | deed shard put --party li - annex.csv'
exits 0 'a document on standard input, and another'
is 'both' "$(wc -l <"$T/out")" 2
run deed shard put --party li tree/empty
exits 0 'an empty folder'
err_has 'it says so' '0 files'
run deed shard put --party li -n tree
exits 0 'a dry run'
err_has 'counts them' '4 would be deposited'
is 'and makes none' "$(cat "$T/out")" ''

# More than a group, by threads.
i=0
while [ $i -lt 250 ]; do
	printf 'document %s\n' $i
	i=$((i + 1))
done >lines
mkdir many && (cd many && split -l 1 -a 3 ../lines d)
box=$(records)
find many -type f | sort >list
run deed shard put --party wang --jobs 4 -q --files-from list
exits 0 'two hundred and fifty'
is 'as many ids' "$(sort -u "$T/out" | wc -l)" 250
is 'in three groups' $(($(records) - box)) 3
id=$(tail -n 1 "$T/out")
run deed shard get "$id" --as wang -o last --passphrase file:wang.pass
check 'in the order of the operands' cmp last "$(tail -n 1 list)"
expect 0 'the log verifies' deed audit verify
expect 0 'all are whole' deed shard check -q

# Two at once.
sed -n 1,50p list >first
sed -n 51,100p list >second
deed shard put --party li -q --files-from first >ids1 2>err1 &
pid=$!
deed shard put --party li -q --files-from second >ids2 2>err2
is 'two at once: one' $? 0
wait $pid
is 'and the other' $? 0
is 'a hundred ids' "$(sort -u ids1 ids2 | wc -l)" 100
expect 0 'the log verifies' deed audit verify
expect 0 'all are whole' deed shard check -q
is 'nothing is left' "$(ls home/archive/begun)" ''

# What a killed run left: a file with the names of its deposits, of which one is
# whole; and one of an older version, which is the name itself.
whole=$(basename "$(find home/archive/places/1 -mindepth 2 -type d \
	! -name about | head -n 1)")
n=$(deed shard list | wc -l)
leave() {
	for p in 1 3; do
		dir=home/archive/places/$p/$(echo "$1" | cut -c1-2)/$1
		mkdir -p "$dir"
		echo rest >"$dir/box-1-$(echo rest | sha256sum | cut -c1-64).tar"
		echo half >"$dir/.half"
	done
}
first=00000000000000000000000000000001
second=00000000000000000000000000000002
third=0123456789abcdef0123456789abcdef
leave $first
leave $second
leave $third
run=fedcba9876543210fedcba9876543210
printf '%s\n%s\n../../../in\n%s\nshort\n%s' "$first" "$whole" "$second" \
	00000000000000000000000000000003 >home/archive/begun/$run.names
: >home/archive/begun/$run
: >home/archive/begun/$third
expect 0 'the next run' deed shard put --party li terms.txt
is 'clears it away' "$(find home/archive/places -name $first -o -name $second \
	-o -name $third | wc -l)" 0
is 'and its files' "$(ls home/archive/begun)" ''
is 'but not what is whole' "$(deed shard list | wc -l)" $((n + 1))
expect 0 'all are whole' deed shard check -q
check 'nor anything else' test -f in/1.bin
