#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A deposit that was moved is opened without deed, by what the README of a
# place says: the newest manifest that enough places show, and never another
# document.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need openssl python3 argon2 tar sha256sum jq
need_that 'openssl has no kdf command' openssl kdf -keylen 1 \
	-kdfopt digest:SHA256 -kdfopt hexkey:00 HKDF
need_home
. "$top_srcdir/tests/cli/manifests.sh"

outsider
head -c 5000000 /dev/urandom >large.bin

show() {
	cms=$1
	shift
	payload "$cms"
	for at in "$@"; do
		cp "$cms" "at/$at/manifest-$(jq .generation payload.json)-$(digest "$cms").cms"
	done
}
# by PLACE...: what the README says.
by() {
	rm -rf work
	# shellcheck disable=SC2046
	env ROOT=house.pem ABOUT=home/archive/places/1/about ID="$id" \
		PLACES="$(printf 'at/%s ' "$@")" WORK=work KEY=out.key \
		sh commands.sh >"$T/out" 2>"$T/err"
	code=$?
	last="README with $*"
}
opens() {
	what=$1
	shift
	by "$@"
	exits 0 "$what"
	check 'the document' cmp "$file" "work/content/$file"
}
generation() {
	jq .generation work/manifest.json
}

for file in terms.txt large.bin; do
	quietly deed shard put $file --party out.pem
	id=$(cat "$T/out")
	folder=$(deed shard show "$id" | sed -n 's/^folder *//p')
	rm -rf at
	mkdir at
	for p in 1 2 3 4 5; do
		cp -R "home/archive/places/$p/$folder" at/$p
	done
	sed -n 's/^\$ //p' home/archive/places/1/about/README-*.txt >commands.sh
	cp at/1/manifest-1-*.cms one.cms
	opens 'one generation' 1 2 3
	is 'it is taken' "$(generation)" 1

	# The fifth part moves.
	next one.cms two.cms '.placement[4] = "six"'
	show two.cms 1 2 3 4 5
	mv at/5 at/six
	opens 'the second' 1 2 six
	is 'it is taken' "$(generation)" 2
	opens 'with all' 1 2 3 4 six
	rm at/six/manifest-2-*
	opens 'one lags' 1 2 six
	err_has 'and that is too few' 'generation 2 is shown by 2 places, and needs 3'
	is 'the first is taken' "$(generation)" 1
	opens 'one of four lags' 1 2 3 six
	is 'the second is taken' "$(generation)" 2
	show two.cms six

	# A third; the second at one place alone.
	next two.cms three.cms
	show three.cms 1 2 3 4 six
	rm at/[234]/manifest-2-* at/six/manifest-2-*
	opens 'the third' 1 2 3
	is 'it is taken' "$(generation)" 3
	opens 'without the second' 2 3 4
	is 'nothing follows the first' "$(generation)" 1
	show two.cms 2 3 4 six
	id_kept=$id
	id=
	opens 'without the id' 1 2 3
	is 'the third' "$(generation)" 3
	id=$id_kept

	# What it may not change.
	while IFS='|' read -r what filter; do
		next three.cms bad.cms "$filter"
		show bad.cms 1 2 3 4 six
		opens "another $what" 1 2 3
		is 'is passed over' "$(generation)" 3
		rm at/*/manifest-4-*
	done <<'END'
deposit|.deposit = "00112233445566778899aabbccddeeff"
commitment to P|.commitments.p = .content
content|.content = .keys
recipients|.recipients[0].certificate = .content
time|.deposited = "2020-01-01T00:00:00Z"
label|.label = .deposit + .deposit
needed|.needed = 2
number of needed ones|.needed = 6
form of needed|.needed = "3"
list of places|.placement = []
place, no list|.placement = "1"
list of chunks|.chunks = []
list of parts|.chunks[0].segments |= .[1:]
form of parts|.chunks[0].segments[0] = {}
list of shares|.commitments.shares = []
commitment, none|.commitments = ""
member of another form|.type = "DEED.MANIFEST/2"
script|.script = .content
readme|.readme = .content
keys|.keys = .content
size of a chunk|.chunks[0].size -= 1
place twice|.placement[1] = "1"
previous|.previous = .content
END

	# What is new to it, a fork, what the office did not sign.
	next three.cms new.cms '.hold = true'
	show new.cms 1 2 3
	by 1 2 3
	exits 5 'what is unknown may forbid it'
	absent 'nothing is joined' work/parts
	rm at/*/manifest-4-*
	next three.cms left.cms '.checkpoint = "left"'
	next three.cms right.cms '.checkpoint = "right"'
	show left.cms 1 2 3
	show right.cms 3
	by 1 2 3
	exits 3 'a fork'
	err_has 'is told' 'two manifests of generation 4'
	absent 'nothing is joined' work/parts
	rm at/*/manifest-4-*
	next three.cms four.cms
	printf X | dd of=four.cms bs=1 seek=600 conv=notrunc 2>/dev/null
	for p in 1 2 3; do
		cp four.cms "at/$p/manifest-4-$(digest four.cms).cms"
	done
	opens 'a signature that does not hold' 1 2 3
	err_has 'is told' 'not verified'
	is 'it is passed over' "$(generation)" 3
done
