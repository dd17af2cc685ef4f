#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A pass is what readers show: updates of signed files, and of what passes the
# pages of poppler, mupdf and pdf.js, which are those that were signed but for
# the places that the verdict names.  A long run, in a folder of its own:
#	UPDATES=100000 SEED=2 FINDINGS=/a/folder tests/interop/readers.t
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need python3 openssl jq
need_part draw
here=$top_srcdir/tests/interop/readers
poppler=$top_builddir/tests/interop/readers/paint_poppler
modules=$top_builddir/npm/node_modules

judge() {
	python3 "$here/judge.py" --poppler "$poppler" --modules "$modules" "$@"
}

judge --list >readers.list
grep -q '^runs ' readers.list || skip_all 'no reader is installed'
while read -r word name why; do
	case $word in
	runs) pass "$name paints" ;;
	*) skip "$name" "$why" ;;
	esac
done <readers.list
need_home
if ! python3 "$here/make_bases.py" bases >bases.log 2>"$T/err"; then
	fail 'signed files are made' "$(tail -n 5 "$T/err")"
	exit 1
fi
cat bases.log
lacks() {
	! grep -q 'does not sign' bases.log
}
check 'deed signs all that it is to sign' lacks
run judge --bases bases --as-they-are
grep -v '^#' "$T/out" >wrong
same_as_input 'each of them passes, and is what was signed' wrong </dev/null

run judge --bases bases --count "${UPDATES:-1000}" --seed "${SEED:-1}" \
	${FINDINGS:+--findings "$FINDINGS"}
grep '^#' "$T/out"
grep -v '^#' "$T/out" >wrong
if [ "$code" -eq 0 ]; then
	pass "${UPDATES:-1000} updates: what passes is what readers show"
else
	fail "${UPDATES:-1000} updates: what passes is what readers show" \
		"$(head -c 20000 wrong)" "$(tail -n 5 "$T/err")"
fi
