#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Whatever somebody does to what lies at the places, to the catalogue, or with
# the key that signs manifests: nothing but the document is ever given out, and
# what is not as it was is told.  EACH=1 tries every attack; TABLE=1 prints what
# was said of each.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need openssl python3 tar sha256sum
need_that 'openssl has no kdf command' openssl kdf -keylen 1 \
	-kdfopt digest:SHA256 -kdfopt hexkey:00 HKDF
need_home

outsider
head -c 4200000 /dev/urandom >large.bin
head -c 4200000 /dev/urandom >other.bin
put() {
	name=$1
	shift
	quietly deed shard put "$@"
	echo "$name $1 $(cat "$T/out") out.key" >>deposits
}
put one terms.txt --party out.pem
cp home/archive/catalogue.db older.db
put two annex.csv --party out.pem --party li --label 2026/117
put large large.bin --party li --party out.pem
put moved terms.txt --party out.pem
put moved-large large.bin --party out.pem
put other-box minutes.odt --party out.pem
put other-large other.bin --party out.pem
sed -n 's/^\$ //p' home/archive/places/1/about/README-* >commands.sh

lies() {
	run /usr/bin/python3 "$test_dir/archive_lies.py" \
		--each "${EACH:-${1:-80}}" ${TABLE:+--table} \
		--only "${ONLY:-${2:-}}" home deposits
	exits 0 'nothing is otherwise than it should be'
	sed 's/^/# /' "$T/out"
	check 'many were tried' grep -q '[0-9][0-9] answers' "$T/out"
}
lies

# A deposit of the first edition, in the home of that time.
mkdir first
cd first || exit 99
tar -xzf "$data/archive/first-edition.tar.gz"
DEED_HOME=$PWD/home
deed ca bundle >house.pem
echo first terms.txt \
	59c66adf46dbcf2d92200476a1f7c02eac2b8b712690059fc8f91cffa7b244b6 \
	ec.key >deposits
# Without a catalogue: it is made after each attack, from what lies there then.
mv home/archive/catalogue.db older.db
lies 40 'first, manifest'
mv older.db home/archive/catalogue.db
expect 0 'its catalogue is made anew' deed shard list
lies
