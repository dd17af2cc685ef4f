#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard put --read-back: a place that gives back other bytes than it was
# given has failed, though it said that it has them.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq strace
need_that 'strace may not change what is read here' \
	strace -o /dev/null -e trace=read -e inject=read:poke_exit=@arg2=58:when=99 \
	true
need_that 'strace does not read here' strace_reads
# A leak check at exit traces its own process, which strace does already.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
need_home

deposits() {
	deed audit log --event deposit | wc -l
}
expect 0 'a deposit' deed shard put terms.txt --party li --read-back
readme=$(find "$PWD/home/archive/places/3/about" -name 'README-*')

# Whatever is read of one file begins with another byte.
changed() {
	strace -f -o trace -P "$readme" -e trace=read,pread64 \
		-e inject=read,pread64:poke_exit=@arg2=00 deed shard put "$@"
}
run changed annex.csv --party li
exits 0 'nobody looks'
run changed annex.csv --party li --read-back
exits 8 'it comes back changed'
err_has 'where' "place '3': 'README-"
err_has 'what' 'was written, and comes back changed'
is 'no id' "$(cat "$T/out")" ''
is 'nothing was logged' "$(deposits)" 2
is 'nothing is left' "$(ls -A home/archive/begun)" ''
run changed annex.csv --party li --read-back --min-places 4 --json
exits 0 'four others have it'
json 'its state' '.deposits[0].state' degraded
json 'what lacks it' '.deposits[0].lacking | join(" ")' 3

# As the office always wants it.
mkdir -p "$HOME/.config/deed"
printf 'shard:\n  put:\n    read-back: true\n' >"$HOME/.config/deed/config.yaml"
run changed annex.csv --party li
exits 8 'the configuration asks for it'
expect 0 'repair makes all whole' deed shard repair --all
expect 0 'all is' deed shard check
