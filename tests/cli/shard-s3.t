#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Places in buckets: described, added, listed, tried, and the archive on them.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/buckets.sh"
need jq setsid
[ -x /usr/bin/python3 ] || skip_all '/usr/bin/python3 is not installed'
need_home

requests() {
	grep -c "$1" store/log
}
folders_start bucket
secret_file wrong.pass anothersecret
places=home/archive/places.json
cp $places before.json

# NAME WHERE [OPTION ...] with what is right unless said otherwise.
add() {
	deed shard place add "$@" --endpoint "$url" --access-key deed:admin \
		--secret file:right.pass
}

# What describes no place.
for where in s3:bucket s3:bucket/ s3:/x s3:Bucket/x s3:bu/x s3:10.0.0.1/x \
	s3:bucket/../x s3:bucket/.x s3:bucket//x s3:bucket/x/ 's3:bucket/a b' \
	s3://bucket/x S3:bucket/x; do
	expect 2 "no description: $where" add b "$where"
done
two() {
	expect 2 "$1" deed shard place add b s3:bucket/x "$2" "$3" \
		--access-key who
}
two 'an endpoint that is none' --endpoint 127.0.0.1
two 'one that names a user' --endpoint https://who@host
two 'one that goes up' --endpoint https://host/../x
two 'one without encryption' --endpoint http://store.example
err_has 'is told so' 'without encryption'
two 'one that only begins as loopback' --endpoint http://127.0.0.1.example
two 'a region that is none' --region 'a b'
two 'a proxy that is none' --proxy socks5://host
two 'no transfers' --transfers 0
two 'too many transfers' --transfers 65
two 'a secret on the command line' --secret deedsecret
expect 2 'a bucket without an account' deed shard place add b s3:bucket/x
err_has 'is told so' --access-key
expect 2 'an account with a slash' deed shard place add b s3:bucket/x \
	--access-key a/b
for option in --endpoint=https://h --region=x --access-key=x --secret=tty \
	--ca=x --proxy=http://h --transfers=3 --insecure; do
	expect 2 "a folder with $option" deed shard place add b dir:b "$option"
done
check 'nothing was asked' [ ! -s store/log ]
check 'nothing was changed' cmp $places before.json

# A rehearsal asks nothing; the place is made, and only then is listed.
expect 0 'a rehearsal' add b s3:bucket/one -n
check 'asks nothing' [ ! -s store/log ]
check 'and changes nothing' cmp $places before.json
expect 0 'a bucket' add b s3:bucket/one -v
err_has 'tells each URL' "PUT $url/bucket/one/about/place"
check 'its marker is there' [ -f store/bucket/one%2Fabout%2Fplace ]
is 'the source is kept, from any folder' \
	"$(jq -r '.places[5].secret' $places)" "file:$W/right.pass"
check 'the secret is not' [ -z "$(grep -rl deedsecret home)" ]
expect 7 'the same name' add b s3:bucket/two
expect 7 'the same place' add c s3:bucket/one
expect 7 'one within it' add c s3:bucket/one/two
check 'nothing was made' [ -z "$(find store -name '*two*')" ]

# The same store by another name of its host, and another store.
cp $places before.json
run deed shard place add c s3:bucket/one --access-key deed:admin \
	--secret file:right.pass --endpoint "http://localhost:${url##*:}"
exits 7 'the same place by another endpoint'
err_has 'it says so' "'s3:bucket/one' is place 'b', by another endpoint"
check 'nothing changes' cmp $places before.json
is 'and nothing is left of the trial' "$(ls store/bucket)" one%2Fabout%2Fplace
first=$url first_pid=$folders_pid
mkdir other
cd other || exit 99
folders_start bucket
second=$url
cd ..
expect 0 'the same names at another store' deed shard place add c \
	s3:bucket/one --access-key deed:admin --secret file:right.pass \
	--endpoint "$second"
is 'nothing is left there' "$(ls other/store/bucket)" one%2Fabout%2Fplace
expect 0 'it is taken out again' deed shard place remove c
folders_stop
folders_pid=$first_pid url=$first
run deed shard place list
exits 0 'a list'
out_has 'names the endpoint' "answers   s3:bucket/one at $url"
run deed shard place list --json
json 'and so does JSON' '.places[5].endpoints[0]' "$url"
json 'where it is' '.places[5].location' s3:bucket/one

run deed shard place test b
exits 0 'a trial'
out_has 'conditions' 'conditional writes: held'
out_has 'versions' 'versions: not kept'
out_has 'clocks' 'clock: as this'
is 'nothing is left' "$(find store/bucket -type f | wc -l)" 1
echo conditions=ignored >store/options
echo versions=yes >>store/options
echo clock=-600 >>store/options
run deed shard place test b --json
exits 0 'another store'
json 'overwrites' .conditional ignored
json 'keeps versions' '"\(.versions) \(.markers)"' 'true true'
check 'is ten minutes behind' jq -e '.clock < -590 and .clock > -610' "$T/out"
echo conditions=unsupported >store/options
run deed shard place test b
out_has 'a third cannot' 'conditional writes: not supported'
: >store/options

# What is not to be had.
with() {
	jq -c ".places[5] += {$1}" good.json >$places
}
cp $places good.json
six() {
	with "\"secret\": $2"
	expect 6 "$1" setsid -w deed shard place test b
}
six 'no such variable' '"env:NOT_THERE"'
six 'no such file' '"file:/nowhere"'
six 'no such credential' '"credential:x"'
six 'no such descriptor' '"fd:77"'
: >empty.pass
chmod 600 empty.pass
six 'an empty file' "\"file:$W/empty.pass\""
six 'no source' '"what"'
jq -c 'del(.places[5].secret)' good.json >$places
expect 6 'no terminal' setsid -w deed shard place test b
err_has 'names the ways' deed.b
run setsid -w deed shard place list
exits 0 'a list without the secret'
out_has 'says so' 'no secret s3:bucket/one'
mkdir creds
cp right.pass creds/deed.b
CREDENTIALS_DIRECTORY=$W/creds deed shard place test b >"$T/out" 2>"$T/err"
is 'the credential of its name' $? 0
chmod 644 wrong.pass
with "\"secret\": \"file:$W/wrong.pass\""
expect 7 'a file that others may read' deed shard place test b
chmod 600 wrong.pass

eight() {
	run deed shard place test b
	exits 8 "$1"
	err_has 'it says so' "$2"
}
eight 'a wrong secret' SignatureDoesNotMatch
with '"access-key": "nobody"'
eight 'a wrong account' InvalidAccessKeyId
with "\"access-key\": \"other\", \"secret\": \"file:$W/other.pass\""
eight 'an account without a right' AccessDenied
run deed shard place list --json
json 'and listed so' '.places[5].state' denied
with '"place": "s3:nobucket/one"'
eight 'no such bucket' NoSuchBucket
with '"place": "s3:bucket/another"'
eight 'nothing of an archive' 'nothing of an archive'
is 'nothing is written there' "$(find store/bucket -type f | wc -l)" 1
with '"endpoints": ["http://127.0.0.1:9"]'
eight 'nobody at the endpoint' 127.0.0.1:9
cp good.json $places
echo clock=3600 >store/options
eight 'a clock that is an hour ahead' 'ahead of'
echo clock=-4000 >store/options
eight 'a clock that is behind' '1 h 6 min behind'
: >store/options
expect 7 'offline' deed shard place test b --offline
expect 0 'and all is well again' deed shard place test b

# Five of them, and no folder: an archive as any other.
cat >ask <<'ASK'
#!/bin/sh
echo "$1" >>asked
echo deedsecret
ASK
chmod 755 ask
DEED_ASKPASS=$W/ask
export DEED_ASKPASS
jq -c --arg url "$url" '.places = [range(1; 6) | {name: "\(.)",
	place: "s3:bucket/p\(.)", endpoints: [$url], "access-key":
	"deed:admin", secret: "askpass"}]' before.json >$places
for p in 1 2 3 4 5; do
	: >"store/bucket/p$p%2Fabout%2Fplace"
done
: >asked
id=$(deed shard put terms.txt --party li 2>"$T/err")
is 'a deposit' ${#id} 64
is 'each secret was asked for once' "$(sort -u asked | wc -l)" 5
is 'and no oftener' "$(wc -l <asked)" 5
is 'for the place, by name' "$(sort asked | head -n 1)" \
	'Secret of place 1: '
expect 0 'comes back' deed shard get "$id" --as li -o back.txt \
	--passphrase file:li.pass
check 'whole' cmp terms.txt back.txt
expect 0 'is healthy' deed shard check "$id"
: >asked
expect 0 'is listed without a secret' deed shard list
check 'nobody was asked' [ ! -s asked ]
rm store/bucket/p2%2F??%2F*
run deed shard check "$id"
exits 1 'what a store lost'
expect 0 'is made again' deed shard repair --all
expect 0 'and is healthy' deed shard check
for object in store/bucket/p3%2F??%2F*; do
	printf x >>"$object"
	break
done
expect 1 'what a store changed' deed shard check
expect 0 'is made again' deed shard repair --all
expect 0 'and is healthy' deed shard check
mkdir away
mv store/bucket/p4%2F* away
run deed shard check
exits 8 'a prefix that was emptied is away'
expect 8 'and not repaired' deed shard repair --all
is 'nothing was written' "$(find store/bucket -name 'p4%2F*' | wc -l)" 0
mv away/* store/bucket
rm home/archive/catalogue.db
expect 0 'the catalogue is made anew' deed shard reindex
expect 0 'a place moves to a folder' deed shard place add six dir:six
expect 0 'with its part' deed shard rebalance --all --to 1,2,3,4,six --grace 0
is 'nothing is left where it was' \
	"$(find store/bucket -name 'p5%2F??%2F*' | wc -l)" 0
expect 0 'the place is taken out' deed shard place remove 5
expect 0 'and the deposit is whole' deed shard check "$id"
echo page=3 >store/options
expect 0 'by small pages, too' deed shard check
: >store/options
folders_stop
run deed shard check "$id"
exits 8 'without the store one place of three is left'
out_has 'the others are away' 'place 4: away'
