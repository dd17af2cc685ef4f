#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Documents over 4 GiB: signed and verified in little memory, and refused at
# once where ten digits cannot name a byte.  The large ones only where
# LARGE_FILES is set: they take minutes and 11 GiB.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need python3 truncate
large=${LARGE_FILES-}
need_home

sign() {
	deed sign --as wang --passphrase file:wang.pass "$@"
}
pdf() {
	python3 "$top_srcdir/tests/interop/make_large.py" "$@"
}

# Sparse: these take no room.
pdf ten.pdf 10000000000
expect 5 'a PDF of more than ten digits is refused at once' \
	sign -o no.pdf ten.pdf
err_has 'and it is said why' 9999999999
pdf nine.pdf 9999999000
expect 5 'one that would grow over it, too' sign -o no.pdf nine.pdf
err_has 'and it is said why' 9999999999
check 'nothing is left' test ! -e no.pdf
rm -f ten.pdf nine.pdf

if [ -z "$large" ]; then
	skip 'a PDF of 5 GiB' 'LARGE_FILES is not set'
	exit 0
fi
if [ "$(df -Pk . | awk 'NR == 2 { print $4 }')" -lt 12000000 ]; then
	skip 'a PDF of 5 GiB' 'there is too little room'
	exit 0
fi

# measured NAME KIB COMMAND...: exits 0 in at most so much memory.
measured() {
	what=$1 most=$2
	shift 2
	expect 0 "$what" /usr/bin/time -o "$T/time" -f '%M %U %S %e' "$@"
	read -r memory user system wall <"$T/time"
	echo "# $what: $memory KiB, $user s user, $system s system, $wall s"
	check "$what: in $most KiB" test "$memory" -le "$most"
}

pdf big.pdf 5368709120
# What opens the key takes 64 MiB by itself.
measured 'a PDF of 5 GiB is signed' 98304 deed sign --as wang \
	--passphrase file:wang.pass -o signed.pdf big.pdf
check 'the numbers of its ByteRange have ten digits' sh -c \
	'tail -c 20000 signed.pdf | grep -aqE "ByteRange\[0 53687[0-9]{5} 53687[0-9]{5} "'
check 'the input is a prefix' cmp -n "$(wc -c <big.pdf)" big.pdf signed.pdf
measured 'and verified' 32768 deed verify --trust house.pem signed.pdf
printf 'x' | dd of=signed.pdf bs=1 seek=4500000000 conv=notrunc 2>/dev/null
expect 1 'a byte beyond 4 GiB is found' deed verify --trust house.pem \
	signed.pdf
rm -f signed.pdf big.pdf

truncate -s 5368709120 big.bin
measured 'a detached signature over 5 GiB' 98304 deed sign --as wang \
	--passphrase file:wang.pass --detached -o big.p7s big.bin
measured 'and verified' 32768 deed verify --trust house.pem \
	--content big.bin big.p7s
measured 'a container of 5 GiB' 98304 deed sign --as wang \
	--passphrase file:wang.pass -o big.asice big.bin
measured 'and verified' 65536 deed verify --trust house.pem big.asice
command -v unzip >/dev/null &&
	check 'unzip lists it' sh -c 'unzip -l big.asice | grep -q 5368709120'
