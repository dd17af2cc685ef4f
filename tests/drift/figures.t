#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The figures of deed-archive(7): every value follows from its formula, and
# what a deposit has at a place is what a real one has.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need python3
need_home

# Objects and bytes of the only deposit of its kind at place 1.
at_place() {
	find home/archive/places/1/??/ -type f -printf '%s\n' |
		awk '{ n++; s += $1 } END { print n, s }'
}
mkdir docs
python3 - <<'PY'
import random
random.seed(1)
for i in range(1000):
    open('docs/%04d.pdf' % i, 'wb').write(random.randbytes(20000))
PY
quietly deed shard put docs/0000.pdf --party wang --party acme --label 2026/1
box=$(find home/archive/places/1 -name 'box-*' -printf '%s')
manifest=$(find home/archive/places/1 -name 'manifest-*' -printf '%s')
set -- "$(at_place)"
objects=${1% *}
rm -rf home/archive/places/?/??
quietly deed shard put docs --pack --party wang --party acme --label 2026/2
set -- "$(at_place)"
trap - EXIT
python3 "$top_srcdir/tests/drift/figures.py" "$top_srcdir/man/deed-archive.7" \
	"$box" "$manifest" "$objects" "${1% *}" "${1#* }"
status=$?
cleanup
exit "$status"
