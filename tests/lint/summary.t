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

# How long each took: as the driver notes it, and where it did not, nothing.
timed() {
	trs "$1" PASS
	echo ":seconds: $2 $3" >>"build/tests/$1.trs"
}
out_lacks 'no time was noted' seconds
mkdir build/tests/cli build/tests/unit build/tests/unit/pdf
timed cli/one 30 12.50
timed cli/two 4 40.25
timed unit/pdf/test_three 1 0.50
trs cli/four FAIL SKIP
rm tests.list build/tests/a.* build/tests/b.*
expect 1 'by folder' summary
cat >wanted <<'E2'
 passed  failed skipped   seconds       CPU
      2       1       1        34      52.8  tests/cli
      1       0       0         1       0.5  tests/unit
took longest:
                                4      40.2  tests/cli/two
                               30      12.5  tests/cli/one
                                1       0.5  tests/unit/pdf/test_three
3 passed, 1 failed, 1 skipped
E2
tail -n 8 "$T/out" >seen
check 'each has its points and its time' diff wanted seen

printf '#!/bin/sh\necho "ok 1 - one"\necho 1..1\nsleep 1\n' >slow.t
driver() {
	env AM_TAP_AWK=awk sh "$top_srcdir/tests/driver" --test-name slow \
		--log-file slow.log --trs-file slow.trs -- sh "$1"
}
expect 0 'the driver' driver slow.t
check 'notes the seconds and those of CPU' \
	grep -qE '^:seconds: [1-9][0-9]* [0-9]+\.[0-9][0-9]$' slow.trs
check 'with the results' grep -q '^:test-result: PASS' slow.trs
is 'and leaves nothing else' "$(ls slow.trs*)" slow.trs
