#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The proxy between deed and a store: what passes is what the store has, signed
# as it was; and each fault is what it says.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/swift.sh"
. "$top_srcdir/tests/servers/between.sh"
need_swift

swift_start
between_start
direct=$s3_at
s3_at=$between
expect 0 'a bucket is made through it' swift_bucket one
expect 0 'and another' swift_bucket two
head -c 3000000 /dev/urandom >big
printf 'small' >small
printf 'other' >other
expect 0 'a large object' s3 put one/a/big big
expect 0 'a small one' s3 put one/a/small small
s3 put two/a/small other
run s3 cat one/a/big
check 'the bytes of it' cmp big "$T/out"
run s3 ls one/a/
is 'the list' "$(tr '\n' ' ' <"$T/out")" 'a/big a/small '
expect 0 'a size' s3 head one/a/big
is 'of HEAD' "$(cat "$T/out")" 3000000
is 'requests are told' "$(between_log 'PUT /one/a' | wc -l)" 2
expect 4 'what is not there' s3 cat one/b
printf 'no secret' >no.secret
s3_secret=no.secret
expect 8 'a wrong signature reaches the store' s3 ls one/a/
err_has 'as one' SignatureDoesNotMatch
s3_secret=$swift_secret

python=/usr/bin/python3
# code BODY: s3's exit code, or 99 for a connection that failed.
try() {
	run s3 "$@"
	[ "$code" -ne 1 ] || code=99
}
case_of() {
	faults_over
	fault "$@"
}
case_of GET a/small 1 status 503
try cat one/a/small
exits 8 'a status'
err_has 'with its code' SlowDown
try cat one/a/small
exits 0 'once'
case_of GET a/small @2 status 404
try cat one/a/small
exits 0 'not the first'
try cat one/a/small
exits 4 'the second'
try cat one/a/small
exits 0 'not the third'
for how in reset lost cut; do
	case_of GET a/big '*' $how
	try cat one/a/big
	exits 99 "$how"
done
case_of PUT a/lost '*' lost
try put one/a/lost small
exits 99 'an answer is lost'
faults_over
expect 0 'but it was done' s3 rm one/a/lost
case_of GET a/small '*' silent 0.2
try cat one/a/small
exits 99 'silence'
case_of GET a/small '*' delay 0.2
try cat one/a/small
exits 0 'delay'
for how in wrong rot; do
	case_of GET a/small '*' $how
	try cat one/a/small
	is "$how: as long" "$(wc -c <"$T/out")" 5
	isnt "$how: other bytes" "$(cat "$T/out")" small
done
case_of GET a/small '*' short
try cat one/a/small
is 'short' "$(cat "$T/out")" smal
case_of GET a/small '*' empty
try cat one/a/small
is 'empty' "$(cat "$T/out")" ''
case_of LIST . '*' hide big
try ls one/a/
is 'hidden from a list' "$(cat "$T/out")" a/small
case_of GET a/small '*' bucket two
try cat one/a/small
is 'of another bucket' "$(cat "$T/out")" other
case_of LIST . '*' repeat
run timeout 2 $python "$top_srcdir/tests/servers/bucket.py" "$s3_at" "$s3_key" \
	"$s3_secret" ls one/a/
exits 124 'a list that begins again and again'
case_of PUT a/if '*' unconditional
try raw one/a/if PUT
faults_over
s3_at=$direct
expect 0 'what was unconditional is there' s3 head one/a/if
s3_at=$between
case_of '*' . '*' date -7200
run curl -sSI "$between/"
isnt 'another date' "$(sed -n 's/^[Dd]ate: //p' "$T/out" | cut -c1-22)" \
	"$(date -u '+%a, %d %b %Y %H:%M')"
sleep 30 &
echo $! >pid
case_of GET a/small '*' kill "$PWD/pid"
try cat one/a/small
exits 99 'somebody is killed'
wait "$(cat pid)"
is 'at once' $? 137
faults_over
between_stop
try ls one/a/
exits 99 'it is gone'
