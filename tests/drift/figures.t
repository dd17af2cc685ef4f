#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The figures of deed-archive(7): every value follows from its formula, what a
# deposit has at a place is what a real one has, and the requests are those that
# deed makes of buckets.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/buckets.sh"
need python3 jq
need_home
cp -Rp home buckets

# Objects and bytes of the only deposit of its kind at place 1.
at_place() {
	find home/archive/places/1/??/ -type f -printf '%s\n' |
		awk '{ n++; s += $1 } END { print n, s }'
}
mkdir docs
python3 - <<'PY'
import random
random.seed(1)
for i in range(1000):
    open('docs/%04d.pdf' % i, 'wb').write(random.randbytes(20000))
PY
quietly deed shard put docs/0000.pdf --party wang --party acme --label 2026/1
box=$(find home/archive/places/1 -name 'box-*' -printf '%s')
manifest=$(find home/archive/places/1 -name 'manifest-*' -printf '%s')
set -- "$(at_place)"
objects=${1% *}
rm -rf home/archive/places/?/??
quietly deed shard put docs --pack --party wang --party acme --label 2026/2
set -- "$(at_place)"
packed=$1

# The same in five buckets, of which one is emptied.
traffic() {
	"$@" --json >"$T/out" 2>"$T/err"
	jq .traffic "$T/out" >traffic.json
}
# tell SECTION|WHAT KIND: what was counted.
tell() {
	echo "$N $1 $(jq ".$2" traffic.json)" >>counted
}
N=20
: >counted
if [ -x /usr/bin/python3 ]; then
	DEED_HOME=$W/buckets
	mkdir few
	mv docs/00[01]?.pdf few
	folders_start bucket
	for i in 1 2 3 4 5; do
		quietly folder_place "b$i" "bucket/$i"
		quietly deed shard place remove $i
	done
	traffic deed shard put few --party wang --party acme
	tell 'Bringing it in|requests' put
	traffic deed shard check --presence
	tell 'Presence|the first time, GET' get
	tell 'Presence|requests, LIST' list
	traffic deed shard check --presence
	tell 'Presence|requests, GET' get
	tell 'Presence|requests, LIST' list
	traffic deed shard reindex
	tell 'The catalogue made anew|requests, GET' get
	tell 'The catalogue made anew|requests, LIST' list
	traffic deed shard check
	tell 'A full read|requests, GET' get
	tell 'A full read|requests, LIST' list
	# ... and what is estimated.
	deed shard check -n --presence --json | jq .estimate >traffic.json
	tell 'Presence|requests, GET' get
	tell 'Presence|requests, LIST' list
	deed shard check -n --json | jq .estimate >traffic.json
	tell 'A full read|requests, GET' get
	tell 'A full read|requests, LIST' list
	rm -f store/bucket/3%2F*
	traffic deed shard repair --all --abandon b3
	tell 'Loss of a region|requests, GET' get
	tell 'Loss of a region|requests, PUT' put
	tell 'Loss of a region|requests, LIST' list
fi
trap - EXIT
python3 "$top_srcdir/tests/drift/figures.py" "$top_srcdir/man/deed-archive.7" \
	"$box" "$manifest" "$objects" "${packed% *}" "${packed#* }" counted
status=$?
cleanup
exit "$status"
