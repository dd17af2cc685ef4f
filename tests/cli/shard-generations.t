#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A deposit whose manifest has several generations: which one is in force,
# what a later one may change, and what is said of places that do not agree.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need python3 openssl jq sqlite3
need_home
. "$top_srcdir/tests/cli/manifests.sh"
places=home/archive/places

outsider

# show CMS PLACE...: put it there.  Its number is the one it says.
show() {
	cms=$1
	shift
	payload "$cms"
	name=manifest-$(jq .generation payload.json)-$(digest "$cms").cms
	for at in "$@"; do
		cp "$cms" "$places/$at/$folder/$name"
	done
}
hide() {
	name=$(digest "$1").cms
	shift
	for at in "$@"; do
		rm -f "$places/$at/$folder"/manifest-*-"$name"
	done
}
# logged EVENT CMS [PREVIOUS]
logged() {
	"$tool" log home "$1" "manifest=$(digest "$2")" \
		${3:+"previous=$(digest "$3")"}
}
get() {
	rm -f back.txt
	run deed shard get "$id" --key out.key -o back.txt
}
# comes_back WHAT: exit 0 and the document.
comes_back() {
	get
	exits 0 "$1"
	check "$1: the document" cmp terms.txt back.txt
}
generation() {
	deed shard show "$id" --json 2>/dev/null | jq -r .generation
}
# A deposit anew, and its first manifest as one.cms.
fresh() {

	date +%s%N >>terms.txt
	quietly deed shard put terms.txt --party out.pem
	id=$(cat "$T/out")
	folder=$(deed shard show "$id" | sed -n 's/^folder *//p')
	cp "$places/1/$folder"/manifest-1-*.cms one.cms
}

# --- a second generation that all places show, and the log names ---
fresh
is 'the first' "$(generation)" 1
next one.cms two.cms
show two.cms 1 2 3 4 5
logged rebalance two.cms one.cms
is 'all places show the second' "$(generation)" 2
comes_back 'it is read'
is 'nothing is doubted' "$(grep -c warning "$T/err")" 0
expect 0 'show' deed shard show "$id" --json
is 'the first is told' "$(jq -r '.earlier[0]' "$T/out")" "sha256:$(digest one.cms)"
is 'nothing is doubted' "$(jq -c '[.doubts, .lagging]' "$T/out")" '[[],[]]'
is 'the id is of the first' "$(jq -r .id "$T/out")" "$id"
run deed shard check "$id"
exits 1 'the catalogue has the first: told'
out_has 'its row' 'was not what its manifest says'
out_has 'healthy' ': healthy'
expect 0 'and then right' deed shard check "$id"

# --- k show it; one that lags is named, degraded, and mended ---
hide two.cms 2
comes_back 'one place lags'
err_has 'it is named' 'place 2 lags: it shows generation 1 of 2'
expect 0 'show' deed shard show "$id" --json
is 'in show' "$(jq -c .lagging "$T/out")" '[{"name":"2","generation":1}]'
run deed shard check "$id"
exits 1 'check: degraded'
out_has 'it says which' 'place 2: degraded'
out_has 'it lags' 'place 2 lags'
expect 0 'repair' deed shard repair "$id"
expect 0 'all is whole' deed shard check "$id"
check 'the second is there again' \
	test -e "$places/2/$folder/manifest-2-$(digest two.cms).cms"

# --- the earlier ones stay, everywhere ---
hide one.cms 3 4
comes_back 'two places lost the first generation'
expect 1 'check tells' deed shard check "$id"
out_has 'what is missing' "manifest-1-$(digest one.cms).cms: missing"
expect 0 'repair brings it' deed shard repair "$id"
expect 0 'all is whole' deed shard check "$id"
hide one.cms 1 2 3 4 5
get
exits 1 'without the first nothing is believed'
check 'nothing is written' test ! -e back.txt
show one.cms 1 2 3 4 5
comes_back 'with it'

# --- replay: fewer than k places can neither hide nor make a generation ---
hide two.cms 1 2
comes_back 'two places show what was before'
is 'the second is in force' "$(generation)" 2
hide two.cms 3
comes_back 'three do, and the log names the second'
is 'the second is in force' "$(generation)" 2
hide two.cms 4 5
comes_back 'all do'
err_has 'told' 'the log names a later manifest than generation 1, which no place shows'
is 'what they show is read' "$(generation)" 1
run deed shard check "$id"
exits 1 'check: the newest is lost'
out_has 'told' 'which no place shows'
expect 1 'for ever' deed shard check "$id"
show two.cms 1 2 3 4 5
expect 0 'all is whole' deed shard check "$id"

# --- ahead: at too few places, unknown to the log ---
fresh
next one.cms two.cms
show two.cms 1 2
comes_back 'two places show a second'
is 'the first is in force' "$(generation)" 1
get
err_has 'told' 'too few places show generation 2'
err_has 'where' 'places 1, 2'
run deed shard check "$id"
exits 1 'check'
out_has 'somebody made it' 'place 1: tampered'
logged rebalance two.cms one.cms
is 'once the log names it' "$(generation)" 2
show two.cms 3 4 5
run deed shard check "$id"
expect 0 'all is whole' deed shard check "$id"

# --- a third rests on the second ---
next two.cms three.cms
show three.cms 1 2 3 4 5
logged rebalance three.cms two.cms
is 'the third' "$(generation)" 3
hide two.cms 1 2 3 4
is 'one place has the second' "$(generation)" 3
hide two.cms 5
comes_back 'without the second the first stands'
is 'the first' "$(generation)" 1
show two.cms 5
run deed shard repair "$id"
expect 0 'all is whole' deed shard check "$id"
is 'and two others with it' \
	"$(find "$places/1/$folder" -name 'manifest-*' | wc -l)" 3

# --- a generation of which the log knows nothing ---
fresh
next one.cms two.cms
show two.cms 1 2 3 4 5
comes_back 'k places show it'
err_has 'told' 'the log does not name the manifest in force'
is 'it is in force' "$(generation)" 2

# --- a fork ---
fresh
next one.cms left.cms '.checkpoint = "left"'
next one.cms right.cms '.checkpoint = "right"'
show left.cms 1 2 3 4 5
show right.cms 5
get
exits 3 'two of one generation'
err_has 'one' "$(digest left.cms)"
err_has 'the other' "$(digest right.cms)"
check 'nothing is written' test ! -e back.txt
expect 3 'show' deed shard show "$id"
expect 3 'check' deed shard check "$id"
logged rebalance right.cms one.cms
comes_back 'the log names one'
err_has 'the other is told' "another manifest of generation 2, sha256:$(digest left.cms)"
is 'it stands' "$(deed shard show "$id" --json | jq -r .manifest)" \
	"sha256:$(digest right.cms)"
logged rebalance left.cms one.cms
forked=$id
get
exits 3 'the log names both'

# --- what a later generation may not change: the first stands ---
fresh
while IFS='|' read -r what filter; do
	next one.cms bad.cms "$filter"
	show bad.cms 1 2 3 4 5
	is "another $what" "$(generation)" 1
	comes_back "another $what"
	hide bad.cms 1 2 3 4 5
done <<'END'
deposit|.deposit = "00112233445566778899aabbccddeeff"
commitment to P|.commitments.p = .content
content|.content = .keys
recipients|.recipients[0].certificate = .content
time|.deposited = "2020-01-01T00:00:00Z"
label|.label = .deposit + .deposit
needed|.needed = 2
script|.script = .content
keys|.keys = .content
place twice|.placement[1] = "1"
previous|.previous = .content
END
next one.cms bad.cms . 1000000000
show bad.cms 1 2 3 4 5
is 'signed before the deposit was made' "$(generation)" 1
hide bad.cms 1 2 3 4 5
next one.cms two.cms
next two.cms bad.cms '.generation = 4'
show bad.cms 1 2 3 4 5
is 'one is left out' "$(generation)" 1
hide bad.cms 1 2 3 4 5

# --- what this version does not know, at k places ---
next one.cms new.cms '.hold = true'
show new.cms 1 2
comes_back 'at two places it holds nothing up'
show new.cms 3
get
exits 5 'at three it does'
err_has 'what' "the member 'hold'"
hide new.cms 1 2 3

# --- another signature over the same is no fork ---
payload one.cms
"$tool" sign home "$(date +%s)" <payload.json >again.cms
show again.cms 1 2
comes_back 'two signatures of the first'
is 'that of more places stands' "$(deed shard show "$id" --json | jq -r .manifest)" \
	"sha256:$(digest one.cms)"
hide again.cms 1 2

# --- junk of one place keeps nobody busy, and hides nothing ---
i=0
while [ $i -lt 200 ]; do
	echo "junk $i" >junk
	cp junk "$places/1/$folder/manifest-$((i + 2))-$(digest junk).cms"
	i=$((i + 1))
done
head -c 3000000 /dev/zero >junk
cp junk "$places/1/$folder/manifest-2-$(digest junk).cms"
next one.cms two.cms
show two.cms 1 2 3 4 5
logged rebalance two.cms one.cms
comes_back 'beside two hundred'
is 'the second' "$(generation)" 2

# --- a part that moves: what stays where it was is told ---
fresh
expect 0 'a sixth place' deed shard place add six dir:six
next one.cms two.cms '.placement[4] = "six"'
mkdir -p "home/archive/six/${folder%/*}"
cp -r "$places/5/$folder" "home/archive/six/$folder"
cp -r "$places/5/about" home/archive/six/
show two.cms 1 2 3 4 5
payload two.cms
cp two.cms "home/archive/six/$folder/manifest-2-$(digest two.cms).cms"
logged rebalance two.cms one.cms
comes_back 'from five places and the sixth'
run deed shard check "$id"
run deed shard check "$id"
exits 0 'healthy'
out_has 'place 5 is told' 'place 5: none of its places any more, 3 objects'
expect 0 'as JSON' deed shard check "$id" --json
is 'in JSON' "$(jq -c '.deposits[0].former' "$T/out")" '[{"name":"5","objects":3}]'
rm -r "${places:?}/5/$folder"
expect 0 'when it is gone' deed shard check "$id"
mv "$places/1/$folder" away
mv "$places/2/$folder" away2
comes_back 'from three and four and the sixth'
expect 0 'repair' deed shard repair "$id"
check 'the box is as it was' cmp away/box-1-* "$places/1/$folder"/box-1-*
expect 0 'healthy' deed shard check "$id"

# --- the catalogue has the newest, and finds a deposit by any ---
run deed shard reindex
exits 1 'the fork from before is told'
is 'twice' "$(grep -c 'or not the one in force' "$T/out")" 2
is 'and nothing else' "$(wc -l <"$T/out")" 2
# Of the fork one stays: the log tells which.
"$tool" log home void "entry=$(sed -n 's/.*entry \([0-9]*\):.*/\1/p' "$T/out" |
	tail -n 1)"
run deed shard reindex
exits 1 'its row is amiss'
out_has 'it is told' "row of deposit '$forked' is not what its manifest says"
expect 0 'and mended' deed shard reindex
err_has 'nothing changes' '0 added, 0 changed, 0 removed'
rm home/archive/catalogue.db
expect 0 'the catalogue is made anew' deed shard list --json
is 'of one row each' "$(jq '[.deposits[].id] | length, (unique | length)' "$T/out" | uniq | wc -l)" 1
expect 0 'nothing is amiss' deed shard check "$id"
run deed shard check
out_lacks 'no deposit of the log is lacking' 'lacks deposit'
out_lacks 'and none is lost' 'no place has'
run deed shard show 00000000000000000000000000000000
exits 4 'an unknown id'
is 'is no reason to reindex' "$(grep -c reindex "$T/err")" 0

# A place that lags comes first: its manifest does not win.
fresh
next one.cms two.cms
show two.cms 2 3 4 5
logged rebalance two.cms one.cms
rm home/archive/catalogue.db
expect 0 'made anew' deed shard list
is 'the row is of the second' "$(sqlite3 home/archive/catalogue.db \
	"SELECT generation FROM deposit WHERE lower(hex(id)) = '$id'")" 2
run deed shard reindex
out_has 'of the fork places alone cannot tell' "of deposit '$forked'"
expect 0 'again' deed shard reindex
err_has 'nothing changes' '0 added, 0 changed, 0 removed'
comes_back 'and then'
err_has 'the log was not asked' 'place 1 lags'

# All places are rolled back, and the catalogue with them: the log tells.
hide two.cms 1 2 3 4 5
rm home/archive/catalogue.db
run deed shard reindex
exits 1 'reindex'
out_has 'it is told' 'no place has the manifest of its deposit'
expect 1 'check, too' deed shard check
