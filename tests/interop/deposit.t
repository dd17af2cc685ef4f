#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A deposit is opened without deed, by doing what the README of a place says;
# and not where something is not what the office signed.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/places.sh"
. "$top_srcdir/tests/interop/opened.sh"
need argon2 jq
opened_start
need_places
need_home
places_make

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
for p in 3 4 5; do place_copy $p "$folder" handed/$p; done
place_copy 4 about handed/about
mkdir box
for p in 1 2 3 4 5; do place_copy $p "$small_folder" box/$p; done
is 'two objects a place' "$(find box -type f | wc -l)" 10
cp home/keystore/li/deposit-1.key handed/li.key
cp home/keystore/zhao/deposit-1.key handed/zhao.key
cp li.pass zhao.pass handed
mv home home.away

commands_of handed/about/README-*.txt

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
by li 'box/1 box/4 box/5'
exits 0 'a small one'
check 'the document' cmp terms.txt work/content/terms.txt
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

# At any three places, and at any two of three.
for who in li zhao; do
	by $who 'handed/3 handed/4 handed/5'
	[ $who = li ] && key=ec || key=rsa
	cp work/key.pem $key.pem
done
# cell NAME FILE...: what is put of the files is opened at each set of places.
cell() {
	cell=$1
	shift
	rm -rf whole cell
	mkdir whole cell
	cp "$@" whole
	# shellcheck disable=SC2086
	quietly deed shard put --party li --party zhao $options "$@"
	f=$(deed shard show "$(cat "$T/out")" | sed -n 's/^folder *//p')
	# shellcheck disable=SC2086
	for p in $at; do place_copy "$p" "$f" "cell/$p"; done
	place_copy 2 about cell/about
	# shellcheck disable=SC2046
	commands_of $(grep -l "any $k places" cell/about/README-*)
	# shellcheck disable=SC2086
	opened_at "$k" "$cell of $#, $k places" whole cell $at
}
cells() {
	options=
	cell 'box' terms.txt
	cell 'large' big.bin
	options=--pack
	cell 'packed' terms.txt big.bin
}
mv home.away home
k=3 at='1 2 3 4 5'
cells
quietly place_add x
places_few 2 1 2 x
k=2 at='1 2 x'
cells
# One whose chunks are of 8 MiB.
truncate -s 64M zeros
at='x 2' options=
cell 'chunks of 8 MiB' zeros
rm -r whole cell zeros
mv home home.away
commands_of handed/about/README-*.txt

# A damaged segment is told and replaced by a parity segment.
places_home=home.away
place_copy 1 "$folder" handed/1
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
opened_small
