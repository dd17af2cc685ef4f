#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Deposits of the first edition that the program of that time made at 3 of 5 and
# 2 of 3 places, of one chunk and of two, are opened by their own README and
# script at every set of places that is enough, and by deed.
#
#	make check TESTS=tests/interop/first-edition-sets.t SETS=all
#
# does so by both keys at each set.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/interop/opened.sh"
opened_start

check 'the home of that time' tar -xzf "$data/archive/first-edition-sets.tar.gz"
places=home/archive/places
check 'its large segments' python3 "$top_srcdir/tests/interop/first_segments.py" \
	./chunks $places
head -c 4400000 /dev/zero >large.bin
for key in ec rsa; do cp $key.key $key.pem; done
mkdir small large
cp terms.txt small
mv large.bin large

quietly deed shard reindex
expect 0 'all are whole' deed shard check
out_has 'all four of them' '4 deposits: 4 healthy'

# stored ID NAME WANTED PLACES: by deed, then at K of the places.
stored() {
	id=$1 stored=$2 whole=$3 k=$4
	shift 4
	for key in ec rsa; do
		rm -f back
		expect 0 "$stored by deed with $key" deed shard get "$id" \
			--key $key.key -o back
		check "$stored by deed: the same bytes" cmp "$whole"/* back
	done
	folder=$(deed shard show "$id" | sed -n 's/^folder *//p')
	rm -rf handed
	mkdir handed
	for p in "$@"; do cp -R "$places/$p/$folder" "handed/$p"; done
	commands_of handed/2/README-*.txt
	opened_at "$k" "$stored" "$whole" handed "$@"
}
stored 684213d473d40547901ee3d9496d27ca68bc32852466e256d7980debdd8bb3ad \
	'large' large 3 1 2 3 4 5
stored 30f1cd29b43ba037b0a5b43bfa35fa9e806d5f31099d5b97775b53b566537bff \
	'small at three' small 2 1 2 3
stored 1b3e3d7d6ade70900cbf76c4db94c066d10d9a64db54091e6bcfc8e2a4666cb5 \
	'large at three' large 2 1 2 3
opened_small
