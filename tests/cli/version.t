#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The frame around every command, seen through the smallest one.
. "${top_srcdir:-.}/tests/cli/lib.sh"

expect 0 'version runs' deed version
out_is 'and prints one line' <<EOF
deed $(sed -n 's/^AC_INIT(\[deed\],\[\([^]]*\)\].*/\1/p' "$top_srcdir/configure.ac")
EOF
err_empty 'and says nothing else'
expect 0 '--version is the same' deed --version
out_has 'and prints the version' 'deed 0.'

expect 0 'deed alone lists the commands' deed
out_has 'with their summaries' 'print the version'
for heading in 'The house' Documents 'The log' 'deed itself'; do
	check "under headings: $heading" grep -qx "$heading" "$T/out"
done
is 'the first command is under the first' "$(sed -n 4p "$T/out" |
	cut -c1-6)" '  init'
is 'and the last under the last' \
	"$(sed -n '/^deed itself/,/^$/p' "$T/out" | grep -c '^  ')" 5
for group in enroll ca key 'key slot' config; do
	# shellcheck disable=SC2086 # words
	expect 0 "deed $group -h" deed $group -h
	out_has 'is a usage' "usage: deed $group COMMAND"
	is 'and lists its commands' "$(grep -c '^  ' "$T/out")" \
		"$(deed | grep -c "^  $group ")"
	# shellcheck disable=SC2086 # words
	expect 0 "deed $group --help is the same" deed $group --help
done
expect 2 'a group of nothing' deed nothing -h
expect 2 'a group with more than -h' deed key -h list
expect 0 '-h is a usage' deed version -h
out_has 'that names the command' 'usage: deed version [options]'
out_has 'and the manual' 'deed help version'

expect 2 'an unknown command' deed versoin
err_is 'is answered with the nearest' <<'EOF'
deed: error: there is no command 'versoin'
hint: did you mean deed version?
EOF
expect 2 'an unknown option' deed version --jsn
err_is 'is answered with the nearest' <<'EOF'
deed version: error: there is no option '--jsn'
hint: did you mean --json?
hint: deed version -h
EOF
expect 2 'an unknown letter' deed version -x
err_has 'is named' "'-x'"
expect 2 'an operand too much' deed version x
err_has 'is named' "'x' is too much"
expect 2 'an option before the command' deed --json version
err_has 'is explained' 'the command comes first'
expect 2 'a value for a flag' deed version --json=maybe
err_has 'must be yes or no' 'expected yes or no'
expect 0 'which it may be' deed version --json=no
out_has 'and then counts' 'deed 0.'
expect 2 'a choice' deed version --color=sometimes
err_has 'lists its words' 'expected one of auto, always, never'
expect 2 'a missing value' deed version --color
err_has 'is told' '--color needs a value: WHEN'

expect 0 'a letter twice' deed version -vv
expect 0 'words after -- are operands' deed version --
expect 2 'even with dashes' deed version -- --json
err_has 'and then too many' "'--json' is too much"

for wrong in '' - -- --- '-=' '--=' '--json=' --color= -qx '--no-such=1'; do
	run deed version "$wrong"
	case $code in
	0 | 2) pass "'$wrong' does not crash" ;;
	*) fail "'$wrong' does not crash" "$(seen)" ;;
	esac
done

run deed version --color=always --bad
check 'colour where it is asked for' grep -q "$(printf '\033')\\[1;31merror:" \
	"$T/err"
DEED_COLOR=always deed version --bad 2>"$T/err"
check 'also by the environment' grep -q "$(printf '\033')" "$T/err"
DEED_COLOR=blue deed version 2>"$T/err"
is 'a wrong environment is a usage error' $? 2
has 'that names the variable' "$T/err" DEED_COLOR

mkdir -p "$HOME/.config/deed"
echo 'color: always' >"$HOME/.config/deed/config.yaml"
run deed version --bad
check 'and by the configuration' grep -q "$(printf '\033')" "$T/err"
expect 0 'which the command line beats' deed version --color=never
printf 'color: [\n' >"$HOME/.config/deed/config.yaml"
expect 2 'a broken configuration' deed version
err_has 'names the file' config.yaml
rm -r "$HOME/.config"

run deed version "$(printf 'a\033[31mb\nc')"
check 'no control character of an operand reaches the terminal' \
	sh -c '! grep -q "$(printf "\033")" "$1"' sh "$T/err"

if [ -w /dev/full ]; then
	deed version >/dev/full 2>"$T/err"
	is 'a full disk behind standard output' $? 10
	has 'is told' "$T/err" 'No space left on device'
	deed >/dev/full 2>"$T/err"
	is 'also by deed alone' $? 10
else
	skip 'a full disk' 'there is no /dev/full'
fi
deed version >&- 2>"$T/err"
is 'a closed standard output' $? 10
has 'is told' "$T/err" 'cannot write standard output'
deed version <&- >"$T/out"
is 'a closed standard input does no harm' $? 0
deed version 2>&- >"$T/out"
is 'nor does a closed standard error' $? 0

if command -v jq >/dev/null; then
	expect 0 'version --json' deed version --json
	json 'has a schema' .schema deed.version/1
	json 'and errors' '.errors | length' 0
	run deed version --json x
	json 'which hold what went wrong' '.errors[0].id' usage
else
	skip '--json' 'jq is not installed'
fi
