#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# No two floors define the same symbol: the linker would take the first, or
# fail, by chance of the order.  And what deed and deed-parse are linked with.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need nm

for library in "$top_builddir"/lib/*.a "$top_builddir"/cmd/*.a; do
	nm -A --defined-only "$library" 2>/dev/null |
		awk '$2 ~ /^[TDBRC]$/ && $3 !~ /^__odr_asan/ {
			split($1, a, ":"); print $3, a[1] ":" a[2] }' |
		sed "s|$top_builddir/||"
done | sort -u >symbols
check 'there are symbols' test -s symbols
twice=$(awk '{ if ($1 == last) print $1, at, $2; last = $1; at = $2 }' symbols)
is 'no symbol is defined twice' "$twice" ''

# What parses hostile files starts once a run: without the library of TLS it
# starts in half the time, and there is less in it to be taken over.
nm -D --undefined-only "$top_builddir/deed-parse" >parse
check 'deed-parse needs symbols' test -s parse
is 'and none of GnuTLS' "$(grep -c ' gnutls_' parse)" 0

# What judges has no key, token or database in it, itself and by what it pulls:
# tokens come with GnuTLS, and with it half a dozen libraries to start.
need readelf
for program in deed deed-parse; do
	readelf -dW "$top_builddir/$program" >dynamic
	check "$program needs libraries" grep -q 'NEEDED.*\[libc\.' dynamic
	is 'and none of keys or databases' "$(grep NEEDED dynamic | grep -e gnutls \
		-e p11 -e sqlite -e argon2 -e isal -e gcrypt -e curl)" ''
done
nm "$top_builddir/deed" >own 2>&1
is 'deed has no function that makes, opens or uses a private key' \
	"$(grep -E ' T (keygen|keyfile|keystore|pkcs8|pkcs12|token|signing_gnutls|signing_memory|argon2|catalogue)_' own)" ''

# What a file of lib/ or cmd/ exports, something else uses: another object of
# the programs, not a test alone.  tests/lint/seams has those that tests need.
if test -x "$top_builddir/deed-look" && test -x "$top_builddir/deed-draw"; then
	find "$top_builddir/libexec" "$top_builddir"/cmd -name '*.o' \
		-exec nm -A --undefined-only {} + >used
	for library in "$top_builddir"/lib/*.a "$top_builddir"/cmd/*.a; do
		nm -A --undefined-only "$library" 2>/dev/null
	done >>used
	check 'the programs use what the libraries have' grep -q ' deed_' used
	awk '!/^#/ { print $1 }' "$top_srcdir/tests/lint/seams" | sort >seams
	{ awk '{ print $NF }' used; cat seams; } | sort -u >wanted
	awk '{ print $1 }' symbols | sort -u | comm -23 - wanted >unused
	is 'no function is there for nobody, or for tests alone' \
		"$(cat unused)" ''
	awk '{ print $NF }' used | sort -u | comm -12 - seams >superfluous
	is 'no seam is listed that the programs use' "$(cat superfluous)" ''
	awk '{ print $1 }' symbols | sort -u | comm -13 - seams >gone
	is 'no seam is listed that is gone' "$(cat gone)" ''
else
	skip 'what the libraries have is used' 'no deed-look, no deed-draw'
fi
