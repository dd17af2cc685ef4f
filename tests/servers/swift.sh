# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# OpenStack Swift on loopback: four nodes, three replicas, S3 in front of them.
# Read after tests/cli/lib.sh:
#
#	. "$top_srcdir/tests/servers/swift.sh"
#	need_swift		Swift and memcached, or all is skipped
#	swift_start		up and healthy: $swift is its endpoint, $swift_key
#				the access key, $swift_secret the secret's file;
#				$swift_guest is a key that may do nothing
#	swift_bucket NAME	makes a bucket
#	s3_use ENDPOINT,KEY,SECRETFILE
#				another store, which is there, instead
#	s3 VERB BUCKET[/NAME] [FILE]
#				what tests/servers/bucket.py does
#	swift_kill N		node N is dead at once
#	swift_revive N		and answers again
#	swift_wipe N		its disk is empty
#	swift_pass		the nodes' daemons do all they have to, once
#	swift_log		all that the servers have logged, on stdout
#	swift_stop
#
# Everything is in $T/swift, on free ports, and ends with the test, whatever
# ends it.  As root the servers run as user swift.

swift=
swift_pids=
swift_at=$T/swift
# shellcheck disable=SC2034 # for who reads this
swift_key=deed:admin swift_guest=deed:guest
swift_secret=$W/swift.secret
swift_py=$top_srcdir/tests/servers/swift_nodes.py

need_swift() {
	[ -x /usr/bin/python3 ] || skip_all '/usr/bin/python3 is not installed'
	/usr/bin/python3 -c 'import swift.obj.server' 2>/dev/null ||
		skip_all 'OpenStack Swift is not installed (python3-swift)'
	need memcached setpriv
	/usr/bin/python3 -c 'import os, sys
os.setxattr(sys.argv[1], "user.deed", b"x")' "$W" 2>/dev/null ||
		skip_all "files in ${T%/*} have no extended attributes"
	swift_as=
	[ "$(id -u)" -ne 0 ] ||
		swift_as='--reuid=swift --regid=swift --clear-groups'
	# The way into the test's folder, and no more, for user swift.
	chmod a+x "$T"
	# shellcheck disable=SC2086 # options
	setpriv $swift_as test -x "$T" ||
		skip_all "user swift cannot reach ${T%/*}"
}

# swift_run NAME COMMAND ...: in the background, with its pid in a file.
swift_run() {
	swift_name=$1
	shift
	# shellcheck disable=SC2086 # options
	HOME=$swift_at setpriv $swift_as --pdeathsig KILL "$@" \
		>>"$swift_at/log/$swift_name.out" 2>&1 </dev/null &
	echo $! >"$T/swift.$swift_name.pid"
}

# swift_end SIGNAL NAME
swift_end() {
	[ -f "$T/swift.$2.pid" ] || return 0
	swift_pid=$(cat "$T/swift.$2.pid")
	rm -f "$T/swift.$2.pid"
	kill "-$1" "$swift_pid" 2>/dev/null
	wait "$swift_pid" 2>/dev/null
	return 0
}

swift_try() {
	rm -rf "$swift_at"
	mkdir "$swift_at"
	/usr/bin/python3 "$swift_py" make "$swift_at" \
		"$(cat "$swift_secret")" || return 1
	chmod -R go-rwx "$swift_at"
	[ -z "$swift_as" ] || chown -R swift:swift "$swift_at"
	swift_run memcached memcached -l 127.0.0.1 -m 16 -t 1 \
		-p "$(cat "$swift_at/memcached")"
	for swift_n in 1 2 3 4; do
		swift_run node$swift_n /usr/bin/python3 "$swift_py" node \
			"$swift_at" $swift_n
	done
	swift_run proxy /usr/bin/python3 "$swift_py" proxy "$swift_at"
	# shellcheck disable=SC2046 # a word each
	/usr/bin/python3 "$swift_py" up "$swift_at" 60 0 \
		$(cat "$T"/swift.*.pid) 2>"$T/swift.err"
}

swift_start() {
	(umask 077 && head -c 18 /dev/urandom | od -An -tx1 | tr -d ' \n' \
		>"$swift_secret")
	# Another test may take a port first.
	swift_try || { swift_stop && swift_try; } || { swift_stop && swift_try; }
	if [ $? -ne 0 ]; then
		echo "Bail out! no Swift: $(cat "$T/swift.err" \
			"$swift_at"/log/*)" | head -c 4000
		exit 99
	fi
	swift=$(cat "$swift_at/endpoint")
	s3_use "$swift,$swift_key,$swift_secret"
}

# ENDPOINT,ACCESS-KEY,SECRETFILE: the store that s3 is about.
s3_use() {
	s3_at=${1%%,*} s3_secret=${1##*,}
	s3_key=${1#*,}
	s3_key=${s3_key%,*}
}

s3() {
	/usr/bin/python3 "$top_srcdir/tests/servers/bucket.py" "$s3_at" "$s3_key" \
		"$s3_secret" "$@"
}

swift_bucket() {
	s3 bucket "$1"
}

swift_kill() {
	swift_end KILL "node$1"
}

swift_revive() {
	swift_run "node$1" /usr/bin/python3 "$swift_py" node "$swift_at" "$1"
	/usr/bin/python3 "$swift_py" up "$swift_at" 60 "$1" \
		"$(cat "$T/swift.node$1.pid")"
}

swift_wipe() {
	find "$swift_at/node$1/disk" -mindepth 1 -delete
}

swift_pass() {
	# shellcheck disable=SC2086 # options
	HOME=$swift_at setpriv $swift_as --pdeathsig KILL \
		/usr/bin/python3 "$swift_py" pass "$swift_at" \
		>>"$swift_at/log/daemons.out" 2>&1 </dev/null
}

swift_log() {
	cat "$swift_at"/log/*
}

swift_stop() {
	for swift_name in proxy node1 node2 node3 node4 memcached; do
		swift_end KILL "$swift_name"
	done
	return 0
}

# lib.sh calls it at the end.
cleanup() {
	swift_stop
	[ -z "${between_pids:-}" ] || between_stop
	[ -z "${server_pids:-}" ] || servers_stop
	chmod -R u+rwX "$T" 2>/dev/null
	rm -rf "$T"
}
