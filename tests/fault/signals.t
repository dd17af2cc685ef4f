#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A signal ends deed by that signal and leaves nothing half-written.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need strace
need_that 'strace does not read here' strace_reads
grep -q 'define DEED_SANITIZERS' "$top_builddir/config.h" &&
	skip_all 'the leak checker and strace exclude each other'
need_home

# With -D the process is deed itself; its first sync waits two seconds.  A
# shell has its background jobs ignore SIGINT, and nohup SIGHUP, which deed
# would obey.
interrupt() {
	rm -f out.pdf
	env --default-signal=INT,HUP strace -D -f -o /dev/null -e trace=fsync \
		-e inject=fsync:delay_enter=2000000:when=1 \
		deed sign --as wang --passphrase file:wang.pass -o out.pdf \
		contract.pdf >"$T/out" 2>"$T/err" &
	pid=$!
	tries=0
	# The output has no name yet.
	while ! find "/proc/$pid/fd" -lname "$W/#*" 2>/dev/null | grep -q . &&
		[ $tries -lt 300 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	check "a temporary was there before SIG$1" test $tries -lt 300
	kill "-$1" $pid
	wait $pid
	code=$?
	last="SIG$1"
	exits "$2" "SIG$1 ends it"
	is 'nothing half-written is left' \
		"$(find . -maxdepth 1 -name '.*.deed-*')" ''
	absent 'there is no output' out.pdf
}
interrupt TERM 143
interrupt INT 130
interrupt HUP 129

expect 0 'the next run signs' deed sign --as wang \
	--passphrase file:wang.pass -o out.pdf contract.pdf
expect 0 'and the log is consistent' deed audit verify
expect 0 'what is signed is good' deed verify --trust house.pem out.pdf

# What stands for standard output is removed too, whole as it is: it is more
# than a pipe takes, and nobody reads.
head -c 300000 /dev/urandom >large.bin
mkfifo pipe
exec 3<>pipe
deed sign --as wang --passphrase file:wang.pass -o - large.bin >pipe \
	2>"$T/err" &
pid=$!
tries=0
while ! find "$T" -path "$T/deed-*/output" -size +200k | grep -q . &&
	[ $tries -lt 300 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
check 'the output was there' test $tries -lt 300
sleep 0.3
kill -TERM $pid
wait $pid
is 'SIGTERM ends it' $? 143
is 'and nothing is left of it' \
	"$(find "$T" -mindepth 1 -maxdepth 1 -name 'deed-*')" ''
exec 3>&-

# A reader that goes away ends it as it ends others.
(deed help --json 2>"$T/err"; echo $? >status) | head -c 10 >"$T/out"
is 'a reader that stops early' "$(cat status)" 141
err_empty 'is no error to speak of'
