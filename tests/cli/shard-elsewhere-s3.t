#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard get --places from buckets; and two offices in the same buckets,
# each under a prefix of its own.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/buckets.sh"
need jq openssl setsid
[ -x /usr/bin/python3 ] || skip_all '/usr/bin/python3 is not installed'
need_home
outsider

folders_start bucket1 bucket2 bucket3 bucket4 bucket5
secret_file wrong.pass anothersecret

# An office: five buckets, and its prefix in each.
office() {
	for i in 1 2 3 4 5; do
		quietly folder_place "b$i" "bucket$i/$1"
		quietly deed shard place remove $i
	done
}
cp -Rp home second
office a
id=$(deed shard put terms.txt --party out.pem 2>/dev/null)
deed shard put annex.csv minutes.odt --party out.pem >"$T/ids" 2>"$T/err"
pack=$(deed shard put terms.txt annex.csv --pack --party out.pem 2>/dev/null)
folder=$(deed shard list --json |
	jq -r --arg id "$id" '.deposits[] | select(.id == $id) | .folder')
is 'three deposits and a pack' "$(deed shard list | wc -l)" 4
cp home/archive/places.json far.json

# --- a reader ---
mv home office
DEED_HOME=$W/second
: >store/log
reader() {
	rm -f back
	run env -u DEED_HOME setsid -w deed shard get "$@" --trust house.pem \
		--key out.key -o back
}
reader "$id" --places far.json
exits 0 'by the id'
check 'the document' cmp terms.txt back
reader "$folder" --places far.json
exits 0 'by the folder'
check 'the document' cmp terms.txt back
reader "$pack/2" --places far.json
exits 0 'a document of a pack'
check 'that one' cmp annex.csv back
reader "$(echo "$id" | cut -c1-12)" --places far.json
exits 0 'by the beginning of the id'
is 'nothing was written or removed' \
	"$(grep -c -e '^PUT' -e '^DELETE' -e '^POST' store/log)" 0
is 'nor asked for outside of the prefix' \
	"$(grep -v -e '^[A-Z]* /bucket[1-5]/a/' -e 'prefix=a%2F' store/log)" ''
: >store/log
reader "$folder" --places far.json
by_folder=$(grep -c '^GET' store/log)
manifests=$(grep -c '^GET .*/manifest-' store/log)
is 'by the folder one manifest is read' "$manifests" 1
check "and little else: $by_folder requests" [ "$by_folder" -le 16 ]

list() {
	jq -c ".places |= map($1)" far.json >list.json
	reader "$folder" --places list.json
}
list '.secret = "file:wrong.pass"'
exits 8 'a wrong secret'
absent 'no output' back
list 'del(.secret)'
exits 6 'no secret'
list '.secret = "file:missing"'
exits 6 'a secret that is not there'
list '."access-key" = "nobody"'
exits 8 'an account that is none'
list '.place |= sub("/a$"; "/c")'
exits 8 'a prefix with nothing in it'
list '.place |= sub("bucket"; "basin")'
exits 8 'no such bucket'
list '.endpoints = ["http://127.0.0.1:9"]'
exits 8 'nobody at the endpoint'
list '.colour = "blue"'
exits 2 'a member that no place has'
list 'if .name < "b3" then .endpoints = ["http://127.0.0.1:9"] else . end'
exits 0 'two places that do not answer'
check 'the document' cmp terms.txt back
list 'if .name < "b4" then .secret = "file:wrong.pass" else . end'
isnt 'two places that let us are too few' $code 0
absent 'no output' back
reader "$folder" --places far.json --offline
isnt 'not with --offline' $code 0
absent 'no output' back
rm store/bucket[12]/a%2F*manifest*
reader "$id" --places far.json
exits 0 'two places lost all manifests'
check 'the document' cmp terms.txt back

# --- another office, in the same buckets ---
: >store/log
office b
other=$(deed shard put terms.txt --party out.pem 2>/dev/null)
is 'it has its own' "$(deed shard list | cut -d' ' -f1)" "$other"
expect 0 'which is whole' deed shard check
expect 0 'a catalogue anew' deed shard reindex
is 'has only that' "$(deed shard list | cut -d' ' -f1)" "$other"
quietly deed shard repair --all
is 'nothing was asked for outside of its prefix' \
	"$(grep -v -e '^[A-Z]* /bucket[1-5]/b/' -e 'prefix=b%2F' \
		-e '/bucket[1-5]/*?versioning' -e '/bucket[1-5]/*?versions' store/log)" ''
reader "$other" --places far.json
exits 4 'the first office does not have it'
jq -c '.' second/archive/places.json >far-b.json
reader "$other" --places far-b.json
exits 0 'the second does'
DEED_HOME=$W/office
expect 1 'the first tells what it lost' deed shard check
expect 0 'and repairs it' deed shard repair --all
expect 0 'and is whole' deed shard check
