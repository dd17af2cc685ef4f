#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Files that never end, never begin, or are far larger inside than outside: a
# clear error, or a doubt, and soon.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_part draw
need_home

# soon SECONDS EXIT WHAT COMMAND...: it ends within this time, with this code
soon() {
	limit=$1 wanted=$2 what=$3
	shift 3
	expect "$wanted" "$what" timeout "$limit" "$@"
}
judge() { # SECONDS EXIT WHAT OPERAND...
	limit=$1 wanted=$2 what=$3
	shift 3
	soon "$limit" "$wanted" "$what" deed verify --trust house.pem "$@"
}

deed sign -q --as wang --passphrase file:wang.pass -o signed.pdf \
	contract.pdf || exit 1
deed sign -q --as wang --passphrase file:wang.pass --detached -o terms.p7s \
	terms.txt || exit 1

# ---- what is no file ----

mkfifo pipe
judge 5 5 'a pipe without a writer' pipe
err_has 'is told' "'pipe' is no regular file"
judge 5 5 'a device without an end' /dev/zero
err_has 'is told' "'/dev/zero' is no regular file"
judge 5 10 'a folder' .
judge 5 5 'the rest of a batch is judged' pipe signed.pdf
out_has 'it is' 'signed.pdf: TOTAL-PASSED'
judge 5 5 'a content that is a pipe' --content pipe terms.p7s
judge 5 5 'a content that is a device' --content /dev/zero terms.p7s
soon 5 5 'a revision of a pipe' deed verify --revision 1 -o first.pdf pipe
soon 5 10 'trust out of a pipe' deed verify --trust pipe signed.pdf
err_has 'is told' "'pipe': nobody writes into it"
soon 5 10 'a policy out of a pipe' deed verify --policy pipe signed.pdf
soon 5 5 'trust out of a device' deed verify --trust /dev/zero signed.pdf
soon 5 5 'an input that does not end' deed verify - </dev/zero
err_has 'is told' 'standard input is a device that gives no end'
soon 5 5 'sign a pipe' deed sign --as wang --passphrase file:wang.pass \
	-o out.pdf pipe
soon 5 5 'sign a device' deed sign --as wang --passphrase file:wang.pass \
	-o out.asice /dev/zero
soon 5 5 'seal a pipe' deed seal --as acme --passphrase file:acme.pass \
	--position 10,10 -o out.pdf pipe
soon 5 5 'extend a pipe' deed extend --level lt -o out.pdf pipe
soon 5 5 'the fields of a pipe' deed field list pipe

# A pipe with a writer, however slow, is as good as a file.
soon 10 0 'trust from a slow writer' sh -c '(sleep 1 && cat house.pem) |
	deed verify --trust /dev/stdin signed.pdf'
(sleep 1 && cat house.pem >pipe) &
soon 10 0 'trust from a late writer' deed verify --trust pipe signed.pdf
wait $!

# ---- what is mostly nothing ----

for head in '' '%%PDF-1.7' 'PK\003\004' '0\202\001\000'; do
	# shellcheck disable=SC2059 # it is one
	printf "$head" >sparse
	truncate -s 200G sparse 2>/dev/null || {
		skip 'sparse files' 'the disk takes none'
		break
	}
	judge 5 5 "200 GB that begin with '$head'" sparse
	err_has 'is told' "'sparse'"
done
rm -f sparse

# ---- what is large inside ----

bomb() {
	/usr/bin/python3 "$top_srcdir/tests/fault/make_bomb.py" "$@"
}
# Seconds of CPU, as others may have the cores; a build with sanitizers is some
# times slower.
second=2
! grep -q 'define DEED_SANITIZERS' "$top_builddir/config.h" || second=20
verify_bomb() { # FILE
	run timeout 60 /usr/bin/time -q -o "$T/time" -f '%U %S' \
		deed verify --trust house.pem "$1"
}
took_little() { # WHAT
	check "$1: soon" awk -v most="$second" '{ exit $1 + $2 > most }' \
		"$T/time"
}
judge_bomb() { # EXIT WHAT FILE
	verify_bomb "$3"
	exits "$1" "$2"
	took_little "$2"
}
if [ -x /usr/bin/python3 ] && [ -x /usr/bin/time ]; then
	for kind in base contents; do
		bomb $kind $kind.pdf
		deed sign -q --as wang --passphrase file:wang.pass \
			-o $kind.signed.pdf $kind.pdf || exit 1
		judge_bomb 0 "50 times 200 MB: $kind" $kind.signed.pdf
	done
	bomb box contents.signed.pdf bomb.pdf
	judge_bomb 3 'a box over 50 times 200 MB' bomb.pdf
	out_has 'is a doubt' INDETERMINATE
	bomb objects base.signed.pdf bomb.pdf
	judge_bomb 3 'an update of 50 times 200 MB: objects' bomb.pdf
	out_has 'is a doubt' INDETERMINATE
	for kind in looks forms stray page; do
		bomb $kind base.signed.pdf bomb.pdf
		verify_bomb bomb.pdf
		check "an update of 50 times 200 MB: $kind" \
			test "$code" -le 3
		took_little "$kind"
	done
else
	skip 'bombs' 'python3 or time is not installed'
fi
