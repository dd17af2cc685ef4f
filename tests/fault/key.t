#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# No key is lost: deed key is killed at every write, sync and rename, or finds
# the disk full, and an old or new passphrase opens every key afterwards.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "${top_srcdir:-.}/tests/fault/lib.sh"
need_home
secret_file new.pass 'a new passphrase'
cp -Rp home/keystore/li fresh
KILL_CALLS='write pwrite64 fsync fdatasync rename renameat renameat2 linkat unlink mkdir'
KILL_LEAST=9

before() {
	rm -rf home/keystore/li && cp -Rp fresh home/keystore/li
}

# opens ROLE PASSFILE
opens() {
	deed key passphrase li -n --role "$1" --passphrase "file:$2" \
		--new-passphrase file:new.pass -q
}

# Each key by the old or the new passphrase.
after() {
	for role in signature deposit; do
		opens $role li.pass || opens $role new.pass || return 1
	done
}
kill_at_every 'key passphrase' before after -- deed key passphrase li \
	--passphrase file:li.pass --new-passphrase file:new.pass

# With a second slot the first passphrase opens at any time.
still() {
	opens signature li.pass && opens deposit li.pass
}
kill_at_every 'key slot add' before still -- deed key slot add li deputy \
	--passphrase file:li.pass --new-passphrase file:new.pass

# What was cut short is finished by the same command.
before
deed key passphrase li --role signature --passphrase file:li.pass \
	--new-passphrase file:new.pass 2>"$T/err"
expect 0 'a change that was cut short goes on' deed key passphrase li \
	--passphrase file:li.pass --new-passphrase file:new.pass
check 'and is whole then' opens signature new.pass
check 'for each key' opens deposit new.pass

# A full disk, at each of the writes and syncs.
for call in write fsync; do
	n=1
	while [ "$n" -lt 20 ]; do
		before
		strace -o "$T/trace" -qq -e trace="$call" \
			-e inject="$call:error=ENOSPC:when=$n" \
			deed key passphrase li --passphrase file:li.pass \
			--new-passphrase file:new.pass >"$T/out" 2>"$T/err"
		code=$?
		grep -q INJECTED "$T/trace" || break
		where="a full disk at $call $n"
		if [ "$code" -ne 0 ] && [ -s "$T/err" ]; then
			has "$where is told" "$T/err" 'No space left'
			is "$where is exit 10" "$code" 10
		fi
		if after >"$T/look" 2>&1; then
			pass "$where loses no key"
		else
			fail "$where loses no key" "$(seen)"
		fi
		is "$where leaves nothing behind" \
			"$(find home/keystore -name '.*.deed-*')" ''
		n=$((n + 1))
	done
done
