#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The closing count of the tests: what was killed has failed.
. "${top_srcdir:-.}/tests/cli/lib.sh"

# trs NAME RESULT...: what a test of these results leaves behind.
trs() {
	name=$1
	shift
	mkdir -p build/tests
	echo ":global-test-result: ${1:-ERROR}" >"build/tests/$name.trs"
	for result in "$@"; do
		echo ":test-result: $result" >>"build/tests/$name.trs"
	done
	: >"build/tests/$name.log"
}
summary() {
	sh "$top_srcdir/tests/summary" build "$@"
}
closing() {
	is "$1" "$(tail -n 1 "$T/out")" "$2"
}

mkdir build
expect 1 'nothing ran' summary
closing 'and it says so' '0 passed, 0 failed, 0 skipped'

trs a PASS PASS XFAIL
trs b SKIP
expect 0 'all passed' summary
closing 'skips are counted apart' '3 passed, 0 failed, 1 skipped'

trs c PASS FAIL XPASS
expect 1 'one failed' summary
closing 'what should have failed too' '4 passed, 2 failed, 1 skipped'

# As the driver leaves it of a program that was ended by a signal.
printf '#!/bin/sh\necho "ok 1 - one"\nkill -9 $$\n' >build/tests/c.t
env AM_TAP_AWK=awk sh "$top_srcdir/build-aux/tap-driver.sh" --test-name c \
	--log-file build/tests/c.log --trs-file build/tests/c.trs -- \
	sh build/tests/c.t >/dev/null 2>&1
expect 1 'a killed test fails' summary
out_has 'it is named' '== tests/c.log'
out_has 'and how it ended' 'exited with status 137'
closing 'its errors are counted' '4 passed, 2 failed, 1 skipped'

trs c
expect 1 'no result at all fails' summary
closing 'as one' '3 passed, 1 failed, 1 skipped'
: >build/tests/c.trs
expect 1 'so does one cut short before its first line' summary
expect 2 'a list that is not there' summary tests.list
rm build/tests/c.trs build/tests/c.log

echo 'tests/a.log tests/b.log' >tests.list
expect 0 'all that were to run did' summary tests.list
echo 'tests/a.log tests/b.log tests/gone.log' >tests.list
expect 1 'one whose driver was killed left nothing' summary tests.list
out_has 'it is named' 'tests/gone.log'
closing 'it has failed' '3 passed, 1 failed, 1 skipped'
