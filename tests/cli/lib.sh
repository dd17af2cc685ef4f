# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What every shell test reads first:
#
#	#!/bin/sh
#	# SPDX-License-Identifier: Apache-2.0
#	# What is tested, in a sentence.
#	. "${top_srcdir:-.}/tests/cli/lib.sh"
#	need openssl				or the whole file is skipped
#
#	run deed verify a.pdf			fills $code, $T/out, $T/err
#	exits 1 'a changed byte fails'		what run has just run
#	out_has 'it says so' TOTAL-FAILED
#	expect 0 'a good file' deed verify a.pdf	run and exits at once
#	check 'the files are the same' cmp a b	any command as a test
#	is 'the count' "$n" 3			two strings
#	out_is 'all of it' <<'EOF' ...		standard output, whole
#	golden 'the help' "$T/out" help.txt	a file beside the test
#	skip 'as root' 'root ignores modes'	one point
#
# The plan is printed at the end.  A test runs in a new empty folder with a
# home of its own; DEED_HOME is not made.  "deed" is the program just built.
# Nothing of the environment of whoever runs the test comes in.

set -u
umask 022
LC_ALL=C.UTF-8
TZ=UTC0
PYTHONDONTWRITEBYTECODE=1
export LC_ALL TZ PYTHONDONTWRITEBYTECODE
: "${top_srcdir:=$(pwd)}"
if [ -z "${top_builddir:-}" ]; then
	top_builddir=$top_srcdir/build
	[ -x "$top_builddir/deed" ] || top_builddir=$top_srcdir
fi
top_srcdir=$(cd "$top_srcdir" && pwd) || exit 99
top_builddir=$(cd "$top_builddir" && pwd) || exit 99
test_dir=$(cd "$(dirname "$0")" && pwd) || exit 99
data=$top_srcdir/tests/data
PATH=$top_builddir:/usr/bin:/bin:$PATH
# A program that is installed is tested where this names it; then top_builddir
# is any folder, empty at first, in which tests keep what they made once.
if [ -n "${DEED_TEST_INSTALLED:-}" ]; then
	PATH=$(dirname "$DEED_TEST_INSTALLED"):$PATH
	mkdir -p "$top_builddir/tests" || exit 99
fi
export top_srcdir top_builddir data PATH

T=$(mktemp -d "${TMPDIR:-/tmp}/deed-test.XXXXXX") || exit 99
cleanup() {
	chmod -R u+rwX "$T" 2>/dev/null
	rm -rf "$T"
}
W=$T/work
mkdir "$W" "$T/user" && cd "$W" || exit 99
HOME=$T/user
DEED_HOME=$W/home
TMPDIR=$T
# A sanitizer wants to be loaded first, and faketime is.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0
export HOME DEED_HOME TMPDIR W T ASAN_OPTIONS
unset XDG_CONFIG_HOME XDG_DATA_HOME CREDENTIALS_DIRECTORY DEED_ASKPASS \
	SSH_ASKPASS NO_COLOR MANPATH
for name in $(env | sed -n 's/^\(DEED_[A-Z_]*\)=.*/\1/p'); do
	case $name in
	DEED_HOME | DEED_CORPUS | DEED_TEST_*) ;;
	*) unset "$name" ;;
	esac
done

points=0
failures=0
code=0
last=
: >"$T/out"
: >"$T/err"

finish() {
	status=$?
	trap - EXIT
	echo "1..$points"
	cleanup
	# Under automake the points speak; by hand the exit code does.
	if [ "$status" -eq 0 ] && [ "$failures" -gt 0 ] &&
		[ -z "${AM_TAP_AWK:-}" ]; then
		status=1
	fi
	exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

pass() {
	points=$((points + 1))
	echo "ok $points - $1"
}

# Each line after the description says what was expected or seen.
fail() {
	points=$((points + 1))
	failures=$((failures + 1))
	echo "not ok $points - $1"
	shift
	for line in "$@"; do
		printf '%s\n' "$line" | sed 's/^/# /'
	done
}

skip() {
	points=$((points + 1))
	echo "ok $points # SKIP $1: $2"
}

skip_all() {
	echo "1..0 # SKIP $1"
	trap - EXIT
	cleanup
	exit 0
}

need() {
	for program in "$@"; do
		command -v "$program" >/dev/null ||
			skip_all "$program is not installed"
	done
}

# Another program's version or ability, by a command that must succeed.
need_that() {
	what=$1
	shift
	"$@" >/dev/null 2>&1 || skip_all "$what"
}

# Whether strace is there and sees names: nobody but root reads the memory of a
# process that leaves no core, and prints addresses.
strace_reads() {
	ASAN_OPTIONS=detect_leaks=0 \
		strace -o "$T/strace" -e trace=openat deed version &&
		grep -q openat "$T/strace" && ! grep -q ', 0x' "$T/strace"
}

# What configure may leave out: deed_has draw, deed_has look.
deed_has() {
	deed version -v 2>/dev/null | grep -qx "with $1"
}

need_part() {
	for part in "$@"; do
		deed_has "$part" || skip_all "deed was built --without-$part"
	done
}

# A program that "make check" builds, by its path in the build tree.
need_built() {
	for program in "$@"; do
		[ -x "$top_builddir/$program" ] ||
			skip_all "$program is not built"
	done
}

need_corpus() {
	[ -d "${DEED_CORPUS:-/nowhere}" ] || skip_all 'DEED_CORPUS is not set'
}

run() {
	last=$*
	"$@" >"$T/out" 2>"$T/err"
	code=$?
	return 0
}

seen() {
	printf 'command: %s\nexit code: %s\nstandard output:\n' "$last" "$code"
	head -c 2000 "$T/out"
	printf 'standard error:\n'
	head -c 2000 "$T/err"
}

exits() {
	if [ "$code" -eq "$1" ]; then
		pass "$2"
	else
		fail "$2" "expected exit code $1" "$(seen)"
	fi
}

expect() {
	wanted=$1
	name=$2
	shift 2
	run "$@"
	exits "$wanted" "$name"
}

check() {
	name=$1
	shift
	last=$*
	if "$@" >"$T/check" 2>&1; then
		pass "$name"
	else
		fail "$name" "command: $last" "$(head -c 2000 "$T/check")"
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "expected: $3" "seen: $2"
	fi
}

isnt() {
	if [ "$2" != "$3" ]; then
		pass "$1"
	else
		fail "$1" "expected anything but: $3"
	fi
}

has() {
	if grep -qF -e "$3" "$2"; then
		pass "$1"
	else
		fail "$1" "expected: $3" "$(seen)"
	fi
}

out_has() {
	has "$1" "$T/out" "$2"
}

err_has() {
	has "$1" "$T/err" "$2"
}

out_lacks() {
	if grep -qF -e "$2" "$T/out"; then
		fail "$1" "expected not to see: $2" "$(seen)"
	else
		pass "$1"
	fi
}

same_as_input() {
	cat >"$T/wanted"
	if cmp -s "$T/wanted" "$2"; then
		pass "$1"
	else
		fail "$1" "$(diff -u "$T/wanted" "$2" | head -n 40)"
	fi
}

out_is() {
	same_as_input "$1" "$T/out"
}

err_is() {
	same_as_input "$1" "$T/err"
}

err_empty() {
	same_as_input "$1" "$T/err" </dev/null
}

# A stored file beside the test; it is never written by the test.
golden() {
	if cmp -s "$test_dir/$3" "$2"; then
		pass "$1"
	else
		fail "$1" "$(diff -u "$test_dir/$3" "$2" | head -n 60)"
	fi
}

absent() {
	if [ -e "$2" ] || [ -L "$2" ]; then
		fail "$1" "expected that '$2' does not exist"
	else
		pass "$1"
	fi
}

# json 'the schema' .schema deed.version/1	one value of $T/out by jq
json() {
	seen_value=$(jq -r "$2" <"$T/out" 2>&1)
	is "$1" "$seen_value" "$3"
}

# secret_file NAME TEXT: a passphrase file as deed wants it.
secret_file() {
	(umask 077 && printf '%s\n' "$2" >"$1")
}
