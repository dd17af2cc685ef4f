# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A small store of S3's kind on loopback, for tests.  Read after
# tests/servers/lib.sh:
#
#	s3_start [NAME [ARGUMENT ...]]	$s3: its URL; $s3_pid, $T/NAME.log
#	s3_do ORDER			as tests/servers/s3.py has them
#	store [-o KEY=VALUE] ... ORDER ...
#					tests/servers/store_tool on it, bucket
#					$s3_bucket; $s3 may be other endpoints
#
# The access key and its secret are those of everybody.

s3_key=deed:tests
s3_secret=tests-only-secret
s3_bucket=probe
s3=

s3_start() {
	s3_name=${1:-s3}
	[ "$#" -eq 0 ] || shift
	rm -f "$T/$s3_name.port"
	/usr/bin/python3 "$top_srcdir/tests/servers/s3.py" \
		"$T/$s3_name.port" "$T/$s3_name.log" "$s3_key" "$s3_secret" \
		"$@" 2>"$T/$s3_name.err" &
	s3_pid=$!
	server_pids="$server_pids $s3_pid"
	tries=0
	while [ ! -s "$T/$s3_name.port" ]; do
		tries=$((tries + 1))
		if [ "$tries" -gt 200 ] || ! kill -0 "$s3_pid" 2>/dev/null
		then
			echo "Bail out! no store: $(cat "$T/$s3_name.err")"
			exit 99
		fi
		sleep 0.1
	done
	s3=http://127.0.0.1:$(cat "$T/$s3_name.port")
	case " $* " in
	*' --tls '*) s3=https${s3#http} ;;
	esac
	s3_do "bucket?name=$s3_bucket"
}

# Where $s3 has several, the first is told.
s3_do() {
	curl -sSk --noproxy '*' "${s3%%,*}/_/$1"
}

store() {
	printf %s "$s3_secret" |
		STORE_HELPERS=$top_builddir "$top_builddir/tests/servers/store_tool" \
			-o key="$s3_key" "$@" 3<&0 </dev/null
}
