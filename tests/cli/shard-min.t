#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard put --min-places: which places must have all of a deposit, what is
# said of the others, and that the folder of a place that is away is never
# made.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq
need_home

places=home/archive/places
folder_of() {
	deed shard show "$1" | sed -n 's/^folder *//p'
}
state() {
	deed shard check "$1" --json | jq -r '.deposits[0].state'
}
listed() {
	deed shard list --state "$1" | cut -c1-64
}

# A new archive has five places, of which nothing is amiss.
run deed shard place list
is 'new places answer' "$(grep -c answers "$T/out")" 5
for p in 1 2 3 4 5; do
	check "$p has its mark" [ -d $places/$p/about ]
done

# One that is away.
mv $places/3 away
run deed shard put terms.txt --party li
exits 8 'a place is away'
err_has 'which' "place '3': does not answer"
err_has 'what can be done' 'deed shard put --min-places N'
err_has 'or' 'deed shard repair --all --abandon NAME'
is 'no id' "$(cat "$T/out")" ''
absent 'its folder is not made' $places/3
is 'nothing was logged' "$(deed audit log --event deposit | wc -l)" 0
expect 8 'nor does a rehearsal go on' deed shard put -n terms.txt --party li

# The disk is not mounted: what is under it stays empty.
mkdir $places/3
run deed shard put terms.txt --party li
exits 8 'an empty folder'
: >$places/3/NOT-MOUNTED
run deed shard put terms.txt --party li
exits 8 'or one with something of others'
run deed shard put --min-places 4 terms.txt --party li --json
exits 0 'four are enough'
id=$(jq -r '.deposits[0].id' "$T/out")
json 'its state' '.deposits[0].state' degraded
json 'what lacks it' '.deposits[0].lacking | join(" ")' 3
is 'nothing is under the mount point' "$(ls $places/3)" NOT-MOUNTED
rm $places/3/NOT-MOUNTED
rmdir $places/3
run deed shard put --min-places 4 annex.csv --party li
exits 0 'nor is its folder made'
err_has 'it says so' 'degraded: not all is at 3'
err_has 'and what mends it' 'deed shard repair --all'
absent 'the folder' $places/3
is 'the list knows' "$(listed degraded | wc -l)" 2
run deed shard put --pack --min-places 4 terms.txt annex.csv --party li
exits 0 'a pack'
err_has 'says so, too' 'event 9; degraded: not all is at 3'
err_has 'and what mends it' 'deed shard repair --all'
run deed shard put --pack --min-places 4 terms.txt annex.csv --party li --json
json 'its state' '.deposits[0].state' degraded
json 'what lacks it' '.deposits[0].lacking | join(" ")' 3
run deed shard show "$id" --json
json 'the manifest names all' '.placement | length' 5
run deed status
exits 1 'the status too'
out_has 'that four are degraded' '4 deposits'
is 'seen so long as it is away' "$(state "$id")" away

# It comes back as it was.
mv away $places/3
is 'it is degraded' "$(state "$id")" degraded
expect 0 'repair makes it whole' deed shard repair --all
is 'it is healthy' "$(state "$id")" healthy
is 'none is degraded' "$(listed degraded | wc -l)" 0
for p in 1 2 4 5; do mv $places/$p gone$p; done
run deed shard get "$id" --as li --passphrase file:li.pass -o back
exits 8 'one alone brings nothing back'
for p in 1 4; do mv gone$p $places/$p; done
expect 0 'with two others it does' deed shard get "$id" --as li \
	--passphrase file:li.pass -o back
check 'the same' cmp terms.txt back
rm back
for p in 2 5; do mv gone$p $places/$p; done

# Which numbers can be.
for n in 1 3 6 64; do
	expect 2 "$n of five, three of which are needed" \
		deed shard put --min-places $n terms.txt --party li
done
expect 2 'nor none' deed shard put --min-places 0 terms.txt --party li
expect 2 'nor before anything is written' \
	deed shard put -n --min-places 3 terms.txt --party li
run deed shard put --min-places 5 terms.txt --party li --json
json 'all five is what is there without it' '.deposits[0].state' healthy
json 'none lacks it' '.deposits[0].lacking | length' 0
mv $places/1 gone1
mv $places/2 gone2
run deed shard put --min-places 4 terms.txt --party li
exits 8 'two are away'
err_has 'how many are left' '3 of 5 places are left'
mv gone2 $places/2
mkdir -p "$HOME/.config/deed"
printf 'shard:\n  put:\n    min-places: 4\n' >"$HOME/.config/deed/config.yaml"
expect 0 'from the configuration' deed shard put terms.txt --party li
expect 8 'unless said otherwise' deed shard put --min-places 5 terms.txt \
	--party li
rm -r "$HOME/.config"
mv gone1 $places/1

quietly deed shard repair --all
is 'none is degraded' "$(listed degraded | wc -l)" 0
head -c 5000000 /dev/urandom >large.bin

# A new disk, empty, at an old place.
id=$(deed shard put large.bin --party li 2>/dev/null)
f=$(folder_of "$id")
rm -rf $places/4
mkdir $places/4
expect 8 'it is away' deed shard put terms.txt --party li
expect 0 'until it is abandoned' deed shard repair --all --abandon 4
check 'it has all' [ -d "$places/4/$f" ]
expect 0 'and is written to' deed shard put terms.txt --party li
expect 0 'all is whole' deed shard check
