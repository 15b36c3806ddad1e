# shellcheck shell=bash disable=SC2154,SC2016  # what sources it sets the names; apt expands the format
# Debian packages, unpacked into a cached root of their own and entered by chroot in a private mount namespace:
# nothing is installed, no maintainer script runs, nothing stays mounted. Sourced by ios/swift-linux.sh and
# bindings/phones.sh, which set `tool` (their name, for what they say), `cache` and `root`.
#
# Packages come from the mirror that this machine's own apt is set up with.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

die() { echo "$tool: $*" >&2; exit 1; }

# Where this machine's own Debian comes from: the first suite without a dash (not -updates, not -security) that
# calls itself Debian.
debian_mirror() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(ORIGIN)' 'Created-By: Packages' |
    awk '$2 !~ /-/ && $3 == "Debian" { print $1; exit }'
}

# download_debs SUITE PACKAGE...   into $work/cache/archives, with an apt state of its own
download_debs() {
  local uri suite=$1; shift
  uri=$(debian_mirror)
  [ -n "$uri" ] || die "apt knows no Debian mirror here"
  [ -e "$keyring" ] || die "no $keyring (package debian-archive-keyring)"
  rm -rf "$work"; mkdir -p "$work"/state/lists/partial "$work"/cache/archives/partial
  : > "$work/status"
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$uri" "$suite" > "$work/sources.list"
  local o=(-qq -y -o Dir::State="$work/state" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache"
           -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
           -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
           -o Acquire::Languages=none -o APT::Install-Recommends=0 -o APT::Sandbox::User=root
           -o Debug::NoLocking=1 -o Dir::Log=/dev/null)
  apt-get "${o[@]}" update
  apt-get "${o[@]}" --download-only install "$@"
}

# make_root UNPACK SUITE PACKAGE...   once, under a lock; UNPACK is a function: NEW-ROOT DEB
make_root() {
  local unpack=$1 suite=$2 new=$root.new t0=$SECONDS deb
  shift
  [ -e "$root/.ready" ] && return
  mkdir -p "$cache"
  exec 9>"$cache/lock"; flock 9
  [ -e "$root/.ready" ] && return
  work=$cache/work-$suite
  download_debs "$@"
  rm -rf "$new"; mkdir -p "$new"/usr/{bin,sbin,lib,lib64} "$new"/{dev,proc,tmp,root,etc,w}
  for d in bin sbin lib lib64; do ln -sfn usr/$d "$new/$d"; done
  for deb in "$work"/cache/archives/*.deb; do "$unpack" "$new" "$deb"; done
  echo 'root:x:0:0:root:/root:/bin/bash' > "$new/etc/passwd"
  echo 'root:x:0:' > "$new/etc/group"
  "${unpack}_done" "$new"
  touch "$new/.ready"; rm -rf "$root"; mv "$new" "$root"; rm -rf "$work"
  echo "$tool: $root, $(du -sh "$root" | cut -f1), made in $((SECONDS - t0)) s" >&2
}

# The flags of a private mount namespace, in `ns`; says what is wrong where nobody may make one.
namespace() {
  ns=(--mount --propagation private)
  [ "$(id -u)" = 0 ] || ns+=(--user --map-root-user)
  unshare "${ns[@]}" true 2>/dev/null ||
    die "this machine lets nobody make a mount namespace: in a container, start it with CAP_SYS_ADMIN"
}
