#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Changes that are killed, that race, that find their output taken: the log
# and the outputs agree afterwards, or the log says what does not.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "${top_srcdir:-.}/tests/fault/lib.sh"

commit_events=$top_builddir/tests/fault/commit_events

mkdir fresh
cp "$data/log/register.spki" "$data/log/party.spki" fresh
expect 0 'a log is made' "$commit_events" init fresh
expect 0 'an entry' "$commit_events" commit fresh one fresh/one
expect 0 'it verifies' "$commit_events" check fresh
out_has 'its size' 'size 1 voids 0 records 1'
is 'the output' "$(cat fresh/one)" one
is 'nothing else is left' "$(ls -A fresh/audit)" "$(printf 'checkpoint\nlock\ntile')"

expect 7 'an output that exists' "$commit_events" commit fresh two fresh/two fresh/one
is 'the other output is there' "$(cat fresh/two)" two
is 'what existed is as it was' "$(cat fresh/one)" one
expect 0 'it verifies' "$commit_events" check fresh
out_has 'the entry is void' 'size 4 voids 1 records 2'
expect 0 'the void entry' "$commit_events" entry fresh 3
out_has 'names the entry' '"event":"void","numbers":{"entry":2}'
is 'no temporary is left' "$(find fresh -name '.*.deed-*')" ''

expect 0 'published' "$commit_events" publish fresh three fresh/three
is 'it is there' "$(cat fresh/three)" three
expect 7 'published where it cannot be' "$commit_events" publish fresh other fresh/three
expect 0 'it verifies' "$commit_events" check fresh
out_has 'and is void' 'size 7 voids 2'
is 'nothing waits' "$(find fresh -name '.*deed-*' -o -name pending)" ''

# Everything that can be left by a change of two outputs.  Whatever was cut
# off, the next command finishes or undoes: then the log verifies, and each
# output is there if and only if its entry is, and is whole.
before() {
	rm -rf home && cp -a fresh home
}
after() {
	"$commit_events" recover home || return 1
	"$commit_events" check home >"$T/size" || return 1
	[ ! -e home/audit/pending ] || return 1
	read -r _ size _ voids _ <"$T/size"
	case $size:$voids in
	7:2) [ ! -e home/a ] && [ ! -e home/b ] || return 1 ;;
	9:2) [ "$(cat home/a)" = text ] && [ "$(cat home/b)" = text ] || return 1 ;;
	*)
		cat "$T/size"
		return 1
		;;
	esac
	# And it goes on from there.
	"$commit_events" commit home more home/c || return 1
	"$commit_events" check home || return 1
	"$commit_events" recover home
}
kill_at_every 'commit' before after -- "$commit_events" commit home text home/a home/b

# Failures of the system instead: the command says so or copes, and no
# temporary is left either.
after_failure() {
	[ -z "$(find home -name '*.deed-*')" ] || [ -e home/audit/pending ] ||
		return 1
	"$commit_events" recover home || return 1
	"$commit_events" check home >"$T/size" || return 1
	[ -z "$(find home -name '*.deed-*' -o -name pending)" ] || return 1
	read -r _ size _ voids _ <"$T/size"
	count=0
	for file in home/a home/b; do
		[ ! -e "$file" ] || count=$((count + 1))
	done
	# An entry for each output, or one that says there is none.
	case $size:$voids:$count in
	7:2:0 | 9:2:2 | 10:3:1 | 11:4:0) ;;
	*)
		cat "$T/size"
		return 1
		;;
	esac
	"$commit_events" commit home more home/c || return 1
	"$commit_events" check home
}
KILL_CALLS='write fsync renameat renameat2 linkat' \
	fail_at_every ENOSPC 'commit' before after_failure -- \
	"$commit_events" commit home text home/a home/b

after_publish() {
	"$commit_events" recover home || return 1
	"$commit_events" check home >"$T/size" || return 1
	read -r _ size _ voids _ <"$T/size"
	case $size:$voids in
	7:2) [ ! -e home/a ] || return 1 ;;
	8:2) [ "$(cat home/a)" = text ] || return 1 ;;
	*)
		cat "$T/size"
		return 1
		;;
	esac
	[ -z "$(find home/audit -name 'pending' -o -name '.publish*' | head -n "$((size - 7))")" ]
}
kill_at_every 'publish' before after_publish -- "$commit_events" publish home text home/a

# Recovery itself, killed: a change that stands in the log, whose outputs wait.
kill_at_rename() {
	rm -rf home && cp -a fresh home || return 1
	sh -c 'strace -o /dev/null -qq -e trace=renameat2 \
		-e inject=renameat2:signal=SIGKILL:when="$1" \
		"$2" commit home text home/a home/b || :' \
		- "$1" "$commit_events" 2>/dev/null
	[ -e home/audit/pending ]
}
before_recover() {
	kill_at_rename "$last_rename"
}
last_rename=1
while ! kill_at_rename "$last_rename" ||
	"$commit_events" check home | grep -q '^size 7 '; do
	last_rename=$((last_rename + 1))
	[ "$last_rename" -lt 20 ] || break
done
is 'a change in the log whose outputs wait' "$(ls home/a home/b 2>/dev/null)" ''
KILL_LEAST=5 kill_at_every 'recover' before_recover after -- "$commit_events" recover home

# Nothing is void because it cannot be opened for a moment.
before_recover
cp -a home waiting
before_open() {
	rm -rf home && cp -a waiting home
}
after_open() {
	"$commit_events" recover home || return 1
	"$commit_events" check home | grep '^size 9 voids 2 ' &&
		[ "$(cat home/a home/b)" = texttext ] &&
		[ ! -e home/audit/pending ]
}
KILL_CALLS=openat fail_at_every EMFILE 'recover' before_open after_open -- \
	"$commit_events" recover home
# Unless it is what publishes that fails.
after_published() {
	"$commit_events" recover home || return 1
	"$commit_events" check home >"$T/size" || return 1
	read -r _ size _ voids _ <"$T/size"
	case $size:$voids in
	7:2) [ ! -e home/a ] ;;
	8:2) [ "$(cat home/a)" = text ] ;;
	9:3) ! grep -F .publish. "$T/err" ;;
	*) return 1 ;;
	esac
}
KILL_CALLS=openat fail_at_every EMFILE 'publish' before after_published -- \
	"$commit_events" publish home text home/a

# The folder of the outputs is gone by then: both are void, and it goes on.
rm -rf home && cp -a fresh home && mkdir home/gone
sh -c 'strace -o /dev/null -qq -e trace=renameat2 \
	-e inject=renameat2:signal=SIGKILL:when="$1" \
	"$2" commit home text home/gone/a home/gone/b || :' \
	- "$last_rename" "$commit_events" 2>/dev/null
check 'a change that waits' test -e home/audit/pending
rm -rf home/gone
expect 0 'whose folder is gone' "$commit_events" commit home more home/c
expect 0 'is void' "$commit_events" check home
out_has 'twice, before the next' 'size 12 voids 4'

# Fifty at once.
rm -rf home && cp -a fresh home
i=1
while [ "$i" -le 50 ]; do
	"$commit_events" commit home "text $i" "home/out.$i" 2>>"$T/writers" &
	[ $((i % 5)) -ne 0 ] || "$commit_events" check home >>"$T/readers" 2>&1 ||
		echo failed >>"$T/readers"
	i=$((i + 1))
done
wait
is 'readers meanwhile see a sound log' "$(grep -v -e '^size' -e '^ok ' "$T/readers")" ''
is 'no writer fails' "$(cat "$T/writers")" ''
expect 0 'the log of fifty writers verifies' "$commit_events" check home
out_has 'all of them are in it' 'size 57 voids 2'
is 'all outputs are there' "$(cat home/out.* | wc -c)" "$((9 * 6 + 41 * 7))"

# What is in the log, and what is not.
if grep -rlE '王小明|wang|text' home/audit >"$T/names"; then
	fail 'no name or content in the log' "$(cat "$T/names")"
else
	pass 'no name or content in the log'
fi
hash=$(printf '王小明' | sha256sum | cut -d' ' -f1)
if grep -rl "$hash" home/audit >"$T/names"; then
	fail 'no unsalted hash of a name in the log' "$(cat "$T/names")"
else
	pass 'no unsalted hash of a name in the log'
fi
if command -v openssl >/dev/null; then
	"$commit_events" entry home 0 >"$T/entry"
	record=$(sed -n 's/.*"records":\["sha256:\([0-9a-f]*\)".*/\1/p' "$T/entry")
	for reader in register party; do
		expect 0 "openssl opens it for the $reader" openssl cms -decrypt \
			-inform DER -binary -in "$(find home/box -name "$record.cms")" \
			-inkey "$data/log/$reader.key"
		out_has 'the openings' '"label":"party"'
		out_has 'the name' '王小明'
	done
fi
