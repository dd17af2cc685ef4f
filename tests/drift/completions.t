#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The completions of three shells offer what "deed complete" says.
. "${top_srcdir:-.}/tests/cli/lib.sh"

expect 0 'deed complete' deed complete -- ''
out_has 'offers commands' version
expect 0 'a beginning' deed complete -- ver
out_has 'offers what it begins' version
out_lacks 'and nothing else' config
expect 0 'a group' deed complete -- config ''
out_has 'offers its verbs' show
out_lacks 'and no other word' version
expect 0 'a dash' deed complete -- version --
out_has 'offers options' --json
out_lacks 'of that command alone' --files-from
expect 0 'an option that excludes others' deed complete -- sign --detached --
out_lacks 'takes them out of what is offered' --bundle
out_has 'and leaves the rest' --passphrase
expect 0 'with its value' deed complete -- sign --bundle=x --
out_lacks 'it is known, too' --detached
expect 0 'an option that expects a word' deed complete -- version --color ''
out_is 'offers the words' <<'EOF'
auto
always
never
EOF
expect 0 'an option that expects a folder' deed complete -- complete --home ''
out_is 'leaves it to the shell' <<'EOF'
:directory
EOF
mkdir -p home/keystore/wang home/keystore/li
touch a.pdf
for wrong in '' '--' '-' 'no such' 'version'; do
	expect 0 "'$wrong' is no fault" deed complete -- "$wrong" ''
done

if command -v bash >/dev/null; then
	cat >ask.bash <<'EOF'
. "$top_srcdir/completions/deed.bash"
compopt() { :; }
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_deed
printf '%s\n' "${COMPREPLY[@]}"
EOF
	run bash ask.bash deed conf
	out_is 'bash completes a command' <<'EOF'
config
EOF
	run bash ask.bash deed config ''
	out_has 'bash completes a verb' show
	run bash ask.bash deed version --js
	out_is 'bash completes an option' <<'EOF'
--json
EOF
	run bash ask.bash deed complete --home ''
	out_has 'bash completes a folder' home
else
	skip 'bash' 'it is not installed'
fi

if command -v fish >/dev/null; then
	fish_ask() {
		run fish --no-config -c "
			source $top_srcdir/completions/deed.fish
			complete -C '$1'"
	}
	fish_ask 'deed conf'
	out_has 'fish completes a command' config
	fish_ask 'deed config '
	out_has 'fish completes a verb' show
	fish_ask 'deed version --js'
	out_has 'fish completes an option' --json
	fish_ask 'deed complete --home '
	out_has 'fish completes a folder' home
else
	skip 'fish' 'it is not installed'
fi

if command -v zsh >/dev/null; then
	# compadd is asked in place of the line editor.
	cat >ask.zsh <<'EOF'
fpath=($top_srcdir/completions $fpath)
compdef() { : }
compadd() { shift 4; print -l -- "$@" }
_files() { print -l -- * }
source $top_srcdir/completions/_deed
words=("$@")
CURRENT=$#
_deed
EOF
	run zsh -f ask.zsh deed conf
	out_is 'zsh completes a command' <<'EOF'
config
EOF
	run zsh -f ask.zsh deed config ''
	out_has 'zsh completes a verb' show
	run zsh -f ask.zsh deed version --js
	out_is 'zsh completes an option' <<'EOF'
--json
EOF
	run zsh -f ask.zsh deed complete --home ''
	out_has 'zsh completes a folder' home
else
	skip 'zsh' 'it is not installed'
fi
