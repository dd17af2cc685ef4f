#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Nothing that a store holds tells whose a deposit is or what it is of: no name,
# number, address, label or title, no bytes of a document and no hash of them, in
# five prefixes of a bucket, on the disks of the nodes, in their databases, or in
# what its servers log; nor the secret, on the disks and in the logs.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
DEED_TEST_PLACES=s3
unset DEED_TEST_S3
. "$top_srcdir/tests/cli/places.sh"
need python3
need_places
need_home
places_make

. "$top_srcdir/tests/cli/blind.sh"
echo "word $(cat "$s3_secret")" >>words

put() {
	quietly deed shard put --party wang --party li --party acme "$@"
}
put contract.pdf --label 2026/117 --sender 'Hofrat Ehrlich' \
	--sent 2026-11-01T10:00:00Z
id=$(cat "$T/out")
put Vollmacht-Gruber.bin --label Aktenzeichen-Neun \
	--evidence Mietvertrag-Ottakring.pdf
put Nachlass Mietvertrag-Ottakring.pdf
put --pack --label Aktenzeichen-Neun Nachlass Mietvertrag-Ottakring.pdf
quietly deed shard get "$id" --as li --passphrase file:li.pass -o back
quietly deed shard check
place_rm 2 "$(deed shard show "$id" | sed -n 's/^folder *//p')/"
quietly deed shard repair --all

# What a place has, as who rents the bucket reads it.
mkdir held
for p in 1 2 3 4 5; do
	place_ls $p | while read -r name; do
		mkdir -p "held/$p/${name%/*}"
		place_cat $p "$name" >"held/$p/$name"
	done
done
search() {
	run python3 "$top_srcdir/tests/cli/found.py" words "$@"
	looked=$(sed -n 's/^looked at \([0-9]*\) files.*/\1/p' "$T/out")
}
search held
is 'nothing in five prefixes' "$(grep -v '^looked at' "$T/out")" ''
check "of $looked objects" [ "$looked" -gt 70 ]
objects=$looked
search "$swift_at/log"
is 'nothing in the logs of the servers' \
	"$(grep -v '^looked at' "$T/out")" ''
check 'which have every request' [ "$(swift_log | grep -c 'PUT /')" -gt 200 ]
search "$swift_at"/node?
is 'nothing on the disks' "$(grep -v '^looked at' "$T/out")" ''
check "of $looked files" [ "$looked" -gt $((objects * 3)) ]

# What the search would find.
printf 'Ottakring' >told
quietly s3 put "$places_bucket/at/1/told" told
quietly s3 put "$places_bucket/at/1/Nachlass" told
search "$swift_at"/node? "$swift_at/log"
out_has 'a word in an object is found on a disk' Ottakring
out_has 'and a name in a log' "Nachlass: $swift_at/log"
