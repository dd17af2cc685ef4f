#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Which places the archive has: added, listed, tried, taken out.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/manifests.sh"
need jq
need openssl
need_home

file=home/archive/places.json
cp $file before.json
id=$(deed shard put terms.txt --party li 2>/dev/null)

run deed shard place list
exits 0 'five places'
is 'each has a line' "$(grep -c answers "$T/out")" 5
mv home/archive/places/4 away
run deed shard place list --json
json 'one is away' '[.places[] | select(.answers | not).name] | join(" ")' 4
json 'what is needed' .needed 3
expect 8 'it is not tried' deed shard place test 4
absent 'nor is it made' home/archive/places/4
mv away home/archive/places/4
expect 0 'it is back' deed shard place test 4
is 'nothing is left of it' "$(find home/archive/places/4 -name 'test*')" ''
mkdir home/archive/places/4/test
echo mine >home/archive/places/4/test/.profile
expect 0 'beside a folder of this name' deed shard place test 4
is 'which is left alone' "$(cat home/archive/places/4/test/.profile)" mine
rm -r home/archive/places/4/test
expect 4 'no such place' deed shard place test 9

expect 0 'a rehearsal' deed shard place add six "dir:$PWD/six" -n
absent 'makes nothing' six
check 'and changes nothing' cmp $file before.json
expect 0 'a sixth' deed shard place add six "dir:$PWD/six"
expect 0 'can be written to' deed shard place test six
expect 7 'the same name' deed shard place add six "dir:$PWD/other"
absent 'makes nothing' other
expect 7 'the same folder' deed shard place add seven "dir:$PWD/six"
ln -s six link
expect 7 'the same by a link' deed shard place add seven "dir:$PWD/link"
expect 2 'no description' deed shard place add seven six
expect 2 'another kind of place' deed shard place add seven s3:bucket
for name in a/b .. -x 'a b' ''; do
	expect 2 "no name: '$name'" deed shard place add -- "$name" "dir:$PWD/x"
done
: >file
expect 10 'a file' deed shard place add seven "dir:$PWD/file"
run deed shard place list --json
json 'six places' '.places | length' 6

new=$(deed shard put annex.csv --party li 2>/dev/null)
run deed shard show "$new" --json
json 'a new deposit lies at six' '.placement | length' 6
run deed shard show "$id" --json
json 'an older one where it was' '.placement | length' 5
expect 0 'both are healthy' deed shard check
rm -rf six
expect 0 'the sixth is made anew' deed shard repair --all --abandon six
expect 0 'both are healthy' deed shard check

expect 7 'a place that a manifest names' deed shard place remove six
err_has 'it says so' 'named by the manifest'
find home/archive/places six -name 'manifest-*' >manifests
while read -r manifest; do
	echo none >"${manifest%/*}/manifest-4294967295-$(printf %064d 0).cms"
done <manifests
expect 7 'also behind damaged ones' deed shard place remove six
err_has 'it says so' 'named by the manifest'
find home/archive/places six -name 'manifest-4294967295-*' -delete
# One that is well-formed, signed by nobody, and names other places.
folder=$(deed shard show "$new" | sed -n 's/^folder *//p')
next "$(grep -m 1 "$folder" manifests)" forged '.generation = 9
	| .placement |= map(if . == "six" then "other" else . end)'
printf XXXX | dd of=forged bs=1 conv=notrunc 2>/dev/null \
	seek=$(($(wc -c <forged) - 4))
for at in home/archive/places/[1-5] six; do
	for in in "$at/$folder" "$at"/*/"$folder"; do
		[ ! -d "$in" ] || cp forged "$in/manifest-9-$(digest forged).cms"
	done
done
expect 7 'also behind a forged one' deed shard place remove six
err_has 'it says so' 'named by the manifest'
mv home/archive/catalogue.db catalogue.db
expect 7 'also without a catalogue' deed shard place remove six
err_has 'which would say more' 'deed shard reindex'
mv catalogue.db home/archive/catalogue.db
find home/archive/places six -name 'manifest-9-*' -delete
expect 7 'each of them' deed shard place remove 1
expect 4 'no such place' deed shard place remove 9
quietly deed shard place add seven "dir:$PWD/seven"
expect 0 'a rehearsal' deed shard place remove seven -n
mv home/archive/places/2 away
expect 7 'while one is away' deed shard place remove seven
mv away home/archive/places/2
expect 0 'one that no manifest names' deed shard place remove seven
check 'its folder stays' [ -d seven ]
run deed shard place list
out_lacks 'it is no place any more' seven

# A place of a manifest that the archive has no more, as after an edit by hand.
cp before.json $file
run deed shard check "$new"
exits 8 'it is away'
out_has 'and told' 'the archive has no place of this name'

# Never fewer than a deposit needs.
rm -rf home
need_home
for p in 1 2; do expect 0 "without $p" deed shard place remove $p; done
expect 7 'three are needed' deed shard place remove 3

# The list of places is read strictly: a member that is misspelt would be as
# if it were not there.
cp home/archive/places.json whole.json
bad() {
	jq -c "$2" whole.json >home/archive/places.json
	expect 2 "$1" deed shard place list
}
bad 'an unknown member' '.places[0].bucket = "b"'
err_has 'is named' "'bucket' of place 1"
bad 'a name of another type' '.places[0].name = 1'
bad 'no name' 'del(.places[0].name)'
bad 'a name that is none' '.places[0].name = "a/b"'
bad 'a member of the whole' '.place = []'
bad 'a name twice' '.places[1].name = .places[0].name'
err_has 'is told' "has two places '"
bad 'a folder twice' '.places[1].place = .places[0].place'
err_has 'is told, too' "is place '"
bad 'a folder with an endpoint' '.places[0].endpoints = ["https://h"]'
bad 'a bucket without a prefix' '.places[0].place = "s3:bucket"'
bad 'a bucket without an account' '.places[0].place = "s3:bucket/x"'
s3='.places[0] += {"place": "s3:bucket/x", "access-key": "who"'
bad 'an endpoint that is none' "$s3, \"endpoints\": [\"h\"]}"
bad 'an endpoint without encryption' "$s3, \"endpoints\": [\"http://h\"]}"
bad 'endpoints that are no list' "$s3, \"endpoints\": \"https://h\"}"
bad 'too many transfers' "$s3, \"transfers\": 65}"
bad 'no transfers' "$s3, \"transfers\": 0}"
bad 'a flag of another type' "$s3, \"insecure\": 1}"
bad 'a secret of another type' "$s3, \"secret\": null}"
cp whole.json home/archive/places.json
expect 0 'the list as it was' deed shard place list
