#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# debian/ says what bootstrap, configure.ac and the tree say.
. "${top_srcdir:-.}/tests/cli/lib.sh"
cd "$top_srcdir" || exit 99
[ -f debian/control ] || skip_all 'no debian here'

# words_of NAME: a list of bootstrap's, a word a line.
words_of() {
	awk -v "name=$1=" -v quote="'" '
		index($0, name quote) == 1 { inside = 1 }
		inside { print substr($0, index($0, "=") + 1) }
		inside && substr($0, length($0)) == quote { exit }
	' bootstrap | tr -d "'" | tr -s ' \t' '\n' | grep .
}
# field_of NAME: the packages of a field of debian/control, one a line.
field_of() {
	awk -v name="$1:" '
		$1 == name { inside = 1; sub(/^[^:]*:/, "") }
		inside && /^[^ \t]/ && $1 != name { inside = 0 }
		inside' debian/control | tr ',' '\n' |
		sed 's/[ \t]*<[^>]*>//; s/^[ \t]*//; s/[: (].*//' | grep .
}

field_of Build-Depends | sort >"$T/builds"
field_of Depends | sort >"$T/runs"
check 'there is a list' grep -qx nettle-dev "$T/builds"
# The rest every builder has, or it serves development alone.
missing=$(words_of to_build | grep -vx -e gcc -e make -e libc6-dev -e gettext \
	-e git | sort | comm -23 - "$T/builds")
is 'the package is built with what bootstrap builds with' "$missing" ''
odd=$(grep -e '-dev$' "$T/builds" | while read -r word; do
	words_of to_build | grep -qx "$word" || echo "$word"
done)
is 'and with no other library' "$odd" ''
missing=$(words_of to_run | sort | comm -23 - "$T/runs")
is 'it depends on what bootstrap has for running' "$missing" ''

is 'it has the version of configure.ac' \
	"$(sed -n '1s/^deed (\([^)]*\)).*/\1/p' debian/changelog)" \
	"$(sed -n 's/^AC_INIT(\[deed\],\[\([^]]*\)\].*/\1/p' configure.ac)"
for name in $(sed -n 's/^Tests: //p' debian/tests/control); do
	check "its test is there: $name" test -x "debian/tests/$name"
done
missing=$(grep -ho 'tests/[a-z]*/[a-z-]*\.t' debian/tests/tour \
	debian/tests/commands | while read -r file; do
	[ -f "$file" ] || echo "$file"
done)
is 'and what they run' "$missing" ''
check 'a dozen of them' test "$(grep -c '\.t' debian/tests/commands)" -ge 12
missing=$(find debian -type f ! -path 'debian/build/*' ! -path 'debian/deed*' \
	! -path 'debian/.debhelper/*' ! -path 'debian/autoreconf.*' \
	! -path 'debian/files' ! -path 'debian/debhelper-build-stamp' |
	while read -r file; do
		grep -q "$file" Makefile.am || echo "$file"
	done)
is 'the distribution holds all of debian/' "$missing" ''
