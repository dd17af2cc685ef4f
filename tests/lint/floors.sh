#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Holds every #include to lib/FLOORS: a file includes headers of its own
# folder and of lower floors; nothing goes up, sideways or round, and nothing
# is reached by "../".  cmd stands above all, libexec too, but without cmd.
# Prints each bad edge; fails if there is one.
set -eu
cd "${top_srcdir:-$(dirname "$0")/../..}"

# "file<tab>included" of every include in quotes.
edges() {
	find lib cmd libexec -name '*.[ch]' | sort | while read -r file; do
		sed -n 's|^[ 	]*#[ 	]*include[ 	]*"\([^"]*\)".*|\1|p' \
			"$file" | sed "s|^|$file	|"
	done
}

list=$(mktemp)
trap 'rm -f "$list" "$list.round"' EXIT
edges >"$list"

bad=0
awk -F '	' '
	FILENAME == ARGV[1] {
		if ($0 ~ /^#/ || $0 == "")
			next
		depth++
		count = split($0, names, " ")
		for (i = 1; i <= count; i++)
			floor[names[i]] = depth
		next
	}
	function folder(path) {
		sub(/\/[^\/]*$/, "", path)
		return path
	}
	function wrong(why) {
		print $1 ": \"" $2 "\" " why
		failed = 1
	}
	$2 ~ /\.\.\// { wrong("leaves its folder"); next }
	$2 ~ /\.def$/ && folder($1) == "lib/" folder($2) { next }
	{
		from = folder($1)
		to = folder($2)
	}
	from ~ /^cmd/ {
		if (to !~ /^cmd(\/|$)/ && !(to in floor))
			wrong("is on no floor")
		next
	}
	from ~ /^libexec/ {
		if (!(to in floor))
			wrong("is on no floor")
		next
	}
	{
		sub(/^lib\//, "", from)
		if (!(from in floor))
			wrong("comes from a folder that lib/FLOORS lacks")
		else if (!(to in floor))
			wrong("is on no floor of lib/FLOORS")
		else if (floor[to] < floor[from])
			wrong("goes up")
		else if (floor[to] == floor[from] && to != from)
			wrong("goes sideways")
	}
	END { exit failed }
' lib/FLOORS "$list" || bad=1

# Headers that include each other: tsort finds the rounds.
sed -n 's|^lib/\(.*\.h\)	\(.*\.h\)$|\1 \2|p; s|^\(cmd/.*\.h\)	\(.*\.h\)$|\1 \2|p' \
	"$list" | sort -u >"$list.round"
if ! tsort "$list.round" >/dev/null 2>"$list"; then
	sed 's/^tsort: //; s/^/goes round: /' "$list"
	bad=1
fi
exit "$bad"
