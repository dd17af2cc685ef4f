# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# The places of a home, in folders or in buckets, as the environment says; read
# after lib.sh and home.sh:
#
#	. "$top_srcdir/tests/cli/places.sh"
#	need_places		a store, where one is needed, or all is skipped
#	need_home
#	places_make		the home's five places are of the chosen kind
#	place_add NAME		a further one
#	places_few K NAME...	those alone are left, K of which are needed
#
#	place_ls P [BEGINNING]	what place P has, a line each, in order
#	places_ls		of all, as P/NAME
#	place_cat P NAME
#	place_put P NAME FILE
#	place_rm P NAME		all that begins so, where NAME ends in /
#	place_corrupt P NAME	a byte in its midst is changed
#	place_copy P FOLDER TO	its objects, into the new folder TO
#	place_take P FOLDER TO	and they are gone; place_back brings them back
#	place_lose P...		they do not answer
#	place_find P...		and do again
#
# DEED_TEST_PLACES is dir (five folders; the default), s3 (five prefixes of a
# bucket) or mixed (1 and 2 are folders).  The store is a Swift, which is
# started, or that of DEED_TEST_S3=ENDPOINT,ACCESS-KEY,SECRETFILE, whatever
# speaks S3 there.  places_endpoint is how deed is told to get at it.

places_kind=${DEED_TEST_PLACES:-dir}
places_home=$DEED_HOME
places_buckets=0
if [ "$places_kind" != dir ]; then
	. "$top_srcdir/tests/servers/swift.sh"
fi

need_places() {
	[ "$places_kind" != dir ] || return 0
	need jq
	if [ -z "${DEED_TEST_S3:-}" ]; then
		need_swift
		swift_start
	else
		s3_use "$DEED_TEST_S3"
	fi
	places_endpoint=$s3_at
}

places_kind_of() {
	case $places_kind$1 in
	dir* | mixed[12]) echo dir ;;
	*) echo s3 ;;
	esac
}

place_add() {
	case $(places_kind_of "$1") in
	dir) deed shard place add "$1" "dir:places/$1" ;;
	s3) deed shard place add "$1" "s3:$places_bucket/at/$1" \
		--endpoint "$places_endpoint" --access-key "$s3_key" \
		--secret "file:$s3_secret" ;;
	esac
}

places_make() {
	[ "$places_kind" != dir ] || return 0
	places_buckets=$((places_buckets + 1))
	places_bucket=deed-$$-$places_buckets
	quietly s3 bucket "$places_bucket"
	for p in 1 2 3 4 5; do
		[ "$(places_kind_of $p)" = s3 ] || continue
		quietly deed shard place remove $p
		rm -r "$DEED_HOME/archive/places/$p"
		quietly place_add $p
	done
}

places_few() {
	places_k=$1
	shift
	jq --argjson k "$places_k" --arg names " $* " '
		.needed = $k | .places |=
		map(select(" \(.name) " as $n | $names | contains($n)))' \
		"$DEED_HOME/archive/places.json" >"$T/places" &&
		cat "$T/places" >"$DEED_HOME/archive/places.json"
}

# $place_at: the folder, or BUCKET/PREFIX of the store where $place_store is set.
place_find_at() {
	place_store=
	if [ "$places_kind" = dir ]; then
		place_at=$places_home/archive/places/$1
		return
	fi
	place_at=$(jq -r --arg p "$1" '.places[] | select(.name == $p).place' \
		"$places_home/archive/places.json")
	case $place_at in
	s3:*) place_store=yes place_at=${place_at#s3:} ;;
	dir:/*) place_at=${place_at#dir:} ;;
	*) place_at=$places_home/archive/${place_at#dir:} ;;
	esac
}

place_ls() {
	place_find_at "$1"
	if [ -n "$place_store" ]; then
		s3 ls "$place_at/${2:-}" | sed "s|^${place_at#*/}/||"
	else
		(cd "$place_at" && find . -type f) | sed 's|^\./||' |
			LC_ALL=C sort | grep -e "^${2:-}"
	fi
	return 0
}

places_ls() {
	for p in $(jq -r '.places[].name' \
		"$places_home/archive/places.json"); do
		place_ls "$p" | sed "s|^|$p/|"
	done
}

# Of an object: the first of what is to be done in a store, and in a folder.
place_cat() {
	place_find_at "$1"
	if [ -n "$place_store" ]; then
		s3 cat "$place_at/$2"
	else
		cat "$place_at/$2"
	fi
}

place_put() {
	place_find_at "$1"
	if [ -n "$place_store" ]; then
		s3 put "$place_at/$2" "$3"
	else
		mkdir -p "$(dirname "$place_at/$2")" && cp "$3" "$place_at/$2"
	fi
}

place_rm() {
	place_find_at "$1"
	if [ -n "$place_store" ]; then
		s3 rm "$place_at/$2"
	else
		rm -r "${place_at:?}/${2%/}"
	fi
}

place_corrupt() {
	place_find_at "$1"
	if [ -n "$place_store" ]; then
		s3 corrupt "$place_at/$2"
	else
		python3 -c '
import sys
with open(sys.argv[1], "r+b") as f:
    b = bytearray(f.read())
    b[len(b) // 2] ^= 0x55
    f.seek(0)
    f.write(b)' "$place_at/$2"
	fi
}

place_copy() {
	mkdir "$3" || return 1
	place_find_at "$1"
	if [ -z "$place_store" ]; then
		cp "$place_at/$2"/* "$3"
		return
	fi
	place_ls "$1" "$2/" | while read -r place_name; do
		s3 cat "$place_at/$place_name" >"$3/${place_name##*/}" ||
			return 1
	done
}

place_take() {
	place_copy "$@" && place_rm "$1" "$2/"
}

place_back() {
	for place_file in "$3"/*; do
		place_put "$1" "$2/${place_file##*/}" "$place_file"
	done
	rm -r "$3"
}

# Of a store: the bucket is not there.
places_rename() {
	jq --arg p "$1" --arg from "$2" --arg to "$3" \
		'(.places[] | select(.name == $p).place) |= sub($from; $to)' \
		"$places_home/archive/places.json" >"$T/places" &&
		cat "$T/places" >"$places_home/archive/places.json"
}

place_lose() {
	for p in "$@"; do
		place_find_at "$p"
		if [ -n "$place_store" ]; then
			places_rename "$p" '^s3:' s3:gone-
		else
			mv "$place_at" "$place_at.away"
		fi
	done
}

place_find() {
	for p in "$@"; do
		place_find_at "$p"
		if [ -n "$place_store" ]; then
			places_rename "$p" '^s3:gone-' s3:
		else
			mv "$place_at.away" "$place_at"
		fi
	done
}
