#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A pack is opened without deed, by doing what the README of a place says, and
# other programs read its tar.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need openssl python3 argon2 tar sha256sum
need_that 'openssl has no kdf command' openssl kdf -keylen 1 \
	-kdfopt digest:SHA256 -kdfopt hexkey:00 HKDF
need_home

mkdir -p in/2026/11 in/deep/er
i=0
while [ $i -lt 25 ]; do
	head -c "$((i * 777))" /dev/urandom >"in/2026/11/c$i.pdf"
	i=$((i + 1))
done
echo x >'in/deep/er/王小明 "signed".pdf'
long=in/$(printf 'long-%.0s' $(seq 40))
mkdir "$long"
echo y >"$long/$(printf 'name-%.0s' $(seq 40))"
quietly deed shard put --pack --party li in
small=$(cat "$T/out")
head -c 9000000 /dev/urandom >in/2026/large.bin
quietly deed shard put --pack --party li in
large=$(cat "$T/out")

sed -n 's/^\$ //p' home/archive/places/1/about/README-*.txt >commands.sh
without_deed=$(printf %s "$PATH" | tr : '\n' | grep -vxF "$top_builddir" | tr '\n' :)
by() { # ID PLACE ...
	folder=$(deed shard show "$1" | sed -n 's/^folder *//p')
	id=$1
	shift
	places=
	for p in "$@"; do places="$places home/archive/places/$p/$folder"; done
	rm -rf work
	run env -i PATH="$without_deed" HOME="$HOME" TMPDIR="$TMPDIR" LC_ALL=C \
		ROOT=house.pem ABOUT=home/archive/places/1/about ID="$id" \
		PLACES="$places" WORK=work KEYFILE=home/keystore/li/deposit-1.key \
		PASSFILE=li.pass KEY="${key:-}" sh commands.sh
}
key=
by "$large" 3 4 5
exits 0 'a large one'
rm -f work/content/deposit.json work/content/index.json
check 'the same files' diff -r in work/content
run tar -tf work/content.tar --quoting-style=literal
out_has 'tar lists them' 2026/11/c24.pdf
out_has 'names of any letters' 'deep/er/王小明 "signed".pdf'
(cd in && find . -type f | sed 's,^\./,,' | LC_ALL=C sort) >wanted
LC_ALL=C sort "$T/out" | grep -v -x -e deposit.json -e index.json >seen
check 'all of them' cmp wanted seen
cp work/key.pem li.pem
key=li.pem
rm in/2026/large.bin
for set in '1 2 3' '1 4 5' '3 4 5'; do
	# shellcheck disable=SC2086
	by "$small" $set
	exits 0 "one of a box a place, with $set"
	rm -f work/content/deposit.json work/content/index.json
	check 'the same files' diff -r in work/content
done

# What is not what the index says is told.
cp -R work kept
by "$small" 1 2 3
cp -R work kept2
compare() {
	python3 home/archive/places/1/about/deed-join-*.py --compare \
		work/manifest.json work/content
}
run compare
exits 0 'it compares'
echo more >>work/content/2026/11/c3.pdf
run compare
exits 1 'a document that was changed'
err_has 'is told' "'2026/11/c3.pdf' is not what the index says"
rm -rf work && cp -R kept2 work
echo more >work/content/deep/more
run compare
exits 1 'one too many in a folder'
rm -rf work && cp -R kept2 work
rm work/content/2026/11/c3.pdf
run compare
exits 1 'one too few'
