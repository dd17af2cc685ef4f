#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard put where a place is full or fails: it says so, nothing is left
# but an entry that is void, and it works again afterwards.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need unshare mount strace
need_that 'a mount namespace is not allowed here' \
	unshare -m sh -c 'mount -t tmpfs none /mnt'
# A leak check at exit traces its own process, which strace does already.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
need_home

left() {
	find home/archive/places home/archive/begun -mindepth 2 -type f \
		! -path '*/about/*' | wc -l
}
head -c 3000000 /dev/urandom >large.bin

cat >inside.sh <<'END'
mount -t tmpfs -o size=512k none home/archive/places/5 || exit 99
# An empty disk is one that is not mounted.
mkdir home/archive/places/5/about
deed shard put large.bin --party li >out 2>err
echo "full: $?"
echo "out: $(cat out)"
grep -c 'No space left' err
find home/archive/places -mindepth 3 ! -path '*/about/*' | wc -l
umount home/archive/places/5
END
run unshare -m sh inside.sh
out_is 'a place that is full' <<'END'
full: 10
out: 
1
0
END
is 'nothing was logged' "$(deed audit log --event deposit | wc -l)" 0
is 'nothing is left' "$(left)" 0

# The manifest cannot be written to a place: five boxes are renamed before, the
# first time with the two texts that the full place has not yet.
for n in 8 8 10; do
	run strace -f -o trace -e trace=rename -e inject=rename:error=EIO:when=$n \
		taskset -c 0 deed shard put terms.txt --party li
	exits 10 "the manifest fails at rename $n"
	is 'no id' "$(cat "$T/out")" ''
	is 'nothing is left' "$(left)" 0
	expect 0 'the log verifies' deed audit verify
done
is 'each entry is void' "$(deed audit log --event void | wc -l)" 3
is 'there is no deposit' "$(deed shard list | wc -l)" 0

# A sync that fails.
run strace -f -o trace -e trace=syncfs -e inject=syncfs:error=EIO:when=3 \
	taskset -c 0 deed shard put terms.txt --party li
exits 10 'a sync that fails'
is 'nothing is left' "$(left)" 0

expect 0 'afterwards' deed shard put large.bin --party li
id=$(cat "$T/out")
expect 0 'it is whole' deed shard check
expect 0 'and comes back' deed shard get "$id" --as li --passphrase file:li.pass -o back.bin
check 'the same bytes' cmp large.bin back.bin

# With one place less: what fails at a place counts for nothing there.
cat >less.sh <<'END'
mount -t tmpfs -o size=512k none home/archive/places/5 || exit 99
mkdir home/archive/places/5/about
deed shard put --min-places 4 large.bin terms.txt --party li >out 2>err
echo "full: $?"
wc -l <out
grep -c 'degraded: not all is at 5' err
umount home/archive/places/5
END
run unshare -m sh less.sh
out_is 'a place that is full' <<'END'
full: 0
2
1
END
is 'one is degraded' "$(deed shard list --state degraded | wc -l)" 1
mv home/archive/places/5 kept
expect 8 'the disk is gone' deed shard check
mv kept home/archive/places/5
expect 0 'both are made whole' deed shard repair --all
expect 0 'they are' deed shard check
for call in rename:error=EIO:when=3 rename:error=EIO:when=8 \
	syncfs:error=EIO:when=2 syncfs:error=EIO:when=7; do
	run strace -f -o trace -e trace="${call%%:*}" -e inject="$call" \
		taskset -c 0 deed shard put --min-places 4 terms.txt --party li
	exits 0 "$call is one place"
	is 'it is degraded' "$(deed shard list --state degraded | wc -l)" 1
	expect 0 'and is repaired' deed shard repair --all
	expect 0 'it is whole' deed shard check
done
run strace -f -o trace -e trace=syncfs -e inject=syncfs:error=EIO:when=2..3 \
	taskset -c 0 deed shard put --min-places 4 terms.txt --party li
exits 10 'two are too many'
err_has 'how many are left' '3 of 5 places are left'
is 'nothing is left over' "$(ls home/archive/begun)" ''

# A file that becomes shorter while it is read is no deposit.
run strace -f -o trace -P "$W/terms.txt" -e trace=pread64 -e inject=pread64:retval=0:when=1+ \
	taskset -c 0 deed shard put terms.txt --party li
exits 10 'a file that ends early'
run strace -f -o trace -P "$W/terms.txt" -e trace=pread64 -e inject=pread64:error=EIO:when=1+ \
	taskset -c 0 deed shard put terms.txt --party li
exits 10 'a file that cannot be read'
expect 0 'all is whole' deed shard check
is 'seven deposits' "$(find home/archive/places/1 -mindepth 2 -type d | wc -l)" 7
is 'and texts for all' "$(find home/archive/places/1/about -type f | wc -l)" 2
