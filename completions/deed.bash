# SPDX-License-Identifier: Apache-2.0
# bash completion of deed(1): it asks "deed complete" and holds no list.
_deed() {
	local word=${COMP_WORDS[COMP_CWORD]} line
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:file) compopt -o filenames
			mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
		:directory) compopt -o filenames
			mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
		*) COMPREPLY+=("${line%%$'\t'*}") ;;
		esac
	done < <("${COMP_WORDS[0]}" complete -- \
		"${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _deed deed
