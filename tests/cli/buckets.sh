# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Places in a bucket of a small store on loopback (tests/servers/s3.sh), for
# tests that look after what lies there.  Read after lib.sh.
#
#	buckets_start		$s3: all of it is in the memory of that process
#	bucket_place NAME DIR	adds the place s3:probe/DIR
#	bucket_keys PREFIX	as "keys" of tests/servers/s3.py
#	bucket_forget		$T/s3.log, a line a request, is empty
. "$top_srcdir/tests/servers/s3.sh"
server_pids=

cleanup() {
	for pid in $server_pids; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	chmod -R u+rwX "$T" 2>/dev/null
	rm -rf "$T"
}

buckets_start() {
	[ -x /usr/bin/python3 ] || skip_all '/usr/bin/python3 is not installed'
	secret_file bucket.secret "$s3_secret"
	s3_start
}

bucket_place() {
	deed shard place add -q "$1" "s3:$s3_bucket/$2" --endpoint "$s3" \
		--access-key "$s3_key" --secret "file:$PWD/bucket.secret"
}

bucket_keys() {
	s3_do "keys?bucket=$s3_bucket&prefix=$1"
}

bucket_forget() {
	: >"$T/s3.log"
}
