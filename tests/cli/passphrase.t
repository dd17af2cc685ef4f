#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every source of a passphrase, and what happens where there is none.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need setsid
need_home
right='the passphrase of wang'

# Sign without writing; with no terminal.
try() {
	expect "$1" "$2" setsid -w deed sign -n --as wang --detached \
		minutes.odt --passphrase "$3"
}

try 0 'a file' file:wang.pass
printf '%s' "$right" >bare.pass
chmod 600 bare.pass
try 0 'a file without a newline' file:bare.pass
printf '%s\r\n' "$right" >dos.pass
chmod 600 dos.pass
try 0 'a file with a carriage return' file:dos.pass
secret_file wrong.pass 'another'
try 6 'a wrong passphrase' file:wrong.pass
err_has 'is called so' passphrase
printf '%s\n\n' "$right" >two.pass
chmod 600 two.pass
try 6 'two newlines are not one' file:two.pass
: >empty.pass
chmod 600 empty.pass
try 6 'an empty file' file:empty.pass
printf '\n' >newline.pass
chmod 600 newline.pass
try 6 'a newline alone' file:newline.pass
try 10 'a file that is not there' file:nowhere.pass
err_has 'is named' nowhere.pass
for mode in 640 604 660 644; do
	chmod $mode bare.pass
	try 7 "a file of mode $mode is refused" file:bare.pass
	err_has 'with the remedy' 'chmod 600'
done
chmod 600 bare.pass

printf '%s\nrest\n' "$right" >lines
run setsid -w sh -c 'exec 3<lines; deed sign -n --as wang --detached \
	minutes.odt --passphrase fd:3 && cat <&3'
exits 0 'a descriptor'
out_has 'of which one line is read' rest
try 10 'a descriptor that is closed' fd:77
run setsid -w sh -c 'printf "%s" "$1" | deed sign -n --as wang --detached \
	minutes.odt --passphrase fd:0' sh "$right"
exits 0 'a pipe'

P=$right
export P
try 0 'the environment' env:P
unset P
try 6 'an environment without it' env:P

mkdir creds
cp wang.pass creds/deed.wang
cp wang.pass creds/other
CREDENTIALS_DIRECTORY=$W/creds
export CREDENTIALS_DIRECTORY
try 0 'a credential by name' credential:other
expect 0 'a credential by default' setsid -w deed sign -n --as wang \
	--detached minutes.odt
expect 6 'but not that of another party' setsid -w deed sign -n --as li \
	--detached minutes.odt
unset CREDENTIALS_DIRECTORY
try 6 'a credential without systemd' credential:other

printf '#!/bin/sh\necho "$1" >asked\ncat wang.pass\n' >ask
chmod 755 ask
DEED_ASKPASS=$W/ask
export DEED_ASKPASS
try 0 'a program that asks' askpass
has 'is told for whom' asked wang
printf '#!/bin/sh\ncat wang.pass\nexit 1\n' >ask
try 6 'a program that is cancelled' askpass
unset DEED_ASKPASS
try 6 'no program' askpass

start=$(date +%s)
expect 6 'no source and no terminal' setsid -w deed sign -n --as wang \
	--detached minutes.odt </dev/null
check 'is told at once' test $(($(date +%s) - start)) -lt 5
err_has 'with what was missing' 'there is no terminal'
err_has 'and the ways' 'file:PATH'
try 6 'tty without a terminal' tty

for wrong in 'the secret' file: fd: fd:x env: credential:a/b tty:x ''; do
	try 2 "'$wrong' is no source" "$wrong"
done
try 2 'a passphrase itself' "$right"
check 'is not repeated' sh -c '! grep -q "$1" "$2"' sh "$right" "$T/err"

# A new passphrase of the office has eight characters, from everywhere.
secret_file seven.pass 1234567
secret_file eight.pass 密码密码密码密码
for what in operator root; do
	other=operator
	[ "$what" = root ] || other=root
	expect 7 "a short passphrase of the $what" deed init -n --home other \
		--office 'Office Eight' --id cn-uscc:32110000MADEED0721 \
		"--$what-passphrase" file:seven.pass \
		"--$other-passphrase" file:eight.pass
	err_has 'is told' 'expected at least 8'
done
expect 0 'characters are counted, not octets' deed init -n --home other \
	--office 'Office Eight' --id cn-uscc:32110000MADEED0721 \
	--operator-passphrase file:eight.pass --root-passphrase file:eight.pass
expect 7 'nor by a change' deed key passphrase office \
	--passphrase file:operator.pass --new-passphrase file:seven.pass
expect 0 'a party is free' deed key passphrase li \
	--passphrase file:li.pass --new-passphrase file:seven.pass

if command -v python3 >/dev/null; then
	on_terminal() {
		run python3 "$top_srcdir/tests/cli/terminal.py" "$@" -- \
			deed sign -n --as wang --detached minutes.odt
	}
	on_terminal "$right"
	exits 0 'the terminal is asked'
	out_has 'for a named passphrase' 'Passphrase of wang: '
	out_has 'without echo' 'echo is off'
	out_lacks 'and nothing is shown' "$right"
	on_terminal 'wrong'
	exits 6 'three wrong answers are a wrong passphrase'
	is 'asked three times' "$(grep -c 'Passphrase of wang: ' "$T/out")" 3
	is 'and told twice' "$(grep -c 'Wrong passphrase; try' "$T/out")" 2
	on_terminal wrong "$right"
	exits 0 'the second answer may be right'
	on_terminal wrong wrong "$right"
	exits 0 'and the third'
	on_terminal wrong ''
	exits 6 'an empty answer ends it'
	on_terminal wrong '^C'
	exits 102 'and an interrupt'
	on_terminal '^C'
	exits 102 'an interrupt ends it by that signal'
	run python3 "$top_srcdir/tests/cli/terminal.py" "$right" -- \
		deed sign -n --as wang --no-input --detached minutes.odt
	exits 6 '--no-input does not ask'
	out_lacks 'not even there' 'Passphrase of'

	# The operator's and the root's; a party's deposit key.
	typed() {
		run python3 "$top_srcdir/tests/cli/terminal.py" "$@"
	}
	typed wrong 'the passphrase of operator' -- deed ca crl -n
	exits 0 "the operator's second answer"
	out_has 'is asked for' 'Passphrase of the operator: '
	typed 'the passphrase of operator' 'the passphrase of root' -- \
		deed ca crl -n --ca root
	exits 0 "the root's is not the operator's"
	typed wrong 'the passphrase of operator' -- deed party show wang --open
	exits 0 'to open an enrolment'
	typed wrong 'the passphrase of operator' -- deed audit log \
		--operator-passphrase tty
	exits 0 'and the log'

	# New ones.
	typed 'the new one' 'the new won' 'the new one' 'the new one' -- \
		deed key passphrase wang --passphrase file:wang.pass
	exits 0 'a new passphrase, mistyped'
	out_has 'is told' 'The two differ.'
	secret_file wang.pass 'the new one'
	typed a b a b a b -- deed key passphrase wang --passphrase file:wang.pass
	exits 6 'mistyped three times'
	is 'each time told' "$(grep -c 'The two differ' "$T/out")" 3
	out_has 'and why it ends' 'the two passphrases differ'
	typed short 'long enough' 'long enough' -- deed key passphrase office \
		--passphrase file:operator.pass
	exits 0 "the operator's has eight characters"
	out_has 'which is told' 'Too short: at least 8 characters.'
	typed short -- deed init -n --home other --office 'Office Eight' \
		--id cn-uscc:32110000MADEED0721
	exits 7 'nor is a house made with a short one'
else
	skip 'the terminal' 'python3 is not installed'
fi
