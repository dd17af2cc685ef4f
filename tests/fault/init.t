#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed init on a disk that fails: exit code 10, and nothing is left.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/fault/lib.sh"

write_forms
ls -A >before

fails_at() {
	run strace -f -o "$T/trace" -e trace="$1" \
		-e inject="$1:error=$2:when=$3" \
		deed init --office 'Notary Office Seven' \
		--id cn-uscc:32110000MADEED0721 --root-out root.key \
		--operator-passphrase file:operator.pass \
		--root-passphrase file:root.pass
	if ! grep -q INJECTED "$T/trace"; then
		fail "$1 $3: $2" 'init makes no such call'
		return
	fi
	exits 10 "$1 $3: $2"
	ls -A >"$T/after"
	check "$1 $3: nothing is left" cmp before "$T/after"
}

fails_at write ENOSPC 3
fails_at write ENOSPC 20
fails_at fsync EIO 9
fails_at fsync EIO 40
fails_at linkat EIO 9
fails_at renameat EIO 9
fails_at mkdir ENOSPC 9

run deed init --office 'Notary Office Seven' \
	--id cn-uscc:32110000MADEED0721 --root-out root.key \
	--operator-passphrase file:operator.pass \
	--root-passphrase file:root.pass
exits 0 'and then a whole home'
expect 0 'whose log verifies' deed audit verify
