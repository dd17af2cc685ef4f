#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard put opens a document once: what is listed, hashed and stored are
# the same bytes, or it says that they changed.  Many are synced as few.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need strace jq taskset
need_that 'strace does not read here' strace_reads
# A leak check at exit traces its own process, which strace does already.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
need_home
quietly deed sign --as wang contract.pdf -o signed.pdf --passphrase file:wang.pass

run strace -f -o trace -e trace=openat,open deed shard put signed.pdf --party li
exits 0 'a signed document'
is 'it is opened once' "$(grep -c 'signed\.pdf"' trace)" 1
id=$(cat "$T/out")
run deed shard get "$id" --as li -o back.pdf --passphrase file:li.pass --json
json 'its signature is listed' '.record.signatures | length' 1
check 'the same bytes' cmp signed.pdf back.pdf

# Somebody writes a byte there into it between the listing and the storing: the
# last read of the file waits meanwhile.
put_slowly() { # FILE OFFSET WHAT
	main=$(strace -P "$W/$1" -e trace=pread64 -o /dev/stdout \
		taskset -c 0 deed shard put "$W/$1" --party li 2>/dev/null |
		grep -c 'pread64(')
	before=$(deed shard list | wc -l)
	strace -o trace -P "$W/$1" -e trace=pread64 \
		-e inject=pread64:delay_enter=2000000:when="$main" \
		taskset -c 0 deed shard put "$W/$1" --party li \
		>"$T/out" 2>"$T/err" &
	pid=$!
	sleep 1
	printf 'x' | dd of="$1" bs=1 seek="$2" conv=notrunc 2>"$T/dd"
	wait "$pid"
	is "$3 meanwhile is refused" $? 10
	err_has 'and why' 'changed while it was read'
	is 'nothing is deposited' "$(deed shard list | wc -l)" "$before"
	is 'nothing is left' "$(ls home/archive/begun)" ''
}
reads=$(strace -f -P "$W/signed.pdf" -e trace=pread64 -o /dev/stdout \
	taskset -c 0 deed shard put "$W/signed.pdf" --party li 2>/dev/null |
	grep -c 'pread64(')
[ "$reads" -gt 1 ] && pass 'it is read for its signatures and to be stored' ||
	fail 'it is read for its signatures and to be stored' "$reads reads"
put_slowly signed.pdf 20 'a document that changes'
printf 'no signature\n' >plain.txt
put_slowly plain.txt 13 'one that grows, and has no signatures,'

# A hundred deposits are durable at the price of a few.
i=0
while [ $i -lt 100 ]; do
	printf 'document %s\n' $i
	i=$((i + 1))
done >lines
mkdir many && (cd many && split -l 1 -a 3 ../lines d)
find many -type f >list
run strace -f -c -o calls -e trace=fsync,fdatasync,syncfs \
	deed shard put --party wang --party li -q --files-from list
exits 0 'a hundred deposits'
is 'as many ids' "$(wc -l <"$T/out")" 100
syncs=$(awk '$NF ~ /sync/ { n += $4 } END { print n }' calls)
[ "$syncs" -le 40 ] && pass 'by no more than forty syncs' ||
	fail 'by no more than forty syncs' "$syncs"
is 'ten files each' \
	"$(find home/archive/places -type f ! -path '*/about/*' | wc -l)" \
	$((10 * $(deed shard list | wc -l)))

# What is large goes past the kernel's cache.
head -c 4000000 /dev/urandom >large.bin
run strace -f -o calls -e trace=fcntl deed shard put --party li large.bin
exits 0 'a large document'
is 'a direct write to each place' "$(grep -c 'F_SETFL.*O_DIRECT' calls)" 5
id=$(cat "$T/out")
expect 0 'it is whole' deed shard check "$id"
rm -f back
run deed shard get "$id" --as li -o back --passphrase file:li.pass
check 'the same bytes' cmp large.bin back
