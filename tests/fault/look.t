#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A painter of pages that was taken over by a document: it is killed when it
# does anything but read fonts and compute, and its word makes nothing pass that
# fails.  The deed-look here is a build of its own (look_evil.c).
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq python3
need_part look
need_home

sign() {
	quietly deed sign -q --as wang --passphrase file:wang.pass "$@"
}
sign -o signed.pdf contract.pdf
sign -o two.pdf signed.pdf
# One byte that was signed is another; and a page that came later is.
cp two.pdf changed.pdf
printf '!' | dd of=changed.pdf bs=1 seek=$(($(stat -c %s contract.pdf) / 2)) \
	conv=notrunc 2>/dev/null
quietly python3 "$top_srcdir/tests/fault/page_changed.py" signed.pdf forged.pdf

mkdir evil
cp "$(command -v deed)" "$top_builddir/deed-parse" evil
cp "$top_builddir/tests/fault/look_evil" evil/deed-look

# judge MODE FILE: indication and what was seen of the first signature.
judge() {
	echo "$1" >evil/mode
	exit=0
	evil/deed verify --json --look --trust house.pem "$2" >out 2>err ||
		exit=$?
	jq -r --arg exit $exit '.documents[0] | [.indication,
		.signatures[0].look.outcome // "-", $exit] | join(" ")' out
}
why() {
	jq -r '.documents[0].signatures[0].look.why' out
}

seen=$(judge honest two.pdf)
case $(why) in
*landlock*) skip_all 'the kernel has no sandbox for what reads files' ;;
esac
is 'the build is sound: an honest one passes' "$seen" 'TOTAL-PASSED same 0'
for mode in create write connect execute fork kill; do
	is "it tries to $mode: exit 3" "$(judge $mode two.pdf)" \
		'INDETERMINATE not-painted 3'
	case $(why) in
	*'signal 31'*) pass "it tries to $mode: it was killed" ;;
	*) fail "it tries to $mode: it was killed" "$(why)" ;;
	esac
done
is 'another file is not to be had' "$(judge open two.pdf)" \
	'INDETERMINATE not-painted 3'
is 'nothing was made' "$(find . -name evil -type f)" ''
for mode in crash end nonsense short other-answer; do
	is "its answer is $mode: exit 3" "$(judge $mode two.pdf)" \
		'INDETERMINATE not-painted 3'
done
is 'what it sees is a doubt' "$(judge differs two.pdf)" \
	'INDETERMINATE different 3'

if grep -q 'define DEED_SANITIZERS' "$top_builddir/config.h"; then
	skip 'a kernel without landlock' 'LeakSanitizer does not bear strace'
elif command -v strace >/dev/null; then
	echo honest >evil/mode
	run strace -f -qq -o strace.out -e trace=landlock_create_ruleset \
		-e inject=landlock_create_ruleset:error=ENOSYS \
		evil/deed verify --look --trust house.pem two.pdf
	exits 3 'a kernel without landlock: exit 3'
	out_has 'and it is told' 'no sandbox'
else
	skip 'a kernel without landlock' 'strace is not installed'
fi

# It says that all is well; the rules do not listen.
is 'a changed byte fails' "$(judge honest changed.pdf)" 'TOTAL-FAILED - 1'
is 'a changed page fails' "$(judge honest forged.pdf)" 'TOTAL-FAILED same 1'
is 'it is not asked where nothing follows' "$(judge crash signed.pdf)" \
	'TOTAL-PASSED - 0'
