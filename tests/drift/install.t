#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# "make install" into an empty root: the program, its helpers, the manual and
# the completions, each where it is looked for; and deed runs from there.
. "${top_srcdir:-.}/tests/cli/lib.sh"

unset MAKEFLAGS MFLAGS
expect 0 'make install' make -C "$top_builddir" install DESTDIR="$W/root"
find root -type f | sed 's|^root||' | sort >list
prefix=$(sed -n 's/^prefix = //p' "$top_builddir/Makefile")

has 'the program' list "$prefix/bin/deed"
has 'a helper' list "$prefix/libexec/deed/deed-draw"
has 'another' list "$prefix/libexec/deed/deed-unpack"
has 'the office' list "$prefix/libexec/deed/deed-office"
has 'and another' list "$prefix/libexec/deed/deed-fetch"
has 'completion of bash' list \
	"$prefix/share/bash-completion/completions/deed"
has 'completion of zsh' list "$prefix/share/zsh/site-functions/_deed"
has 'completion of fish' list \
	"$prefix/share/fish/vendor_completions.d/deed.fish"
missing=$(for page in "$top_srcdir"/man/*.[157]; do
	page=$(basename "$page")
	grep -q "/man${page##*.}/$page\$" list || echo "$page"
done)
is 'every page of the manual' "$missing" ''
odd=$(grep -v -e "^$prefix/bin/deed\$" -e "^$prefix/libexec/deed/deed-" \
	-e "^$prefix/share/" list)
is 'and nothing else' "$odd" ''

expect 0 'it runs' "root$prefix/bin/deed" verify -h
expect 0 'and what it becomes' "root$prefix/libexec/deed/deed-office" version
expect 0 'make uninstall' make -C "$top_builddir" uninstall DESTDIR="$W/root"
is 'leaves no file' "$(find root -type f)" ''
