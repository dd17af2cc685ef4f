dnl SPDX-License-Identifier: Apache-2.0
dnl Each flag is tried on its own: a compiler that lacks one keeps the rest.

dnl DEED_TRY_CFLAG(VARIABLE, FLAG)
AC_DEFUN([DEED_TRY_CFLAG], [
	deed_saved=$CFLAGS
	CFLAGS="$CFLAGS -Werror $2"
	AC_MSG_CHECKING([whether $CC accepts $2])
	AC_LINK_IFELSE([AC_LANG_PROGRAM([[]], [[]])],
		[AC_MSG_RESULT([yes]); $1="$$1 $2"],
		[AC_MSG_RESULT([no])])
	CFLAGS=$deed_saved
])

dnl DEED_TRY_LDFLAG(VARIABLE, FLAG)
AC_DEFUN([DEED_TRY_LDFLAG], [
	deed_saved=$LDFLAGS
	LDFLAGS="$LDFLAGS $2"
	AC_MSG_CHECKING([whether the linker accepts $2])
	AC_LINK_IFELSE([AC_LANG_PROGRAM([[]], [[]])],
		[AC_MSG_RESULT([yes]); $1="$$1 $2"],
		[AC_MSG_RESULT([no])])
	LDFLAGS=$deed_saved
])

AC_DEFUN([DEED_WARNING_FLAGS], [
	m4_foreach_w([flag], [-std=gnu11 -Wall -Wextra -Wshadow -Wpointer-arith
		-Wcast-qual -Wwrite-strings -Wstrict-prototypes
		-Wmissing-prototypes -Wold-style-definition -Wvla -Wformat=2
		-Wundef -Wimplicit-fallthrough -Wlogical-op
		-Wduplicated-cond -Wduplicated-branches -Wnull-dereference -Werror=implicit-function-declaration
		-Walloca -Wno-string-concatenation],
		[DEED_TRY_CFLAG([WARN_CFLAGS], flag)])
	AS_IF([test "$enable_werror" = yes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
	AC_SUBST([WARN_CFLAGS])
])

AC_DEFUN([DEED_HARDENING_FLAGS], [
	m4_foreach_w([flag], [-fstack-protector-strong -fstack-clash-protection
		-fcf-protection=full -fno-delete-null-pointer-checks
		-fno-strict-overflow -ftrivial-auto-var-init=zero -fPIE],
		[DEED_TRY_CFLAG([HARDEN_CFLAGS], flag)])
	AS_IF([test "${enable_sanitizers-no}" = no && test "$enable_fuzzing" != yes],
		[HARDEN_CFLAGS="$HARDEN_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])
	m4_foreach([flag], [[-pie], [-Wl,-z,relro], [-Wl,-z,now],
		[-Wl,-z,noexecstack], [-Wl,-z,separate-code], [-Wl,--as-needed]],
		[DEED_TRY_LDFLAG([HARDEN_LDFLAGS], [flag])])
	AC_SUBST([HARDEN_CFLAGS])
	AC_SUBST([HARDEN_LDFLAGS])
])

dnl DEED_SANITIZER_FLAGS(SANITIZERS)
AC_DEFUN([DEED_SANITIZER_FLAGS], [
	HARDEN_CFLAGS="$HARDEN_CFLAGS -fsanitize=$1 -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
	HARDEN_LDFLAGS="$HARDEN_LDFLAGS -fsanitize=$1"
	AC_DEFINE([DEED_SANITIZERS], [1], [built with sanitizers])
])

dnl Coverage feedback everywhere; the targets themselves link the fuzzer.
AC_DEFUN([DEED_FUZZING_FLAGS], [
	HARDEN_CFLAGS="$HARDEN_CFLAGS -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
	HARDEN_LDFLAGS="$HARDEN_LDFLAGS -fsanitize=address,undefined"
	AC_DEFINE([DEED_SANITIZERS], [1], [built with sanitizers])
])

AC_DEFUN([DEED_COVERAGE_FLAGS], [
	HARDEN_CFLAGS="$HARDEN_CFLAGS --coverage -fprofile-update=atomic"
	HARDEN_LDFLAGS="$HARDEN_LDFLAGS --coverage"
])
