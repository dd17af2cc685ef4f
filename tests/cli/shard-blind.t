#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Nothing in the archive, the log or the drop box tells whose a deposit is or
# what it is of: no name, number, address, label or title, no bytes of a
# document and no hash of them, in any object, in any name, in the catalogue, or
# in what a run leaves that was killed.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need sqlite3 python3
need_home
archive=home/archive

. "$top_srcdir/tests/cli/blind.sh"

search() {
	run python3 "$top_srcdir/tests/cli/found.py" words "$@"
}
# blind NAME: nothing is in the home where it may not be.
blind() {
	sqlite3 "$archive/catalogue.db" .dump >dump/dump 2>dump/err || :
	search $archive home/audit home/identity/box dump
	is "$1" "$(grep -v '^looked at' "$T/out")" ''
	looked=$(sed -n 's/^looked at \([0-9]*\) files.*/\1/p' "$T/out")
}
mkdir dump

# The search finds what it looks for, however it is written down.
mkdir planted
is_found() {
	search planted
	out_has "it would be found: $1" "$2: $3"
	rm -rf planted/*
}
printf 'x王小明x' >planted/a
is_found 'as UTF-8' 王小明 planted/a
printf 'x' >planted/a
printf 'ottakring' | iconv -t UTF-16LE >>planted/a
is_found 'as UTF-16' Ottakring planted/a
printf 'x440524188001010014' | base64 >planted/a
is_found 'as base64' 440524188001010014 planted/a
printf '2026/117' | od -An -tx1 | tr -d ' ' >planted/a
is_found 'as hexadecimal' 2026/117 planted/a
printf '{"party":"wang"}' >planted/a
is_found 'a short word in JSON' wang planted/a
printf '\014\004wang0' >planted/a
is_found 'a short word in DER' wang planted/a
: >planted/of-acme.txt
is_found 'in a name' acme 'the name planted/of-acme.txt'
mkdir planted/Nachlass
is_found 'in the name of a folder' Nachlass 'the name planted/Nachlass'
cp Mietvertrag-Ottakring.pdf planted/a
is_found 'as content' Mietvertrag-Ottakring.pdf planted/a
sha256sum <contract.pdf >planted/a
is_found 'as a hash' contract.pdf planted/a

put() {
	quietly deed shard put --party wang --party li --party acme "$@"
}
cp -Rp home fresh
put contract.pdf --label 2026/117 --sender 'Hofrat Ehrlich' \
	--sent 2026-11-01T10:00:00Z
id=$(cat "$T/out")
blind 'after a box'
put Vollmacht-Gruber.bin --label Aktenzeichen-Neun \
	--evidence Mietvertrag-Ottakring.pdf
large=$(cat "$T/out")
blind 'after a large one with evidence'
put Nachlass Mietvertrag-Ottakring.pdf
blind 'after a group'
put --pack --label Aktenzeichen-Neun Nachlass Mietvertrag-Ottakring.pdf
pack=$(cat "$T/out")
blind 'after a pack'
is 'objects, texts, the log, the drop box and more' \
	"$([ "$looked" -gt 70 ] && echo many)" many

# While it is read: what a reader leaves beside the catalogue.
sqlite3 $archive/catalogue.db 'pragma journal_mode = wal; begin;
	insert into deposit select * from deposit where 0; commit;' >out
deed shard list --label 2026/117 >out
deed shard get "$id" --as li --passphrase file:li.pass -q -o back
blind 'after reading'
rm -r $archive/places/2/??
rm $archive/catalogue.db*
quietly deed shard reindex
quietly deed shard repair --all
deed shard check >out 2>&1
blind 'after check, repair and reindex'
for word in "$id" "$large" "$pack/2"; do
	expect 0 'they come back' deed shard get "$word" --as wang \
		--passphrase file:wang.pass -o "back.${word%/2}"
done

# Killed wherever it writes: before anybody looks after what is left.
if ! command -v strace >/dev/null || ! strace -o out true 2>err; then
	skip 'what killed ones leave' 'strace may not trace here'
	exit 0
fi
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
# killed CALL N COMMAND...
killed() {
	call=$1 n=$2
	shift 2
	rm -rf home
	cp -Rp fresh home
	strace -f -o trace -e trace="$call" -e inject="$call:signal=KILL:when=$n" \
		"$@" >out 2>err </dev/null
	grep -q 'killed by SIGKILL' trace ||
		fail "it is killed at $call $n" "$(tail -n 3 err)"
	blind "killed at $call $n"
}
for at in 'fsync 1' 'fsync 3' 'fsync 6' 'syncfs 1' 'syncfs 6' 'rename 2' \
	'rename 12' 'mkdir 10' 'unlink 1' 'linkat 1' 'pwrite64 1' 'pwrite64 3'; do
	# shellcheck disable=SC2086
	killed $at deed shard put --party wang --party acme --label 2026/117 \
		Nachlass Mietvertrag-Ottakring.pdf
done
killed syncfs 4 deed shard put --pack --party wang Nachlass contract.pdf
killed write 30 deed shard put --party wang --evidence Nachlass/Zusatz-1.txt \
	Vollmacht-Gruber.bin
rm -rf fresh
cp -Rp home fresh
rm fresh/archive/catalogue.*
for at in 'pwrite64 2' 'fdatasync 1'; do
	# shellcheck disable=SC2086
	killed $at deed shard reindex
done
