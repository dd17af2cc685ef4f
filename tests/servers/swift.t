#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The Swift of the tests is one: it keeps, loses nothing with two of four nodes
# dead and a disk wiped, and is gone when it is stopped.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/swift.sh"
need_swift

swift_start
expect 0 'a bucket' swift_bucket one
head -c 100000 /dev/urandom >big
printf small >small
for n in 1 2 3 4 5 6 7 8; do
	s3 put one/a/$n small || fail "put $n"
done
expect 0 'a large object' s3 put one/a/big big
run s3 ls one/a/
is 'all are listed' "$(wc -l <"$T/out")" 9
run s3 cat one/a/big
check 'the bytes that were put' cmp big "$T/out"
expect 0 'how large it is' s3 head one/a/big
is 'by HEAD' "$(cat "$T/out")" 100000
expect 4 'what is not there' s3 cat one/b
s3_key=$swift_guest
expect 8 'a guest may do nothing' s3 ls one/a/
err_has 'it says so' AccessDenied
s3_key=$swift_key

swift_kill 2
swift_kill 3
swift_wipe 4
for n in 1 2 3 4 5 6 7 8 big; do
	s3 cat one/a/$n >got 2>>"$T/err"
	want=small
	[ $n != big ] || want=big
	cmp -s got $want || echo "$n" >>amiss
done
echo "# not readable with two of four nodes dead and one disk empty:" \
	"$(tr '\n' ' ' <amiss 2>/dev/null)"
swift_revive 2
swift_revive 3
check 'a pass of the daemons' swift_pass
isnt 'brings the wiped disk its objects' \
	"$(find "$swift_at/node4/disk/objects" -name '*.data' | wc -l)" 0
rm -f amiss
for n in 1 2 3 4 5 6 7 8; do
	s3 cat one/a/$n >got 2>>"$T/err"
	cmp -s got small || echo "$n" >>amiss
done
absent 'all are there' amiss
expect 0 'one is taken out' s3 rm one/a/1
expect 4 'and is gone' s3 cat one/a/1
check 'the servers log' sh -c 'grep -q "GET /one" "$@"' sh "$swift_at/log/proxy"
pids=$(cat "$T"/swift.*.pid)
swift_stop
# shellcheck disable=SC2086 # a word each
expect 1 'nothing of it runs' ps -p "$(echo $pids | tr ' ' ,)"
