# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Places in a bucket of a small store on loopback (tests/servers/s3.sh), for
# tests that look after what lies there.  Read after lib.sh.
#
#	buckets_start		$s3: all of it is in the memory of that process
#	bucket_place NAME DIR	adds the place s3:probe/DIR
#	bucket_keys PREFIX	as "keys" of tests/servers/s3.py
#	bucket_forget		$T/s3.log, a line a request, is empty
#
# or of one whose buckets are folders of the current one:
#
#	folders_start BUCKET...	$url: store/BUCKET, store/options and store/log,
#				a line a request; right.pass has the secret of
#				deed:admin, other.pass that of "other", who has
#				no right
#	folders_stop
#	folder_place NAME WHERE	adds the place s3:WHERE
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

folders_start() {
	mkdir -p store
	for folder in "$@"; do mkdir -p "store/$folder"; done
	: >>store/log
	secret_file right.pass deedsecret
	secret_file other.pass othersecret
	rm -f port
	/usr/bin/python3 "$top_srcdir/tests/servers/s3.py" port store/log \
		deed:admin deedsecret --folder store \
		--stranger other othersecret 2>"$T/s3.err" &
	folders_pid=$!
	server_pids="$server_pids $folders_pid"
	tries=0
	while [ ! -s port ]; do
		tries=$((tries + 1))
		if [ "$tries" -gt 200 ] || ! kill -0 "$folders_pid" 2>/dev/null
		then
			echo "Bail out! no store: $(cat "$T/s3.err")"
			exit 99
		fi
		sleep 0.1
	done
	url=http://127.0.0.1:$(cat port)
}

folders_stop() {
	kill "$folders_pid" && wait "$folders_pid" 2>/dev/null
}

folder_place() {
	deed shard place add "$1" "s3:$2" --endpoint "$url" \
		--access-key deed:admin --secret file:right.pass
}
