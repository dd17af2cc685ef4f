#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed extend, killed at every step and with every write that fails: the
# output is there whole or not at all, and in place the input is one or the
# other.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl jq
. "$top_srcdir/tests/cli/home.sh"
need_home
. "$top_srcdir/tests/fault/lib.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers
pki_make
# shellcheck disable=SC2119 # the present time
tsa_start

deed sign --as wang --passphrase file:wang.pass --level t --tsa "$tsa" \
	contract.pdf -o t.pdf 2>"$T/log" || fail 'this is needed' "$(cat "$T/log")"

# Without a network: everything is in files.
set -- deed extend --offline --level lt --trust house.pem \
	--trust "$pki/root.pem" --crl "$pki/ca.crl" --crl "$pki/root.crl"
"$@" t.pdf -o whole.pdf 2>"$T/log" || fail 'this is needed' "$(cat "$T/log")"

# A run again over what it made signs nothing twice.
cp whole.pdf first.pdf
expect 0 'a rerun over its own output' "$@" t.pdf -o whole.pdf --json
json 'is done already' '.documents[0].status' already
check 'and leaves it' cmp whole.pdf first.pdf
cp t.pdf other.pdf
expect 7 'an output without the level' "$@" t.pdf -o other.pdf
cp contract.pdf other.pdf
expect 7 'one of another document' "$@" t.pdf -o other.pdf
deed sign --as wang --passphrase file:wang.pass --level t --tsa "$tsa" \
	--detached terms.txt annex.csv 2>"$T/log" || fail 'this is needed' "$(cat "$T/log")"
expect 0 'a CMS' "$@" --content terms.txt terms.txt.p7s -o raised.p7s
expect 0 'and again' "$@" --content terms.txt terms.txt.p7s -o raised.p7s --json
json 'is done already, too' '.documents[0].status' already
expect 7 'but not of another' "$@" --content annex.csv annex.csv.p7s -o raised.p7s

before() {
	rm -f out.pdf ./.*.deed-*
	cp t.pdf in.pdf
}
# The tail says when it was made, and little else differs.
whole() {
	[ "$(wc -c <"$1")" -eq "$(wc -c <whole.pdf)" ] &&
		[ "$(head -c "$(wc -c <t.pdf)" "$1" | cmp - t.pdf && echo x)" = x ]
}
after_new() {
	cmp in.pdf t.pdf || return 1
	[ ! -e out.pdf ] || whole out.pdf
}
after_in_place() {
	cmp -s in.pdf t.pdf || whole in.pdf
}
after_error() {
	after_new && [ -z "$(find . -name '.*.deed-*')" ]
}
export KILL_CALLS='write pwrite64 fsync fdatasync renameat renameat2 linkat link'
KILL_LEAST=3
kill_at_every 'extend' before after_new -- "$@" in.pdf -o out.pdf
kill_at_every 'extend in place' before after_in_place -- "$@" --in-place in.pdf
export KILL_CALLS='write pwrite64 fsync fdatasync'
KILL_LEAST=2
fail_at_every EIO 'extend' before after_error -- "$@" in.pdf -o out.pdf
fail_at_every ENOSPC 'extend' before after_error -- "$@" in.pdf -o out.pdf
