#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# clang-format over all C, shellcheck over all shell.
. "${top_srcdir:-.}/tests/cli/lib.sh"

cd "$top_srcdir" || exit 99

if command -v clang-format >/dev/null && [ -f .clang-format ]; then
	find cmd lib libexec tests -name '*.[ch]' ! -path '*/data/*' |
		sort >"$T/c"
	bad=$(xargs clang-format --dry-run <"$T/c" 2>&1 |
		sed -n 's/^\([^:]*\):\([0-9]*\):.*clang-format-violations.*/\1:\2/p')
	is 'clang-format has nothing to change' "$bad" ''
else
	skip 'clang-format' 'it is not installed'
fi

if command -v shellcheck >/dev/null; then
	{
		find tests completions -name '*.t' -o -name '*.sh'
		printf '%s\n' bootstrap .ci/run tests/driver tests/summary \
			tests/tour/tour debian/tests/commands \
			debian/tests/run debian/tests/tour
	} | while read -r file; do
		[ -f "$file" ] && echo "$file"
	done | sort >"$T/sh"
	# Variables and functions of lib.sh look unset and unused to it.
	# It slows down with what it has read.
	bad=$(xargs -n 8 shellcheck -s sh -S warning -e SC2154,SC2034 -f gcc <"$T/sh")
	is 'shellcheck has nothing to say' "$bad" ''
else
	skip 'shellcheck' 'it is not installed'
fi
