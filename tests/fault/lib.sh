# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Killing a program at every step.  Read after tests/cli/lib.sh:
#
#	. "${top_srcdir:-.}/tests/cli/lib.sh"
#	. "${top_srcdir:-.}/tests/fault/lib.sh"
#
#	before() { rm -rf home && cp -a fresh home; }
#	after() { deed audit verify || return 1; ...; }
#	kill_at_every 'sign' before after -- deed sign --as wang a.pdf
#
# The command is run again and again, each time from the state that before
# makes, and killed when it enters its n-th call of each kind in KILL_CALLS,
# for n = 1, 2, ... until it is no longer killed.  after then looks at what is
# left (it is given the kind and n, and does what the next command would do);
# its failure is the point's.  Each kind is one system call: strace counts them
# apart, and for each thread and child process too: where a child alone is
# killed the command goes on and says so.  One point a kind of call, and one
# that says how often it was killed; at least KILL_LEAST times; KILL_MAX bounds
# n.  KILL_POINTS=2 kills at so many calls of each kind, spread evenly over
# those that a run makes; without it, or with KILL_POINTS=all, at every one.
# A test whose runs take long sets a number where the caller has not.
#
# fail_at_every EIO takes the same words after its first: instead of being
# killed, the n-th call fails with that error.

# A leak check at exit traces its own process, which strace does already.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS

need strace
need_that 'strace may not trace here' strace -o /dev/null true
# Where it can, a program stops at the calls that are asked for alone, which
# takes half the time; a signal comes only where it stops at all of them.
alone=
if strace -f --seccomp-bpf -o /dev/null true 2>/dev/null; then
	alone=--seccomp-bpf
fi

: "${KILL_CALLS:=write pwrite64 fsync fdatasync syncfs rename renameat renameat2 link linkat unlink unlinkat ftruncate mkdir mkdirat}"
: "${KILL_MAX:=400}"
: "${KILL_LEAST:=11}"

fail_at_every() {
	inject=error=$1
	stops=$alone
	shift
	at_every "$@"
}

kill_at_every() {
	inject=signal=SIGKILL
	stops=
	at_every "$@"
}

at_every() {
	name=$1
	set_up=$2
	look=$3
	shift 4
	killed_in_all=0
	[ "${KILL_POINTS:-all}" = all ] || trace_once "$@"
	for call in $KILL_CALLS; do
		kill_one_kind "$@"
	done
	if [ "$killed_in_all" -ge "$KILL_LEAST" ]; then
		pass "$name: $inject $killed_in_all times"
	else
		fail "$name: $inject $killed_in_all times" "expected more"
	fi
}

# A run that nothing happens to, to count its calls.
trace_once() {
	# shellcheck disable=SC2086
	"$set_up" >"$T/setup" 2>&1
	strace -f $alone -o "$T/calls" \
		-e trace="$(printf '?%s,' $KILL_CALLS | sed 's/,$//')" \
		"$@" >"$T/out" 2>"$T/err" </dev/null
}

# Which calls of a kind: the n-th of the process that makes most of them.
points_of() {
	awk -v call="$1" -v points="$KILL_POINTS" '
	index($2, call "(") == 1 && ++seen[$1] > most { most = seen[$1] }
	END {
		n = points < most ? points : most
		for (i = 0; i < n; i++)
			print int((2 * i + 1) * most / (2 * n)) + 1
	}' "$T/calls"
}

kill_some_of_kind() {
	wrong=
	killed=0
	for n in $(points_of "$call"); do
		kill_once "$@" || continue
		killed=$((killed + 1))
	done
	killed_in_all=$((killed_in_all + killed))
	if [ -n "$wrong" ]; then
		fail "$name: $call" "$wrong"
	elif [ "$killed" -gt 0 ]; then
		pass "$name: $killed times at $call"
	fi
}

# At the n-th; fails where it was not killed, or with what is wrong.
kill_once() {
	[ -z "$wrong" ] || return 1
	"$set_up" >"$T/setup" 2>&1 || wrong="set-up: $(cat "$T/setup")"
	[ -z "$wrong" ] || return 1
	# shellcheck disable=SC2086
	strace -f $stops -o "$T/trace" -e trace="$call" \
		-e inject="$call:$inject:when=$n" \
		"$@" >"$T/out" 2>"$T/err" </dev/null
	code=$?
	if ! "$look" "$call" "$n" >"$T/look" 2>&1; then
		wrong="at $call $n (exit code $code): $(cat "$T/look")"
		return 1
	fi
	grep -q -e 'killed by SIGKILL' -e '(INJECTED)' "$T/trace"
}

kill_one_kind() {
	if [ "${KILL_POINTS:-all}" != all ]; then
		kill_some_of_kind "$@"
		return
	fi
	n=1
	wrong=
	while [ "$n" -le "$KILL_MAX" ]; do
		kill_once "$@" || break
		killed_in_all=$((killed_in_all + 1))
		n=$((n + 1))
	done
	[ "$n" -le "$KILL_MAX" ] || wrong="still killed at $n"
	if [ -z "$wrong" ]; then
		[ "$n" -eq 1 ] || pass "$name: $((n - 1)) times at $call"
	else
		fail "$name: $call" "$wrong"
	fi
}
