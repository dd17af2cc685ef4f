#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Transfers to a store through the real helper, and what becomes of them when
# the store fails in every way that it can.  The store checks each signature by
# the specification (tests/servers/s3.py).
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/lib.sh"
. "$top_srcdir/tests/servers/s3.sh"
need_servers
need curl pgrep

s3_start
head -c 300000 /dev/urandom >body
: >empty
put_k() {
	s3_do "put?bucket=$s3_bucket&key=k&size=1000"
}

# ---- what it is for ----

run store "$s3" probe put a/b body get a/b back
exits 0 'an object goes and comes'
check 'and is the same' cmp body back
run store "$s3" probe put a/none empty get a/none back head a/none
check 'an object of no bytes' sh -c 'test "$(grep -c ^ok "$1")" = 3 &&
	test -f back && test ! -s back' sh "$T/out"
odd="o/ sp+pl%20=ü~x'(*)!&?#;,@\$[]{}|^\`\"<>"
run store "$s3" probe put "$odd" body get "$odd" back list o/
check 'a name of every octet there is' cmp body back
out_has 'comes back from a list as it was' "	$odd 300000"
long=l/$(head -c 1022 /dev/zero | tr '\0' 'x')
run store "$s3" probe put "$long" body list l/
out_has 'a name as long as they are' "	$long 300000"
run store "$s3" probe put "${long}x" body
out_has 'and no longer' 'names have at most 1024 bytes'
run store "$s3" probe range a/b part 1000 500
check 'a part' sh -c 'tail -c +1001 body | head -c 500 | cmp - part'
run store "$s3" probe range a/b part 299990 500
check 'the last part is as long as it is' \
	sh -c 'tail -c 10 body | cmp - part'
run store "$s3" probe range a/b part 300000 1
out_has 'none is behind the end' 'damaged status=416'
run store "$s3" probe head a/b head a/c get a/c back delete a/b head a/b
out_has 'its size' 'ok status=200 code= tries=1 size=300000'
is 'what is absent' "$(grep -c '^not-found status=404' "$T/out")" 3
run store "$s3" probe absent new body absent new body
out_has 'nothing is put in the place of another' \
	'exists status=412 code=PreconditionFailed'
run store -o max=1000 "$s3" probe get new back
out_has 'no more comes than was allowed' 'limit '

for k in a b c d e; do
	s3_do "put?bucket=probe&key=p/$k&size=10"
done
run store -o limit=2 "$s3" probe list p/
is 'all pages of a list' "$(grep -c '^	p/' "$T/out")" 5
s3_do 'versioning?name=probe'
run store "$s3" probe versioning put p/b body delete p/c
out_has 'a bucket with versions' 'versioning on'
out_has 'a delete marker' ' marker version=v'
run store -o limit=2 "$s3" probe versions p/
sed -n 's/^	//p' "$T/out" >seen
cat >wanted <<'EOF'
p/a 10 latest versioned
p/b 300000 latest versioned
p/b 10 versioned
p/c 0 latest marker versioned
p/c 10 versioned
p/d 10 latest versioned
p/e 10 latest versioned
EOF
check 'all pages of versions' cmp wanted seen
run store "$s3" probe head p/c
out_has 'what a marker hides' 'not-found status=404'
out_has 'and that it does' ' marker '

# ---- one at a time, every failure ----

# fault NAME STATUS TRIES WORDS ORDER...: TRIES is 1, or + for more than one
fault() {
	name=$1 wanted=$2 tries=$3 words=$4
	shift 4
	put_k
	s3_do "fault?name=$name"
	run store -o max=1000 -o limit=2 -o deadline=700 "$s3" probe "$@"
	s3_do 'fault?name=none'
	seen_tries=$(sed -n 's/.* tries=\([0-9]*\) .*/\1/p' "$T/out" | tail -n 1)
	[ "$tries" = 1 ] || [ "$seen_tries" = 1 ] || seen_tries=+
	if grep -q "^$wanted status=.*$words" "$T/out" &&
		[ "$seen_tries" = "$tries" ]; then
		pass "$name: $*"
	else
		fail "$name: $*" "expected: $wanted, $tries tries, $words" \
			"$(seen)"
	fi
}

fault reset remote + 'the connection is cut' get k back
fault reset remote + "'http://127.0.0.1:" put k body
fault close remote + 'closes without an answer' get k back
fault close remote + 'closes without an answer' head k
fault cut remote + 'cut short' get k back
fault cut remote + 'cut short' list p/
fault nohttp remote + 'no HTTP' get k back
fault longhead remote + 'head is too long' get k back
fault internal remote + '500 InternalError: told to' get k back
fault internal remote + '500 InternalError: told to' put k body
fault internal remote + '500' head k
fault busy remote + 'it is too busy (503 SlowDown' get k back
fault many remote + 'it is too busy (429' get k back
fault timeout400 remote + 'too busy (400 RequestTimeout' put k body
fault digest damaged + 'what arrived there is not what was sent' put k body
fault denied denied 1 'denies this to the access key (403 Acc' get k back
fault denied denied 1 'denies this to the access key' put k body
fault expired denied 1 'access key is no longer valid' get k back
fault skew denied 1 'its clock and ours are too far apart: it has 20' get k back
fault denied denied + 'denies this to the access key (403 Acc' head k
fault skew denied + 'clock and ours are too far apart: it has 20' head k
fault nobucket remote + 'there is no such bucket' head k
fault nobucket remote 1 'there is no such bucket' get k back
fault nobucket remote 1 'there is no such bucket' put k body
fault nobucket remote 1 'there is no such bucket' delete k
fault nobucket remote 1 'there is no such bucket' list p/
fault gone not-found 1 'there is no such object (404 NoSuchKey' get k back
fault plain404 remote + 'does not say what is missing' get k back
fault unable unsupported 1 'cannot do this (501' absent k body
fault redirect remote 1 "sends us to 'http://127.0.0.1:1/x', which is not" \
	get k back
fault redirect remote 1 'which is not followed' put k body
fault escapes remote + 'does not do what it is asked (500)$' get k back
fault wrong damaged + 'not the one of its ETag' get k back
fault short damaged + 'not the one of its ETag' get k back
fault etag damaged + 'not the one of its ETag' get k back
fault etag damaged + 'what it says it has is not what it was given' put k body
fault longer limit 1 'more than 1000 bytes' get k back
fault lie ok 1 '' get k back
fault oddetag ok 1 '' get k back
fault sealed ok 1 '' put k body
fault whole damaged + 'all of an object where a part' range k back 10 20
fault otherpart damaged + 'another part' range k back 10 20
fault short damaged + 'another part' range k back 10 20
fault noxml damaged + 'not the XML of S3' list p/
fault halfxml damaged + 'not the XML of S3' list p/
fault doctype damaged + 'not the XML of S3' list p/
fault deep damaged + 'not the XML of S3' list p/
fault huge damaged + 'too long' list p/
fault noxml damaged + 'not the XML of S3' versions p/
fault noxml damaged + 'not the XML of S3' versioning
fault repeat damaged + 'does not go on: it repeats' list p/
fault repeat damaged + 'does not go on: it repeats' versions p/
fault endless damaged + 'does not go on' list p/
fault miscount damaged + 'shorter or longer than it says' list p/
fault foreign damaged + 'one that was not asked for' list p/
fault unsorted damaged + 'is in no order' list p/
fault otherbucket damaged + 'is of another bucket' list p/
fault badname damaged + 'has a name that is none' list p/
check 'no control characters come from a store' \
	sh -c '! grep -q "$(printf "\033")" "$1"' sh "$T/out"

# ---- failures that pass ----

for name in reset close cut internal busy many timeout400 digest wrong etag; do
	put_k
	s3_do "fault?name=$name&count=2"
	run store "$s3" probe get k back
	out_has "two failures, then all is well: $name" \
		'ok status=200 code= tries=3'
	s3_do 'fault?name=none'
done
s3_do 'fault?name=delay&arg=0.3'
run store "$s3" probe get k back
out_has 'an answer that takes its time' 'ok status=200 code= tries=1'
s3_do 'fault?name=hang&arg=20'
start=$(date +%s)
run store -o deadline=1000 "$s3" probe get k back put k body
is 'a deadline is one' "$(($(date +%s) - start < 6))" 1
is 'and both have ended by it' \
	"$(grep -c '^remote .*does not answer in time' "$T/out")" 2
s3_do 'fault?name=none'

# ---- many at once ----

run store -o transfers=16 -o quiet=1 "$s3" probe many put 300 20000 40 \
	many get 300 20000 40 many head 300 20000 3 list many/
is 'many at once' "$(grep -c '^ok failed=0 of 300 tries=300$' "$T/out")" 3
is 'and all are there' "$(grep -c '^	many/' "$T/out")" 300
s3_do 'fault?name=reset&count=40'
run store -o transfers=16 "$s3" probe many get 300 20000 40
out_has 'many at once, of which some fail at first' 'ok failed=0 of 300'
run store "$s3" probe many put 12 20000000 12 many get 12 20000000 12
is 'more at once than there is to be memory for' \
	"$(grep -c '^ok failed=0 of 12' "$T/out")" 2
# ---- several endpoints ----

first=$s3
first_pid=$s3_pid
s3_start second
second=$s3
run store -o transfers=5 "$s3" probe many put 100 10 20
is 'no more at once than may be' "$(($(s3_do most) <= 5))" 1
for at in "$first" "$second"; do
	s3=$at
	put_k
	s3_do count
done >before
s3=$first,$second
run store "$s3" probe many put 20 10 1
s3=$first
s3_do count >after1
s3=$second
s3_do count >after2
is 'endpoints are taken in turn' \
	"$(($(cat after1) - $(sed -n 1p before)))" 10
is 'each of them' "$(($(cat after2) - $(sed -n 2p before)))" 10
s3=$first,$second
s3_do 'fault?name=internal'
run store -o told=1 "$s3" probe many put 20 10 1
out_has 'one that fails is passed over' 'ok failed=0 of 20 tries=21'
is 'and left alone' "$(grep -c "^told PUT $first" "$T/err")" 1
s3_do 'fault?name=none'
kill "$first_pid"
run store "$s3" probe many put 20 10 4
out_has 'and one that is off' 'ok failed=0 of 20'

# ---- none at all ----

s3=$first
start=$(date +%s)
run store "$s3" probe head k head k head k head k
is 'a store that is off' \
	"$(grep -c '^remote status=0 .*the connection is refused' "$T/out")" 4
out_has 'is asked eight times at first' 'tries=8'
is 'and then once' "$(grep -c 'tries=1 ' "$T/out")" 3
run store -o offline=1 "$second" probe head k
out_has 'off the network nobody is asked' 'refused status=0 code= tries=0'

# ---- to whom ----

run store http://192.0.2.1 probe head k
out_has 'http leaves this machine' 'refused |'
run store -o insecure=1 -o deadline=300 http://192.0.2.1 probe head k
out_has 'only where it may' 'remote status=0'
for bad in ftp://a http:// https://a@b 'https://a b' https://a:x \
	https://a/../b https://a?b; do
	run store "$bad" probe head k
	out_has "no endpoint: $bad" 'usage |'
done
run store "$second" ../probe head k
out_has 'no bucket' 'usage |'
run store -o region='a/b' "$second" probe head k
out_has 'no region' 'usage |'
run store -o region=eu-west-9 "$second" probe get k back
out_has 'another region' 'is the region right? (400'
run store -o key=another "$second" probe get k back
out_has 'another key' 'does not know the access key'
s3_secret=wrong
run store "$second" probe get k back
out_has 'another secret' 'denied status=403 code=SignatureDoesNotMatch'
s3_secret=tests-only-secret
run store -o proxy="$second" http://127.0.0.1:1 probe put k body
out_has 'a proxy reads what is not encrypted' 'refused |'
run store -o proxy="$second" -o insecure=1 http://127.0.0.1:1 probe put k body
out_has 'through a proxy' 'ok status=200'
check 'that is told everything' grep -q '^PUT http://127.0.0.1:1/probe/k proxy' \
	"$T/second.log"

pki_make
pki_issue server server
s3_start third --tls "$pki/server.pem" "$pki/server.key"
run store -o ca="$pki/chain.pem" "$s3" probe put k body
out_has 'https' 'ok status=200'
run store "$s3" probe put k body
out_has 'of a stranger' 'remote status=0 code= tries=1'
out_has 'who is not trusted' 'certificate is not trusted'
run store -o ca=empty "$s3" probe put k body
out_has 'anchors that are none' 'no-key '
run store -o ca=nowhere "$s3" probe put k body
out_has 'anchors that are not there' "cannot open 'nowhere'"

# ---- the helper and the secret ----

s3=$second
s3_do 'fault?name=hang&arg=30'
printf %s "$s3_secret" >secret
STORE_HELPERS=$top_builddir "$top_builddir/tests/servers/store_tool" \
	-o key="$s3_key" "$s3" probe many get 8 10 8 3<secret >killed 2>&1 &
tool=$!
helper=
tries=0
while [ -z "$helper" ] && [ "$tries" -lt 100 ]; do
	sleep 0.1
	helper=$(pgrep -P "$tool" deed-fetch)
	tries=$((tries + 1))
done
sleep 0.5
kill -9 "$helper"
wait "$tool"
check 'all requests end with the helper' grep -q \
	"failed=8 of 8 .*'deed-fetch' ended before its answer" killed
s3_do 'fault?name=none'

if strace_reads >/dev/null 2>&1; then
	STORE_HELPERS=$top_builddir strace -f -v -s 100000 -o trace \
		-e trace=execve,open,openat,write,writev,sendto,sendmsg \
		"$top_builddir/tests/servers/store_tool" -o key="$s3_key" \
		"$s3" probe put k body get k back list '' 3<secret \
		>"$T/out" 2>"$T/err"
	is 'as strace sees it, all is well' "$(grep -c '^ok' "$T/out")" 3
	is 'the secret is written once, to the helper' \
		"$(grep -c "write(.*$s3_secret" trace)" 1
	grep -F "$s3_secret" trace | grep -v 'write(' >elsewhere
	check 'and is in no argument, no environment and nothing else' \
		sh -c 'cat elsewhere; test ! -s elsewhere'
	check 'nor in an answer or a message' \
		sh -c '! grep -F "$1" "$2" "$3" "$4"' sh "$s3_secret" \
		"$T/out" "$T/err" "$T/second.log"
	check 'the helper writes no file' sh -c \
		'! grep "openat(.*O_\(WRONLY\|RDWR\|CREAT\)" trace |
			grep -v "/dev/null\|back"'
else
	skip 'the secret' 'strace does not read here'
fi
