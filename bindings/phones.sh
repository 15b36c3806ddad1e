#!/bin/bash
# Do the core and the bindings compile for phones? On a Debian machine without Xcode, NDK or rustup targets.
#
#   phones.sh DIR [CARGO ARGS...]     e.g. phones.sh . -p tandem-bindings
#   phones.sh --prepare               only make the cached root
#
# Debian trixie's rustc-web, rust-web-src and clang, unpacked into a cached root (tools/debian-root.sh). std is built
# from its source (-Zbuild-std), C and assembly of dependencies by clang --target against four small headers made below:
# enough for ring; a dependency that needs a real libc will not build. Nothing is linked.
#
#   PHONES_TARGETS  default: the five below
#   PHONES_CACHE    default: $XDG_CACHE_HOME/phones or ~/.cache/phones
#   PHONES_SUITE    trixie (rustc-web)
#   PHONES_OFFLINE  1: no network (crates from CARGO_HOME's cache)
set -euo pipefail

tool=phones
suite=${PHONES_SUITE:-trixie}
cache=${PHONES_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/phones}
recipe=1                                   # raise it when what is unpacked changes
root=$cache/$suite-r$recipe
packages=(rustc-web cargo-web rust-web-src clang libc6-dev bash coreutils dash base-files)
targets=${PHONES_TARGETS:-aarch64-linux-android armv7-linux-androideabi x86_64-linux-android aarch64-apple-ios aarch64-apple-ios-sim}
# shellcheck source-path=SCRIPTDIR source=../tools/debian-root.sh
. "$(dirname "$(realpath "$0")")/../tools/debian-root.sh"

unpack() { # NEW-ROOT DEB
  case ${2##*/} in
    rust-web-src_*|rust-src_*)   # of 1.5 GB of source, only std's
      dpkg-deb --fsys-tarfile "$2" | tar -x -C "$1" --wildcards --no-wildcards-match-slash \
        './usr/src/rustc-*/library' './usr/lib/rustlib' ;;
    *) dpkg-deb --fsys-tarfile "$2" | tar -x -C "$1" --keep-directory-symlink \
        --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' ;;
  esac
}

unpack_done() { # NEW-ROOT
  mkdir -p "$1"/root/.cargo "$1"/etc/ssl "$1"/target "$1"/stub
  ln -sfn gcc "$1/usr/bin/cc"              # an alternative: no maintainer script made it
  cat > "$1/stub/string.h" <<'H'
#pragma once
#include <stddef.h>
void *memcpy(void *, const void *, size_t); void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t); int memcmp(const void *, const void *, size_t); size_t strlen(const char *);
H
  printf '#pragma once\n#include <stddef.h>\nvoid abort(void); void *malloc(size_t); void free(void *);\n' > "$1/stub/stdlib.h"
  printf '#undef assert\n#define assert(x) ((void)0)\n' > "$1/stub/assert.h"
  printf '#pragma once\n#define TARGET_OS_MAC 1\n#define TARGET_OS_IPHONE 1\n#define TARGET_OS_IOS 1\n#define TARGET_OS_OSX 0\n' > "$1/stub/TargetConditionals.h"
}

inside() { # DIR CMD...
  local ns
  namespace
  # shellcheck disable=SC2016
  PHONES_TARGET_DIR=$target_dir PHONES_CARGO_HOME=$cargo_home unshare "${ns[@]}" /bin/bash -c '
    set -e; r=$1; d=$2; shift 2
    mount --rbind /dev "$r/dev"; mount --rbind /proc "$r/proc"
    [ ! -d /etc/ssl ] || mount --rbind /etc/ssl "$r/etc/ssl"     # cargo in there needs the CA bundle
    for f in resolv.conf hosts nsswitch.conf; do
      [ -e /etc/$f ] || continue; : >> "$r/etc/$f"; mount --bind /etc/$f "$r/etc/$f"
    done
    mount --bind "$d" "$r/w"; mount --bind "$PHONES_TARGET_DIR" "$r/target"
    mount --bind "$PHONES_CARGO_HOME" "$r/root/.cargo"
    e=(); while IFS= read -r n; do e+=("$n=${!n}"); done < <(compgen -e | grep -E "^(CARGO_(HTTP|NET|REGISTR|SOURCE)|SSL_|https?_proxy|HTTPS?_PROXY|PHONES_|target$)" || true)
    exec env -i PATH=/usr/bin:/usr/sbin HOME=/root LANG=C.UTF-8 "${e[@]}" RUSTC_BOOTSTRAP=1 \
      CARGO_TARGET_DIR=/target /usr/sbin/chroot "$r" /bin/bash -c "cd /w && exec \"\$@\"" _ "$@"
  ' _ "$root" "$@" 9>&-
}

[ $# -gt 0 ] || die "usage: phones.sh DIR [CARGO ARGS...] | --prepare"
make_root unpack "$suite" "${packages[@]}"
[ "$1" = --prepare ] && exit
dir=$(realpath "$1"); shift
# Inside, every folder is /w: what one of them built is not the other's.
target_dir=$cache/target-$(printf %s "$dir" | cksum | cut -d" " -f1); cargo_home=${CARGO_HOME:-$HOME/.cargo}
mkdir -p "$target_dir" "$cargo_home"
bad=0
for target in $targets; do
  export target; t0=$SECONDS
  # shellcheck disable=SC2016
  if inside "$dir" /bin/bash -c '
    u=${target//-/_}; export SDKROOT=/stub
    f="-nostdlibinc -ffreestanding -isystem /stub"
    export CC_$u=clang CXX_$u=clang++ AR_$u=ar "CFLAGS_$u=$f" "CXXFLAGS_$u=$f"
    cargo check --locked ${PHONES_OFFLINE:+--offline} -Zbuild-std=std,panic_abort --target "$target" "$@" < /dev/null
  ' _ "$@" > "$cache/$target.log" 2>&1; then echo "ok    $target  $((SECONDS - t0)) s"
  else echo "FAIL  $target  $((SECONDS - t0)) s  ($cache/$target.log)"; tail -n 15 "$cache/$target.log" | cut -c1-400; bad=1; fi
done
# Whoever reads the lines wants all of them.
[ -n "${PHONES_ALL:-}" ] || exit $bad
