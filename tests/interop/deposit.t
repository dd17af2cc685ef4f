#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A deposit is opened without deed, by doing what the README of a place says;
# and not where something is not what the office signed.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need openssl python3 argon2 tar sha256sum
need_that 'openssl has no kdf command' openssl kdf -keylen 1 \
	-kdfopt digest:SHA256 -kdfopt hexkey:00 HKDF
need_home

# li's deposit key is P-256; zhao's is RSA.
secret_file zhao.pass 'another passphrase'
quietly deed enroll person zhao --name 'Zhao Min' --email zhao@example.org \
	--id cn-ric:110102199101010078 --passphrase file:zhao.pass \
	--deposit-key rsa2048
quietly prove_home zhao
# Three chunks, the last of them small.
head -c 8500000 /dev/urandom >big.bin
quietly deed shard put terms.txt --party li --party zhao
small=$(cat "$T/out")
small_folder=$(deed shard show "$small" | sed -n 's/^folder *//p')
quietly deed shard put big.bin --party li --party zhao --evidence terms.txt \
	--sender 'Li Na'
id=$(cat "$T/out")
folder=$(deed shard show "$id" | sed -n 's/^folder *//p')
is 'the key file is the one in the keystore' \
	"$(find home/keystore/li home/keystore/zhao -name 'deposit-1.key' | wc -l)" 2

# What an expert is handed: three places and a key file.
mkdir handed
for p in 3 4 5; do cp -R "home/archive/places/$p/$folder" handed/$p; done
cp -R home/archive/places/4/about handed/about
mkdir box
for p in 1 2 3 4 5; do cp -R "home/archive/places/$p/$small_folder" box/$p; done
is 'two objects a place' "$(find box -type f | wc -l)" 10
cp home/keystore/li/deposit-1.key handed/li.key
cp home/keystore/zhao/deposit-1.key handed/zhao.key
cp li.pass zhao.pass handed
mv home home.away

sed -n 's/^\$ //p' handed/about/README-*.txt >commands.sh
isnt 'there are commands in it' "$(wc -l <commands.sh)" 0
without_deed=$(printf %s "$PATH" | tr : '\n' | grep -vxF "$top_builddir" | tr '\n' :)

# by WHO PLACES: what the README says, in one shell, without deed.
by() {
	rm -rf work
	env -i PATH="$without_deed" HOME="$HOME" TMPDIR="$TMPDIR" LC_ALL=C \
		ROOT="${root:-house.pem}" ABOUT=handed/about ID="$id" \
		PLACES="$2" WORK=work KEYFILE="handed/$1.key" \
		PASSFILE="handed/$1.pass" sh commands.sh >"$T/out" 2>"$T/err"
	code=$?
	last="README as $1 with $2"
}
expect 127 'deed is not found' env PATH="$without_deed" sh -c 'deed version'
for who in li zhao; do
	by $who 'handed/3 handed/4 handed/5'
	exits 0 "$who opens it with both data segments lost"
	check 'the document' cmp big.bin work/content/big.bin
	check 'what lies beside it' cmp terms.txt work/content/terms.txt
	has 'the record' work/content/deposit.json '"sender":"Li Na"'
done

# A box: any three places, and tar reads it.
big=$id
id=$small
for places in '1 2 3' '1 2 4' '1 2 5' '1 3 4' '1 3 5' '1 4 5' '2 3 4' '2 3 5' \
	'2 4 5' '3 4 5'; do
	# shellcheck disable=SC2086
	by li "$(printf 'box/%s ' $places)"
	exits 0 "a small one with $places"
	check 'the document' cmp terms.txt work/content/terms.txt
done
by zhao 'box/2 box/3 box/5'
exits 0 'and by RSA'
check 'the document' cmp terms.txt work/content/terms.txt
box=$(find box/2 -name 'box-2-*.tar')
run tar -tf "$box"
out_is 'what is in a box' <<'END'
segment
share.txt
keys.cms
END
printf X | dd of="$box" bs=1 seek=600 conv=notrunc 2>/dev/null
by li 'box/2 box/3 box/5'
isnt 'not with a damaged one' "$code" 0
err_has 'it is told' 'damaged: box/2/box-2'
absent 'nothing is joined' work/parts
by li 'box/1 box/2 box/3 box/5'
exits 0 'but with another'
id=$big

# A PEM key instead of a key file.
rm -rf work2
expect 0 'with a PEM key' env PATH="$without_deed" ROOT=house.pem \
	ABOUT=handed/about PLACES='handed/5 handed/4 handed/3' \
	WORK=work2 KEY=work/key.pem sh commands.sh
check 'the document' cmp big.bin work2/content/big.bin

# Any three places, and any two of three.
all='1 2 3
1 2 4
1 2 5
1 3 4
1 3 5
1 4 5
2 3 4
2 3 5
2 4 5
3 4 5'
# pem FOLDERS WANTED: the same with keys in PEM, for a passphrase takes a while.
pem() {
	for key in li zhao; do
		rm -rf work
		expect 0 "$key with $1" env PATH="$without_deed" ROOT=house.pem \
			ABOUT=handed/about PLACES="$1" WORK=work KEY=$key.pem \
			sh commands.sh
		check 'the document' cmp "$2" "work/content/$2"
	done
}
for who in li zhao; do
	by $who 'handed/3 handed/4 handed/5'
	cp work/key.pem $who.pem
done
mkdir whole
for p in 1 2 3 4 5; do cp -R "home.away/archive/places/$p/$folder" whole/$p; done
echo "$all" >sets
while read -r a b c; do
	pem "whole/$a whole/$b whole/$c" big.bin
done <sets
mv home.away home
printf '{"schema":"deed.places/1","needed":2,"places":[%s,%s,%s]}' \
	'{"name":"1","place":"dir:places/1"}' \
	'{"name":"2","place":"dir:places/2"}' \
	'{"name":"x","place":"dir:../elsewhere"}' >home/archive/places.json
mkdir two
for file in terms.txt big.bin; do
	quietly deed shard put $file --party li --party zhao
	f=$(deed shard show "$(cat "$T/out")" | sed -n 's/^folder *//p')
	for p in archive/places/1 archive/places/2 elsewhere; do
		cp -R "home/$p/$f" "two/$(basename $p)"
	done
	readme=$(grep -l 'any 2 places' home/elsewhere/about/README-*)
	sed -n 's/^\$ //p' "$readme" >commands.sh
	cp -R home/elsewhere/about two/about
	for set in '1 2' '1 elsewhere' '2 elsewhere'; do
		# shellcheck disable=SC2086
		pem "$(printf 'two/%s ' $set)" $file
	done
	rm -rf two/*
done
mv home home.away

# A damaged segment is told and replaced by a parity segment.
cp -R home.away/archive/places/1/"$folder" handed/1
segment=$(find handed/1 -name 'segment-00000001-*')
printf X | dd of="$segment" bs=1 seek=1000 conv=notrunc 2>/dev/null
by li 'handed/1 handed/3 handed/4 handed/5'
exits 0 'with a damaged segment'
err_has 'it is told' 'damaged: handed/1/segment-00000001-1'
check 'the document' cmp big.bin work/content/big.bin
by li 'handed/1 handed/3 handed/4'
isnt 'not without another' "$code" 0
absent 'nothing comes out' work/content
by li 'handed/3 handed/4'
isnt 'two places are too few' "$code" 0
absent 'nothing comes out' work/content

# The share of another deposit, the chunk of another: nothing comes out.
rm -rf handed/1
cp handed/li.pass handed/zhao.pass
by zhao 'handed/3 handed/4 handed/5'
isnt 'a wrong passphrase' "$code" 0
absent 'nothing comes out' work/content

# What the office did not sign opens nothing.
cp handed/li.pass kept.pass
fails() {
	by li "${2:-handed/3 handed/4 handed/5}"
	isnt "$1" "$code" 0
	absent 'nothing is joined' work/parts
}
expect 0 'a root of somebody else' openssl req -x509 -newkey ec \
	-pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.key \
	-out other.pem -subj /CN=other -days 9
root=other.pem
fails 'it vouches for nothing'
root=house.pem
script=$(find handed/about -name 'deed-join-*')
cp "$script" kept.py
echo 'print("lies")' >>"$script"
fails 'a script that lies is not run'
out_has 'it is told' FAILED
cp kept.py "$script"
kept=$id
id=$(printf 0%.0s $(seq 64))
fails 'another deposit than the one that was asked for'
id=$kept
for p in 3 4 5; do
	manifest=$(find handed/$p -name 'manifest-*')
	cp "$manifest" kept.$p
	printf X | dd of="$manifest" bs=1 seek=400 conv=notrunc 2>/dev/null
done
fails 'manifests that were changed'
err_has 'it is told' 'not verified: handed/4'
cp kept.5 "$(find handed/5 -name 'manifest-*')"
by li 'handed/3 handed/4 handed/5'
exits 0 'one good manifest is enough'

# The script's digest is the one that deed-archive(5) prints.
script=$(basename "$(find handed/about -name 'deed-join-*.py')" .py)
has 'the digest in the manual' "$top_srcdir/man/deed-archive.5" "${script#deed-join-}"
