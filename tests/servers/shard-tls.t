#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Places at a store over https, whose certificate leads to an authority of its
# own: it is named by --ca, and a store whose certificate leads to no other is
# not asked.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/buckets.sh"
. "$top_srcdir/tests/servers/lib.sh"
need jq curl
need_servers
need_home
pki_make
pki_issue server server
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 100 \
	-subj '/CN=Another root' -keyout other.key -out other.pem 2>/dev/null
: >empty.pem
secret_file bucket.secret "$s3_secret"
s3_start store --tls "$pki/server.pem" "$pki/server.key"
check 'the store speaks https' [ "${s3%%:*}" = https ]

# add NAME [OPTION...]
add() {
	name=$1
	shift
	run deed shard place add "$name" "s3:$s3_bucket/p$name" --endpoint "$s3" \
		--access-key "$s3_key" --secret "file:$W/bucket.secret" "$@"
}
asked() {
	grep -c "$s3_bucket" "$T/store.log"
}

before=$(asked)
add s1
exits 8 'who has issued its certificate the system does not know'
err_has 'it says so' 'its certificate is not trusted'
add s1 --ca other.pem
exits 8 'nor has another root'
err_has 'it says so' 'its certificate is not trusted'
add s1 --ca empty.pem
exits 6 'a file with no certificate in it'
err_has 'it says so' "'$W/empty.pem' holds no certificate"
add s1 --ca nowhere.pem
isnt 'a file that is not there' "$code" 0
err_has 'it says so' nowhere.pem
is 'it was asked for nothing' "$(asked)" "$before"
is 'none of them is a place' \
	"$(jq '.places | length' home/archive/places.json)" 5

for p in 1 2 3 4 5; do
	add s$p --ca "$pki/chain.pem"
	exits 0 "its own authority: place $p"
	quietly deed shard place remove $p
done
expect 0 'it does what places do' deed shard place test s1
head -c 300000 /dev/urandom >large.bin
id=$(deed shard put -q large.bin --party li)
get() {
	rm -f back
	run deed shard get "$id" --as li -o back --passphrase file:li.pass
}
get
exits 0 'what is deposited comes back'
check 'the same bytes' cmp back large.bin
expect 0 'healthy' deed shard check

# Somebody else's certificate, all of a sudden.
jq --arg ca "$W/other.pem" '.places[].ca = $ca' home/archive/places.json \
	>changed && cat changed >home/archive/places.json
before=$(asked)
began=$(date +%s)
get
exits 8 'another authority: it does not come back'
absent 'nothing is there' back
expect 8 'check' deed shard check
err_has 'it says why' 'its certificate is not trusted'
out_lacks 'nothing is lost' unreadable
expect 8 'repair' deed shard repair --all
expect 8 'put' deed shard put -q large.bin --party li
err_has 'it says why' 'its certificate is not trusted'
is 'nothing was asked' "$(asked)" "$before"
check 'and nothing waited for' [ $(($(date +%s) - began)) -lt 40 ]
