#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The examples of the manual run as they stand; CONTRIBUTING says which and
# where.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need mandoc jq
need_part draw
need_home
deed sign --as wang --passphrase file:wang.pass -o signed.pdf contract.pdf \
	>"$T/out" 2>"$T/err" || {
	fail 'a document for the examples is signed' "$(cat "$T/err")"
	exit 1
}

# The commands of a page, each on a line: its exit code, a tab, the command
# with newlines as \001.
commands_of() {
	sed -n '/^\.Bd -literal/,/^\.Ed/p' "$1" | sed 's/\\e/\\/g; s/\\&//g' |
		awk '
			function emit() {
				if (command == "")
					return
				code = 0
				if (match(command, / *# exit [0-9]+$/)) {
					code = substr(command, RSTART)
					gsub(/[^0-9]/, "", code)
					command = substr(command, 1, RSTART - 1)
				}
				printf "%d\t%s\n", code, command
				command = ""
			}
			/^\$ / { emit(); command = substr($0, 3); next }
			/^> / && command != "" {
				command = command "\001" substr($0, 3)
				next
			}
			{ emit() }
			END { emit() }
		'
}

tab=$(printf '\t')
for page in "$top_srcdir"/man/*.[157]; do
	name=$(basename "$page")
	commands_of "$page" >"$T/commands"
	[ -s "$T/commands" ] || continue
	rm -rf "$T/page"
	cp -Rp "$W" "$T/page"
	rm -rf "$HOME/.config"
	{
		echo 'set +e'
		while IFS=$tab read -r wanted command; do
			# Within the second of the proof it would end no later.
			case $command in
			'deed enroll renew'*) echo 'sleep 1.1' ;;
			esac
			printf '%s\n' "$command" | tr '\001' '\n'
			printf 'code=$?; [ $code -eq %s ] || {\n' "$wanted"
			printf 'echo "exit code $code, expected %s:" >&2\n' \
				"$wanted"
			printf 'cat >&2 <<"EXAMPLE"\n%s\nEXAMPLE\nexit 1; }\n' \
				"$(printf '%s' "$command" | tr '\001' '\n')"
		done <"$T/commands"
	} >"$T/script"
	(
		cd "$T/page" || exit 99
		DEED_HOME=$T/page/home
		sh "$T/script" >"$T/out" 2>"$T/err" </dev/null
	)
	code=$?
	last="the examples of $name"
	exits 0 "the examples of $name run"
done
