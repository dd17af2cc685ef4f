# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A proxy with faults between deed and a store.  Read after
# tests/servers/swift.sh, when the store is up:
#
#	between_start		$between is its URL
#	fault METHOD PATTERN WHICH FAULT [ARGUMENT]
#				as tests/servers/between.py has it; a further
#				one is looked at after those before it
#	faults_over		nothing happens any more
#	between_log [PATTERN]	what was asked since then, and what came of it
#	between_stop

between=
between_pids=

between_start() {
	rm -f "$T/between.port"
	setpriv --pdeathsig KILL /usr/bin/python3 \
		"$top_srcdir/tests/servers/between.py" "$s3_at" "$s3_key" \
		"$s3_secret" "$T/between.port" "$T/between.rules" \
		"$T/between.log" 2>"$T/between.err" &
	between_pids=$!
	tries=0
	while [ ! -s "$T/between.port" ]; do
		tries=$((tries + 1))
		if [ "$tries" -gt 600 ] || ! kill -0 "$between_pids" 2>/dev/null
		then
			echo "Bail out! nothing between: $(cat "$T/between.err")"
			exit 99
		fi
		sleep 0.05
	done
	between=http://127.0.0.1:$(cat "$T/between.port")
	faults_over
}

# Another file each time, so that counts begin anew.
between_rules() {
	mv "$T/between.new" "$T/between.rules"
}

fault() {
	{ cat "$T/between.rules" && printf '%s\n' "$*"; } >"$T/between.new"
	between_rules
}

faults_over() {
	: >"$T/between.new"
	: >"$T/between.log"
	between_rules
}

between_log() {
	grep -e "${1:-.}" "$T/between.log"
}

between_stop() {
	[ -n "$between_pids" ] || return 0
	kill "$between_pids" 2>/dev/null
	wait "$between_pids" 2>/dev/null
	between_pids=
}
