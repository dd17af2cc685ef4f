#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed sign on a full disk: it says so, leaves nothing, and works again when
# there is room.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need unshare mount
need_that 'a mount namespace is not allowed here' \
	unshare -m sh -c 'mount -t tmpfs none /mnt'
need_home

cat >inside.sh <<'END'
mkdir small || exit 99
mount -t tmpfs -o size=1m none small || exit 99
sign="deed sign --as wang --passphrase file:wang.pass"
dd if=/dev/zero of=small/ballast bs=1k count=980 2>/dev/null
$sign -O small contract.pdf
echo "full: $?"
find small -name '*contract*'
rm small/ballast
$sign -O small contract.pdf
echo "room: $?"
find small -name '*contract*'
deed verify --trust house.pem small/contract.signed.pdf >/dev/null
echo "verify: $?"

# The same where the home itself is full.
cp -Rp home small/home
DEED_HOME=small/home
export DEED_HOME
dd if=/dev/zero of=small/ballast bs=1k 2>/dev/null
before=$(deed audit log | wc -l)
$sign -o away.pdf contract.pdf
echo "home full: $?"
ls away.pdf .away.pdf* 2>/dev/null
rm small/ballast
echo "entries: $(($(deed audit log | wc -l) - before))"
$sign -o away.pdf contract.pdf
echo "home with room: $?"
deed audit verify >/dev/null
echo "log: $?"
END
run unshare -m sh inside.sh
out_is 'a full disk' <<'END'
full: 10
room: 0
small/contract.signed.pdf
verify: 0
home full: 10
entries: 0
home with room: 0
log: 0
END
err_has 'is named' 'No space left on device'
