#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The health of deposits at places in buckets: looked at by pages, mended,
# moved, found again; and what is told of requests and bytes.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/buckets.sh"
need jq curl
need_home
buckets_start

echo one >1.txt
id=$(deed shard put -q 1.txt --party li)
expect 0 'five folders' deed shard check
for p in 1 2 3 4 5; do bucket_place "b$p" "p$p"; done
run deed shard rebalance --all --to b1,b2,b3,b4,b5 --grace 0 --json
exits 0 'from folders to buckets'
json 'it is told' .summary.moved 1
check 'and what it cost' [ "$(jq .traffic.put "$T/out")" -ge 15 ]
for p in 1 2 3 4 5; do
	expect 0 "place $p is free" deed shard place remove $p
done
run deed shard check
exits 0 'healthy'

for i in 2 3 4 5 6 7 8 9; do echo $i >$i.txt; done
expect 0 'more' deed shard put -q 2.txt 3.txt 4.txt 5.txt 6.txt 7.txt 8.txt 9.txt --party li
head -c 9000000 /dev/urandom >large.bin
large=$(deed shard put -q large.bin --party li)
folder() {
	deed shard show "$1" --json | jq -r .folder
}
f=$(folder "$id") g=$(folder "$large")

# By pages: a list a place and thousand names, and the manifests of what was not
# seen before: but of the first, which was, if README and script are known.
bucket_forget
run deed shard check --presence --json
exits 0 'names alone'
is 'a list a place, and one for the log' "$(jq .traffic.list "$T/out")" 6
gets=$(jq .traffic.get "$T/out")
check 'a manifest a deposit' expr "$gets" : '9$' \| "$gets" : '11$'
run deed shard check --presence --json
exits 0 'once more'
is 'the same lists' "$(jq .traffic.list "$T/out")" 6
check 'and no manifest but the first' [ "$(jq .traffic.get "$T/out")" -le 2 ]
deed shard check --presence >"$T/lines"
# shellcheck disable=SC2046 # a list of words
deed shard check --presence $(deed shard list --json |
	jq -r '.deposits[].id') >"$T/each"
sed '/^[0-9]* deposits: /d; / requests (/d' "$T/lines" | sort >"$T/all"
sed '/ requests (/d' "$T/each" | sort >"$T/one"
check 'it says the same of each' cmp "$T/all" "$T/one"
bucket_forget
run deed shard check
exits 0 'all of it'
out_has 'requests and bytes are told' ' GET, 5 HEAD, 6 LIST), 0 bytes sent, '
bucket_forget
run deed shard repair --all
exits 0 'nothing is to be done'
out_has 'requests are told' '0 objects made anew in 0'
is 'nothing is written' "$(grep -c 'PUT\|DELETE' "$T/s3.log")" 0

# What was deleted where versions are kept.
s3_do 'versioning?name=probe'
expect 0 'versions are kept' deed shard repair --all
for at in "p2/$f/" "p4/$g/segment-00000001" "p5/$g/share"; do
	before=$(bucket_keys "$at")
	s3_do "delete?bucket=probe&prefix=$at"
	check "$at: is marked" [ "$(bucket_keys "$at")" != "$before" ]
	run deed shard check --presence
	exits 1 "$at: check sees it"
	out_has "$at: tells it" 'deleted, and an older version is kept'
	out_has "$at: counts it" ' older version'
	run deed shard check
	exits 1 "$at: check sees it"
	out_has "$at: tells it" 'deleted, and an older version is kept'
	run deed shard repair --all -n
	exits 0 "$at: a rehearsal"
	out_has "$at: says what" 'would be undeleted at place'
	bucket_forget
	run deed shard repair --all --json
	exits 0 "$at: repair"
	is "$at: undoes it" "$(bucket_keys "$at")" "$before"
	is "$at: makes nothing" "$(jq .summary.made "$T/out")" 0
	check "$at: and says so" [ "$(jq .summary.undeleted "$T/out")" -gt 0 ]
	is "$at: writes nothing" "$(grep -c PUT "$T/s3.log")" 0
	expect 0 "$at: healthy" deed shard check
done

# All manifests of a deposit, and several markers one over another.
before=$(bucket_keys p)
for p in 1 2 3 4 5; do
	s3_do "delete?bucket=probe&prefix=p$p/$g/manifest-"
	s3_do "delete?bucket=probe&prefix=p$p/$f/manifest-1-"
	s3_do "delete?bucket=probe&prefix=p$p/$f/manifest-"
done
s3_do "delete?bucket=probe&prefix=p3/about/README"
s3_do "delete?bucket=probe&prefix=p3/about/deed-join"
run deed shard check "$large"
exits 1 'no place shows a manifest'
err_has 'why is told' 'it was deleted, and an older version is kept'
run deed shard repair --all --json
exits 0 'all of them'
is 'come back' "$(bucket_keys p)" "$before"
is 'and nothing is made' "$(jq .summary.made "$T/out")" 0
expect 0 'all is healthy' deed shard check

# What is kept is not what its name says: it is made anew, and the versions
# stay.
key=$(bucket_keys "p1/$f/box-" | cut -d' ' -f1)
s3_do "damage?bucket=probe&key=$key"
s3_do "delete?bucket=probe&prefix=$key"
run deed shard repair --all --json
exits 0 'a version that is damaged'
is 'is made anew' "$(jq .summary.made "$T/out")" 1
is 'over what was there' "$(bucket_keys "$key" | wc -w)" 3
run deed shard check
exits 0 'healthy again'
out_lacks 'older versions alone are nothing bad' 'older version'

# Deleted where nothing is kept.
key=$(bucket_keys "p4/$g/keys-" | cut -d' ' -f1)
s3_do "drop?bucket=probe&key=$key"
run deed shard check "$large"
exits 1 'lost'
out_has 'is missing' '.cms: missing'
run deed shard repair --all --json
is 'is made' "$(jq .summary.made "$T/out")" 1

# Uploads that nothing names.
lost=0123456789abcdef0123456789abcdef
young=f123456789abcdef0123456789abcdef
upload() {
	for p in 1 2 3 4 5; do
		s3_do "copy?bucket=probe&prefix=p$p/$g/se&to=p$p/$1/se"
		s3_do "copy?bucket=probe&prefix=p$p/$g/sh&to=p$p/$1/sh"
	done
}
upload 01/$lost
upload f1/$young
run deed shard repair --all --json
exits 0 'lost uploads'
is 'stay for a day' "$(jq -c '[.lost.uploads, .lost.young]' "$T/out")" '[0,2]'
for p in 1 2 3 4 5; do
	s3_do "age?bucket=probe&prefix=p$p/01/$lost/&seconds=90000"
	s3_do "age?bucket=probe&prefix=p$p/f1/$young/se&seconds=90000"
done
run deed shard repair --all -n
out_has 'a rehearsal' '1 upload that nothing names: 20 objects would be removed'
run deed shard repair --all --json
exits 0 'and then'
is 'are removed' "$(jq -c '[.lost.uploads, .lost.objects, .lost.young]' "$T/out")" '[1,20,1]'
is 'marked as deleted' "$(for p in 1 2 3 4 5; do bucket_keys p$p/01/$lost; done | grep -vc ' - ')" 0
check 'the young one is there' [ "$(bucket_keys p2/f1/$young | grep -vc ' - ')" -eq 4 ]
expect 0 'nothing else went' deed shard check
for p in 1 2 3 4 5; do s3_do "delete?bucket=probe&prefix=p$p/f1/$young"; done

# The catalogue from the places; an interrupted run is taken up.
rm home/archive/catalogue.db
run deed shard reindex
exits 0 'the catalogue is lost'
err_has 'and made from buckets' 'the catalogue has 10 deposits'
err_has 'what it cost is told' ' LIST), 0 bytes sent'

# Folders and buckets beside each other.
for p in 6 7; do quietly deed shard place add d$p dir:d$p; done
run deed shard rebalance "$large" "$id" --to b1,b2,b3,d6,d7 --grace 0 --json
exits 0 'to folders and buckets'
is 'both moved' "$(jq .summary.moved "$T/out")" 2
expect 0 'healthy there' deed shard check "$large" "$id"
rm -rf home/archive/d6/*/*
key=$(bucket_keys "p2/$g/segment-00000000" | cut -d' ' -f1)
s3_do "delete?bucket=probe&prefix=$key"
run deed shard repair --all --json
exits 0 'lost in a folder, and deleted in a bucket'
check 'made' [ "$(jq .summary.made "$T/out")" -gt 5 ]
is 'and undone' "$(jq .summary.undeleted "$T/out")" 1
run deed shard rebalance "$large" "$id" --to b5,b4,b3,b2,b1 --grace 0
exits 0 'and back'
expect 0 'all are healthy' deed shard check
for p in 6 7; do expect 0 "place d$p is free" deed shard place remove d$p; done

# An outage is no loss.
before=$(bucket_keys p)
for fault in denied nobucket; do
	s3_do "fault?name=$fault"
	run deed shard repair --all
	check "$fault: not done" [ "$code" -ne 0 ]
	run deed shard check --presence
	check "$fault: nor found well" [ "$code" -ne 0 ]
	out_lacks "$fault: nothing is missing" ': missing'
	s3_do "fault?name=none"
	is "$fault: nothing is written" "$(bucket_keys p)" "$before"
done
for method in GET HEAD; do
	s3_do "fault?name=denied&method=$method"
	run deed shard repair --all
	check "no $method: not done" [ "$code" -ne 0 ]
	s3_do "fault?name=none"
	is "no $method: nothing is written" "$(bucket_keys p)" "$before"
done
expect 0 'afterwards all is healthy' deed shard check
