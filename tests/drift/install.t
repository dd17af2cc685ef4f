#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# "make install" into an empty root: the program, its helpers, the manual and
# the completions, each where it is looked for; and deed runs from there, also
# where the prefix is not configure's, is moved, or is reached by a link.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"

unset MAKEFLAGS MFLAGS
expect 0 'make install' make -C "$top_builddir" install DESTDIR="$W/root"
find root -type f | sed 's|^root||' | sort >list
prefix=$(sed -n 's/^prefix = //p' "$top_builddir/Makefile")

has 'the program' list "$prefix/bin/deed"
for helper in fetch office parse unpack; do
	has "its helper: $helper" list "$prefix/libexec/deed/deed-$helper"
done
for helper in draw look; do
	[ ! -e "$top_builddir/deed-$helper" ] || has "its helper: $helper" \
		list "$prefix/libexec/deed/deed-$helper"
done
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
rm -rf root

# Another prefix than configure knew, in a folder that is none of the system's.
expect 0 'make install to another prefix' make -C "$top_builddir" install \
	DESTDIR="$W/root" prefix=/usr
need_home
# all_of DEED WHAT: what needs the office, the parser, and the painter.
all_of() {
	expect 0 "$2: it signs" "$1" sign --as wang \
		--passphrase file:wang.pass --force -o signed.pdf contract.pdf
	expect 0 'judges' "$1" verify --trust house.pem signed.pdf
	if [ -e "$top_builddir/deed-draw" ]; then
		expect 0 'and seals' "$1" seal --as acme --position 100,100 \
			--passphrase file:acme.pass --force -o sealed.pdf \
			signed.pdf
	else
		skip 'and seals' 'built without drawing'
	fi
}
all_of root/usr/bin/deed 'below DESTDIR'
mkdir bin
printf '#!/bin/sh\necho "man $*"\n' >bin/man
chmod 755 bin/man
expect 0 'it finds its manual' env PATH="$W/bin:$PATH" \
	root/usr/bin/deed help sign
out_has 'there' "man -l $W/root/usr/share/man/man1/deed-sign.1"
mkdir other
mv root/usr other/moved
all_of other/moved/bin/deed 'moved'
ln -s "$W/other/moved/bin/deed" link
all_of ./link 'by a symbolic link'
(cd bin && ln -s ../link deed)
run env PATH="$W/bin:$PATH" deed verify --trust house.pem signed.pdf
exits 0 'by a link on the path'

# nowhere WHAT: what is not there is named with where it should be.
nowhere() {
	expect 10 "$1" alone/bin/deed version
	err_has 'says where the office was looked for' \
		"cannot start '$W/alone/libexec/deed/deed-office'"
	expect 10 'and for judging' alone/bin/deed verify --trust house.pem \
		signed.pdf
	err_has 'where the parser was' \
		"cannot start '$W/alone/libexec/deed/deed-parse'"
}
mkdir -p alone/bin
cp other/moved/bin/deed alone/bin/deed
nowhere 'a copy elsewhere'
if ln -f other/moved/bin/deed alone/bin/deed 2>/dev/null; then
	nowhere 'a hard link elsewhere'
else
	skip 'a hard link elsewhere' 'links are not made here'
fi
(cd other/moved/libexec/deed && run env PATH="$PWD:$PATH" \
	DEED_LIBEXEC="$PWD" LD_LIBRARY_PATH="$PWD" "$W/alone/bin/deed" version)
is 'neither environment nor working directory help' \
	"$(grep -c "cannot start '$W/alone/libexec" "$T/err")" 1

# What anybody could have put there is not run.
mkdir -p alone/libexec
cp -R other/moved/libexec/deed alone/libexec/
expect 0 'with its helpers the copy is whole' alone/bin/deed version
for folder in alone alone/libexec alone/libexec/deed; do
	chmod o+w $folder
	expect 10 "everybody can write to $folder" alone/bin/deed version
	err_has 'so nothing there is run' \
		"'$W/alone/libexec/deed/deed-office' is not run"
	chmod o-w $folder
done
cp alone/libexec/deed/deed-* alone/bin/
expect 0 'helpers beside it' alone/bin/deed version
chmod 1777 alone/bin
expect 10 'in a folder like /tmp' alone/bin/deed version
err_has 'are not run either' "'$W/alone/bin/deed-office' is not run"
