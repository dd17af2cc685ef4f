# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# CMP on loopback: the server of openssl, and a front before it.  Read after
# tests/cli/lib.sh:
#
#	. "$top_srcdir/tests/servers/cmp.sh"
#	need_cmp			openssl and its server, or all is skipped
#	cmp_serve [ARGUMENT ...]	openssl cmp -port ARGUMENT ...: $cmp is
#					its URL, what it says in cmp.log
#	cmp_stop			nothing answers any more
#	cmp_front			cmp.py before it: $cmp_front is its URL,
#					to which a path is added
#	cmp_front_stop
#
# What was not stopped ends with the test.

cmp_server=
cmp_front_pid=

need_cmp() {
	need openssl
	need_that 'openssl has no CMP' sh -c \
		'openssl cmp -help 2>&1 | grep -q -- -port'
}

cmp_serve() {
	: >cmp.log
	openssl cmp -config '' -port 0 "$@" >cmp.log 2>&1 &
	cmp_server=$!
	tries=0
	while ! grep -q '^ACCEPT' cmp.log; do
		tries=$((tries + 1))
		if [ "$tries" -gt 200 ] || ! kill -0 "$cmp_server" 2>/dev/null
		then
			echo "Bail out! no server of CMP: $(cat cmp.log)"
			exit 99
		fi
		sleep 0.02
	done
	# shellcheck disable=SC2034 # for who reads this
	cmp=http://127.0.0.1:$(sed -n \
		's/^ACCEPT .*:\([0-9]*\) .*/\1/p' cmp.log)/pkix/
}

cmp_end() {
	[ -n "$1" ] || return 0
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
	return 0
}

cmp_stop() {
	cmp_end "$cmp_server"
	cmp_server=
}

cmp_front() {
	rm -f cmp.port
	/usr/bin/python3 "$top_srcdir/tests/servers/cmp.py" "$cmp" cmp.port \
		2>cmp.err &
	cmp_front_pid=$!
	tries=0
	while [ ! -s cmp.port ]; do
		tries=$((tries + 1))
		if [ "$tries" -gt 200 ] ||
			! kill -0 "$cmp_front_pid" 2>/dev/null; then
			echo "Bail out! no front of CMP: $(cat cmp.err)"
			exit 99
		fi
		sleep 0.05
	done
	# shellcheck disable=SC2034 # for who reads this
	cmp_front=http://127.0.0.1:$(cat cmp.port)
}

cmp_front_stop() {
	cmp_end "$cmp_front_pid"
	cmp_front_pid=
}

# lib.sh calls it at the end.
cleanup() {
	cmp_front_stop
	cmp_stop
	[ -z "${server_pids:-}" ] || servers_stop
	chmod -R u+rwX "$T" 2>/dev/null
	rm -rf "$T"
}
