#!/bin/bash
# Do the core and the bindings compile for phones? On a Debian machine without Xcode, NDK or rustup targets.
#
#   phones.sh DIR [CARGO ARGS...]     e.g. phones.sh . -p tandem-bindings
#   phones.sh --prepare               only make the cached root
#
# Debian trixie's rustc-web + rust-web-src + clang are unpacked (not installed) into a cached
# root, entered by chroot in a private mount namespace; std is built from its source (-Zbuild-std),
# C and assembly of dependencies by clang --target, against four small headers made below (enough
# for ring; a dependency that needs a real libc, as aws-lc-rs does, will not build).
# Packages come from this machine's own apt mirror, crates from its own cargo set-up.
#
#   PHONES_TARGETS  default: the five below
#   PHONES_CACHE    default: $XDG_CACHE_HOME/phones or ~/.cache/phones
#   PHONES_SUITE    trixie (rustc-web)
#   PHONES_OFFLINE  1: no network (crates from CARGO_HOME's cache)
set -euo pipefail

suite=${PHONES_SUITE:-trixie}
cache=${PHONES_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/phones}
recipe=1
root=$cache/$suite-r$recipe
packages=(rustc-web cargo-web rust-web-src clang libc6-dev bash coreutils dash base-files)
targets=${PHONES_TARGETS:-aarch64-linux-android armv7-linux-androideabi x86_64-linux-android aarch64-apple-ios aarch64-apple-ios-sim}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

die() { echo "phones: $*" >&2; exit 1; }

prepare() {
  [ -e "$root/.ready" ] && return
  mkdir -p "$cache"
  exec 9>"$cache/lock"; flock 9
  [ -e "$root/.ready" ] && return
  local t0=$SECONDS uri w=$cache/work new=$root.new deb
  uri=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        awk '$2 !~ /-/ { print $1; exit }')
  [ -n "$uri" ] || die "apt has no source"
  rm -rf "$w" "$new"; mkdir -p "$w"/state/lists/partial "$w"/cache/archives/partial
  mkdir -p "$new"/usr/{bin,sbin,lib,lib64} "$new"/{dev,proc,tmp,root/.cargo,etc/ssl,w,target,hdr}
  : > "$w/status"
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$uri" "$suite" > "$w/sources.list"
  local o=(-qq -y -o Dir::State="$w/state" -o Dir::State::status="$w/status" -o Dir::Cache="$w/cache"
           -o Dir::Etc::sourcelist="$w/sources.list" -o Dir::Etc::sourceparts=/dev/null
           -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
           -o Acquire::Languages=none -o APT::Install-Recommends=0 -o APT::Sandbox::User=root
           -o Debug::NoLocking=1 -o Dir::Log=/dev/null)
  apt-get "${o[@]}" update
  apt-get "${o[@]}" --download-only install "${packages[@]}"
  for d in bin sbin lib lib64; do ln -sfn usr/$d "$new/$d"; done
  for deb in "$w"/cache/archives/*.deb; do
    case ${deb##*/} in
      rust-web-src_*|rust-src_*)   # of 1.5 GB of source, only std's
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$new" --wildcards --no-wildcards-match-slash \
          './usr/src/rustc-*/library' './usr/lib/rustlib' ;;
      *) dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$new" --keep-directory-symlink \
          --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' ;;
    esac
  done
  ln -sfn gcc "$new/usr/bin/cc"              # an alternative: no maintainer script made it
  echo 'root:x:0:0:root:/root:/bin/bash' > "$new/etc/passwd"
  mkdir -p "$new/stub"
  cat > "$new/stub/string.h" <<'H'
#pragma once
#include <stddef.h>
void *memcpy(void *, const void *, size_t); void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t); int memcmp(const void *, const void *, size_t); size_t strlen(const char *);
H
  printf '#pragma once\n#include <stddef.h>\nvoid abort(void); void *malloc(size_t); void free(void *);\n' > "$new/stub/stdlib.h"
  printf '#undef assert\n#define assert(x) ((void)0)\n' > "$new/stub/assert.h"
  printf '#pragma once\n#define TARGET_OS_MAC 1\n#define TARGET_OS_IPHONE 1\n#define TARGET_OS_IOS 1\n#define TARGET_OS_OSX 0\n' > "$new/stub/TargetConditionals.h"
  touch "$new/.ready"; rm -rf "$root"; mv "$new" "$root"; rm -rf "$w"
  echo "phones: $root, $(du -sh "$root" | cut -f1), made in $((SECONDS - t0)) s" >&2
}

inside() { # DIR CMD...
  local ns=(--mount --propagation private)
  [ "$(id -u)" = 0 ] || ns+=(--user --map-root-user)
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
prepare
[ "$1" = --prepare ] && exit
dir=$(realpath "$1"); shift
target_dir=$cache/target; cargo_home=${CARGO_HOME:-$HOME/.cargo}
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
exit $bad
