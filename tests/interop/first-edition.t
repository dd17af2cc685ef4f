#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A home with a deposit of the first edition (deed.manifest/1), made once by
# the program of that time and stored: it is read, checked, found again, and
# opened by what lies in its places.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/interop/opened.sh"
opened_start

check 'the home of that time' tar -xzf "$data/archive/first-edition.tar.gz"
id=59c66adf46dbcf2d92200476a1f7c02eac2b8b712690059fc8f91cffa7b244b6
folder=5b24cdb0f84d0b75fec6ab76d52b9caa
places=home/archive/places

# A newer program may make the catalogue anew first.
expect 0 'it is in the catalogue' deed shard list --label 2026/117
out_has 'by its label' "$id"
expect 0 'it is whole' deed shard check
out_has 'it is told' "$id: healthy"
out_has 'each place of it' 'place 5: healthy, 7 of 7 objects'
expect 0 'it is shown' deed shard show "$id"
out_has 'its folder' "$folder"
for who in ec rsa; do
	rm -f back
	expect 0 "by $who" deed shard get "$id" --key $who.key -o back
	check 'the same bytes' cmp terms.txt back
done
rm home/archive/catalogue.db
expect 0 'without a catalogue' deed shard list
out_has 'it is found again' "$id"

# Any two places may be lost.
for lost in '1 2' '1 3' '1 4' '1 5' '2 3' '2 4' '2 5' '3 4' '3 5' '4 5'; do
	for p in $lost; do mv $places/"$p" away."$p"; done
	rm -f back
	expect 0 "without $lost" deed shard get "$id" --key ec.key -o back
	check 'the same bytes' cmp terms.txt back
	for p in $lost; do mv away."$p" $places/"$p"; done
done

# Each object, damaged at one place.
for object in "$places/2/$folder"/*; do
	cp "$object" kept
	printf X | dd of="$object" bs=1 seek=100 conv=notrunc 2>/dev/null
	kind=$(basename "$object" | sed 's/-.*//')
	run deed shard check "$id"
	exits 1 "a damaged $kind"
	out_has 'it can be repaired' 'degraded, can be repaired'
	rm -f back
	expect 0 'it is read' deed shard get "$id" --key rsa.key -o back
	check 'the same bytes' cmp terms.txt back
	cat kept >"$object"
done
expect 0 'all is well again' deed shard check "$id"

# What two places lost is made anew as it was, list of sums and all.
cp -Rp $places good
for lost in '1 2' '2 5' '4 5'; do
	for p in $lost; do rm "${places:?}/$p/$folder"/*; done
	expect 0 "repaired at $lost" deed shard repair "$id"
	out_has 'each object' '14 objects made anew'
	check 'as it was' diff -r good $places
done
for object in "$places/2/$folder"/*; do
	printf X | dd of="$object" bs=1 seek=100 conv=notrunc 2>/dev/null
done
expect 0 'all that a place has is damaged' deed shard repair --all
check 'as it was' diff -r good $places

# The script of today joins it too, by what its manifest names.
PATH=$top_builddir:$PATH deed ca bundle >root.pem
expect 0 'the manifest' openssl cms -verify -inform DER -CAfile root.pem \
	-purpose any -no_check_time -out manifest.json \
	-in "$(find $places/4 -name 'manifest-1-*')"
mkdir now
for p in 2 4 5; do cp -R $places/$p/$folder now/$p; done
expect 0 'the script of today' python3 \
	"$top_srcdir/lib/archive/deed-join.py" parts manifest.json now/2 now/4 now/5
expect 0 'the half for a party' openssl cms -decrypt -binary -inform DER \
	-in parts/keys.cms -inkey ec.key -out p.bin
kek=$(openssl kdf -binary -keylen 32 -kdfopt digest:SHA256 \
	-kdfopt "hexkey:$(od -An -v -tx1 p.bin | tr -d ' \n')$(cat parts/s.hex)" \
	-kdfopt "hexsalt:$(cat parts/deposit.hex)" \
	-kdfopt 'info:deed-shard-v1 chunk 0 last' HKDF |
	od -An -v -tx1 | tr -d ' \n')
expect 0 'its chunk' openssl cms -decrypt -binary -inform DER \
	-in parts/chunk-00000000.cms -secretkey "$kek" \
	-secretkeyid "$(cat parts/deposit.hex)" -out content.tar
expect 0 'its tar' tar -xf content.tar
mkdir old
mv deposit.json old
for p in 2 4; do rm now/$p/segment-*; done
run python3 "$top_srcdir/lib/archive/deed-join.py" fewer manifest.json \
	now/2 now/4 now/5
exits 1 'too few segments'
absent 'nothing is made' fewer/keys.cms

# Opened by the README and the script of that time.
mkdir handed
for p in 1 2 3 4 5; do cp -R $places/$p/$folder handed/$p; done
for key in ec rsa; do cp $key.key $key.pem; done
mkdir whole
cp terms.txt whole
commands_of handed/4/README-*.txt
opened_at 3 'its own README' whole handed 1 2 3 4 5
opened_small
