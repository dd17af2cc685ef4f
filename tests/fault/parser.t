#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A parser of documents that was taken over by one: it is killed when it does
# anything but compute, and what it says never makes a wrong digest or
# signature value hold.  The parser here is a build of its own (parse_evil.c).
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_part draw
need_home

deed sign -q --as wang --passphrase file:wang.pass -o signed.pdf contract.pdf || exit 1
# One byte in the middle of the contract's own bytes is another.
cp signed.pdf changed.pdf
printf '!' | dd of=changed.pdf bs=1 seek=$(($(stat -c %s contract.pdf) / 2)) \
	conv=notrunc 2>/dev/null
# The same length, but what was signed is followed by something.
cp signed.pdf longer.pdf
printf '%%more\n' >>longer.pdf

mkdir evil
cp "$(command -v deed)" evil/deed
cp "$top_builddir/deed-office" evil/deed-office
cp "$top_builddir/tests/fault/parse_evil" evil/deed-parse

# judge MODE FILE: the indication, each signature's sub-indication and
# integrity, and the exit code.
judge() {
	echo "$1" >evil/mode
	exit=0
	evil/deed verify --json --trust house.pem "$2" >out 2>err || exit=$?
	jq -r --arg exit $exit '.documents[0] | [.indication] +
		(.signatures // [] | map(.sub_indication // "-", .integrity)) +
		[$exit] | join(" ")' out
}

is 'the build is sound: an honest one passes' "$(judge honest signed.pdf)" \
	'TOTAL-PASSED - intact 0'
evil/deed verify -v signed.pdf 2>said
for mode in open create connect execute fork kill; do
	if ! grep -q 'in a sandbox' said; then
		skip "it tries to $mode" 'the kernel has no sandbox'
		continue
	fi
	is "it tries to $mode: exit 3" "$(judge $mode signed.pdf)" \
		'INDETERMINATE 3'
	has "it tries to $mode: it was killed" err 'signal 31'
done
is 'nothing was made' "$(find . -name evil -type f)" ''
for mode in crash end nonsense other-answer; do
	is "its answer is $mode: exit 3" "$(judge $mode signed.pdf)" \
		'INDETERMINATE 3'
	has "its answer is $mode: told" err "the parser of 'signed.pdf'"
done

# A file that was changed: whatever is said of it, it does not pass.
for mode in honest coverage hole short past-the-end wrap contents cut; do
	seen=$(judge $mode changed.pdf)
	case $seen in
	'TOTAL-FAILED HASH_FAILURE broken 1' | 'INDETERMINATE 3')
		pass "a changed file, $mode: $seen"
		;;
	*) fail "a changed file, $mode" "seen: $seen" ;;
	esac
done
for mode in hole short past-the-end wrap contents cut more; do
	is "the file disproves a lie: $mode" "$(judge $mode signed.pdf)" \
		'INDETERMINATE 3'
	has "the file disproves a lie: $mode: told" err 'truth'
done
is 'a CMS that is said to end early is none' \
	"$(judge cut-and-more signed.pdf)" 'TOTAL-FAILED FORMAT_FAILURE unknown 1'
is 'the file disproves a lie about coverage' "$(judge coverage longer.pdf)" \
	'INDETERMINATE 3'

deed sign -q --as wang --passphrase file:wang.pass -o terms.asice terms.txt
for mode in open crash nonsense; do
	is "a container's parser: $mode" "$(judge $mode terms.asice)" \
		'INDETERMINATE 3'
done

echo crash >evil/mode
evil/deed verify --json --trust house.pem signed.pdf changed.pdf >out 2>err
is 'each document of a batch has its verdict' \
	"$(jq -r '[.documents[].indication] | join(" ")' out)" \
	'INDETERMINATE INDETERMINATE'

# Nothing is parsed in deed itself: no command gets on without a parser.
unread() {
	what=$1
	shift
	exit=0
	evil/deed "$@" >out 2>err || exit=$?
	is "$what: exit 3" "$exit" 3
	has "$what: told" err 'the parser of'
}
deed sign -q --prepare -o prepared.pdf contract.pdf || exit 1
echo crash >evil/mode
unread 'field list' field list contract.pdf
unread 'field add' field add --name X -o added.pdf contract.pdf
unread 'an output that exists' sign --as wang --passphrase file:wang.pass \
	-o signed.pdf contract.pdf
unread 'a container that exists' sign --as wang --passphrase file:wang.pass \
	-o terms.asice terms.txt
unread 'sign --complete' sign --complete house.pem -o completed.pdf \
	prepared.pdf
unread 'seal --preview' seal --as acme --preview shown.pdf \
	--image contract.pdf --position 20,20 contract.pdf
is 'nothing was made' "$(ls added.pdf completed.pdf shown.pdf 2>/dev/null)" ''
