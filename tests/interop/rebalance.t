#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Deposits that moved to other places, opened without deed by what lies there:
# those of both editions, in a box and large.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need openssl python3 argon2 tar sha256sum faketime
need_that 'openssl has no kdf command' openssl kdf -keylen 1 \
	-kdfopt digest:SHA256 -kdfopt hexkey:00 HKDF
need_home

head -c 8500000 /dev/urandom >large.bin
box=$(deed shard put terms.txt --party li 2>/dev/null)
large=$(deed shard put large.bin --party li 2>/dev/null)
for p in 6 7 8; do quietly deed shard place add $p "dir:places/$p"; done
quietly deed shard rebalance --all --to 6,2,7,4,5
quietly deed shard rebalance --all --to 6,2,7,8,5 --grace 0
f=$(deed shard show "$box" | sed -n 's/^folder *//p')
g=$(deed shard show "$large" | sed -n 's/^folder *//p')
places=home/archive/places
sed -n 's/^\$ //p' $places/7/about/README-*.txt >commands.sh
without_deed=$(printf %s "$PATH" | tr : '\n' | grep -vxF "$top_builddir" | tr '\n' :)

# by ID FOLDER PLACES
by() {
	rm -rf work
	# shellcheck disable=SC2046,SC2086
	env -i PATH="$without_deed" HOME="$HOME" TMPDIR="$TMPDIR" LC_ALL=C \
		ROOT=house.pem ABOUT=$places/8/about ID="$1" \
		PLACES="$(printf "$places/%s/$2 " $3)" WORK=work \
		KEYFILE=home/keystore/li/deposit-1.key PASSFILE=li.pass \
		sh commands.sh >"$T/out" 2>"$T/err"
	code=$?
	last="README with $3"
}
for set in '2 5 6' '2 7 8' '5 6 7' '6 7 8'; do
	by "$box" "$f" "$set"
	exits 0 "a small one at $set"
	check 'the document' cmp terms.txt work/content/terms.txt
done
for set in '2 5 6' '5 7 8' '6 7 8'; do
	by "$large" "$g" "$set"
	exits 0 "a large one at $set"
	check 'the document' cmp large.bin work/content/large.bin
done
by '' "$g" '6 7 8'
exits 0 'without its id'
check 'the document' cmp large.bin work/content/large.bin

# The first edition, while the office of that time could sign.
faketime -f +1d deed version >/dev/null 2>&1 || {
	skip 'the first edition' 'faketime does not run here'
	exit 0
}
rm -rf home
check 'the home of that time' tar -xzf "$data/archive/first-edition.tar.gz"
id=59c66adf46dbcf2d92200476a1f7c02eac2b8b712690059fc8f91cffa7b244b6
folder=5b24cdb0f84d0b75fec6ab76d52b9caa
for p in 6 7 8; do quietly deed shard place add $p "dir:places/$p"; done
printf X | dd of="$(find $places/1/$folder -name 'segment-*')" bs=1 seek=100 \
	conv=notrunc 2>/dev/null
expect 0 'it moves' faketime '2026-12-01 12:00:00' deed shard rebalance --all --to 6,7,8,4,5 --grace 0
out_has 'three parts' '3 parts moved: 1 to 6, 2 to 7, 3 to 8'
expect 0 'it is whole' deed shard check "$id"
for p in 1 2 3; do absent 'nothing is left' "$places/$p/$folder"; done
is 'a list of sums at each place' "$(find $places/[678] -name 'sha256sums-*' |
	wc -l)" 3
for p in 6 7 8; do
	check 'it holds' sh -c "cd $places/$p/*/$folder &&
		sha256sum --quiet -c sha256sums-*"
done
for who in ec rsa; do
	rm -f back
	expect 0 "by $who" deed shard get "$id" --key $who.key -o back
	check 'the same bytes' cmp terms.txt back
done
mkdir handed
for p in 4 5 6 7 8; do
	cp -R "$(find $places/$p -name $folder)" handed/$p
done
sed -n 's/^\$ //p' handed/6/README-*.txt >commands.sh
for set in '4 5 6' '6 7 8'; do
	for who in ec rsa; do
		rm -rf work
		# shellcheck disable=SC2046,SC2086
		expect 0 "its own README as $who with $set" env \
			PLACES="$(printf 'handed/%s ' $set)" WORK=work \
			KEY="$PWD/$who.key" sh commands.sh
		check 'the document' cmp terms.txt work/content/terms.txt
	done
done
