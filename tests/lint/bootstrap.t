#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bootstrap says what it will install, and asks before it uses sudo.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need python3
[ -f "$top_srcdir/bootstrap" ] || skip_all 'no bootstrap here'

# A tree in which nothing is to be built, and a system that lacks one package.
mkdir -p tree/build bin
cp "$top_srcdir/bootstrap" tree/
printf '#!/bin/sh\n' >tree/configure
chmod 755 tree/configure
touch tree/build/Makefile tree/build/deed
program() {
	cat >"bin/$1"
	chmod 755 "bin/$1"
}
program dpkg-query <<'EOS'
#!/bin/sh
for last; do :; done
[ "$last" = libisal-dev ] || printf installed
EOS
program apt-get <<'EOS'
#!/bin/sh
echo "apt-get $*" >>"$W/installed"
EOS
program sudo <<'EOS'
#!/bin/sh
echo sudo >>"$W/sudo"
exec "$@"
EOS
program id <<'EOS'
#!/bin/sh
cat "$W/uid"
EOS
program make </dev/null
PATH=$W/bin:$PATH
unset CI

build() {
	: >installed
	: >sudo
	run "$@"
}
on_terminal() {
	build python3 "$top_srcdir/tests/cli/terminal.py" "$@" -- \
		sh tree/bootstrap build
}

echo 1000 >uid
on_terminal y
exits 0 'yes'
out_has 'the packages are named' 'will be installed: libisal-dev'
out_has 'and it asks' 'install them with sudo? [y/N]'
has 'then they are installed' installed 'install -y -qq'
has 'that one' installed libisal-dev
check 'through sudo' test -s sudo
for answer in n '' no x; do
	on_terminal "$answer"
	exits 1 "'$answer' is no yes"
	is 'nothing is installed' "$(cat installed sudo)" ''
	out_has 'the command is named' \
		'sudo apt-get install --no-install-recommends libisal-dev'
done
CI=true
export CI
on_terminal y
exits 0 'in CI'
out_lacks 'nothing is asked' 'y/N'
has 'and they are installed' installed libisal-dev
unset CI
build sh tree/bootstrap build </dev/null
exits 0 'without a terminal'
err_has 'they are named' 'will be installed: libisal-dev'
has 'and installed' installed libisal-dev
echo 0 >uid
on_terminal y
exits 0 'root'
out_lacks 'is not asked' 'y/N'
has 'and needs' installed libisal-dev
is 'no sudo' "$(cat sudo)" ''
echo 1000 >uid
rm bin/sudo
if ! command -v sudo >/dev/null; then
	build sh tree/bootstrap build </dev/null
	exits 1 'neither root nor sudo'
	err_has 'is told with the command' \
		'apt-get install --no-install-recommends libisal-dev'
else
	skip 'without sudo' 'it is there'
fi

# The store of the tests is a matter of its own: without it all else goes on.
program dpkg-query <<'EOS'
#!/bin/sh
for last; do :; done
[ "$last" = python3-swift ] || printf installed
EOS
program apt-get <<'EOS'
#!/bin/sh
echo "apt-get $*" >>"$W/installed"
[ "$1" != install ]
EOS
program make <<'EOS'
#!/bin/sh
echo "make $*" >>"$W/made"
EOS
program npm </dev/null
mkdir -p tree/tests tree/build/tests
printf '#!/bin/sh\n' >tree/tests/summary
chmod 755 tree/tests/summary
echo 0 >uid
build sh tree/bootstrap check </dev/null
exits 0 'a check without a store'
has 'which was tried' installed python3-swift
err_has 'it says so' 'what needs OpenStack Swift is skipped'
has 'and tests' made ' check'
